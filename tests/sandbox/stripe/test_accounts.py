"""A technician's account receives money once it is complete, and says what is missing until then."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.builders import a_payment, account_parameters, error_of, event_types


@pytest.mark.parametrize(
    ("missing", "due"),
    [
        ("business_type", ["business_type"]),
        ("individual", ["individual.first_name", "individual.last_name"]),
        ("tos_acceptance", ["tos_acceptance.date", "tos_acceptance.ip"]),
        ("external_account", ["external_account"]),
    ],
)
async def test_an_incomplete_account_cannot_receive_and_says_why(
    client: stripe.StripeClient, missing: str, due: list[str]
) -> None:
    await a_payment(client)
    account = await client.v1.accounts.create_async(account_parameters(**{missing: None}))

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.transfers.create_async({"amount": 100, "currency": "eur", "destination": account.id})

    state = account.to_dict()
    assert state["capabilities"] == {"transfers": "inactive"}
    assert state["requirements"]["currently_due"] == due
    assert (state["payouts_enabled"], state["details_submitted"]) == (False, False)
    assert error_of(refusal.value) == {
        "type": "invalid_request_error",
        "code": "insufficient_capabilities_for_transfer",
    }


async def test_an_account_becomes_active_with_the_last_missing_thing(client: stripe.StripeClient) -> None:
    account = await client.v1.accounts.create_async(account_parameters(individual=None, capabilities=None))

    named = await client.v1.accounts.update_async(
        account.id, {"individual": {"first_name": "Théo", "last_name": "Martin"}}
    )
    requested = await client.v1.accounts.update_async(
        account.id, {"capabilities": {"transfers": {"requested": True}}}
    )

    states = [found.to_dict()["capabilities"] for found in (account, named, requested)]
    assert states == [{}, {}, {"transfers": "active"}]
    assert requested.to_dict()["requirements"]["currently_due"] == []
    events = await client.v1.events.list_async({"type": "account.updated"})
    assert [event.account for event in events.data] == [account.id] * 3
    assert await event_types(client) == ["account.updated"] * 3


async def test_only_the_end_of_the_iban_is_kept(client: stripe.StripeClient) -> None:
    account = await client.v1.accounts.create_async(account_parameters())

    (bank,) = account.to_dict()["external_accounts"]["data"]
    assert (bank["object"], bank["country"], bank["last4"]) == ("bank_account", "FR", "2606")
    assert "account_number" not in bank


async def test_a_wrong_iban_is_refused(client: stripe.StripeClient) -> None:
    bank = account_parameters()["external_account"] | {"account_number": "FR1420041010050500013M02607"}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.accounts.create_async(account_parameters(external_account=bank))

    assert error_of(refusal.value) == {
        "type": "invalid_request_error",
        "code": "account_number_invalid",
        "param": "external_account[account_number]",
    }


async def test_the_controller_of_a_custom_account_is_accepted_and_others_are_not(
    client: stripe.StripeClient,
) -> None:
    controller = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    }
    express: Any = {"type": "express"}

    account = await client.v1.accounts.create_async(account_parameters(type=None, controller=controller))
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.accounts.create_async(express)

    assert account.to_dict()["capabilities"] == {"transfers": "active"}
    assert refusal.value.param == "type"
