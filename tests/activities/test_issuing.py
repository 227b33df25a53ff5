"""Making the document of an invoice or a credit note: once, whole, and never again otherwise."""

import asyncio
import hashlib
import io
import traceback
from dataclasses import replace
from datetime import datetime

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader
from temporalio.testing import ActivityEnvironment

from activities import issuing
from activities.documents.making import Made
from activities.issuing import DocumentActivities, DocumentNotMade, UnknownDocumentError
from activities.notifications import DocumentMissing
from db.engine import sessions
from db.reads.documents import not_made
from deploy.missing_documents import make_missing
from domain.billing_steps import MakeDocument
from domain.documents import Document
from domain.money import Price
from domain.notices import Notice
from tests.activities.desk import (
    NOW,
    TICKET,
    Desk,
    it_is_credited,
    it_is_made,
    the_charge_is_refused,
    the_session_is_reported,
)
from tests.documents.builders import totals_of
from tests.support.company import A_COMPANY


@pytest.fixture
def invoiced(desk: Desk) -> Desk:
    """45 euros, for 40 minutes."""
    the_session_is_reported(desk)
    the_charge_is_refused(desk)
    return desk


def stored(desk: Desk, number: str = "F2026-000123") -> tuple[bytes, bytes, str]:
    [(pdf, xml, sha256)] = desk.database.rows(
        "SELECT pdf, xml, sha256 FROM documents WHERE number = %s", number
    )
    return bytes(pdf), bytes(xml), sha256


async def test_an_invoice_has_its_document_with_everything_frozen_in_it(invoiced: Desk) -> None:
    await it_is_made(invoiced)
    [(kind, ticket, invoice, facts, made_at)] = invoiced.database.rows(
        "SELECT kind, ticket, invoice, facts, made_at FROM documents"
    )
    assert (kind, ticket, invoice) == ("invoice", TICKET, "F2026-000123")
    assert (made_at - NOW).days == 4
    pdf, xml, sha256 = stored(invoiced)
    assert hashlib.sha256(pdf).hexdigest() == sha256
    assert get_facturx_xml_from_pdf(pdf, check_xsd=True)[1] == xml
    [totals] = invoiced.database.rows("SELECT total_ttc_cents, total_ht_cents, total_vat_cents FROM invoices")
    assert totals_of(xml) == Price(*totals) == Price(4500, 3750, 750)
    assert (facts["issued_on"], facts["buyer"]["name"], facts["seller"]["siren"]) == (
        "2026-11-24",
        "Claire Petit",
        "123456782",
    )
    [line] = facts["lines"]
    assert (line["title"], line["performed_on"], line["minutes"], line["slices"]) == (
        "Assistance informatique à distance : Internet et Wi-Fi",
        "2026-11-23",
        40,
        3,
    )
    assert [mention["source"] for mention in facts["mentions"]] != []


async def test_what_changes_afterwards_changes_no_document(invoiced: Desk) -> None:
    await it_is_made(invoiced)
    before = stored(invoiced)
    invoiced.database.execute("UPDATE people SET name = 'Claire Grand'")
    await it_is_made(invoiced, company=replace(A_COMPANY, name="Une autre"))
    assert stored(invoiced) == before


async def test_two_at_once_make_one_document(invoiced: Desk) -> None:
    await asyncio.gather(*(it_is_made(invoiced) for _ in range(3)))
    assert invoiced.database.counts()["documents"] == 1


async def test_a_credit_note_names_the_invoice_and_takes_its_part(invoiced: Desk) -> None:
    it_is_credited(invoiced, slices=2)
    await it_is_made(invoiced, "A2026-000012")
    pdf, xml, _ = stored(invoiced, "A2026-000012")
    assert totals_of(xml) == Price(3000, 2500, 500)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "F2026-000123" in text
    assert invoiced.database.rows("SELECT kind, ticket, invoice FROM documents") == [
        ("credit_note", TICKET, "F2026-000123")
    ]


