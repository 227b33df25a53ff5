"""Everything that happens to money at Stripe, once: what our adapter does, and what becomes of it."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import stripe

from activities.gateways.payments import Charged, ChargeRefused, KnownOfTechnician, ReceivingDetails
from activities.gateways.stripe_payments import StripePayments
from domain.refunds import SentBack
from tests.sandbox.stripe.builders import (
    IBAN,
    PAGE,
    a_card_page,
    a_customer,
    a_payment,
    a_saved_card,
    account_parameters,
    an_account,
    an_intent,
    complete_account,
    typed,
    until,
)
from tests.sandbox.stripe.running import API_KEY, Running, submit

DETAILS = ReceivingDetails(
    first_name="Théo",
    last_name="Martin",
    mail="theo@exemple.fr",
    phone="+33612345678",
    birth_date=date(1990, 5, 17),
    street="1 rue des Lilas",
    postal_code="44000",
    city="Nantes",
    iban=IBAN,
    terms_accepted_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
    terms_accepted_from="192.0.2.1",
)

KNOWN = KnownOfTechnician(
    mail="lea@exemple.fr",
    is_company=False,
    first_name="Léa",
    last_name="Robert",
    birth_date=date(1991, 2, 3),
    street="2 rue des Lilas",
    postal_code="44000",
    city="Nantes",
)


async def play_the_adapter(sandbox: Running) -> None:
    payments = StripePayments(API_KEY, sandbox.url)
    customer = await payments.open_customer("client-1")
    page = await payments.open_card_page(customer=customer, key="card-page:1", return_url=PAGE)
    submit(page.url, data=typed("4242424242424242"))
    saved = await payments.saved_card(page.session)
    assert saved is not None
    prepared: dict[str, Any] = {"ticket": "48291573", "customer": customer, "card": saved.card}
    first = await payments.prepare_charge(invoice="F2026-1", amount_cents=4500, **prepared)
    await payments.set_amount(intent=first, invoice="F2026-1", amount_cents=6000)
    refused = await payments.charge(
        intent=first, invoice="F2026-1", attempt=1, card="pm_card_authenticationRequired"
    )
    paid = await payments.charge(intent=first, invoice="F2026-1", attempt=2, card=saved.card)
    assert (refused, paid) == (ChargeRefused("authentication_required"), Charged())
    await payments.collected(first)
    sent = await payments.refund(intent=first, key="refund:F2026-1:1:1", invoice="F2026-1", amount_cents=1500)
    assert isinstance(sent, SentBack)
    assert await payments.known_refund(first, "refund:F2026-1:1:1") == sent
    assert await payments.sent_back(sent.reference) == sent
    await payments.events_since(datetime(2026, 1, 1, tzinfo=UTC), ["payment_intent.succeeded"])
    await payments.entries_since(None)
    await payments.intents_since(datetime(2026, 1, 1, tzinfo=UTC))
    await payments.balance_cents()
    second = await payments.prepare_charge(invoice="F2026-2", amount_cents=4500, **prepared)
    await payments.cancel_charge(intent=second, invoice="F2026-2")
    account = await payments.open_account("technician-1", DETAILS)
    assert (await payments.account_state(account)).ready
    for amount in (2000, 900_000):
        await payments.transfer(payout=f"payout:{amount}", attempt=1, account=account, amount_cents=amount)
    assert await payments.known_transfer(payout="payout:2000", amount_cents=2000) is not None
    [transfer] = await payments.transfers_of("payout:2000")
    for _ in range(2):
        assert (
            await payments.take_back(transfer=transfer.reference, payout="payout:2000", attempt=1, n=1)
            is None
        )
    [taken_back] = await payments.transfers_of("payout:2000")
    assert [one.amount_cents for one in taken_back.reversals] == [2000]
    empty = await payments.open_account("technician-2")
    begun = datetime.now(UTC) - timedelta(minutes=1)
    assert await payments.known_account("technician-2", begun) == empty
    await payments.describe_account(account=empty, key="account-page:1:details", known=KNOWN)
    link = await payments.open_account_page(
        account=empty, key="account-page:1", return_url=PAGE, refresh_url=PAGE
    )
    assert complete_account(link.url) == PAGE
    assert (await payments.account_state(empty)).ready
    for _ in range(2):
        await payments.delete_customer(customer)
    await payments.close()


async def play_payments(client: stripe.StripeClient) -> None:
    """On session, by redirect, refused, canceled; cards saved and refused on the page."""
    for card in ("pm_card_chargeCustomerFail", "pm_card_authenticationRequired"):
        with pytest.raises(stripe.CardError):
            await a_payment(client, 4500, card)
    customer = await a_customer(client)
    for outcome in ("complete", "fail"):
        waiting = await client.v1.payment_intents.confirm_async(
            await an_intent(client, customer),
            {"payment_method": "pm_card_authenticationRequired", "return_url": PAGE},
        )
        assert waiting.next_action is not None
        assert waiting.next_action.redirect_to_url is not None
        submit(str(waiting.next_action.redirect_to_url.url), data={"outcome": outcome})
    waiting_still = await an_intent(client, customer)
    await client.v1.payment_intents.confirm_async(
        waiting_still, {"payment_method": "pm_card_authenticationRequired", "return_url": PAGE}
    )
    await client.v1.payment_intents.cancel_async(waiting_still)
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.payment_intents.confirm_async(waiting_still, {"payment_method": "pm_card_visa"})
    method = await a_saved_card(client, customer)
    await client.v1.payment_methods.detach_async(method)
    await client.v1.setup_intents.create_async({"customer": customer})
    await a_card_page(client, customer)
    page = await a_card_page(client, customer)
    submit(str(page.url), data=typed("4000000000000002"))
    submit(str(page.url), data=typed("4242424242424242"))
    failing = await a_card_page(client, customer)
    bank = submit(str(failing.url), data=typed("4000002500003155")).headers["location"]
    submit(bank, data={"outcome": "fail"})
    await client.v1.checkout.sessions.expire_async(failing.id)


async def play_refunds(sandbox: Running, client: stripe.StripeClient) -> None:
    for card in ("pm_card_visa", "pm_card_pendingRefund", "pm_card_refundFail"):
        intent = await a_payment(client, 9000, card)
        refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 100})
        await client.v1.refunds.update_async(refund.id, {"metadata": {"credit_note": "A2026-1"}})
        with pytest.raises(stripe.InvalidRequestError):
            await client.v1.refunds.cancel_async(refund.id)
    large = await a_payment(client, 900_000)
    sandbox.act("pay_out")
    await client.v1.refunds.create_async({"payment_intent": large.id})
    await until(
        lambda: client.v1.events.list_async({"types": ["refund.failed", "refund.updated"]}),
        lambda events: "refund.failed" in [event.type for event in events.data],
    )


async def play_disputes(sandbox: Running, client: stripe.StripeClient) -> None:
    file = io.BytesIO(b"%PDF-1.7")
    file.name = "dossier.pdf"
    proof = await client.v1.files.create_async({"file": file, "purpose": "dispute_evidence"})
    await client.v1.files.retrieve_async(proof.id)
    for card, words in (
        ("pm_card_createDispute", "winning_evidence"),
        ("pm_card_createDisputeProductNotReceived", "losing_evidence"),
        ("pm_card_createDisputeInquiry", "escalate_inquiry_evidence"),
    ):
        intent = await a_payment(client, 4500, card)
        (dispute,) = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data
        await client.v1.disputes.update_async(
            dispute.id,
            {"evidence": {"uncategorized_text": words, "service_documentation": proof.id}, "submit": True},
        )
    intent = await a_payment(client, 4500, "pm_card_mastercard")
    accepted = sandbox.act("dispute", payment=intent.id, reason="general")
    await client.v1.disputes.close_async(accepted["id"])
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.refunds.create_async({"payment_intent": intent.id})
    await until(
        lambda: client.v1.disputes.list_async(),
        lambda disputes: (
            sorted(dispute.status for dispute in disputes.data) == ["lost", "lost", "needs_response", "won"]
        ),
    )


async def play_the_balance(sandbox: Running, client: stripe.StripeClient) -> None:
    await a_payment(client, 2_000_000)
    transfer: Any = {"amount": 500, "currency": "eur", "destination": await an_account(client)}
    sent = await client.v1.transfers.create_async(transfer)
    await client.v1.transfers.reversals.create_async(sent.id, {"amount": 100})
    await client.v1.accounts.create_async(account_parameters(external_account=None))
    await client.v1.webhook_endpoints.create_async({"url": "http://127.0.0.1:9", "enabled_events": ["*"]})
    payout = sandbox.act("pay_out", fails=True)
    await until(
        lambda: client.v1.payouts.retrieve_async(payout["id"], {"expand": ["balance_transaction"]}),
        lambda known: known.status == "failed",
    )
    await client.v1.balance.retrieve_async()
    await client.v1.balance_transactions.list_async(
        {"payout": payout["id"], "created": {"gte": 1}, "expand": ["data.source"]}
    )


async def read_everything(client: stripe.StripeClient) -> None:
    """Each kind of object, as a list; and one of each list by its id."""
    whole: dict[str, Any] = {"limit": 100}
    services: tuple[Any, ...] = (
        client.v1.customers,
        client.v1.payment_intents,
        client.v1.setup_intents,
        client.v1.checkout.sessions,
        client.v1.charges,
        client.v1.refunds,
        client.v1.disputes,
        client.v1.files,
        client.v1.transfers,
        client.v1.payouts,
        client.v1.accounts,
        client.v1.balance_transactions,
        client.v1.events,
        client.v1.webhook_endpoints,
    )
    for service in services:
        page = await service.list_async(whole)
        assert page.data, type(service).__name__
        await service.retrieve_async(page.data[0].id)
