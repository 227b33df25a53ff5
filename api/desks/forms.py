"""Forms: what was typed becomes the very body that the JSON route takes, and comes back with what was wrong.

A page draws a new key with each form (`Filled.draw_key`); sent twice, it is one command. What a form asks for
is done by the function of the JSON route, so that there is one set of rules.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.acting import Acts
from api.answers import problem_of
from api.codes import STATUS, ApiCode, Code
from api.dependencies import Given, GivenWorkflows
from api.errors import Problem
from api.french_fields import ON_A_FORM, message
from api.french_refusals import FORM_SENTENCES, SENTENCES
from api.idempotency import Key, idempotency_key
from api.recording import declared_act
from db.stores.requests import KeyReusedError
from domain.errors import Refusal, Refused

Model = TypeVar("Model", bound=BaseModel)

# What a person can put right on the form itself, or by sending it again. Anything else has a page of its own.
SHOWN_AGAIN = {
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
OF_IMAGES: set[Code] = {
    ApiCode.ATTACHMENT_TOO_LARGE,
    ApiCode.ATTACHMENT_NOT_AN_IMAGE,
    ApiCode.ATTACHMENT_TYPE_MISMATCH,
    ApiCode.ATTACHMENT_ANIMATED,
    Refusal.ATTACHMENT_UNKNOWN,
    Refusal.ATTACHMENT_TOO_MANY,
}
# What is wrong with one field, which the rules tell of the whole.
OF_FIELDS: dict[Code, str] = {
    **dict.fromkeys(OF_IMAGES, "images"),
    Refusal.WRONG_CODE: "code",
    ApiCode.TICKET_NUMBER_MISMATCH: "ticket_number",
}


@dataclass(frozen=True)
class Filled:
    """A form as it is shown: what is typed in it, what was wrong with each field, and with the whole (`code`
    is that of the refusal, for a page that has more to say of it). `images` are the ids of those kept. `key`
    is that of a form to be sent again as it is."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    sentence: str | None = None
    status: HTTPStatus = HTTPStatus.OK
    key: str = ""
    code: Code | None = None
    images: Sequence[str] = ()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def draw_key(self) -> str:
        """For one form of the page: two of them are two commands, whatever our script does with the first."""
        return self.key or uuid4().hex

    def anew(self, **values: object) -> "Filled":
        """To be filled in."""
        return replace(self, values={k: str(v) for k, v in values.items() if v is not None})


BLANK = Filled()


@dataclass(frozen=True)
class Sent:
    """A form as it was sent. `lists` has all values of a field that may have several; no file is empty. `key`
    is that of its command: of the one that its page drew, and of where it was sent."""

    values: Mapping[str, str]
    lists: Mapping[str, list[str]]
    key: Key
    files: Sequence[UploadFile] = ()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def without(self, name: str) -> "Sent":
        return replace(self, values={k: v for k, v in self.values.items() if k != name})

    def body(self, model: type[Model], **more: object) -> Model:
        """What was typed as the body of the route; a field left empty is one that was not said. `more` are
        values that no field of the form has by that name. Raises `ValidationError`."""
        typed: dict[str, Any] = {
            name: self.values[name] for name in model.model_fields if self.values.get(name, "").strip()
        }
        typed |= {name: value for name, value in more.items() if value is not None}
        # Forms know nothing but text.
        return model.model_validate(typed, strict=False)

    def again(self, trouble: "Trouble") -> Filled:
        """The form as it was typed, to be put right. The same request may be sent again under its key; what
        is changed is another one."""
        key = self.value("key") if trouble.status is HTTPStatus.SERVICE_UNAVAILABLE else ""
        code = trouble.problem.code if trouble.problem else None
        images = self.lists.get("attachments", ())
        return Filled(self.values, trouble.fields, trouble.sentence, trouble.status, key, code, images)


@dataclass(frozen=True)
class Trouble:
    """Why it was not done, for the person to put right. `problem` is the refusal itself."""

    status: HTTPStatus
    sentence: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None


async def sent(request: Request) -> Sent:
    """Raises `Problem` for a form without its key."""
    form = await request.form()
    texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    lists: dict[str, list[str]] = {}
    for name, value in texts:
        lists.setdefault(name, []).append(value)
    values = {name: found[-1] for name, found in lists.items()}
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.size]
    # A page that comes back has the key in each of its forms, to whatever they lead.
    command = f"{request.url.path}\n{idempotency_key(values.get('key'))}"
    key = Key(hashlib.sha256(command.encode()).hexdigest(), declared_act(request))
    return Sent(values, lists, key, files)


SentForm = Annotated[Sent, Depends(sent)]


async def form_acts(given: Given, workflows: GivenWorkflows, form: SentForm) -> Acts:
    """What the routes of acts take, under the form's key."""
    return Acts(given, workflows, form.key)


FormActs = Annotated[Acts, Depends(form_acts)]


async def tried(act: Callable[[], Awaitable[object]]) -> Trouble | None:
    """Do it: None when it is done. Raises what no form can put right: somebody else's ticket, no sign-in."""
    try:
        await act()
    except ValidationError as wrong:
        return Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, None, _fields(wrong.errors(), 0))
    except RequestValidationError as wrong:
        return Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, None, _fields(wrong.errors(), 1))
    except (Problem, Refused, KeyReusedError) as error:
        problem = problem_of(error)
        status = STATUS[problem.code]
        own_field = OF_FIELDS.get(problem.code)
        if status not in SHOWN_AGAIN and own_field is None:
            raise
        sentence = FORM_SENTENCES.get(problem.code, SENTENCES[problem.code])
        if own_field is not None:
            return Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, None, {own_field: str(sentence)}, problem)
        return Trouble(status, sentence, {}, problem)
    return None


async def settled(
    form: Sent,
    act: Callable[[], Awaitable[object]],
    led: Response,
    again: Callable[[Filled], Awaitable[Response]],
) -> Response:
    """Do it, and be `led` on; or the page that shows the form `again`, with the reason. Raises as `tried`."""
    trouble = await tried(act)
    return led if trouble is None else await again(form.again(trouble))


def _fields(errors: Any, skipped: int) -> dict[str, str]:
    """The sentence for each wrong field, by its name."""
    return {
        ".".join(str(part) for part in error["loc"][skipped:]): ON_A_FORM.get(
            str(error["type"]), message(error)
        )
        for error in errors
    }
