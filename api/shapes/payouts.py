"""Statements and their transfers, as the technician and finance see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from api import french, french_bank
from api.shapes.common import Labelled, Moment, Named, Shape
from api.shapes.contests import CONTEST_EXAMPLE, ContestView, contest_view
from db.models.money import Gain
from db.models.payouts import Payout, PayoutStatus
from db.reads.payouts import StatementLine
from domain.payouts import BALANCE_INSUFFICIENT
from domain.reversals import TRANSFER_REVERSED


class StatementGain(Shape):
    """`corrects` is the number of the statement that the gain corrects, after a contest."""

    id: str
    ticket: str
    session: int
    slices: int
    amount_cents: int
    accepted_at: Moment
    corrects: str | None


class TransferView(Shape):
    """`failure` is the provider's or the bank's code of the last refusal, or ours, with its sentence. Until
    the bank has made it, a transfer is `ordered`; one that was sent and taken back is `failed`, for
    `transfer_reversed`."""

    status: Labelled
    transfer: str | None
    failure: Labelled | None
    attempts: int
    paid_at: Moment | None


STATEMENT_EXAMPLE: dict[str, Any] = {
    "key": "payout:2026-11:019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12:1",
    "technician": {"id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12", "name": "Thomas Leroy"},
    "month": "2026-11",
    "n": 1,
    "sequence": 7,
    "number": "AF0001-00007",
    "total_cents": 1600,
    "vat_cents": 0,
    "due_cents": 1600,
    "cut_off": "2026-12-01T00:00:00+01:00",
    "issued_at": "2026-12-01T03:00:02+01:00",
    "payout": {
        "status": {"code": "paid", "label": "viré"},
        "transfer": "tr_1SXyZ2",
        "failure": None,
        "attempts": 1,
        "paid_at": "2026-12-01T03:00:03+01:00",
    },
    "gains": [
        {
            "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3c01",
            "ticket": "00000420",
            "session": 1,
            "slices": 2,
            "amount_cents": 1600,
            "accepted_at": "2026-11-24T11:05:00+01:00",
            "corrects": None,
        }
    ],
    "contest": CONTEST_EXAMPLE,
}


class StatementView(Shape):
    """A self-billed invoice. `n` counts the technician's claims in the month, `sequence` their statements
    over all months, without a gap, and makes its `number`. `total_cents` and the gains are without VAT;
    `due_cents` is what is transferred."""

    key: str
    technician: Named
    month: str
    n: int
    sequence: int
    number: str
    total_cents: int
    vat_cents: int
    due_cents: int
    cut_off: Moment
    issued_at: Moment
    payout: TransferView
    gains: list[StatementGain]
    contest: ContestView

    model_config = ConfigDict(json_schema_extra={"examples": [STATEMENT_EXAMPLE]})


def gains_view(gains: Sequence[Gain], corrects: Mapping[str, str]) -> list[StatementGain]:
    return [
        StatementGain(
            id=gain.id,
            ticket=gain.ticket,
            session=gain.session,
            slices=gain.slices,
            amount_cents=gain.amount_cents,
            accepted_at=gain.accepted_at,
            corrects=corrects.get(gain.id),
        )
        for gain in gains
    ]


def waits_for_money(payout: Payout) -> bool:
    """Whether the provider has not enough of ours for it yet: nobody has refused it."""
    return payout.status is PayoutStatus.FAILED and payout.failure == BALANCE_INSUFFICIENT


def payout_label(payout: Payout) -> str:
    if payout.failure == TRANSFER_REVERSED:
        return french.PAYOUT_TAKEN_BACK
    if waits_for_money(payout):
        return french.PAYOUT_WAITING
    return french.PAYOUTS[payout.status]


def statement_view(line: StatementLine, technician_name: str, now: datetime) -> StatementView:
    statement, payout = line.statement, line.payout
    return StatementView(
        key=statement.key,
        technician=Named(id=statement.technician_id, name=technician_name),
        month=statement.month,
        n=statement.n,
        sequence=statement.sequence,
        number=statement.number,
        total_cents=statement.total_cents,
        vat_cents=statement.vat_cents,
        due_cents=statement.due_cents,
        cut_off=statement.cut_off,
        issued_at=statement.issued_at,
        payout=TransferView(
            status=Labelled(code=payout.status, label=payout_label(payout)),
            transfer=payout.transfer,
            failure=Labelled(
                code=payout.failure, label=french_bank.failure_label(payout.failure, payout.rail)
            )
            if payout.failure
            else None,
            attempts=payout.attempts,
            paid_at=payout.paid_at,
        ),
        gains=gains_view(line.gains, line.corrects),
        contest=contest_view(statement, line.contest, now),
    )
