"""Our bank at a terminal: the files of a month, the bytes of one, and a message brought in."""

import hashlib
from datetime import UTC, datetime

import psycopg
import pytest

from db.engine import create_engine, sessions
from db.stores.payouts import bank_orders
from deploy import bank
from deploy.settings import Settings, read_settings
from domain.bank_steps import MakeTransferFile, OrderTransfer
from domain.bank_transfers import Account
from domain.errors import Refused
from domain.payees import Rail
from domain.payout_steps import PayoutToSend
from tests.support.people import a_technician
from tests.support.postgres import Database

MONTH, FILE = "2026-11", "OMEA-2026-11-1"
AT = datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.fixture
def here(database: Database, sandbox_environment: dict[str, str]) -> Settings:
    return read_settings(sandbox_environment | {"DATABASE_URL": database.url("omea_api")})


async def a_file(database: Database, xml: bytes) -> None:
    """One transfer of 16 €, in a file of these bytes."""
    technician = a_technician(database)
    key = f"payout:{MONTH}:{technician}:1"
    database.execute("UPDATE payees SET rail = 'sepa', iban = 'FR1420041010050500013M02606'")
    database.execute(
        "INSERT INTO statements (key, technician_id, month, n, sequence, number, total_cents, cut_off, "
        "issued_at) VALUES (%s, %s, %s, 1, 1, 'AF0001-00001', 1600, %s, %s)",
        *(key, technician, MONTH, AT, AT),
    )
    database.execute("INSERT INTO payouts (key, status) VALUES (%s, 'to_send')", key)
    database.execute(
        "INSERT INTO payout_runs (key, month, n, cut_off, actor_id, started_at) "
        "VALUES ('hand:1', %s, 1, %s, 'omea', %s)",
        *(MONTH, AT, AT),
    )
    engine = create_engine(database.url("omea_worker"))
    payout = PayoutToSend(key, technician, 1600, "", 1, "AF0001-00001", Rail.SEPA)
    debtor = Account("OmeaSupport", "FR7630006000011234567890189")
    async with sessions(engine).begin() as session:
        await bank_orders.order(session, OrderTransfer(payout, AT))
        file = await bank_orders.open_file(session, MakeTransferFile(MONTH, "hand:1", AT), debtor)
        assert file is not None
        await bank_orders.keep_file(session, file.message_id, xml, hashlib.sha256(xml).hexdigest())
    await engine.dispose()


async def test_the_files_of_a_month_are_listed_and_one_is_written(database: Database, here: Settings) -> None:
    assert await bank.list_files(here, MONTH) == []
    await a_file(database, b"<Document/>")
    assert await bank.list_files(here, MONTH) == [f"{FILE}  le 02/12/2026  1 virement(s)  16,00 €"]
    assert await bank.file_bytes(here, FILE) == b"<Document/>"
    with pytest.raises(bank.TransferFileUnknown, match="OMEA-2026-11-2"):
        await bank.file_bytes(here, "OMEA-2026-11-2")


async def test_what_is_no_message_of_a_bank_is_refused_before_anything_else(
    database: Database, here: Settings
) -> None:
    with pytest.raises(Refused, match="not_a_bank_message"):
        await bank.bring_in(here, b"<nonsense/>")
    assert database.rows("SELECT FROM bank_messages") == []


async def test_a_file_that_is_written_is_never_changed(database: Database) -> None:
    await a_file(database, b"<Document/>")
    with database.connect("omea_owner") as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("UPDATE transfer_files SET total_cents = 1")
    with database.connect("omea_worker") as worker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute("UPDATE bank_orders SET iban = 'FR1420041010050500013M02606'")
    with database.connect("omea_api") as api, pytest.raises(psycopg.errors.InsufficientPrivilege):
        api.execute("UPDATE bank_messages SET applied_at = now()")
