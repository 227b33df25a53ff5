"""What must have a process in Temporal besides tickets, as its process would be started."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.bank import BankMessage
from db.models.chargebacks import Chargeback
from db.models.contests import StatementContest
from db.models.erasures import Erasure
from db.models.money import Invoice, Payment
from db.models.payouts import PayoutRun, Statement
from db.models.people import Person
from db.models.refunds import Refund, RefundCase
from db.models.tickets import Ticket
from db.stores.money.excess import excess_owed_cents
from domain.bank_steps import BankMessageRequest
from domain.chargebacks import OPEN, ChargebackRequest
from domain.contests import ContestRequest
from domain.deadlines import Deadlines
from domain.erasures import ErasureRequest
from domain.messages import Actor
from domain.opening_hours import OpeningHours
from domain.payouts import LONGEST_SHORTAGE, PayoutRunRequest
from domain.refunds import ExcessRequest, RefundRequest, RefundStatus, ResumedRefund, TransferState
from domain.tickets import Role

Owed = (
    RefundRequest
    | ChargebackRequest
    | ContestRequest
    | ErasureRequest
    | PayoutRunRequest
    | BankMessageRequest
    | ExcessRequest
)
# As `workflows.refund`: a bank may give a refund back within about a month.
WATCHED = timedelta(days=30)
LONGEST_RUN = timedelta(days=31)


@dataclass(frozen=True)
class Rules:
    """Those in force: what was frozen in a process that Temporal has forgotten is gone with it."""

    deadlines: Deadlines
    hours: OpeningHours


async def owed(session: AsyncSession, rules: Rules, at: datetime) -> list[Owed]:
    return [
        *await _refunds(session, rules, at),
        *await _chargebacks(session, rules),
        *await _contests(session),
        *await _erasures(session),
        *await _runs(session, at),
        *await _bank_messages(session),
        *await _excesses(session, rules),
    ]


async def _refunds(session: AsyncSession, rules: Rules, at: datetime) -> list[RefundRequest]:
    cases = await session.execute(
        select(RefundCase, Ticket.client_id, Person.role)
        .join(Ticket, Ticket.number == RefundCase.ticket)
        .join(Person, Person.id == RefundCase.opened_by)
        .where(RefundCase.status != RefundStatus.REFUSED)
        .order_by(RefundCase.invoice, RefundCase.n)
    )
    found = []
    for case, client_id, role in cases:
        last = await session.scalar(
            select(Refund)
            .where(Refund.invoice == case.invoice, Refund.n == case.n)
            .order_by(Refund.attempt.desc())
            .limit(1)
        )
        sent = last is not None and last.state is not TransferState.FAILED
        watched = sent and last is not None and last.sent_at > at - WATCHED
        if case.status is RefundStatus.REFUNDED and not watched:
            continue
        behalf = client_id if role is not Role.CLIENT else None
        known = ResumedRefund(case.status, last.attempt if last else 0, sent, case.failure)
        found.append(
            RefundRequest(
                case.invoice,
                case.n,
                case.ticket,
                client_id,
                Actor(case.opened_by, role, behalf),
                case.submission_id,
                rules.deadlines,
                rules.hours,
                known,
            )
        )
    return found


async def _chargebacks(session: AsyncSession, rules: Rules) -> Iterator[ChargebackRequest]:
    rows = await session.execute(
        select(Chargeback.reference, Payment.intent)
        .join(Payment, Payment.invoice == Chargeback.invoice)
        .where(Chargeback.status.in_(OPEN))
        .order_by(Chargeback.reference)
    )
    return (ChargebackRequest(one, intent, rules.deadlines, rules.hours) for one, intent in rows)


async def _contests(session: AsyncSession) -> Iterator[ContestRequest]:
    rows = await session.execute(
        select(StatementContest, Statement.technician_id)
        .join(Statement, Statement.number == StatementContest.statement)
        .where(StatementContest.answered_at.is_(None))
        .order_by(StatementContest.statement)
    )
    return (
        ContestRequest(
            one.statement,
            Actor(technician, Role.TECHNICIAN),
            one.asked_at,
            one.submission_id,
            tuple(one.tickets),
        )
        for one, technician in rows
    )


async def _erasures(session: AsyncSession) -> Iterator[ErasureRequest]:
    """Those not done, and those of whom the provider is still to forget or a certificate to be sent."""
    rows = await session.execute(
        select(Erasure, Person.role)
        .join(Person, Person.id == Erasure.actor_id)
        .where(
            Erasure.withdrawn_at.is_(None),
            Erasure.erased_at.is_(None) | Erasure.mail.is_not(None) | Erasure.customer_reference.is_not(None),
        )
        .order_by(Erasure.key)
    )
    return (
        ErasureRequest(one.person_id, one.key, Actor(one.actor_id, role), one.asked_at, one.asked_by)
        for one, role in rows
    )


async def _runs(session: AsyncSession, at: datetime) -> Iterator[PayoutRunRequest]:
    """Opened again under its key a run is the same. One that a later run of its month has followed was ended
    by somebody, for a month has one run at a time; so was one that began a month ago."""
    later = aliased(PayoutRun)
    rows = await session.scalars(
        select(PayoutRun)
        .where(
            PayoutRun.finished_at.is_(None),
            PayoutRun.started_at > at - LONGEST_RUN,
            ~exists().where(later.month == PayoutRun.month, later.n > PayoutRun.n),
        )
        .order_by(PayoutRun.started_at)
    )
    return (
        PayoutRunRequest(
            one.month,
            one.key,
            one.actor_id,
            one.reason_id,
            one.technician_id,
            waits_until=at + LONGEST_SHORTAGE,
        )
        for one in rows
    )


async def _bank_messages(session: AsyncSession) -> Iterator[BankMessageRequest]:
    """Those that were brought and are not applied yet."""
    unread = select(BankMessage.sha256).where(BankMessage.applied_at.is_(None), BankMessage.xml.is_not(None))
    return (
        BankMessageRequest(one) for one in await session.scalars(unread.order_by(BankMessage.received_at))
    )


async def _excesses(session: AsyncSession, rules: Rules) -> list[ExcessRequest]:
    """Those that a bank has given back to us and no refund case sends, as `db.stores.money.excess` has it."""
    returned = select(Refund.invoice).where(Refund.n == 0, Refund.state == TransferState.FAILED).distinct()
    found = []
    for invoice in (await session.scalars(returned.order_by(Refund.invoice))).all():
        if await excess_owed_cents(session, await session.get_one(Invoice, invoice)) > 0:
            found.append(ExcessRequest(invoice, rules.deadlines, rules.hours))
    return found
