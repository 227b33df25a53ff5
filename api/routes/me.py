"""What concerns the person who asks: who they are, and for a technician the agenda and the money."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from api import french
from api.auth import AnyPerson, AnyTechnician
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.formats import Instant
from api.pagination import Limit
from api.shapes.common import Labelled, Moment, Shape
from api.shapes.payouts import STATEMENT_EXAMPLE, StatementView, statement_view
from api.shapes.tickets import SUMMARY_EXAMPLE, TicketSummary
from api.visibility import summary
from db.reads.gains import GainLine, gains_of
from db.reads.payouts import statements_of_technician
from db.reads.people import skills_of
from db.reads.tickets import appointments_of
from domain.errors import Refusal
from domain.opening_hours import paris_month
from domain.payouts import parse_month
from domain.reversals import TRANSFER_REVERSED
from domain.tickets import Role

router = APIRouter(prefix="/v1/me", tags=["me"])


class Me(Shape):
    """`skills` are a technician's; empty for the others."""

    id: str
    role: Labelled
    name: str
    mail: str
    skills: list[str]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
                    "role": {"code": "technician", "label": "technicien"},
                    "name": "Thomas Leroy",
                    "mail": "thomas.leroy@example.fr",
                    "skills": ["internet", "printer"],
                }
            ]
        }
    )


class Agenda(Shape):
    appointments: list[TicketSummary]

    model_config = ConfigDict(json_schema_extra={"examples": [{"appointments": [SUMMARY_EXAMPLE]}]})


class GainView(Shape):
    """`state` is `payable`, `held` (its label says why), `claimed` (on a statement, the transfer to come) or
    `paid`. `statement` is the key of that statement. `corrects` is the number of the statement that the gain
    corrects, after a contest."""

    ticket: str
    session: int
    slices: int
    amount_cents: int
    accepted_at: Moment
    state: Labelled
    statement: str | None
    statement_number: str | None
    corrects: str | None


class Gains(Shape):
    """Cents, VAT excluded."""

    month: str
    total_cents: int
    gains: list[GainView]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11",
                    "total_cents": 1600,
                    "gains": [
                        {
                            "ticket": "00000420",
                            "session": 1,
                            "slices": 2,
                            "amount_cents": 1600,
                            "accepted_at": "2026-11-24T11:05:00+01:00",
                            "state": {"code": "payable", "label": "à verser"},
                            "statement": None,
                            "statement_number": None,
                            "corrects": None,
                        }
                    ],
                }
            ]
        }
    )


class StatementPage(Shape):
    """`next` is the `before` of the page after; null on the last one."""

    statements: list[StatementView]
    next: int | None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"statements": [STATEMENT_EXAMPLE], "next": None}]}
    )


@router.get("", summary="Who am I?", responses=problems(*SIGNED_IN))
async def read_me(person: AnyPerson, given: Given) -> Me:
    """The person whom the token names, as the database knows them now."""
    skills: list[str] = []
    if person.role is Role.TECHNICIAN:
        async with given.sessions() as session:
            skills = await skills_of(session, person.id)
    role = Labelled(code=person.role, label=french.ROLES[person.role])
    return Me(id=person.id, role=role, name=person.name, mail=person.mail, skills=skills)


@router.get("/agenda", summary="My appointments", responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT))
async def read_agenda(
    person: AnyTechnician,
    given: Given,
    start: Annotated[Instant | None, Query(alias="from", description="Now, if not given.")] = None,
    days: Annotated[int, Query(ge=1, le=31)] = 7,
) -> Agenda:
    """Those that touch the days from `from` on, in order of time."""
    begin = start or given.clock()
    async with given.sessions() as session:
        rows = await appointments_of(session, person, begin, begin + timedelta(days=days))
    return Agenda(appointments=[summary(row) for row in rows])


@router.get("/gains", summary="My gains", responses=problems(*SIGNED_IN, Refusal.INVALID_MONTH))
async def read_gains(
    person: AnyTechnician,
    given: Given,
    month: Annotated[
        str | None, Query(max_length=7, description="`YYYY-MM`, Paris; this month, if not given.")
    ] = None,
) -> Gains:
    """The gains accepted in a month, and what became of each."""
    wanted = str(parse_month(month)) if month is not None else paris_month(given.clock())
    async with given.sessions() as session:
        lines = await gains_of(session, person.id, wanted)
    return Gains(
        month=wanted,
        total_cents=sum(line.gain.amount_cents for line in lines),
        gains=[_gain(line) for line in lines],
    )


@router.get("/payouts", summary="My statements", responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT))
async def read_payouts(
    person: AnyTechnician,
    given: Given,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Limit = 20,
) -> StatementPage:
    """Newest first, each with its transfer."""
    async with given.sessions() as session:
        lines = await statements_of_technician(session, person.id, before=before, limit=limit + 1)
    page, now = lines[:limit], given.clock()
    more = len(lines) > limit
    return StatementPage(
        statements=[statement_view(line, person.name, now) for line in page],
        next=page[-1].statement.sequence if more else None,
    )


def _gain(line: GainLine) -> GainView:
    gain = line.gain
    code, label = french.GAINS[line.payout]
    if line.held is not None:
        code, label = french.GAIN_HELD, french.GAIN_HOLDINGS[line.held]
    if line.failure == TRANSFER_REVERSED:
        code, label = french.GAIN_TAKEN_BACK
    return GainView(
        ticket=gain.ticket,
        session=gain.session,
        slices=gain.slices,
        amount_cents=gain.amount_cents,
        accepted_at=gain.accepted_at,
        state=Labelled(code=code, label=label),
        statement=line.statement,
        statement_number=line.number,
        corrects=line.corrects,
    )
