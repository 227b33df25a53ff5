"""Strict parameters, as the SDK declares them."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.builders import error_of
from tests.sandbox.stripe.running import Running, authorization, submit, visit

INTENT = {"amount": "4500", "currency": "eur"}


@pytest.mark.parametrize(
    ("parameters", "code", "param"),
    [
        (INTENT | {"foo": "1"}, "parameter_unknown", "foo"),
        (INTENT | {"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        (
            INTENT | {"automatic_payment_methods": {"enabled": True, "colour": "red"}},
            "parameter_unknown",
            "automatic_payment_methods[colour]",
        ),
        ({"currency": "eur"}, "parameter_missing", "amount"),
        ({"amount": "4500"}, "parameter_missing", "currency"),
        (INTENT | {"amount": "abc"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": "45.5"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": "49"}, "amount_too_small", "amount"),
        (INTENT | {"amount": "100000000"}, "amount_too_large", "amount"),
        (INTENT | {"currency": "usd"}, "parameter_invalid", "currency"),
        (INTENT | {"confirm": "maybe"}, "parameter_invalid_boolean", "confirm"),
        (INTENT | {"description": ""}, "parameter_invalid_empty", "description"),
        (INTENT | {"setup_future_usage": "perhaps"}, "parameter_invalid", "setup_future_usage"),
        (INTENT | {"metadata": "text"}, "parameter_invalid_hash", "metadata"),
        (INTENT | {"description": {"a": "b"}}, "parameter_invalid_string", "description"),
        (INTENT | {"expand": "customer"}, "parameter_invalid_list", "expand"),
        (INTENT | {"customer": "cus_unknown"}, "resource_missing", "customer"),
        (INTENT | {"application_fee_amount": "12"}, "sandbox_not_simulated", "application_fee_amount"),
        (INTENT | {"metadata": {"a" * 41: "b"}}, "parameter_invalid_string", f"metadata[{'a' * 41}]"),
    ],
)
async def test_a_bad_parameter_is_refused_by_name_and_nothing_happens(
    client: stripe.StripeClient, parameters: Any, code: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.payment_intents.create_async(parameters)

    assert refusal.value.http_status == 400
    assert error_of(refusal.value) == {"type": "invalid_request_error", "code": code, "param": param}
    intents = await client.v1.payment_intents.list_async()
    events = await client.v1.events.list_async()
    assert (intents.data, events.data) == ([], [])


async def test_setup_intents_no_longer_take_payment_method_types(client: stripe.StripeClient) -> None:
    parameters: Any = {"payment_method_types": ["card"]}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.setup_intents.create_async(parameters)

    assert refusal.value.code == "parameter_unknown"


async def test_a_bad_bank_account_is_refused_for_what_is_wrong_in_it(client: stripe.StripeClient) -> None:
    parameters: Any = {
        "type": "custom",
        "external_account": {"object": "bank_account", "country": "FR", "iban": "x"},
    }
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.accounts.create_async(parameters)

    assert (refusal.value.code, refusal.value.param) == ("parameter_unknown", "external_account[iban]")


async def test_an_unknown_id_is_a_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.customers.retrieve_async("cus_unknown")

    assert refusal.value.http_status == 404
    assert error_of(refusal.value) == {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "param": "customer",
    }
    assert refusal.value.user_message == "No such customer: 'cus_unknown'"


async def test_a_wrong_key_and_no_key_are_a_401(sandbox: Running) -> None:
    with pytest.raises(stripe.AuthenticationError) as refusal:
        await sandbox.client("sk_test_other").v1.balance.retrieve_async()
    without = visit(f"{sandbox.url}/v1/balance")

    assert (refusal.value.http_status, without.status_code) == (401, 401)
    assert without.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("path", ["/v1/unicorns", "/v1/customers/a/b/c", "/elsewhere"])
async def test_an_unknown_address_is_a_404_of_the_same_shape(sandbox: Running, path: str) -> None:
    answer = visit(sandbox.url + path, headers=authorization())

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.json()["error"]["message"].startswith(f"Unrecognized request URL (GET: {path}).")


async def test_both_ways_of_writing_lists_are_read(sandbox: Running) -> None:
    for name in ("expand[]", "expand[0]"):
        answer = submit(
            f"{sandbox.url}/v1/setup_intents",
            data={name: "customer", "metadata[ticket]": "4829 1573"},
            headers=authorization(),
        )
        assert (answer.status_code, answer.json()["metadata"]) == (200, {"ticket": "4829 1573"})


async def test_metadata_is_merged_and_an_empty_value_removes_a_key(client: stripe.StripeClient) -> None:
    customer = await client.v1.customers.create_async({"metadata": {"a": "1", "b": "2"}})

    changed = await client.v1.customers.update_async(customer.id, {"metadata": {"a": "", "c": "3"}})
    emptied = await client.v1.customers.update_async(customer.id, {"metadata": ""})

    assert (changed.to_dict()["metadata"], emptied.to_dict()["metadata"]) == ({"b": "2", "c": "3"}, {})
