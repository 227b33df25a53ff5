"""What was taken back of a month's transfers, and what finance asked to take back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import Statement
from db.models.reversals import ReversalRequest, TransferReversal
from db.models.tickets import Submission


@dataclass(frozen=True)
class ReversalLine:
    """`number` is that of the statement."""

    number: str
    reversal: TransferReversal


@dataclass(frozen=True)
class RequestLine:
    number: str
    request: ReversalRequest
    reason: str


async def reversals_of_month(session: AsyncSession, month: str) -> list[ReversalLine]:
    """As we learnt of them."""
    rows = await session.execute(
        select(Statement.number, TransferReversal)
        .join(Statement, Statement.key == TransferReversal.payout)
        .where(Statement.month == month)
        .order_by(TransferReversal.at, TransferReversal.reference)
    )
    return [ReversalLine(number, reversal) for number, reversal in rows]


async def reversal_requests_of_month(session: AsyncSession, month: str) -> list[RequestLine]:
    """Oldest first."""
    rows = await session.execute(
        select(Statement.number, ReversalRequest, Submission.body["reason"].astext)
        .join(Statement, Statement.key == ReversalRequest.payout)
        .join(Submission, Submission.id == ReversalRequest.reason_id)
        .where(Statement.month == month)
        .order_by(ReversalRequest.asked_at, ReversalRequest.key)
    )
    return [RequestLine(number, request, reason) for number, request, reason in rows]