async def test_a_number_that_was_never_given_makes_nothing(invoiced: Desk) -> None:
    with pytest.raises(UnknownDocumentError):
        await it_is_made(invoiced, "F2026-000124")
    assert invoiced.database.counts()["documents"] == 0


async def test_a_page_that_fails_names_nobody(invoiced: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(document: Document, made_at: datetime) -> Made:
        raise ValueError(f"no glyph for {document.buyer.name}")

    monkeypatch.setattr(issuing, "make", broken)
    with pytest.raises(DocumentNotMade) as failure:
        await it_is_made(invoiced)
    told = "".join(traceback.format_exception(failure.value))
    assert "F2026-000123: ValueError at test_issuing.py:" in told
    assert "Claire" not in told
    assert invoiced.database.counts()["documents"] == 0


async def test_what_lacks_its_document_is_known(invoiced: Desk) -> None:
    it_is_credited(invoiced)

    async def lacking() -> list[str]:
        async with sessions(invoiced.engine).begin() as session:
            return await not_made(session)

    assert await lacking() == ["F2026-000123", "A2026-000012"]
    assert (await invoiced.facts()).undocumented == ("F2026-000123", "A2026-000012")
    for number in await lacking():
        await it_is_made(invoiced, number)
    assert await lacking() == []
    assert (await invoiced.facts()).undocumented == ()


async def test_those_that_lack_one_are_made_by_hand(invoiced: Desk) -> None:
    it_is_credited(invoiced)
    await it_is_made(invoiced)
    assert await make_missing(sessions(invoiced.engine), A_COMPANY) == ["A2026-000012"]
    assert await make_missing(sessions(invoiced.engine), A_COMPANY) == []
    assert invoiced.database.counts()["documents"] == 2


async def test_the_loop_is_free_while_a_page_is_set(invoiced: Desk) -> None:
    """Other activities of the worker go on meanwhile."""
    activities = DocumentActivities(sessions(invoiced.engine), A_COMPANY)
    making = asyncio.create_task(
        ActivityEnvironment().run(activities.make_document, MakeDocument("F2026-000123", NOW))
    )
    loop, longest = asyncio.get_running_loop(), 0.0
    while not making.done():
        before = loop.time()
        await asyncio.sleep(0.001)
        longest = max(longest, loop.time() - before)
    await making
    assert longest < 1


async def test_the_invoice_is_mailed_as_it_is_stored(invoiced: Desk) -> None:
    with pytest.raises(DocumentMissing):
        await invoiced.notify(Notice.INVOICE_ISSUED)
    assert invoiced.office.delivered == []
    await it_is_made(invoiced)
    await invoiced.notify(Notice.INVOICE_ISSUED)
    [mail] = invoiced.office.delivered
    [part] = mail.mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("F2026-000123.pdf", "application/pdf")
    assert part.get_content() == stored(invoiced)[0]
    assert "jointe" in mail.body("plain")


async def test_each_credit_note_is_mailed_with_what_it_leaves(invoiced: Desk) -> None:
    it_is_credited(invoiced)
    it_is_credited(invoiced, "A2026-000013", slices=2)
    for number in ("A2026-000012", "A2026-000013"):
        await it_is_made(invoiced, number)
        await invoiced.notify(Notice.CREDIT_NOTE_ISSUED, number)
    first, second = (" ".join(mail.body("plain").split()) for mail in invoiced.office.delivered)
    assert "réduit la facture n° F2026-000123" in first
    assert "Facture, avoirs déduits : 30,00 € TTC" in first
    assert "annule la facture n° F2026-000123" in second
    assert "Facture, avoirs déduits : 0,00 € TTC" in second
    sent = [part.get_content() for mail in invoiced.office.delivered for part in mail.mail.iter_attachments()]
    assert sent == [stored(invoiced, "A2026-000012")[0], stored(invoiced, "A2026-000013")[0]]
