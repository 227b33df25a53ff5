"""A ticket as its process would remember it, for one that Temporal has forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import Dispute, GainRuling, Ruling
from db.models.money import CreditNote, Gain, Invoice, PaymentAttempt
from db.models.notifications import Notification
from db.models.tickets import Consent, JournalEntry, Report, Session, Ticket
from db.reads.recovery import OF_OTHERS
from db.stores.money.credits import due_of
from db.stores.money.gains import tariff_of
from db.stores.tickets.session_logs import intervals
from domain import rulings
from domain.resuming import Resumed, ResumedSession
from domain.rulings import Bill, RulingKind
from domain.session_log import logged_minutes
from domain.tariff import Tariff
from domain.tickets import Status


async def resumed(session: AsyncSession, ticket: Ticket, minute: timedelta, at: datetime) -> Resumed:
    """`minute` is the length of a minute on this ticket; `at` is now."""
    lines = await _lines(session, ticket.number)
    moved = [line for line in lines if "sequence" in line.details]
    began = [line for line in lines if line.before is not line.after or "sequence" in line.details][-1]
    number = max((int(line.details["session"]) for line in lines if "session" in line.details), default=1)
    tariff = await tariff_of(session, ticket)
    reports = {one.session: one for one in await _all(session, Report, ticket.number)}
    invoice = await session.scalar(select(Invoice).where(Invoice.ticket == ticket.number))
    attempts = await _attempts(session, invoice)
    by_calendar = [one for one in attempts if not one.by_hand]
    refusals = [one for one in by_calendar if one.refusal is not None]
    return Resumed(
        journal=lines[-1].id,
        status=ticket.status.value,
        since=began.at,
        technician_id=ticket.technician_id,
        tariff=tariff,
        ceiling_minutes=ticket.ceiling_minutes,
        start=ticket.appointment_start,
        end=ticket.appointment_end,
        flexible=ticket.flexible,
        sequence=ticket.sequence,
        acknowledged=ticket.acknowledged_at is not None,
        consented=await session.get(Consent, (ticket.number, number, ticket.sequence)) is not None,
        calls=tuple(
            line.at for line in lines if line.act == "call" and (not moved or line.id > moved[-1].id)
        ),
        session=number,
        sessions=await _sessions(session, ticket, reports, minute, at),
        bill=await _bill(session, ticket, reports.get(1), tariff),
        suspensions=sum(
            line.after is Status.SUSPENDED and line.before is not Status.SUSPENDED for line in lines
        ),
        disputed=bool(await session.scalar(select(func.count()).where(Dispute.ticket == ticket.number))),
        withdrawn=any(line.act == "withdraw" and line.after is Status.SUSPENDED for line in lines),
        taken_over_at=ticket.taken_over_at,
        invoice=invoice.number if invoice else None,
        undocumented=await _undocumented(session, invoice),
        nothing_due=invoice is not None and (await due_of(session, invoice)).ttc_cents == 0,
        tries=max((one.attempt for one in attempts), default=0),
        charges=len(by_calendar),
        refused_at=refusals[0].tried_at if refusals else None,
        refused_last=bool(refusals) and refusals[-1] is by_calendar[-1],
        told=await _told(session, ticket.number, began.recorded_at),
    )


async def _lines(session: AsyncSession, ticket: str) -> Sequence[JournalEntry]:
    query = (
        select(JournalEntry)
        .where(
            JournalEntry.ticket == ticket,
            *(JournalEntry.act.not_like(pattern) for pattern in OF_OTHERS),
        )
        .order_by(JournalEntry.recorded_at, JournalEntry.id)
    )
    return (await session.scalars(query)).all()


async def _all(session: AsyncSession, model: type[Report], ticket: str) -> Sequence[Report]:
    return (await session.scalars(select(model).where(model.ticket == ticket))).all()


async def _sessions(
    session: AsyncSession, ticket: Ticket, reports: dict[int, Report], minute: timedelta, at: datetime
) -> tuple[ResumedSession, ...]:
    held = await session.scalars(
        select(Session).where(Session.ticket == ticket.number).order_by(Session.number)
    )
    ruled = await session.scalars(
        select(GainRuling)
        .where(GainRuling.ticket == ticket.number)
        .order_by(GainRuling.session, GainRuling.ruling)
    )
    last = {number: list(rows)[-1] for number, rows in groupby(ruled, lambda row: row.session)}
    born = {
        number: int(slices)
        for number, slices in await session.execute(
            select(Gain.session, func.sum(Gain.slices))
            .where(Gain.ticket == ticket.number)
            .group_by(Gain.session)
        )
    }
    found = []
    for one in held.all():
        report, ruling = reports.get(one.number), last.get(one.number)
        logged = await intervals(session, ticket.number, one.number)
        found.append(
            ResumedSession(
                number=one.number,
                technician_id=one.technician_id,
                started_at=one.started_at,
                ended_at=one.ended_at,
                ended_by=one.ended_by.value if one.ended_by else None,
                logged_minutes=logged_minutes(logged, one.started_at, one.ended_at, minute, now=at)
                if logged
                else None,
                slices=report.billed_slices if report else None,
                most_minutes=_most_minutes(ticket, report) if report else None,
                ruling=rulings.GainRuling(one.number, ruling.kind, ruling.minutes) if ruling else None,
                born_slices=born.get(one.number, 0),
            )
        )
    return tuple(found)


def _most_minutes(ticket: Ticket, report: Report) -> int:
    if not report.credible:
        return min(report.declared_minutes, ticket.ceiling_minutes)
    return min(report.declared_minutes, report.measured_minutes, ticket.ceiling_minutes)


async def _bill(session: AsyncSession, ticket: Ticket, report: Report | None, tariff: Tariff) -> Bill | None:
    """What was ruled last on it or else what was reported, as `Report` and `Dispute` have it."""
    measured = (
        Bill(
            min(report.declared_minutes, report.measured_minutes, ticket.ceiling_minutes),
            report.billed_slices,
        )
        if report
        else None
    )
    deciding = (RulingKind.BILL, RulingKind.REDUCE, RulingKind.WAIVE)
    ruled = (
        await session.scalars(
            select(Ruling)
            .where(Ruling.ticket == ticket.number, Ruling.kind.in_(deciding))
            .order_by(Ruling.number)
        )
    ).all()
    bill = measured
    for one in ruled:
        match one.kind:
            case RulingKind.WAIVE:
                bill = None
            case RulingKind.REDUCE if one.minutes is not None:
                most = ticket.ceiling_minutes // tariff.slice_minutes
                bill = Bill(one.minutes, min(tariff.slices(one.minutes), most))
    return bill


async def _attempts(session: AsyncSession, invoice: Invoice | None) -> Sequence[PaymentAttempt]:
    if invoice is None:
        return ()
    query = (
        select(PaymentAttempt)
        .where(PaymentAttempt.invoice == invoice.number)
        .order_by(PaymentAttempt.attempt)
    )
    return (await session.scalars(query)).all()


async def _undocumented(session: AsyncSession, invoice: Invoice | None) -> tuple[str, ...]:
    if invoice is None:
        return ()
    credits_of = select(CreditNote.number).where(CreditNote.invoice == invoice.number)
    issued = [invoice.number, *await session.scalars(credits_of.order_by(CreditNote.number))]
    made = await session.scalars(
        text(
            "SELECT number FROM documents WHERE number = ANY(:issued) "
            "UNION SELECT reference FROM archived_records WHERE reference = ANY(:issued)"
        ),
        {"issued": issued},
    )
    known = set(made)
    return tuple(number for number in issued if number not in known)


async def _told(session: AsyncSession, ticket: str, since: datetime) -> tuple[str, ...]:
    query = (
        select(Notification.kind)
        .where(Notification.ticket == ticket, Notification.recorded_at >= since)
        .distinct()
        .order_by(Notification.kind)
    )
    return tuple(await session.scalars(query))
