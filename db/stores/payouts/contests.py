"""Contests of statements: recorded, and answered, each in one transaction; what corrects is a gain."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import GainClaim, Statement
from db.models.tickets import Ticket
from db.stores.money.gains import earn, tariff_of
from db.stores.tickets import acts
from domain.contests import (
    AnswerContest,
    ContestRequest,
    Correction,
    check_correction,
    corrected_slices,
)
from domain.errors import Refusal, Refused
from domain.rulings import EarnedGain
from domain.ticket_steps import Act
from domain.tickets import Status


async def record(session: AsyncSession, message: ContestRequest) -> None:
    """Once. Raises `Refused(STATEMENT_CONTESTED)` when another request was first."""
    statement = await _statement(session, message.statement)
    known = await session.get(StatementContest, statement.number)
    if known is not None:
        if known.submission_id != message.submission_id:
            raise Refused(Refusal.STATEMENT_CONTESTED)
        return
    session.add(
        StatementContest(
            statement=statement.number,
            tickets=list(message.tickets),
            submission_id=message.submission_id,
            asked_at=message.at,
        )
    )
    for ticket in sorted(message.tickets):
        act = Act(ticket, f"contest:{statement.number}", message.at, message.actor)
        begun = await acts.begin(session, act)
        _journal(session, act, begun.ticket, "statement_contested", statement=statement.number)


async def answer(session: AsyncSession, message: AnswerContest) -> None:
    """Once, with the gain that corrects. Raises `Refused` for what may not be corrected so, and
    `Refused(CONTEST_ANSWERED)` when another answer was first."""
    answered, correction = message.answered, message.answered.correction
    contest = await session.get_one(StatementContest, message.statement, with_for_update=True)
    if contest.outcome is not None:
        if contest.answer_id != answered.submission_id:
            raise Refused(Refusal.CONTEST_ANSWERED)
        return
    check_correction(answered.outcome, correction)
    for ticket in sorted({*contest.tickets, *([correction.ticket] if correction else [])}):
        act = Act(ticket, f"contest_answer:{contest.statement}", message.at, answered.actor)
        begun = await acts.begin(session, act)
        if correction is not None and correction.ticket == ticket:
            contest.gain_id = await _correct(session, act, begun.ticket, contest.statement, correction)
        _journal(
            session,
            act,
            begun.ticket,
            "contest_answered",
            statement=contest.statement,
            outcome=answered.outcome.value,
            gain=contest.gain_id if correction and correction.ticket == ticket else None,
        )
    contest.answer_id, contest.answered_by = answered.submission_id, answered.actor.id
    contest.answered_at, contest.outcome = message.at, answered.outcome


async def _correct(
    session: AsyncSession, act: Act, ticket: Ticket, statement: str, correction: Correction
) -> str:
    """The id of the gain that corrects, and goes on a later statement. Raises `Refused`."""
    technician_id = await _paid_by(session, statement, correction)
    if technician_id is None:
        raise Refused(Refusal.NOT_ON_STATEMENT)
    if ticket.status is Status.SUSPENDED:
        # Its ruling comes first, and decides about its gains.
        raise Refused(Refusal.NOT_ALLOWED_IN_STATUS)
    of_session = (Gain.ticket == ticket.number, Gain.session == correction.session)
    standing = await session.scalar(select(func.sum(Gain.slices)).where(*of_session))
    tariff = await tariff_of(session, ticket)
    slices = corrected_slices(
        correction.amount_cents,
        standing_slices=int(standing or 0),
        ceiling_minutes=ticket.ceiling_minutes,
        tariff=tariff,
    )
    await earn(session, act, tariff, [EarnedGain(correction.session, technician_id, slices)])
    born = await session.scalar(select(Gain.id).where(*of_session, Gain.act == act.key))
    if born is None:
        raise AssertionError("a correction is never nothing")
    return born


async def _paid_by(session: AsyncSession, statement: str, correction: Correction) -> str | None:
    """The technician whose session it is, by that statement; None when it is not on it."""
    query = (
        select(Gain.technician_id)
        .join(GainClaim, GainClaim.gain_id == Gain.id)
        .join(Statement, Statement.key == GainClaim.statement)
        .where(
            Statement.number == statement,
            Gain.ticket == correction.ticket,
            Gain.session == correction.session,
        )
    )
    return await session.scalar(query.limit(1))


async def _statement(session: AsyncSession, number: str) -> Statement:
    """Raises `NoResultFound`: the API asks for no other."""
    return (await session.scalars(select(Statement).where(Statement.number == number))).one()


def _journal(
    session: AsyncSession, act: Act, ticket: Ticket, name: str, **details: str | int | bool | None
) -> None:
    acts.record(session, act, name, ticket.status, ticket.status, **details)
