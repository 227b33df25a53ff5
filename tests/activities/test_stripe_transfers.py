"""Paying technicians: an account each, and one transfer a payout."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from activities.gateways.payments import (
    Charged,
    KnownOfTechnician,
    PaymentsBroken,
    ReceivingDetails,
    TransferRefused,
    TransferSent,
)
from activities.gateways.stripe_payments import StripePayments
from tests.activities.conftest import Stripe

DETAILS = ReceivingDetails(
    first_name="Thomas",
    last_name="Leroy",
    mail="thomas.leroy@example.fr",
    phone="+33612345678",
    birth_date=date(1988, 4, 17),
    street="12 rue des Lilas",
    postal_code="69003",
    city="Lyon",
    iban="FR1420041010050500013M02606",
    terms_accepted_at=datetime(2026, 9, 1, 9, 30, tzinfo=UTC),
    terms_accepted_from="192.0.2.10",
)


async def fund(payments: StripePayments, stripe: Stripe, amount_cents: int = 10_000) -> None:
    """Money of a client's, available at once."""
    customer = await payments.open_customer(stripe.client)
    invoice = stripe.invoice
    intent = await payments.prepare_charge(
        invoice=invoice, ticket="48291573", amount_cents=amount_cents, customer=customer, card=""
    )
    charged = await payments.charge(intent=intent, invoice=invoice, attempt=1, card="pm_card_bypassPending")
    assert charged == Charged()


def transfers(stripe: Stripe) -> list[tuple[str, str, int, str]]:
    return [
        (one["id"], one["destination"], one["amount"], one["transfer_group"])
        for one in stripe.get("/v1/transfers", transfer_group=stripe.payout)["data"]
    ]


async def test_an_account_is_opened_once_and_may_receive(payments: StripePayments, stripe: Stripe) -> None:
    account = await payments.open_account(stripe.technician, DETAILS)
    assert await payments.open_account(stripe.technician, DETAILS) == account
    known = stripe.get(f"/v1/accounts/{account}")
    assert known["capabilities"] == {"transfers": "active"}
    assert known["metadata"] == {"technician": stripe.technician}
    assert known["requirements"]["currently_due"] == []


async def test_an_account_to_complete_is_opened_found_and_described(
    payments: StripePayments, stripe: Stripe
) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=1)
    assert await payments.known_account(stripe.technician, begun) is None
    account = await payments.open_account(stripe.technician)
    assert await payments.open_account(stripe.technician) == account
    assert await payments.known_account(stripe.technician, begun) == account
    assert await payments.known_account(stripe.technician, datetime.now(UTC) + timedelta(hours=1)) is None
    known = KnownOfTechnician(mail="thomas@example.fr", is_company=True, legal_name="Leroy SARL")
    for told in (known, replace(known, legal_name="Corrigée SARL")):
        # The same key for something else: what was said first stays, and nobody is held up.
        await payments.describe_account(account=account, key=f"{account}:details", known=told)
    kept = stripe.get(f"/v1/accounts/{account}")
    assert (kept["business_type"], kept["company"]["name"]) == ("company", "Leroy SARL")
    assert "address" not in kept["company"]
    assert (await payments.account_state(account)).ready is False


async def test_what_is_not_known_is_not_said(payments: StripePayments, stripe: Stripe) -> None:
    account = await payments.open_account(stripe.technician)
    known = KnownOfTechnician(mail="thomas@example.fr", first_name="Thomas", street="1 rue des Lilas")
    await payments.describe_account(account=account, key=f"{account}:details", known=known)
    kept = stripe.get(f"/v1/accounts/{account}")
    assert (kept["email"], kept["business_type"]) == ("thomas@example.fr", None)
    assert "individual" not in kept


