"""Bugs that others shipped around refunds and reversals, each tried on ours. The names are theirs."""

import asyncio
from datetime import timedelta

from tests.workflows.conftest import Office
from tests.workflows.test_chargebacks import decided, disputed
from tests.workflows.test_disputes_of_invoices import balances, gains, refused
from tests.workflows.test_refunds import NONE, asked, comes_back, paid, subjects


async def test_a_reversal_counted_twice_polar_13401(office: Office) -> None:
    """Each notice of money that comes back arrives twice, late, and together with others."""
    ticket = await paid(office)
    chargeback = await disputed(office, ticket)
    await asyncio.gather(*(chargeback.handle.signal("chargeback_news") for _ in range(3)))
    await decided(office, chargeback, "won")
    await asyncio.gather(*(chargeback.handle.signal("chargeback_news") for _ in range(3)))
    assert await chargeback.handle.result() == "won"
    refund = await asked(office, ticket)
    await refund.act("ruling", refund.ruled("whole", NONE))
    await refund.settle()
    await comes_back(office, refund)
    await asyncio.gather(*(refund.handle.signal("refund_news") for _ in range(3)))
    await refund.settle()
    settled = balances(office)
    assert settled["411"] == -4500
    assert settled["5112"] + settled["627"] == 4500
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400)]
    assert office.database.rows("SELECT count(*) FROM refunds") == [(1,)]


async def test_a_payment_pending_for_ever_without_a_reason_polar_7101(empty_office: Office) -> None:
    """Every wait for money names what is missing, to somebody who can help, until its end."""
    office = empty_office
    ticket = await refused(office)
    [mail] = [one for one in office.mail.messages if one.subject.startswith("Paiement refusé")]
    assert "La banque a refusé le paiement" in mail.text
    assert "Prochain essai" in mail.text
    before = len(office.mail.messages)
    await ticket.pass_time(timedelta(days=10))
    await ticket.settle()
    told = subjects(office, before)
    invoice = office.invoice(ticket)
    assert f"Facture {invoice} à régler" in told
    assert f"À traiter\xa0: facture {invoice} impayée" in told
    assert f"Toujours impayée\xa0: facture {invoice}" in told
    assert office.database.rows("SELECT DISTINCT refusal FROM payment_attempts") == [("card_declined",)]
