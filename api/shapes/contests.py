"""Contests of statements: what technicians and finance send, and what they read."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api import french
from api.formats import Body, ContestText, TicketNumber
from api.shapes.common import Labelled, Moment, Named, Shape
from db.models.payouts import Statement
from db.reads.contests import ContestedStatement, ContestFile
from domain.contests import ContestOutcome, contestable_until, contestation

# Whoever has more to say of is against all of the statement.
MOST_TICKETS = 100

AmountCents = Annotated[
    int,
    Field(
        ge=-1_000_000,
        le=1_000_000,
        examples=[800],
        description="VAT excluded; whole slices at the rate of the session, negative for less, never zero.",
    ),
]


class ContestStatement(Body):
    """`tickets` are those that the contest is about; none for all of the statement."""

    text: ContestText
    tickets: list[TicketNumber] = Field(default_factory=list, max_length=MOST_TICKETS)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "La séance a duré 40 minutes, et non 20.", "tickets": ["00000420"]}]
        }
    )


class CorrectionAsked(Body):
    ticket: TicketNumber
    session: Annotated[int, Field(ge=1, le=1000, examples=[1])]
    amount_cents: AmountCents


class AnswerStatementContest(Body):
    """`correction` with the outcome `corrected`, and with nothing else: the gain that will be on the
    technician's next statement. The technician reads the text."""

    outcome: ContestOutcome = Field(strict=False)
    text: ContestText
    correction: CorrectionAsked | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "corrected",
                    "text": "Le journal de prise en main vous donne raison.",
                    "correction": {"ticket": "00000420", "session": 1, "amount_cents": 800},
                }
            ]
        }
    )


class CorrectionView(Shape):
    """VAT excluded."""

    ticket: str
    session: int
    amount_cents: int


class ContestView(Shape):
    """Until `until`, and once, the technician may contest the statement. `text` is theirs, `answer` is
    finance's; both are null until they are written."""

    state: Labelled
    until: Moment
    asked_at: Moment | None
    text: str | None
    tickets: list[str]
    answered_at: Moment | None
    answer: str | None
    correction: CorrectionView | None


CONTEST_EXAMPLE: dict[str, Any] = {
    "state": {"code": "contestable", "label": "contestable"},
    "until": "2027-01-01T00:00:00+01:00",
    "asked_at": None,
    "text": None,
    "tickets": [],
    "answered_at": None,
    "answer": None,
    "correction": None,
}


class ListedContest(Shape):
    statement: str
    month: str
    technician: Named
    contest: ContestView


class StatementContests(Shape):
    contests: list[ListedContest]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contests": [
                        {
                            "statement": "AF0001-00007",
                            "month": "2026-11",
                            "technician": {
                                "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
                                "name": "Thomas Leroy",
                            },
                            "contest": CONTEST_EXAMPLE
                            | {
                                "state": {"code": "contested", "label": "contesté, réponse attendue"},
                                "asked_at": "2026-12-03T18:20:00+01:00",
                                "text": "La séance a duré 40 minutes, et non 20.",
                                "tickets": ["00000420"],
                            },
                        }
                    ]
                }
            ]
        }
    )


def contest_view(statement: Statement, file: ContestFile | None, now: datetime) -> ContestView:
    """Where the statement stands `now`."""
    contest, gain = (file.contest, file.gain) if file else (None, None)
    outcome = contest.outcome if contest else None
    state = contestation(statement.issued_at, now, contested=contest is not None, outcome=outcome)
    return ContestView(
        state=Labelled(code=state, label=french.CONTESTATIONS[state]),
        until=contestable_until(statement.issued_at),
        asked_at=contest.asked_at if contest else None,
        text=file.text if file else None,
        tickets=contest.tickets if contest else [],
        answered_at=contest.answered_at if contest else None,
        answer=file.answer if file else None,
        correction=CorrectionView(ticket=gain.ticket, session=gain.session, amount_cents=gain.amount_cents)
        if gain
        else None,
    )


def listed_contest(found: ContestedStatement, technician_name: str, now: datetime) -> ListedContest:
    statement = found.statement
    return ListedContest(
        statement=statement.number,
        month=statement.month,
        technician=Named(id=statement.technician_id, name=technician_name),
        contest=contest_view(statement, found.file, now),
    )
