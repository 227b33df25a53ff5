"""Transfers and files of them."""

from datetime import UTC, date, datetime

from domain.bank_transfers import Account, BankTransfer, TransferFile, bank_reference
from domain.ids import payout_key

THOMAS = Account("Thomas Müller", "FR1420041010050500013M02606")
FANNY = Account("Fanny Lefèvre", "FR7630001007941234567890185")
OMEA = Account("OmeaSupport SAS", "FR7630006000011234567890189")
CREATED_AT = datetime(2026, 12, 1, 2, 3, 4, 567_890, tzinfo=UTC)


def a_reference(technician: str) -> str:
    return bank_reference(payout_key("2026-11", technician, 1))


def a_transfer(technician: str = "thomas", cents: int = 128_050, *, to: Account = THOMAS) -> BankTransfer:
    return BankTransfer(a_reference(technician), to, cents, "Relevé 2026-11 n° 1")


def a_file(
    *transfers: BankTransfer,
    message_id: str = "OMEA-2026-11-1",
    debtor: Account = OMEA,
    execution_date: date = date(2026, 12, 2),
) -> TransferFile:
    return TransferFile(message_id, CREATED_AT, execution_date, debtor, transfers or (a_transfer(),))
