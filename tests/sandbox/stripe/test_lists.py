"""Lists: newest first, page by page, in both directions."""

import pytest
import stripe

from tests.sandbox.stripe.builders import a_customer, a_payment, a_saved_card


async def test_pages_follow_each_other_without_gap_or_repetition(client: stripe.StripeClient) -> None:
    made = [await a_customer(client) for _ in range(5)]
    newest_first = made[::-1]

    first = await client.v1.customers.list_async({"limit": 2})
    second = await client.v1.customers.list_async({"limit": 2, "starting_after": first.data[-1].id})
    last = await client.v1.customers.list_async({"limit": 2, "starting_after": second.data[-1].id})
    back = await client.v1.customers.list_async({"limit": 2, "ending_before": last.data[0].id})

    pages = [[customer.id for customer in page.data] for page in (first, second, last, back)]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:], newest_first[2:4]]
    assert [page.has_more for page in (first, second, last, back)] == [True, True, False, True]


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_limit_out_of_bounds_is_refused(client: stripe.StripeClient, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.customers.list_async({"limit": limit})

    assert (refusal.value.code, refusal.value.param) == ("parameter_invalid_integer", "limit")


async def test_lists_are_filtered_by_customer_and_moment(client: stripe.StripeClient) -> None:
    intent = await a_payment(client)
    other = await a_payment(client)
    assert intent.customer is not None

    of_customer = await client.v1.payment_intents.list_async({"customer": str(intent.customer)})
    charges = await client.v1.charges.list_async({"payment_intent": other.id})
    past = await client.v1.payment_intents.list_async({"created": {"lt": intent.created}})
    since = await client.v1.payment_intents.list_async({"created": {"gte": intent.created}})

    assert [found.id for found in of_customer.data] == [intent.id]
    assert [found.id for found in charges.data] == [other.latest_charge]
    assert past.data == []
    assert [found.id for found in since.data] == [other.id, intent.id]


async def test_events_are_filtered_by_type(client: stripe.StripeClient) -> None:
    await a_payment(client)

    starred = await client.v1.events.list_async({"type": "charge.*"})
    several = await client.v1.events.list_async({"types": ["customer.created", "charge.succeeded"]})
    one = await client.v1.events.retrieve_async(starred.data[0].id)

    assert [event.type for event in starred.data] == ["charge.succeeded"]
    assert [event.type for event in several.data] == ["charge.succeeded", "customer.created"]
    assert one.id == starred.data[0].id


async def test_the_objects_of_a_list_are_expanded(client: stripe.StripeClient) -> None:
    await a_payment(client)

    charges = await client.v1.charges.list_async({"expand": ["data.balance_transaction", "data.customer"]})

    charge = charges.data[0]
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(charge.customer, stripe.Customer)


async def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient) -> None:
    customer = await a_customer(client)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.customers.retrieve_async(customer, {"expand": ["email"]})

    assert (refusal.value.http_status, refusal.value.param) == (400, "expand[0]")


async def test_a_customers_cards_are_listed_and_no_one_elses(client: stripe.StripeClient) -> None:
    customer, other = await a_customer(client), await a_customer(client)
    first = await a_saved_card(client, customer)
    second = await a_saved_card(client, customer, "pm_card_mastercard")
    await a_saved_card(client, other)

    cards = await client.v1.customers.payment_methods.list_async(customer, {"type": "card"})

    assert [card.id for card in cards.data] == [second, first]
