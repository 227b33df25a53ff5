"""Downloading invoices and credit notes: by whom, from where, and with which headers."""

import hashlib
from datetime import timedelta

from api.codes import ApiCode
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_ticket, an_invoice, insert
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database

TEN = MORNING + timedelta(hours=1)
INVOICE, CREDIT_NOTE = "F2026-000123", "A2026-000001"


def a_credit_note(database: Database, number: str = CREDIT_NOTE) -> None:
    insert(
        database,
        "credit_notes",
        number=number,
        invoice=INVOICE,
        issued_at=TEN,
        slices=1,
        total_ht_cents=1250,
        total_vat_cents=250,
        total_ttc_cents=1500,
    )


def a_document(database: Database, ticket: str, number: str, kind: str = "invoice") -> bytes:
    pdf = f"%PDF-1.7 {number}".encode()
    insert(
        database,
        "documents",
        number=number,
        kind=kind,
        ticket=ticket,
        invoice=INVOICE,
        facts={},
        pdf=pdf,
        xml=b"<x/>",
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_at=TEN,
    )
    return pdf


async def test_an_invoice_is_downloaded_as_it_was_stored(api: Frontend) -> None:
    client = a_client(api.database)
    ticket = a_ticket(api.database, client, a_technician(api.database), status="invoiced")
    path = f"/v1/tickets/{ticket}/invoice.pdf"
    assert is_problem(await api.get(path, client), ApiCode.INVOICE_NOT_FOUND)
    an_invoice(api.database, ticket, client, INVOICE, TEN)
    assert is_problem(await api.get(path, client), ApiCode.DOCUMENT_NOT_MADE)
    assert (await api.get(f"/v1/tickets/{ticket}", client)).json()["invoice"]["document"] is None

    pdf = a_document(api.database, ticket, INVOICE)
    link = (await api.get(f"/v1/tickets/{ticket}", client)).json()["invoice"]["document"]
    assert link == path
    answer = await api.get(link, client)
    assert (answer.status_code, answer.content) == (200, pdf)
    etag = f'"{hashlib.sha256(pdf).hexdigest()}"'
    headers = {
        "content-type": "application/pdf",
        "content-disposition": f'attachment; filename="{INVOICE}.pdf"',
        "etag": etag,
        "cache-control": "private, no-cache",
    }
    assert {name: answer.headers[name] for name in headers} == headers

    signed_in = api.signed_in(client)
    known = await api.http.get(path, headers=signed_in | {"If-None-Match": f'"other", {etag}'})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    other = await api.http.get(path, headers=signed_in | {"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, pdf)


async def test_it_is_for_the_client_and_the_team_and_nobody_else(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="invoiced")
    an_invoice(api.database, ticket, client, INVOICE, TEN)
    a_credit_note(api.database)
    for number, kind in ((INVOICE, "invoice"), (CREDIT_NOTE, "credit_note")):
        a_document(api.database, ticket, number, kind)
    for path in ("invoice.pdf", f"credit-notes/{CREDIT_NOTE}.pdf"):
        url = f"/v1/tickets/{ticket}/{path}"
        for person in (
            client,
            a_person(api.database, "back_office"),
            a_person(api.database, "finance"),
        ):
            assert (await api.get(url, person)).status_code == 200
        assert is_problem(await api.get(url, technician), ApiCode.ROLE_NOT_ALLOWED)
        assert is_problem(await api.get(url, a_client(api.database)), ApiCode.TICKET_NOT_FOUND)
    seen = (await api.get(f"/v1/tickets/{ticket}", technician)).json()
    assert seen["invoice"] is None


async def test_a_credit_note_is_that_of_the_tickets_own_invoice(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="invoiced")
    other = a_ticket(api.database, client, None, status="closed", outcome="cancelled")
    path = f"/v1/tickets/{ticket}/credit-notes"
    assert is_problem(await api.get(f"{path}/{CREDIT_NOTE}.pdf", client), ApiCode.INVOICE_NOT_FOUND)
    an_invoice(api.database, ticket, client, INVOICE, TEN)
    assert is_problem(await api.get(f"{path}/{CREDIT_NOTE}.pdf", client), ApiCode.CREDIT_NOTE_NOT_FOUND)
    a_credit_note(api.database)
    summary = {
        "number": CREDIT_NOTE,
        "issued_at": "2026-11-24T10:00:00+01:00",
        "total_ttc_cents": 1500,
        "document": None,
    }
    shown = (await api.get(f"/v1/tickets/{ticket}", client)).json()["invoice"]["credit_notes"]
    assert shown == [summary]
    assert is_problem(await api.get(f"{path}/{CREDIT_NOTE}.pdf", client), ApiCode.DOCUMENT_NOT_MADE)
    pdf = a_document(api.database, ticket, CREDIT_NOTE, "credit_note")
    shown = (await api.get(f"/v1/tickets/{ticket}", client)).json()["invoice"]["credit_notes"]
    assert shown == [summary | {"document": f"{path}/{CREDIT_NOTE}.pdf"}]
    answer = await api.get(shown[0]["document"], client)
    assert (answer.content, answer.headers["content-disposition"]) == (
        pdf,
        f'attachment; filename="{CREDIT_NOTE}.pdf"',
    )
    # An invoice is no credit note, and another ticket has none.
    assert is_problem(await api.get(f"{path}/{INVOICE}.pdf", client), ApiCode.CREDIT_NOTE_NOT_FOUND)
    elsewhere = f"/v1/tickets/{other}/credit-notes/{CREDIT_NOTE}.pdf"
    assert is_problem(await api.get(elsewhere, client), ApiCode.INVOICE_NOT_FOUND)
