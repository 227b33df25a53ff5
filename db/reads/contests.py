"""Contests of statements, as people read them; and which gains correct which statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import Statement
from db.models.people import Person
from db.models.tickets import Submission

ASKED, ANSWERED = aliased(Submission), aliased(Submission)


@dataclass(frozen=True)
class ContestFile:
    """`text` and `answer` are what was written, None once it is erased; `gain` is the one that corrects."""

    contest: StatementContest
    text: str | None
    answer: str | None
    gain: Gain | None


@dataclass(frozen=True)
class ContestedStatement:
    statement: Statement
    file: ContestFile


def _files() -> Select[StatementContest, str | None, str | None, Gain | None]:
    return (
        select(StatementContest, ASKED.body["text"].astext, ANSWERED.body["text"].astext, Gain)
        .join(ASKED, ASKED.id == StatementContest.submission_id)
        .outerjoin(ANSWERED, ANSWERED.id == StatementContest.answer_id)
        .outerjoin(Gain, Gain.id == StatementContest.gain_id)
    )


def contest_files() -> Select[StatementContest | None, str | None, str | None, Gain | None, Statement]:
    """Of every statement, whether it is contested or not."""
    return (
        select(StatementContest, ASKED.body["text"].astext, ANSWERED.body["text"].astext, Gain, Statement)
        .select_from(Statement)
        .outerjoin(StatementContest, StatementContest.statement == Statement.number)
        .outerjoin(ASKED, ASKED.id == StatementContest.submission_id)
        .outerjoin(ANSWERED, ANSWERED.id == StatementContest.answer_id)
        .outerjoin(Gain, Gain.id == StatementContest.gain_id)
    )


async def contests_of(session: AsyncSession, numbers: Collection[str]) -> Mapping[str, ContestFile]:
    """By the number of the statement; those that are not contested are missing."""
    rows = await session.execute(_files().where(StatementContest.statement.in_(numbers)))
    return {row[0].statement: ContestFile(*row) for row in rows}


async def contested_statements(
    session: AsyncSession, *, only_open: bool, limit: int
) -> list[ContestedStatement]:
    """Those to answer first, the oldest before the others; then the newest."""
    query = (
        _files()
        .add_columns(Statement)
        .join(Statement, Statement.number == StatementContest.statement)
        .order_by(
            StatementContest.answered_at.desc().nulls_first(),
            StatementContest.asked_at,
            StatementContest.statement,
        )
        .limit(limit)
    )
    if only_open:
        query = query.where(StatementContest.answered_at.is_(None))
    return [ContestedStatement(row[4], ContestFile(*row[:4])) for row in await session.execute(query)]


async def statements_corrected_by(session: AsyncSession, gains: Collection[str]) -> Mapping[str, str]:
    """The number of the statement that each of those gains corrects; the others are missing."""
    rows = await session.execute(
        select(StatementContest.gain_id, StatementContest.statement).where(
            StatementContest.gain_id.in_(gains)
        )
    )
    return {str(gain): statement for gain, statement in rows}


@dataclass(frozen=True)
class ContestToTell:
    """What the mails about a contest say, and to whom the answer goes."""

    file: ContestFile
    statement: Statement
    technician: Person


async def contest_to_tell(session: AsyncSession, number: str) -> ContestToTell | None:
    query = (
        _files()
        .add_columns(Statement, Person)
        .join(Statement, Statement.number == StatementContest.statement)
        .join(Person, Person.id == Statement.technician_id)
        .where(StatementContest.statement == number)
    )
    row = (await session.execute(query)).one_or_none()
    return ContestToTell(ContestFile(*row[:4]), row[4], row[5]) if row is not None else None