async def test_a_link_to_the_page_is_one_for_each_key(payments: StripePayments, stripe: Stripe) -> None:
    account = await payments.open_account(stripe.technician)
    addresses = {"return_url": "https://example.fr/retour", "refresh_url": "https://example.fr/lien"}
    pages = [
        await payments.open_account_page(account=account, key=f"{account}:{key}", **addresses)
        for key in ("one", "one", "two")
    ]
    assert (pages[0] == pages[1], pages[0].url == pages[2].url) == (True, False)
    assert timedelta(0) < pages[0].expires_at - datetime.now(UTC) <= timedelta(minutes=5)
    with pytest.raises(PaymentsBroken):
        await payments.open_account_page(account="acct_nobody", key=f"{account}:three", **addresses)


async def test_a_payout_is_one_transfer(payments: StripePayments, stripe: Stripe) -> None:
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    sent = await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    assert isinstance(sent, TransferSent)
    for attempt in (1, 2):
        again = await payments.transfer(
            payout=stripe.payout, attempt=attempt, account=account, amount_cents=2_400
        )
        assert again == sent
    assert transfers(stripe) == [(sent.transfer, account, 2_400, stripe.payout)]


async def test_a_refusal_stands_for_its_attempt_and_the_next_one_pays(
    payments: StripePayments, stripe: Stripe
) -> None:
    account = await payments.open_account(stripe.technician, DETAILS)
    refused = TransferRefused("balance_insufficient")
    transfer = partial(payments.transfer, payout=stripe.payout, account=account, amount_cents=9_000_000)
    assert await transfer(attempt=1) == refused
    await fund(payments, stripe, 10_000_000)
    assert await transfer(attempt=1) == refused
    assert isinstance(await transfer(attempt=2), TransferSent)
    assert len(transfers(stripe)) == 1


async def test_an_unknown_account_is_a_refusal(payments: StripePayments, stripe: Stripe) -> None:
    outcome = await payments.transfer(
        payout=stripe.payout, attempt=1, account="acct_unknown", amount_cents=100
    )
    assert outcome == TransferRefused("resource_missing")


@pytest.mark.parametrize("lifetime", [86_400, 0])
async def test_an_answer_lost_on_the_way_pays_once(
    payments: StripePayments, stripe: Stripe, lifetime: int
) -> None:
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    stripe.switch(lose_answers=1, idempotency_lifetime_seconds=lifetime)
    with pytest.raises(PaymentsBroken):
        await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    sent = await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    assert [one for one, *_ in transfers(stripe)] == [getattr(sent, "transfer", None)]


async def test_a_technician_who_changed_account_after_a_lost_answer_is_not_paid_twice(
    payments: StripePayments, stripe: Stripe
) -> None:
    await fund(payments, stripe)
    old = await payments.open_account(stripe.technician, DETAILS)
    new = await payments.open_account(f"{stripe.technician}-2", DETAILS)
    sent = await payments.transfer(payout=stripe.payout, attempt=1, account=old, amount_cents=2_400)
    again = await payments.transfer(payout=stripe.payout, attempt=1, account=new, amount_cents=2_400)
    assert again == sent
    assert len(transfers(stripe)) == 1


async def test_a_transfer_taken_back_pays_nothing(payments: StripePayments, stripe: Stripe) -> None:
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    sent = await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    assert isinstance(sent, TransferSent)
    stripe.post(f"/v1/transfers/{sent.transfer}/reversals")
    again = await payments.transfer(payout=stripe.payout, attempt=2, account=account, amount_cents=2_400)
    assert isinstance(again, TransferSent)
    assert again != sent


async def test_a_payout_found_with_another_amount_is_left_to_people(
    payments: StripePayments, stripe: Stripe
) -> None:
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    answer = await payments.transfer(payout=stripe.payout, attempt=2, account=account, amount_cents=2_500)
    assert answer == TransferRefused("transfer_of_another_amount")
    assert len(transfers(stripe)) == 1


async def test_an_attempt_already_made_with_another_amount_is_left_to_people(
    payments: StripePayments, stripe: Stripe
) -> None:
    account = await payments.open_account(stripe.technician, DETAILS)
    for cents, code in ((90_000_000, "balance_insufficient"), (90_000_001, "idempotency_key_reused")):
        answer = await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=cents)
        assert answer == TransferRefused(code)
    assert transfers(stripe) == []
