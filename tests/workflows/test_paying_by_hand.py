"""A debt that people see to: paid by hand, confirmed with the bank, or given up. Whatever comes together, an
invoice is collected once."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest
from temporalio.service import RPCError

from activities.gateways.payments import PaymentsBroken
from domain.messages import PayAsked, PaymentTried, WriteOffAsked
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office
from tests.workflows.test_disputes_of_invoices import balances, invoiced, refused, replace_card

PAGE = "https://omea.example/v1/payments/token"
NEEDS_THE_CLIENT = "pm_card_authenticationRequired"


def payments(office: Office) -> list[tuple[object, ...]]:
    return office.database.rows("SELECT attempt, by_hand, refusal FROM payment_attempts ORDER BY attempt")


async def to_confirm(office: Office) -> PlayedTicket:
    """Invoiced, and refused because the bank wants the client to confirm."""
    await office.save_card(NEEDS_THE_CLIENT)
    ticket = await invoiced(office)
    await ticket.pass_time(timedelta(minutes=1))
    assert payments(office) == [(1, False, "authentication_required")]
    return ticket


async def pay(ticket: PlayedTicket, return_url: str | None = PAGE) -> PaymentTried:
    answer = await ticket.act("pay", PayAsked(ticket.as_client, return_url))
    assert answer.payment is not None
    return answer.payment


async def confirm(tried: PaymentTried, outcome: str = "complete") -> str:
    """What the client does on the bank's page. Answers where it sends them."""
    assert tried.confirm_url is not None
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(tried.confirm_url, data={"outcome": outcome})
    return answer.headers["location"]


async def is_paid_once(office: Office, ticket: PlayedTicket) -> None:
    with suppress(RPCError):
        # The provider's notice; the ticket may be closed by now.
        await ticket.handle.signal("payment_news")
        await ticket.settle()
    assert await ticket.handle.result() == "paid"
    settled = balances(office)
    assert settled["5112"] + settled["627"] == 4500
    assert "411" not in settled
    assert "44574" not in settled
    [(intent, status)] = office.database.rows("SELECT intent, status FROM payments")
    assert status == "paid"
    charges = await office.payments._stripe.charges.list_async({"payment_intent": intent})
    assert [charge.amount for charge in charges.data if charge.paid] == [4500]


