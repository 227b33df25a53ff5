"""One person as the back office sees them, whatever their role."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, true
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.admissions import AcceptanceOfText
from db.models.availability import Leave, WorkingStretch
from db.models.erasures import Erasure
from db.models.payees import Payee
from db.models.people import Card, Person, Skill, Technician, TechnicianSkill
from db.models.second_factors import Authenticator
from db.reads.gathered import Wanted, gather
from db.reads.payees import standing
from domain.payees import Standing
from domain.vetting import Unvetted, missing


@dataclass(frozen=True)
class TechnicianPart:
    """`levels` by the code of the skill; `leaves` that are not over, in order."""

    technician: Technician
    payee: Payee
    levels: dict[str, int]
    hours: list[WorkingStretch]
    leaves: list[Leave]

    @property
    def standing(self) -> Standing:
        """As if nothing had been billed yet: of that, nothing is shown here."""
        return standing(self.payee, self.technician.account_reference, 0)

    def missing(self, today: date) -> tuple[Unvetted, ...]:
        """What they must have before they can be vetted."""
        return missing(self.standing, has_skills=bool(self.levels), today=today)


@dataclass(frozen=True)
class PersonFile:
    """`skills` are all there are. `texts` that they accepted, the latest first; `erasure` is the latest;
    `second_factor_at` is when they enrolled one."""

    person: Person
    technician: TechnicianPart | None
    skills: list[Skill]
    card: Card | None
    texts: list[AcceptanceOfText]
    erasure: Erasure | None
    second_factor_at: datetime | None

    @property
    def is_erased(self) -> bool:
        return self.erasure is not None and self.erasure.erased_at is not None


async def person_file(session: AsyncSession, person_id: str, now: datetime) -> PersonFile | None:
    """None when there is no such person. One statement."""
    secret = frozenset({"key_id", "sealed", "last_step"})
    found = await gather(
        session,
        Wanted(Person, Person.id == person_id, (Person.id,)),
        Wanted(Technician, Technician.id == person_id, (Technician.id,)),
        Wanted(Payee, Payee.technician_id == person_id, (Payee.technician_id,)),
        Wanted(TechnicianSkill, TechnicianSkill.technician_id == person_id, (TechnicianSkill.skill,)),
        Wanted(Skill, true(), (Skill.label,)),
        Wanted(
            WorkingStretch,
            WorkingStretch.technician_id == person_id,
            (WorkingStretch.weekday, WorkingStretch.opens),
        ),
        Wanted(Leave, (Leave.technician_id == person_id) & (func.upper(Leave.during) > now), (Leave.during,)),
        Wanted(Card, Card.client_id == person_id, (Card.client_id,)),
        Wanted(
            AcceptanceOfText,
            AcceptanceOfText.person_id == person_id,
            (AcceptanceOfText.accepted_at.desc(), AcceptanceOfText.text),
        ),
        Wanted(Erasure, Erasure.person_id == person_id, (Erasure.asked_at, Erasure.id)),
        Wanted(Authenticator, Authenticator.person_id == person_id, (Authenticator.person_id,), secret),
    )
    person = found.last(Person)
    if person is None:
        return None
    technician, payee = found.last(Technician), found.last(Payee)
    part = None
    if technician is not None and payee is not None:
        levels = {one.skill: one.level for one in found.of(TechnicianSkill)}
        part = TechnicianPart(technician, payee, levels, found.of(WorkingStretch), found.of(Leave))
    authenticator = found.last(Authenticator)
    return PersonFile(
        person,
        part,
        found.of(Skill),
        found.last(Card),
        found.of(AcceptanceOfText),
        found.last(Erasure),
        authenticator.confirmed_at if authenticator else None,
    )
