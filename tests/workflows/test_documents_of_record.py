"""The invoice is a document before the card is charged, whatever it takes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activities import issuing
from domain.deadlines import PRODUCTION, Deadlines
from domain.documents import Document
from domain.rulings import GainKind, GainRuling
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

# Told of again after an hour and a half, not a day: a document is tried every few minutes meanwhile.
IMPATIENT = replace(PRODUCTION, repeat_alert=timedelta(minutes=90))


async def accepted(office: Office, deadlines: Deadlines = PRODUCTION) -> PlayedTicket:
    ticket = await office.a_ticket(deadlines=deadlines)
    await ticket.reach_review(minutes=40)
    await ticket.act("review", ticket.satisfied())
    return ticket


def attached(office: Office, start: str) -> list[bytes]:
    return [
        file.content
        for message in office.mail.messages
        if message.subject.startswith(start)
        for file in message.attachments
    ]


def stored(office: Office, number: str) -> bytes:
    [(pdf,)] = office.database.rows("SELECT pdf FROM documents WHERE number = %s", number)
    return bytes(pdf)


async def test_the_invoice_is_made_then_mailed_with_it_and_charged(office: Office) -> None:
    ticket = await accepted(office)
    await ticket.pass_time(timedelta(minutes=15))
    assert await ticket.handle.result() == "paid"
    invoice = office.invoice(ticket)
    assert attached(office, f"Facture {invoice}") == [stored(office, invoice)]
    history = await ticket.handle.fetch_history()
    scheduled = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert scheduled.index("accept") < scheduled.index("make_document") < scheduled.index("charge_invoice")


async def test_a_document_that_cannot_be_made_holds_the_charge_and_is_told_again_and_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(document: Document, at: Any) -> Any:
        raise RuntimeError("no page today")

    monkeypatch.setattr(issuing, "make", broken)
    ticket = await accepted(office, IMPATIENT)
    await ticket.pass_time(timedelta(hours=5, minutes=30))
    invoice = office.invoice(ticket)
    assert office.database.counts()["payment_attempts"] == 0
    alerts = [m.subject for m in office.mail.messages if f"document {invoice} non établi" in m.subject]
    # After the first hour of trying, the third and the fifth.
    assert len(alerts) == 3
    assert attached(office, "Facture") == []
    monkeypatch.undo()
    await ticket.pass_time(timedelta(minutes=30))
    assert await ticket.handle.result() == "paid"
    assert attached(office, f"Facture {invoice}") == [stored(office, invoice)]


async def test_a_credit_note_is_a_document_and_a_mail_of_its_own(empty_office: Office) -> None:
    office = empty_office
    await office.save_card("pm_card_chargeCustomerFail")
    ticket = await accepted(office)
    await ticket.pass_time(timedelta(minutes=1))
    await ticket.act("dispute", ticket.dissatisfied())
    ruling = ticket.ruled("reduce", GainRuling(1, GainKind.REDUCED, 15), minutes=16)
    await ticket.act("ruling", ruling)
    await ticket.pass_time(timedelta(minutes=15))
    [(number,)] = office.database.rows("SELECT number FROM credit_notes")
    kinds = office.database.rows("SELECT number, kind FROM documents ORDER BY made_at")
    assert kinds == [(office.invoice(ticket), "invoice"), (number, "credit_note")]
    assert attached(office, f"Avoir {number}") == [stored(office, number)]


async def test_a_dispute_does_not_wait_for_a_document_and_the_document_not_for_the_ruling(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(document: Document, at: Any) -> Any:
        raise RuntimeError("no page today")

    monkeypatch.setattr(issuing, "make", broken)
    ticket = await accepted(office)
    await ticket.act("dispute", ticket.dissatisfied())
    assert ticket.ticket("status") == ("suspended",)
    monkeypatch.undo()
    await ticket.pass_time(timedelta(minutes=30))
    invoice = office.invoice(ticket)
    assert attached(office, f"Facture {invoice}") == [stored(office, invoice)]
    assert (ticket.ticket("status"), office.database.counts()["payment_attempts"]) == (("suspended",), 0)
    await ticket.act("ruling", ticket.ruled("waive", GainRuling(1, GainKind.FULL)))
    await ticket.pass_time(timedelta(minutes=15))
    assert await ticket.handle.result() == "waived"
    assert office.database.rows("SELECT kind FROM documents ORDER BY made_at") == [
        ("invoice",),
        ("credit_note",),
    ]