async def test_another_card_pays_at_once_in_place_of_the_calendar(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    assert await pay(ticket) == PaymentTried("card_declined")
    await replace_card(office)
    assert await pay(ticket) == PaymentTried()
    await is_paid_once(office, ticket)
    assert payments(office) == [(1, False, "card_declined"), (2, True, "card_declined"), (3, True, None)]


async def test_tries_by_hand_leave_the_calendar_alone(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    for _ in range(4):
        assert await pay(ticket) == PaymentTried("card_declined")
    await ticket.pass_time(timedelta(days=1))
    await ticket.settle()
    assert payments(office)[-1] == (6, False, "card_declined")
    await ticket.pass_time(timedelta(days=6, hours=1))
    await ticket.settle()
    assert ticket.ticket("status") == ("unpaid",)
    assert [by_hand for _, by_hand, _ in payments(office)].count(False) == 4
    await replace_card(office)
    assert await pay(ticket) == PaymentTried()
    await is_paid_once(office, ticket)


async def test_the_client_confirms_on_the_page_of_their_bank(empty_office: Office) -> None:
    office = empty_office
    ticket = await to_confirm(office)
    tried = await pay(ticket)
    assert "redirect_status=failed" in await confirm(tried, "fail")
    again = await pay(ticket)
    assert "redirect_status=succeeded" in await confirm(again)
    await is_paid_once(office, ticket)


async def test_nobody_at_the_screen_gets_a_mail_with_the_link(empty_office: Office) -> None:
    """The client is on the phone: the card is tried as by itself."""
    office = empty_office
    ticket = await to_confirm(office)
    before = len(office.mail.messages)
    answer = await ticket.act("pay", PayAsked(ticket.on_behalf))
    assert answer.payment == PaymentTried("authentication_required")
    await ticket.settle()
    [mail] = office.mail.messages[before:]
    assert mail.subject.startswith("Paiement refusé")
    assert "Confirmer le paiement" in mail.text
    assert "http://localhost/v1/payments/" in mail.text


async def test_a_late_confirmation_a_retry_and_a_payment_by_hand_collect_once(empty_office: Office) -> None:
    office = empty_office
    ticket = await to_confirm(office)
    tried = await pay(ticket)
    await asyncio.gather(
        confirm(tried),
        pay(ticket),
        pay(ticket),
        ticket.pass_time(timedelta(days=1)),
    )
    await is_paid_once(office, ticket)


async def test_a_page_left_open_does_not_stop_the_calendar(empty_office: Office) -> None:
    office = empty_office
    ticket = await to_confirm(office)
    first = await pay(ticket)
    await ticket.pass_time(timedelta(days=7, hours=1))
    await ticket.settle()
    assert ticket.ticket("status") == ("unpaid",)
    # The last page that the bank opened can still be confirmed, by whichever try.
    again = await pay(ticket)
    assert first.confirm_url is not None
    await confirm(again)
    await is_paid_once(office, ticket)


async def test_a_dispute_is_not_kept_waiting_by_a_payment(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.act("dispute", ticket.dissatisfied())
    assert await ticket.refused("pay", PayAsked(ticket.as_client)) == "not_allowed_in_status"
    assert payments(office) == [(1, False, "card_declined")]


async def test_a_debt_is_given_up_for_good(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.pass_time(timedelta(days=7, hours=1))
    await ticket.settle()
    reason = ticket.written(ticket.back_office, "write_off")
    await ticket.act("write_off", WriteOffAsked(ticket.as_back_office, reason))
    assert await ticket.handle.result() == "written_off"
    assert ticket.ticket("status, outcome") == ("closed", "written_off")
    # The technician did the work: their gain stays. The tax that was never collected is not owed.
    assert balances(office) == {"611": 2400, "4081": -2400, "706": -3750, "654": 3750}
    [(intent,)] = office.database.rows("SELECT intent FROM payments")
    assert (await office.payments._stripe.payment_intents.retrieve_async(intent)).status == "canceled"


async def test_a_debt_is_not_given_up_while_the_provider_is_away_and_nobody_is_kept_waiting(
    empty_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.pass_time(timedelta(days=7, hours=1))
    await ticket.settle()
    before = balances(office)

    async def away(*, intent: str, invoice: str) -> bool:
        raise PaymentsBroken("away")

    with monkeypatch.context() as outage:
        outage.setattr(office.payments, "cancel_charge", away)
        asked = WriteOffAsked(ticket.as_back_office, ticket.written(ticket.back_office, "write_off"))
        refused_with = asyncio.create_task(ticket.refused("write_off", asked))
        while not refused_with.done():
            await ticket.settle_by(timedelta(seconds=20))
            await asyncio.sleep(0.05)
        assert await refused_with == "provider_away"
    assert (ticket.ticket("status"), balances(office)) == (("unpaid",), before)
    await ticket.act("write_off", asked)
    assert await ticket.handle.result() == "written_off"


async def test_what_is_being_paid_is_not_given_up(empty_office: Office) -> None:
    office = empty_office
    ticket = await refused(office)
    await ticket.pass_time(timedelta(days=7, hours=1))
    await ticket.settle()
    await replace_card(office)
    with office.database.out_of_reach("journal"):
        paying = asyncio.create_task(pay(ticket))
        await asyncio.sleep(1)
    await paying
    reason = ticket.written(ticket.back_office, "write_off")
    code = await ticket.refused("write_off", WriteOffAsked(ticket.as_back_office, reason))
    assert code in {"payment_on_its_way", "ticket_closed", "not_allowed_in_status"}
    await is_paid_once(office, ticket)
