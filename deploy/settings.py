"""What the surroundings decide: the only file that reads the environment.

In production a value that is missing, weak, or only good for a demonstration is a refusal to start,
and the refusal names every such value at once: nobody fixes a deployment one restart at a time.
"""

import os
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deploy.production import unfit_for_production
from deploy.setting_models import CodecServerSettings, GivenSettings, Settings, StackSettings
from deploy.setting_values import (
    Environment,
    OpeningHours,
    Pace,
    decoded_client_secrets,
    decoded_issuers,
)
from deploy.temporal_settings import TemporalSettings, completed

__all__ = [
    "CodecServerSettings",
    "Environment",
    "OpeningHours",
    "Pace",
    "Settings",
    "SettingsRefused",
    "StackSettings",
    "has_settings",
    "process_environment",
    "read_codec_server_settings",
    "read_settings",
    "read_stack_settings",
]


# All of them or none: with a part of them nobody knows whether AnyDesk's log is to be read.
ANYDESK = ("ANYDESK_API_BASE", "ANYDESK_LICENSE", "ANYDESK_API_KEY")


class SettingsRefused(Exception):
    """The process must not start. `problems` maps each variable to a French sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = [f"  {name} : {sentence}" for name, sentence in sorted(self.problems.items())]
        super().__init__("\n".join(["démarrage refusé, réglages à corriger :", *lines]))


def _half_given(values: Mapping[str, str]) -> dict[str, str]:
    missing = [name for name in ANYDESK if name not in values]
    if len(missing) == len(ANYDESK):
        return {}
    return dict.fromkeys(missing, "manque : les réglages d’AnyDesk vont ensemble")


def _without_secret(settings: GivenSettings) -> dict[str, str]:
    if not isinstance(settings, Settings):
        return {}
    known = decoded_client_secrets(settings.oidc_client_secrets)
    missing = [one.key for one in decoded_issuers(settings.oidc_issuers) if one.client_secret not in known]
    return {"OIDC_CLIENT_SECRETS": f"ne contient pas le secret de : {', '.join(missing)}"} if missing else {}


def _sentence(error: ErrorDetails) -> str:
    # pydantic's own messages may quote the value: only types and expectations are repeated.
    match error["type"]:
        case "missing":
            return "manque"
        case "refused":
            return error["msg"]
        case "enum":
            return f"valeur inconnue, attendu : {error['ctx']['expected']}"
        case _:
            return "valeur invalide"


_Given = TypeVar("_Given", bound=GivenSettings)


def _read(model: type[_Given], environment: Mapping[str, str] | None) -> _Given:
    given = os.environ if environment is None else environment
    # An empty value is how compose files and CI spell "not set".
    known = _names(model)
    values = {name: value for name, value in given.items() if name in known and value}
    problems = _half_given(values)
    production = "OMEA_ENVIRONMENT" in known and values.get("OMEA_ENVIRONMENT", "production") == "production"
    if production:
        problems |= unfit_for_production(values)
        if "OMEA_BUILD_ID" in known - values.keys():
            problems["OMEA_BUILD_ID"] = "manque"
    if issubclass(model, TemporalSettings):
        values = completed(values, problems, production=production)
    try:
        settings = model(**values)  # type: ignore[arg-type]  # the names are aliases, the values strings
        problems |= _without_secret(settings)
    except ValidationError as error:
        problems |= {str(detail["loc"][0]): _sentence(detail) for detail in error.errors()}
        if "OMEA_ENVIRONMENT" not in values:
            problems["OMEA_ENVIRONMENT"] = "manque, donc « production » (ou « sandbox » pour un essai)"
    if problems:
        raise SettingsRefused(problems) from None
    return settings


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, or those in `environment` when given. Raises SettingsRefused."""
    return _read(Settings, environment)


def read_codec_server_settings(environment: Mapping[str, str] | None = None) -> CodecServerSettings:
    return _read(CodecServerSettings, environment)


def read_stack_settings(environment: Mapping[str, str] | None = None) -> StackSettings:
    return _read(StackSettings, environment)


def _names(model: type[GivenSettings]) -> set[str]:
    return {str(field.validation_alias) for field in model.model_fields.values()}


def process_environment() -> dict[str, str]:
    """What a child process inherits: everything but our own settings, which it is given by name."""
    ours = _names(Settings) | _names(CodecServerSettings) | _names(StackSettings)
    return {name: value for name, value in os.environ.items() if name not in ours}


def has_settings() -> bool:
    """Whether this process was told where it runs: if not, a stack found running may tell it."""
    return "OMEA_ENVIRONMENT" in os.environ or "PAYLOAD_KEY" in os.environ
