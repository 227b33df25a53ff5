"""Technicians and their time, as they are set and shown."""

import re
from datetime import date, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.formats import Body, Instant, MailAddress, PersonName, SkillCode, wrong
from api.shapes.common import Moment, Shape
from db.models.availability import Leave
from db.reads.technicians import TechnicianFile
from domain.availability import HIGHEST_LEVEL, LOWEST_LEVEL, WorkingHours
from domain.vetting import expire_soon


def _wall_time(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise wrong("not_a_wall_time")
    return time.fromisoformat(value)


WallTime = Annotated[
    time,
    BeforeValidator(_wall_time),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "examples": ["09:00"]}),
]
Weekday = Annotated[int, Field(ge=0, le=6, description="Monday is 0.", examples=[0])]
Level = Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL, examples=[2])]

SKILLS_EXAMPLE: list[Any] = [{"skill": "internet", "level": 2}, {"skill": "printer", "level": 1}]
HOURS_EXAMPLE: list[Any] = [
    {"weekday": 0, "opens": "09:00", "closes": "12:00"},
    {"weekday": 0, "opens": "14:00", "closes": "18:00"},
]
LEAVE_ASKED_EXAMPLE: dict[str, Any] = {
    "start": "2026-12-24T00:00:00+01:00",
    "end": "2027-01-02T00:00:00+01:00",
}
LEAVE_EXAMPLE: dict[str, Any] = {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b41", **LEAVE_ASKED_EXAMPLE}
TECHNICIAN_EXAMPLE: dict[str, Any] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
    "name": "Thomas Leroy",
    "mail": "thomas.leroy@example.fr",
    "active": True,
    "suspended_at": None,
    "vetted_at": "2026-11-02T10:00:00+01:00",
    "papers_until": "2027-05-31",
    "papers_expire_soon": False,
    "skills": SKILLS_EXAMPLE,
    "working_hours": HOURS_EXAMPLE,
    "leaves": [LEAVE_EXAMPLE],
}


class SkillLevel(Body):
    skill: SkillCode
    level: Level = 1


def _once_each(skills: list[SkillLevel]) -> list[SkillLevel]:
    if len({one.skill for one in skills}) < len(skills):
        raise wrong("skill_twice")
    return skills


Skills = Annotated[list[SkillLevel], Field(max_length=100), AfterValidator(_once_each)]


class TechnicianAsked(Body):
    name: PersonName
    mail: MailAddress
    skills: Skills = Field(default=[])

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Thomas Leroy", "mail": "thomas.leroy@example.fr", "skills": SKILLS_EXAMPLE}
            ]
        }
    )


class SkillsAsked(Body):
    skills: Skills

    model_config = ConfigDict(json_schema_extra={"examples": [{"skills": SKILLS_EXAMPLE}]})


class Stretch(Body):
    """Paris wall time."""

    weekday: Weekday
    opens: WallTime
    closes: WallTime


class WorkingHoursAsked(Body):
    """The whole week. An empty list: whenever the service is open."""

    working_hours: list[Stretch] = Field(max_length=100)

    model_config = ConfigDict(json_schema_extra={"examples": [{"working_hours": HOURS_EXAMPLE}]})

    def week(self) -> list[WorkingHours]:
        return [WorkingHours(one.weekday, one.opens, one.closes) for one in self.working_hours]


class LeaveAsked(Body):
    """From `start` to before `end`. It may have begun already, but not be over."""

    start: Instant
    end: Instant

    model_config = ConfigDict(json_schema_extra={"examples": [LEAVE_ASKED_EXAMPLE]})


class StretchView(Shape):
    weekday: int
    opens: str
    closes: str


class WorkingHoursView(Shape):
    """Paris wall time; Monday is 0. Empty: whenever the service is open."""

    working_hours: list[StretchView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"working_hours": HOURS_EXAMPLE}]})


class LeaveView(Shape):
    id: str
    start: Moment
    end: Moment

    model_config = ConfigDict(json_schema_extra={"examples": [LEAVE_EXAMPLE]})


class Leaves(Shape):
    """Those that are not over, in order."""

    leaves: list[LeaveView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"leaves": [LEAVE_EXAMPLE]}]})


class SkillLevelView(Shape):
    skill: str
    level: int


class TechnicianView(Shape):
    """Not `active`: suspended since `suspended_at`, or gone. Without `vetted_at`, or for an hour after the
    day `papers_until`, they are given no clients. `papers_expire_soon`: within 30 days, or already."""

    id: str
    name: str
    mail: str
    active: bool
    suspended_at: Moment | None
    vetted_at: Moment | None
    papers_until: date | None
    papers_expire_soon: bool
    skills: list[SkillLevelView]
    working_hours: list[StretchView]
    leaves: list[LeaveView]

    model_config = ConfigDict(json_schema_extra={"examples": [TECHNICIAN_EXAMPLE]})


class Technicians(Shape):
    technicians: list[TechnicianView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"technicians": [TECHNICIAN_EXAMPLE]}]})


def stretches(hours: list[WorkingHours]) -> list[StretchView]:
    return [
        StretchView(weekday=one.weekday, opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}")
        for one in hours
    ]


def leave_view(leave: Leave) -> LeaveView:
    return LeaveView(id=leave.id, start=leave.during.lower, end=leave.during.upper)


def technician_view(found: TechnicianFile, today: date) -> TechnicianView:
    return TechnicianView(
        id=found.id,
        name=found.name,
        mail=found.mail,
        active=found.active,
        suspended_at=found.suspended_at,
        vetted_at=found.vetted_at,
        papers_until=found.papers_until,
        papers_expire_soon=expire_soon(found.papers_until, today),
        skills=[SkillLevelView(skill=skill, level=level) for skill, level in found.skills.items()],
        working_hours=stretches(found.working_hours),
        leaves=[leave_view(leave) for leave in found.leaves],
    )
