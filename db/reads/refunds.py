"""Refund cases, as people and steps read them."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.money import Payment, PaymentStatus
from db.models.refunds import Refund, RefundCase, RefundGainRuling
from db.models.tickets import Submission, Ticket
from db.reads.invoices import invoice_of_ticket
from domain.chargebacks import OPEN, ChargebackStatus
from domain.errors import Refusal, Refused
from domain.refunds import RefundStatus, TransferState
from domain.tickets import Status

# One at a time of an invoice; the database refuses another.
UNDER_WAY = (RefundStatus.OPEN, RefundStatus.SENDING, RefundStatus.FAILED)


@dataclass(frozen=True)
class OwedBack:
    """What a case sends back, of which payment; `reference` is the provider's, once it was sent."""

    intent: str
    amount_cents: int
    reference: str | None


@dataclass(frozen=True)
class CaseFile:
    """`texts` maps a submission's id to what was written; what was erased is missing."""

    case: RefundCase
    gains: list[RefundGainRuling]
    texts: dict[str, dict[str, str]]

    def text(self, submission_id: str | None) -> str | None:
        return self.texts.get(submission_id, {}).get("reason") if submission_id else None


async def refund_to_send(session: AsyncSession, invoice: str, n: int, attempt: int | None = None) -> OwedBack:
    """Of a case that was ruled."""
    sent = and_(Refund.invoice == RefundCase.invoice, Refund.n == RefundCase.n, Refund.attempt == attempt)
    row = (
        await session.execute(
            select(Payment.intent, RefundCase.amount_cents, Refund.reference)
            .join(Payment, Payment.invoice == RefundCase.invoice)
            .outerjoin(Refund, sent)
            .where(RefundCase.invoice == invoice, RefundCase.n == n)
        )
    ).one()
    return OwedBack(row[0], int(row[1] or 0), row[2])


async def cases_of_ticket(session: AsyncSession, ticket: str) -> list[CaseFile]:
    """Oldest first."""
    cases = list(
        await session.scalars(select(RefundCase).where(RefundCase.ticket == ticket).order_by(RefundCase.n))
    )
    numbers = {case.invoice for case in cases}
    gains = list(
        await session.scalars(
            select(RefundGainRuling)
            .where(RefundGainRuling.invoice.in_(numbers))
            .order_by(RefundGainRuling.session)
        )
    )
    written = {one for case in cases for one in (case.submission_id, case.ruling_id) if one is not None}
    rows = await session.execute(select(Submission.id, Submission.body).where(Submission.id.in_(written)))
    texts = {row.id: row.body for row in rows}
    return [CaseFile(case, [gain for gain in gains if gain.n == case.n], texts) for case in cases]


async def case_of_submission(session: AsyncSession, submission_id: str) -> RefundCase | None:
    return await session.scalar(select(RefundCase).where(RefundCase.submission_id == submission_id))


async def check_refundable(session: AsyncSession, ticket: Ticket) -> str:
    """The invoice of which something can go back.

    Raises `Refused(NOTHING_TO_REFUND)` unless the ticket has closed with something paid that is not credited
    yet, or is and has not gone back, `Refused(REFUND_OPEN)` while another case is, and
    `Refused(CHARGED_BACK)` when a bank has taken the money back, or is about to."""
    found = await invoice_of_ticket(session, ticket.number) if ticket.status is Status.CLOSED else None
    paid = found is not None and found.payment is not None and found.payment.status is PaymentStatus.PAID
    if found is None or not paid:
        raise Refused(Refusal.NOTHING_TO_REFUND)
    if found.due_cents == 0 and await kept_cents(session, found.invoice.number) <= 0:
        raise Refused(Refusal.NOTHING_TO_REFUND)
    if await under_way(session, found.invoice.number):
        raise Refused(Refusal.REFUND_OPEN)
    await check_not_charged_back(session, found.invoice.number)
    return found.invoice.number


async def check_not_charged_back(session: AsyncSession, invoice: str) -> None:
    """Raises `Refused(CHARGED_BACK)` when the bank has given the client the money back, or may: it must not
    go back twice."""
    taken_back = select(Chargeback.reference).where(
        Chargeback.invoice == invoice, Chargeback.status.in_({*OPEN, ChargebackStatus.LOST})
    )
    if await session.scalar(taken_back) is not None:
        raise Refused(Refusal.CHARGED_BACK)


async def under_way(session: AsyncSession, invoice: str) -> bool:
    """Whether a case of the invoice is neither refused nor refunded."""
    found = select(RefundCase.n).where(RefundCase.invoice == invoice, RefundCase.status.in_(UNDER_WAY))
    return await session.scalar(found) is not None


async def excess_sent(session: AsyncSession, invoice: str) -> list[Refund]:
    """What the ticket sent back before it closed, oldest first."""
    return list(
        await session.scalars(
            select(Refund).where(Refund.invoice == invoice, Refund.n == 0).order_by(Refund.attempt)
        )
    )


async def next_number(session: AsyncSession, invoice: str) -> int:
    """That of the next case of the invoice, counted from 1."""
    last = await session.scalar(select(func.max(RefundCase.n)).where(RefundCase.invoice == invoice))
    return (last or 0) + 1


async def kept_cents(session: AsyncSession, invoice: str) -> int:
    """What we have of the client's money: collected, less what went back to the card, by our own bank, or by
    a chargeback, lost or not decided yet."""
    payment = await session.get(Payment, invoice)
    sent = await session.scalar(
        select(func.coalesce(func.sum(Refund.amount_cents), 0)).where(
            Refund.invoice == invoice, Refund.state == TransferState.SENT
        )
    )
    by_card = select(Refund.n).where(
        Refund.invoice == RefundCase.invoice, Refund.n == RefundCase.n, Refund.state == TransferState.SENT
    )
    by_bank = await session.scalar(
        select(func.coalesce(func.sum(RefundCase.amount_cents), 0)).where(
            RefundCase.invoice == invoice,
            RefundCase.status == RefundStatus.REFUNDED,
            ~by_card.correlate(RefundCase).exists(),
        )
    )
    taken = await session.scalar(
        select(func.coalesce(func.sum(Chargeback.withdrawn_cents - Chargeback.returned_cents), 0)).where(
            Chargeback.invoice == invoice
        )
    )
    collected = (payment.collected_cents if payment else None) or 0
    return collected - int(sent or 0) - int(by_bank or 0) - int(taken or 0)
