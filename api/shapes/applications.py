"""Applications of technicians, as they are made, decided and shown."""

from typing import Any

from pydantic import ConfigDict, Field

from api import french, privacy_text
from api.formats import Body, LongText, MailAddress, PersonName, Reason
from api.shapes.acts import Version
from api.shapes.common import Labelled, Moment, Shape
from api.shapes.technicians import SKILLS_EXAMPLE, SkillLevelView, Skills
from db.models.admissions import Application
from domain.admissions import ApplicationState

TEXT_EXAMPLE = "Dix ans de support aux particuliers ; je travaille surtout sur les réseaux domestiques."
APPLICATION_EXAMPLE: dict[str, Any] = {
    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b16",
    "name": "Thomas Leroy",
    "mail": "thomas.leroy@example.fr",
    "skills": SKILLS_EXAMPLE,
    "text": TEXT_EXAMPLE,
    "asked_at": "2026-11-24T10:00:00+01:00",
    "state": {"code": "open", "label": "à étudier"},
    "decided_at": None,
    "reason": None,
    "technician": None,
}


class ApplicationAsked(Body):
    """`privacy` is the version of the privacy notice that the person was shown; see `GET /v1/terms`. `skills`
    are those that they say they have."""

    name: PersonName
    mail: MailAddress
    skills: Skills = Field(min_length=1)
    text: LongText
    privacy: Version

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Thomas Leroy",
                    "mail": "thomas.leroy@example.fr",
                    "skills": SKILLS_EXAMPLE,
                    "text": TEXT_EXAMPLE,
                    "privacy": privacy_text.CURRENT_VERSION,
                }
            ]
        }
    )


class ApplicationReceived(Shape):
    """The same for every address."""

    received: bool

    model_config = ConfigDict(json_schema_extra={"examples": [{"received": True}]})


class AcceptanceAsked(Body):
    """The skills and levels that the back office has confirmed."""

    skills: Skills = Field(min_length=1)

    model_config = ConfigDict(json_schema_extra={"examples": [{"skills": SKILLS_EXAMPLE}]})


class RefusalAsked(Body):
    """`reason` is what the person is told."""

    reason: Reason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Nous ne cherchons personne en réseaux pour l’instant."}]}
    )


class ApplicationView(Shape):
    """`technician` is the id of whom an acceptance has made."""

    id: str
    name: str
    mail: str
    skills: list[SkillLevelView]
    text: str
    asked_at: Moment
    state: Labelled
    decided_at: Moment | None
    reason: str | None
    technician: str | None

    model_config = ConfigDict(json_schema_extra={"examples": [APPLICATION_EXAMPLE]})


class Applications(Shape):
    """`next` is the cursor of the page after; null on the last one."""

    applications: list[ApplicationView]
    next: str | None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"applications": [APPLICATION_EXAMPLE], "next": None}]}
    )


def application_view(found: Application) -> ApplicationView:
    state = _state(found)
    return ApplicationView(
        id=found.id,
        name=found.name,
        mail=found.mail,
        skills=[SkillLevelView(skill=skill, level=level) for skill, level in sorted(found.skills.items())],
        text=found.text,
        asked_at=found.asked_at,
        state=Labelled(code=state, label=french.APPLICATIONS[state]),
        decided_at=found.decided_at,
        reason=found.reason,
        technician=found.technician_id,
    )


def _state(found: Application) -> ApplicationState:
    if found.decided_at is None:
        return ApplicationState.OPEN
    return ApplicationState.ACCEPTED if found.technician_id is not None else ApplicationState.REFUSED
