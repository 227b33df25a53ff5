"""A customer that is deleted is gone with its cards; what it paid stays, and may still be refunded."""

import pytest
import stripe

from tests.sandbox.stripe.builders import a_payment, error_of, event_types


async def test_who_is_deleted_is_known_as_such_and_can_do_nothing_more(client: stripe.StripeClient) -> None:
    intent = await a_payment(client)
    customer, card = str(intent.customer), str(intent.payment_method)
    gone = {"id": customer, "object": "customer", "deleted": True}
    assert (await client.v1.customers.delete_async(customer)).to_dict() == gone
    assert (await client.v1.customers.retrieve_async(customer)).to_dict() == gone
    assert (await client.v1.customers.list_async()).data == []
    assert "customer.deleted" in await event_types(client)
    for refused in (
        client.v1.customers.delete_async(customer),
        client.v1.customers.update_async(customer, {"name": "X"}),
        client.v1.payment_methods.attach_async("pm_card_visa", {"customer": customer}),
        client.v1.payment_intents.create_async({"amount": 100, "currency": "eur", "customer": customer}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            await refused
        assert error_of(refusal.value)["code"] == "resource_missing"
    with pytest.raises(stripe.StripeError):
        await client.v1.payment_intents.create_async(
            {"amount": 100, "currency": "eur", "payment_method": card, "confirm": True}
        )
    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 100})
    assert refund.status in {"pending", "succeeded"}
