"""The team, as it is set and shown."""

from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, Field

from api.formats import Body, MailAddress, PersonName
from api.shapes.common import Labelled, Shape
from domain.tickets import Role

COLLEAGUE_EXAMPLE: dict[str, Any] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b15",
    "name": "Nadia Faure",
    "mail": "nadia.faure@example.fr",
    "role": {"code": "finance", "label": "finance"},
    "active": True,
}


class TeamRole(StrEnum):
    BACK_OFFICE = Role.BACK_OFFICE.value
    FINANCE = Role.FINANCE.value


# The JSON has the word, which strict bodies would not take for an enum.
AskedRole = Field(strict=False)


class ColleagueAsked(Body):
    name: PersonName
    mail: MailAddress
    role: TeamRole = AskedRole

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Nadia Faure", "mail": "nadia.faure@example.fr", "role": "finance"}]
        }
    )


class RoleAsked(Body):
    role: TeamRole = AskedRole

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "back_office"}]})


class ColleagueView(Shape):
    id: str
    name: str
    mail: str
    role: Labelled
    active: bool

    model_config = ConfigDict(json_schema_extra={"examples": [COLLEAGUE_EXAMPLE]})


class Colleagues(Shape):
    colleagues: list[ColleagueView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"colleagues": [COLLEAGUE_EXAMPLE]}]})
