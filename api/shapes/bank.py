"""Files of transfers for our bank, and what its messages changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import ConfigDict

from api import french_bank
from api.shapes.common import Labelled, Moment, Shape
from db.models.bank import BankMessage
from db.reads.bank import TransferFileLine
from domain.bank_orders import OrderState
from domain.bank_steps import BankMessageApplied

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class TransfersOfState(Shape):
    state: Labelled
    transfers: int


class TransferFileView(Shape):
    """`transfers` of it are counted by state as well: what the bank has said of them so far."""

    message_id: str
    n: int
    created_at: Moment
    execution_date: date
    transfers: int
    total_cents: int
    states: list[TransfersOfState]
    sha256: str


FILE_EXAMPLE: dict[str, Any] = {
    "message_id": "OMEA-2026-11-1",
    "n": 1,
    "created_at": "2026-12-01T03:00:04+01:00",
    "execution_date": "2026-12-02",
    "transfers": 2,
    "total_cents": 3200,
    "states": [
        {"state": {"code": "settled", "label": french_bank.ORDERS[OrderState.SETTLED]}, "transfers": 1},
        {"state": {"code": "rejected", "label": french_bank.ORDERS[OrderState.REJECTED]}, "transfers": 1},
    ],
    "sha256": SHA256,
}


class TransferFiles(Shape):
    month: str
    files: list[TransferFileView]

    model_config = ConfigDict(json_schema_extra={"examples": [{"month": "2026-11", "files": [FILE_EXAMPLE]}]})


class BankMessageOutcome(Shape):
    """Transfers that the message has settled, rejected or returned. And what it says besides: that the bank
    accepts some (which decides nothing), what was known already, what is not of our transfers, and what is
    `conflicting`: of another amount than ours, or paid by the bank after it went another way. People must
    look into that."""

    accepted: int
    settled: int
    rejected: int
    returned: int
    unchanged: int
    unknown: int
    conflicting: int


class BankMessageView(Shape):
    """`outcome` is null until the message is read."""

    sha256: str
    received_at: Moment
    outcome: BankMessageOutcome | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sha256": SHA256,
                    "received_at": "2026-12-03T09:00:00+01:00",
                    "outcome": {
                        "accepted": 0,
                        "settled": 2,
                        "rejected": 0,
                        "returned": 0,
                        "unchanged": 0,
                        "unknown": 5,
                        "conflicting": 0,
                    },
                }
            ]
        }
    )


def transfer_files(month: str, lines: Sequence[TransferFileLine]) -> TransferFiles:
    return TransferFiles(month=month, files=[_file_view(line) for line in lines])


def _file_view(line: TransferFileLine) -> TransferFileView:
    file = line.file
    return TransferFileView(
        message_id=file.message_id,
        n=file.n,
        created_at=file.created_at,
        execution_date=file.execution_date,
        transfers=line.transfers.total(),
        total_cents=file.total_cents,
        states=[
            TransfersOfState(
                state=Labelled(code=state, label=french_bank.ORDERS[state]), transfers=line.transfers[state]
            )
            for state in OrderState
            if line.transfers[state]
        ],
        sha256=file.sha256 or "",
    )


def bank_message_view(message: BankMessage, applied: BankMessageApplied | None) -> BankMessageView:
    return BankMessageView(
        sha256=message.sha256,
        received_at=message.received_at,
        outcome=BankMessageOutcome(**vars(applied)) if applied is not None else None,
    )
