"""The OpenAPI description: the errors and the roles of each operation, said once and from the code itself."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from api.auth import Allowed
from api.codes import STATUS, ApiCode, Code
from api.errors import MEDIA_TYPE, body
from api.formats import Body
from api.idempotency import KEY_HEADER, LONGEST_KEY
from api.shapes.common import Shape
from domain.errors import Refusal
from domain.tickets import COMMAND_ROLES, LEGAL, Command, Role, Status

SIGNED_IN = (
    ApiCode.NOT_SIGNED_IN,
    ApiCode.SIGN_IN_INVALID,
    ApiCode.SIGN_IN_EXPIRED,
    ApiCode.SECOND_FACTOR_MISSING,
    ApiCode.ROLE_NOT_ALLOWED,
    ApiCode.DATABASE_UNAVAILABLE,
)
KEYED = (
    ApiCode.IDEMPOTENCY_KEY_MISSING,
    ApiCode.IDEMPOTENCY_KEY_INVALID,
    ApiCode.IDEMPOTENCY_KEY_REUSED,
)
COMMAND = (
    *SIGNED_IN,
    ApiCode.CROSS_SITE_REQUEST,
    *KEYED,
    ApiCode.MALFORMED_JSON,
    ApiCode.BODY_TOO_LARGE,
    ApiCode.INVALID_INPUT,
)
THROUGH_TEMPORAL = (*COMMAND, ApiCode.NO_WORKER, ApiCode.TEMPORAL_UNAVAILABLE)
ACT = (
    *THROUGH_TEMPORAL,
    ApiCode.TICKET_NOT_FOUND,
    Refusal.NOT_ALLOWED_IN_STATUS,
    Refusal.TICKET_CLOSED,
)
COMMAND_PATH = "/v1/tickets/{number}/"

Responses = dict[int | str, dict[str, Any]]


class FieldError(BaseModel):
    field: str
    code: str
    detail: str


class ProblemBody(BaseModel):
    """An error (RFC 9457). `code` is stable; `detail` is a French sentence for the person."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = Field(default=[], description="The wrong fields, with `invalid_input`.")


def problems(*codes: Code) -> Responses:
    """The documented errors of an operation, an example for each code."""
    responses: Responses = {}
    for code in codes:
        known = responses.setdefault(
            STATUS[code].value,
            {
                "description": STATUS[code].phrase,
                "content": {
                    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}, "examples": {}}
                },
            },
        )
        known["content"][MEDIA_TYPE]["examples"][code.value] = {"value": body(code)}
    return responses


def roles_of(route: APIRoute) -> tuple[Role, ...] | None:
    """None for a route that anybody may ask."""
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, Allowed):
            return dependency.call.roles
    return None


def path_of(command: Command) -> str:
    return COMMAND_PATH + command.value.replace("_", "-")


def name_roles(routers: Iterable[APIRouter]) -> None:
    """Write into each operation who may ask it, and into each command on a ticket when it is legal."""
    commands = {path_of(command): command for command in Command}
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                continue
            roles = roles_of(route)
            names = [role.value for role in roles] if roles else []
            line = f"Role: {', '.join(names) if names else 'none needed'}."
            if not route.description.endswith(line):
                command = commands.get(route.path) if "POST" in (route.methods or ()) else None
                lines = [route.description, *([_legality(command)] if command else []), line]
                route.description = "\n\n".join(lines)
            route.openapi_extra = {**(route.openapi_extra or {}), "x-roles": names}


def _legality(command: Command) -> str:
    statuses = ", ".join(f"`{status.value}`" for status in Status if status in LEGAL[command])
    roles = ", ".join(role.value for role in Role if role in COMMAND_ROLES[command])
    return f"Legal in {statuses}; given by: {roles}."


def describe_problems(app: FastAPI) -> None:
    """Complete the description when it is first asked for, by what FastAPI cannot know."""
    known_to_fastapi = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(known_to_fastapi())
        return known_to_fastapi()

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's own documentation does


def _complete(schema: dict[str, Any]) -> None:
    """The shape of our errors; and that a key is required, though it is we who say so if it is missing."""
    definitions = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema["components"]["schemas"]
    schemas.update(definitions.pop("$defs"))
    schemas["ProblemBody"] = definitions
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (*_kinds_of(Shape), *_kinds_of(Body)):
        extra = model.model_config.get("json_schema_extra")
        if model.__name__ in schemas and isinstance(extra, dict):
            # FastAPI leaves the nulls out of them, and a null is what a field often is.
            schemas[model.__name__]["examples"] = extra["examples"]
    for operation in (one for operations in schema["paths"].values() for one in operations.values()):
        # A path or a header that may be any text is never invalid: what FastAPI adds for it is not ours.
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            del operation["responses"]["422"]
        for parameter in operation.get("parameters", []):
            if parameter["name"] == KEY_HEADER:
                parameter["required"] = True
                parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}


def _kinds_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for kind in model.__subclasses__():
        yield kind
        yield from _kinds_of(kind)
