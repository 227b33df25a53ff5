"""What can be asked of a ticket at all: the legal table, as the rules have it."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api import french
from api.auth import AnyPerson
from api.documentation import SIGNED_IN, path_of, problems
from api.shapes.common import Labelled, Shape
from domain.tickets import COMMAND_ROLES, LEGAL, Command, Role, Status

router = APIRouter(prefix="/v1", tags=["tickets"])


class CommandDescribed(Shape):
    """Legal in each of `statuses`, for each of `roles`."""

    command: Labelled
    path: str
    statuses: list[Labelled]
    roles: list[Labelled]


class Commands(Shape):
    commands: list[CommandDescribed]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "commands": [
                        {
                            "command": {"code": "take_over", "label": "reprendre la demande"},
                            "path": "/v1/tickets/{number}/take-over",
                            "statuses": [{"code": "suspended", "label": "suspendue"}],
                            "roles": [{"code": "back_office", "label": "équipe Omea"}],
                        }
                    ]
                }
            ]
        }
    )


@router.get("/commands", summary="What can be asked of a ticket", responses=problems(*SIGNED_IN))
async def read_commands(_: AnyPerson) -> Commands:
    """Each command with the statuses in which it is legal and who may give it. What it needs besides is in
    the errors of its own operation."""
    return Commands(
        commands=[
            CommandDescribed(
                command=Labelled(code=command, label=french.COMMANDS[command]),
                path=path_of(command),
                statuses=[
                    Labelled(code=status, label=french.STATUSES[status])
                    for status in Status
                    if status in LEGAL[command]
                ],
                roles=[
                    Labelled(code=role, label=french.ROLES[role])
                    for role in Role
                    if role in COMMAND_ROLES[command]
                ],
            )
            for command in Command
        ]
    )
