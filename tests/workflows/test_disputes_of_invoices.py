"""Dissatisfied once the invoice is there: charging pauses, and the ruling changes what is owed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from db.engine import create_engine, sessions
from db.reads.claimable_gains import ClaimableTotal, claimable_totals
from domain.rulings import GainKind, GainRuling
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office

FULL, NONE = GainRuling(1, GainKind.FULL), GainRuling(1, GainKind.NONE)
REFUSED_LATER = "pm_card_chargeCustomerFail"


async def invoiced(office: Office) -> PlayedTicket:
    """Accepted, and charged at once: 40 minutes are 3 slices, 45 euros."""
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=40)
    await ticket.act("review", ticket.satisfied())
    return ticket


async def refused(office: Office) -> PlayedTicket:
    await office.save_card(REFUSED_LATER)
    ticket = await invoiced(office)
    await ticket.pass_time(timedelta(minutes=1))
    return ticket


async def replace_card(office: Office) -> None:
    [(customer,)] = office.database.rows("SELECT customer_reference FROM cards")
    method = await office.payments._stripe.payment_methods.attach_async(
        "pm_card_visa", {"customer": customer}
    )
    office.database.execute("UPDATE cards SET card_reference = %s", method.id)


def balances(office: Office) -> dict[str, int]:
    """By account, without the people in them; those at zero are left out."""
    rows = office.database.rows(
        "SELECT split_part(account, ':', 1), sum(amount_cents)::int FROM ledger_lines GROUP BY 1"
    )
    return {account: cents for account, cents in rows if cents}


def gains(office: Office) -> list[tuple[Any, ...]]:
    return office.database.rows("SELECT session, number, amount_cents FROM gains ORDER BY session, number")


async def test_a_dispute_pauses_the_charging_until_the_ruling(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.pass_time(timedelta(days=10))
    assert office.database.rows("SELECT attempt, refusal FROM payment_attempts") == [(1, "card_declined")]
    assert ticket.ticket("status") == ("suspended",)
    await replace_card(office)
    await ticket.act("ruling", ticket.ruled("bill", FULL))
    await ticket.pass_time(timedelta(minutes=15))
    assert await ticket.handle.result() == "paid"
    assert balances(office) | {"627": 0} == {
        "611": 2400,
        "4081": -2400,
        "706": -3750,
        "44571": -750,
        "5112": 4500 - balances(office)["627"],
        "627": 0,
    }
    assert office.database.counts()["credit_notes"] == 0


async def test_a_reduced_invoice_is_charged_for_what_is_left(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.act("dispute", ticket.dissatisfied())
    await replace_card(office)
    ruling = ticket.ruled("reduce", GainRuling(1, GainKind.REDUCED, 15), minutes=16)
    await ticket.act("ruling", ruling)
    await ticket.pass_time(timedelta(minutes=15))
    assert await ticket.handle.result() == "paid"
    assert office.database.rows("SELECT invoice, slices, total_ttc_cents FROM credit_notes") == [
        (office.invoice(ticket), 2, 3000)
    ]
    assert gains(office) == [(1, 0, 2400), (1, 1, -1600)]
    settled = balances(office)
    assert settled["5112"] + settled["627"] == 1500
    assert "411" not in settled
    assert "44574" not in settled
    assert settled["4081"] == -800


async def test_a_waived_invoice_is_never_charged_again(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.act("ruling", ticket.ruled("waive", NONE))
    assert await ticket.handle.result() == "waived"
    assert ticket.ticket("status, outcome") == ("closed", "waived")
    assert balances(office) == {}
    assert gains(office) == [(1, 0, 2400), (1, 1, -2400)]
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    known = await office.payments._stripe.payment_intents.retrieve_async(intent)
    assert known.status == "canceled"


async def test_what_was_waived_is_not_charged_after_another_dispute(
    empty_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.act("dispute", ticket.dissatisfied())
    provider_answers, cancel = asyncio.Event(), office.payments.cancel_charge

    async def slowly(*, intent: str, invoice: str) -> bool:
        await provider_answers.wait()
        return await cancel(intent=intent, invoice=invoice)

    monkeypatch.setattr(office.payments, "cancel_charge", slowly)
    assert (await ticket.act("ruling", ticket.ruled("waive", NONE))).status == "invoiced"
    assert (await ticket.act("dispute", ticket.dissatisfied())).status == "suspended"
    provider_answers.set()
    await ticket.act("ruling", ticket.ruled("reduce", minutes=10))
    assert await ticket.handle.result() == "waived"
    assert office.database.counts()["payment_attempts"] == 1
    assert balances(office) == {}


async def test_money_that_came_meanwhile_is_sent_back(office: Office) -> None:
    await office.fund()
    ticket = await invoiced(office)
    await ticket.pass_time(timedelta(minutes=1))
    # The card was accepted; nobody has told us of the money yet.
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.handle.signal("payment_news")
    await ticket.pass_time(timedelta(days=2))
    assert ticket.ticket("status") == ("suspended",)
    assert "5112" not in balances(office)
    await ticket.act("ruling", ticket.ruled("waive", FULL))
    assert await ticket.handle.result() == "waived"
    settled = balances(office)
    assert settled == {"611": 2400, "4081": -2400, "627": settled["627"], "5112": -settled["627"]}
    collected = await office.payments._stripe.refunds.list_async({"limit": 1})
    assert collected.data[0].amount == 4500


async def test_an_unpaid_ticket_may_be_disputed_and_tried_once_more(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.pass_time(timedelta(days=8))
    assert ticket.ticket("status") == ("unpaid",)
    await ticket.act("dispute", ticket.dissatisfied())
    await ticket.act("ruling", ticket.ruled("bill", FULL))
    await ticket.pass_time(timedelta(minutes=1))
    assert ticket.ticket("status") == ("unpaid",)
    assert office.database.counts()["payment_attempts"] == 5


async def test_a_gain_is_held_while_its_ticket_is_suspended(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    month_end = await ticket.now() + timedelta(days=31)
    engine = create_engine(office.database.url("omea_worker"))

    async def claimable() -> list[ClaimableTotal]:
        async with sessions(engine)() as session:
            return await claimable_totals(session, month_end)

    assert await claimable() == [ClaimableTotal(ticket.technician, 1, 2400)]
    await ticket.act("dispute", ticket.dissatisfied())
    assert await claimable() == []
    await ticket.act("ruling", ticket.ruled("bill", FULL))
    assert await claimable() == [ClaimableTotal(ticket.technician, 1, 2400)]
    await engine.dispose()
