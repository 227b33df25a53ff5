"""What is erased of a technician, what is kept in the archive, and who may do what."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from db.engine import Sessions
from db.reads.documents import not_made
from db.reads.erasures import outstanding
from db.stores import erasures
from domain.erasures import (
    Awaited,
    ErasureMail,
    Outstanding,
    WithdrawErasure,
)
from domain.errors import Refusal, Refused
from tests.api import rows
from tests.support.leavers import (
    ASKED,
    DECLARED,
    DUE,
    FILE,
    IBAN,
    MESSAGE,
    PDF,
    PERSONAL,
    STREET,
    Left,
    erased,
    open_erasure,
)
from tests.support.people import a_client, a_person, a_submission
from tests.support.traces import books, tables_with


async def test_nothing_of_a_technician_is_left_outside_the_archive(worker: Sessions, left: Left) -> None:
    database = left.database
    assert all(tables_with(database, PERSONAL).values()), "a trace that the test could not find"
    before = books(database)
    await open_erasure(worker, left)
    assert await erased(worker, left, DUE) == (Outstanding(Awaited.DECLARATION, "2026"),)
    # Every step again, as after a crash: it changes nothing.
    for _ in range(2):
        await open_erasure(worker, left)
        assert await erased(worker, left) == ()
        async with worker.begin() as session:
            told = await erasures.to_tell(session, left.key, ErasureMail.CERTIFICATE)
            assert told is not None
            assert (told.name, told.mail) == ("", "kerbrat@example.fr")
            assert (told.kept_records, told.kept_until) == (5, date(2036, 12, 31))
    async with worker.begin() as session:
        await erasures.forget_address(session, left.key)

    assert tables_with(database, PERSONAL) == {value: set() for value in PERSONAL}
    assert books(database) == before
    archived = database.rows("SELECT kind, facts::text, pdf, xml FROM archived_records ORDER BY kind")
    assert [kind for kind, *_ in archived] == [
        "bank_message",
        "bank_order",
        "document",
        "payee",
        "transfer_file",
    ]
    kept = {kind: (facts, pdf, xml) for kind, facts, pdf, xml in archived}
    assert kept["document"][1:] == (PDF, b"<x/>")
    assert (kept["transfer_file"][2], kept["bank_message"][2]) == (FILE, MESSAGE)
    assert STREET in kept["payee"][0]
    assert IBAN in kept["bank_order"][0]
    # Others' stay where they were, and nothing is made again.
    assert database.rows("SELECT count(*) FROM bank_messages WHERE xml IS NOT NULL") == [(1,)]
    assert database.rows("SELECT body ->> 'description' IS NULL FROM submissions WHERE kind = 'request'") == [
        (False,)
    ]
    async with worker.begin() as session:
        assert await not_made(session) == []
    assert database.rows("SELECT name, mail, active FROM people WHERE id = %s", left.technician) == [
        ("Personne effacée", f"erased:{left.technician}", False)
    ]


async def test_a_reason_is_erased_where_it_names_them_and_not_where_a_word_has_their_name_in_it(
    worker: Sessions, left: Left
) -> None:
    database = left.database
    database.execute("UPDATE people SET name = 'Al O’M. (fils)' WHERE id = %s", left.technician)
    finance = a_person(database, "finance")
    reasons = {
        text: a_submission(database, finance, "payout_reason", reason=text)
        for text in (
            "Rappel d’AL O’M. (FILS) au téléphone",
            "Val O’M. (fils) et Al O’M. (filson)",
            "Le total oublié",
        )
    }
    await open_erasure(worker, left)
    assert await erased(worker, left) == ()
    kept = {
        text: database.rows("SELECT body <> '{}' FROM submissions WHERE id = %s", one)
        for text, one in reasons.items()
    }
    assert list(kept.values()) == [[(False,)], [(True,)], [(True,)]]


async def test_what_is_not_settled_is_named(worker: Sessions, left: Left) -> None:
    database = left.database
    open_ticket = rows.a_ticket(database, a_client(database), left.technician)
    rows.a_gain(database, open_ticket, left.technician, ASKED)
    database.execute("UPDATE payouts SET status = 'failed'")
    text = a_submission(database, left.technician, "contest", text="…")
    rows.insert(database, "statement_contests", statement="AF0007-00001", submission_id=text, asked_at=ASKED)
    async with worker.begin() as session:
        assert set(await outstanding(session, left.technician, DECLARED)) == {
            Outstanding(Awaited.TICKET, open_ticket),
            Outstanding(Awaited.GAINS),
            Outstanding(Awaited.PAYOUT, "AF0007-00001"),
            Outstanding(Awaited.CONTEST, "AF0007-00001"),
        }
        [(client,)] = database.rows("SELECT client_id::text FROM tickets WHERE number = %s", left.ticket)
        assert await outstanding(session, client, DECLARED) == ()
    rows.an_invoice(database, left.ticket, client, "F2026-000001", ASKED)
    database.execute("BEGIN")
    database.execute("INSERT INTO ledger_transactions VALUES ('x', now())")
    for line, (account, cents) in enumerate(((f"411:{client}", 3000), ("706", -3000))):
        database.execute("INSERT INTO ledger_lines VALUES ('x', %s, %s, %s)", line, account, cents)
    database.execute("COMMIT")
    rows.insert(
        database,
        "chargebacks",
        reference="dp_1",
        invoice="F2026-000001",
        ticket=left.ticket,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=ASKED,
    )
    case = a_submission(database, client, "refund", reason="…")
    rows.insert(
        database,
        "refund_cases",
        invoice="F2026-000001",
        n=1,
        ticket=left.ticket,
        status="open",
        submission_id=case,
        opened_by=client,
        opened_at=ASKED,
    )
    async with worker.begin() as session:
        assert set(await outstanding(session, client, DECLARED)) == {
            Outstanding(Awaited.DEBT),
            Outstanding(Awaited.DOCUMENT, "F2026-000001"),
            Outstanding(Awaited.REFUND, "F2026-000001"),
            Outstanding(Awaited.CHARGEBACK, "F2026-000001"),
        }


async def test_nobody_is_erased_early_nor_after_a_change_of_mind(worker: Sessions, left: Left) -> None:
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DECLARED)
    await open_erasure(worker, left)
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DUE - timedelta(seconds=1))
    withdrawal = WithdrawErasure(left.key, left.actor, ASKED)
    for _ in range(2):
        async with worker.begin() as session:
            await erasures.withdraw(session, withdrawal)
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DECLARED)
    with pytest.raises(Refused, match=Refusal.ERASURE_OVER):
        await open_erasure(worker, left)


async def test_who_is_erased_cannot_change_their_mind(worker: Sessions, left: Left) -> None:
    await open_erasure(worker, left)
    await erased(worker, left)
    with pytest.raises(Refused, match=Refusal.ERASURE_OVER):
        async with worker.begin() as session:
            await erasures.withdraw(session, WithdrawErasure(left.key, left.actor, DECLARED))
