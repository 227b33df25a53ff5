"""Technicians are told once of each gain, each statement with its document, and what holds a transfer."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from activities.gateways.mail import MailUnavailable, Message
from deploy import schedules
from domain.french import NBSP
from tests.api.rows import a_gain
from tests.control.conftest import Control
from tests.support.people import a_technician

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PDF = b"%PDF-1.7"


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def told(control: Control) -> list[tuple[str, str]]:
    names = dict(control.office.database.rows("SELECT mail, name FROM people"))
    return [(names[one.to], plain(one.subject)) for one in control.office.mail.messages]


def sign(control: Control, technician: str, mandate: str | None) -> None:
    signed = "UPDATE payees SET mandate = %s, mandate_signed_at = %s WHERE technician_id = %s"
    control.office.database.execute(signed, mandate, datetime.now(UTC) if mandate else None, technician)


async def test_each_gain_statement_and_hold_is_told_once(control: Control) -> None:
    database, books, now = control.office.database, control.books, datetime.now(UTC)
    await books.invoiced(2)
    await books.paid_out()
    [(ticket, number)] = database.rows("SELECT g.ticket, s.number FROM gains g, statements s")
    held, gone = a_technician(database, name="Zoé Blanc"), a_technician(database, name="Marc Lefèvre")
    a_gain(database, books.a_ticket(), held, now - 40 * DAY)
    a_gain(database, books.a_ticket(), gone, now - HOUR)
    database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    database.execute("UPDATE payees SET account_ready = true")
    sign(control, held, None)

    assert await control.triggered(schedules.EARNINGS) == 2
    gain = ("Thomas Leroy", f"Votre gain : 16,00 € HT (demande n° {ticket[:4]} {ticket[4:]})")
    waits = ("Zoé Blanc", "Votre virement attend : 16,00 €")
    assert sorted(told(control)) == [gain, waits]
    [of_held] = [one for one in control.office.mail.messages if plain(one.subject) == waits[1]]
    assert "Mandat d’autofacturation à signer" in plain(of_held.text)

    database.execute(
        "INSERT INTO documents (number, kind, facts, pdf, xml, sha256, made_at) "
        "VALUES (%s, 'self_billed', '{}', %s, '', %s, %s)",
        *(number, PDF, hashlib.sha256(PDF).hexdigest(), now),
    )
    assert await control.triggered(schedules.EARNINGS) == 1
    assert told(control)[2:] == [("Thomas Leroy", f"Votre relevé {number} : 16,00 €")]
    [file] = control.office.mail.messages[2].attachments
    assert (file.name, file.content) == (f"{number}.pdf", PDF)
    assert await control.triggered(schedules.EARNINGS) == 0
    kinds = "SELECT kind, recipient_id::text FROM notifications ORDER BY kind"
    assert database.rows(kinds) == [
        ("gain_earned", books.technician),
        ("statement_ready", books.technician),
        ("transfer_held", held),
    ]


async def test_what_holds_no_more_once_the_mail_server_is_back_is_not_told(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, mail = control.office.database, control.office.mail
    held = a_technician(database, name="Zoé Blanc", account="acct_2")
    [(mandate,)] = database.rows("SELECT mandate FROM payees WHERE technician_id = %s", held)
    database.execute("UPDATE payees SET account_ready = true")
    a_gain(database, control.books.a_ticket(), held, datetime.now(UTC) - 40 * DAY)
    sign(control, held, None)

    async def away(message: Message) -> None:
        sign(control, held, mandate)
        raise MailUnavailable("no answer")

    monkeypatch.setattr(mail, "send", away)
    assert await control.triggered(schedules.EARNINGS) == 1
    assert mail.messages == []
    assert database.rows("SELECT kind, sent_at FROM notifications") == [("transfer_held", None)]
