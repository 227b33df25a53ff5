"""One request being carried out: what every endpoint receives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject, no_such
from deploy.sandbox.stripe.parameters import Parameters
from deploy.sandbox.stripe.settings import Settings
from deploy.sandbox.stripe.store import Store


@dataclass(frozen=True)
class Upload:
    """The file of a multipart request."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Call:
    store: Store
    now: int
    # Where the hosted pages live, without a final slash.
    url: str
    parameters: Parameters = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    request_id: str | None = None
    idempotency_key: str | None = None
    upload: Upload | None = None

    @property
    def settings(self) -> Settings:
        return Settings.read(self.store)

    def get(self, name: str, default: Any = None) -> Any:
        return self.parameters.get(name, default)

    def text(self, name: str) -> str | None:
        """A text that may be unset by an empty one."""
        return self.parameters.get(name) or None

    def named(self, object_: str, name: str) -> StripeObject:
        """The object whose id is in the path."""
        found = self.store.find(object_, self.ids[name])
        if found is None:
            raise no_such(object_.replace(".", " "), self.ids[name], name)
        return found

    def given(self, object_: str, param: str) -> StripeObject | None:
        """The object whose id is a parameter, if that was given: an unknown one is a bad parameter."""
        id_ = self.parameters.get(param)
        if not id_:
            return None
        found = self.store.find(object_, id_)
        if found is None:
            raise InvalidParameter(
                f"No such {object_.replace('_', '')}: '{id_}'", code="resource_missing", param=param
            )
        return found
