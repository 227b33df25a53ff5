"""A full run, recorded: what is sent and what is answered is what the SDK and Stripe describe."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import stripe

from activities.gateways.stripe_payments import StripePayments
from deploy.sandbox.stripe.conformity import KNOWN_TO_THE_SDK_ALONE, Report, check_run
from deploy.sandbox.stripe.description import DESCRIPTION, stripes_description
from deploy.sandbox.stripe.endpoints import ENDPOINTS
from deploy.sandbox.stripe.recording import RecordedCall, recorded_calls
from deploy.sandbox.stripe.store import Store
from tests.sandbox.stripe import full_run
from tests.sandbox.stripe.builders import a_payment
from tests.sandbox.stripe.running import Running, authorization, submit

needs_description = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason=f"Stripe's description is not at {DESCRIPTION}"
)
# The adapter's methods that ask Stripe nothing.
SILENT = {"close"}


async def the_full_run(sandbox: Running, client: stripe.StripeClient) -> None:
    sandbox.switch("settings", bank_seconds=0.05)
    await full_run.play_the_adapter(sandbox)
    await full_run.play_payments(client)
    await full_run.play_the_balance(sandbox, client)
    await full_run.play_refunds(sandbox, client)
    await full_run.play_disputes(sandbox, client)
    await full_run.read_everything(client)


def report_of(sandbox: Running, *, described: bool) -> Report:
    store = Store(sandbox.data)
    report = check_run(store, stripes_description() if described else None)
    store.close()
    return report


@needs_description
async def test_a_full_run_conforms_to_the_sdk_and_to_stripes_description(
    sandbox: Running, client: stripe.StripeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await the_full_run(sandbox, client)

    report = report_of(sandbox, described=True)
    with capsys.disabled():
        sys.stdout.write(f"\n{report}\n")
    assert report.violations == []
    assert report.operations.total() > 100
    assert set(report.known_to_the_sdk_alone) == {
        f"{parameter} of {operation}" for operation, parameter in KNOWN_TO_THE_SDK_ALONE
    }
    # Files are not in the part of the description that is here.
    assert set(report.not_described) == {"POST /v1/files", "GET /v1/files", "GET /v1/files/{file}"}


async def test_a_full_run_conforms_to_the_sdk_even_without_the_description(
    sandbox: Running, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: set[str] = set()
    methods = {name for name in dir(StripePayments) if not name.startswith("_")}
    for name in methods:
        monkeypatch.setattr(StripePayments, name, noting(played, name))

    await the_full_run(sandbox, client)

    report = report_of(sandbox, described=False)
    assert report.violations == []
    # A method that the adapter gains is to be played in `full_run.py` too.
    assert methods - played == set()


def noting(played: set[str], name: str) -> object:
    original = getattr(StripePayments, name)

    async def method(self: StripePayments, *arguments: object, **named: object) -> object:
        played.add(name)
        return await original(self, *arguments, **named)

    return method


@pytest.mark.parametrize(
    ("parameters", "violation"),
    [
        ({"amount": "4500", "currency": "eur", "colour": "red"}, "Received unknown parameter: colour"),
        ({"currency": "eur"}, "Missing required param: amount."),
        ({"amount": "much", "currency": "eur"}, "Invalid integer: much"),
    ],
)
def test_a_request_that_the_sdk_would_not_send_is_found_in_the_recording(
    sandbox: Running, parameters: dict[str, str], violation: str
) -> None:
    submit(f"{sandbox.url}/v1/payment_intents", data=parameters, headers=authorization())

    (found,) = report_of(sandbox, described=False).violations
    assert violation in found


@needs_description
async def test_what_stripe_does_not_describe_is_found_however_deep(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500, "pm_card_createDispute")
    dispute = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data[0].to_dict()
    described = stripes_description()
    assert described.violations_of_object(dispute) == []

    def broken(*path: str | int, value: object) -> list[str]:
        copy = stripe.StripeObject.construct_from(dispute, None).to_dict()
        inner: Any = copy
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        return described.violations_of_object(copy)

    assert broken("colour", value="red")
    assert broken("status", value="pending")
    assert broken("evidence", "colour", value="red")
    assert broken("evidence_details", "due_by", value="tomorrow")
    assert broken("balance_transactions", 0, "fee_details", 0, "colour", value="red")
    assert broken("payment_method_details", "card", "case_type", value="quarrel")


@needs_description
def test_a_request_that_stripe_does_not_describe_is_found() -> None:
    described = stripes_description()
    refund = described.operation("POST", "/v1/refunds")
    events = described.operation("GET", "/v1/events")
    assert refund is not None
    assert events is not None

    assert described.violations_of_request(refund, {"payment_intent": "pi_1", "amount": 100}) == []
    assert described.violations_of_request(events, {"created": {"gte": 1}, "types": ["charge.*"]}) == []
    for operation, parameters in (
        (refund, {"colour": "red"}),
        (refund, {"amount": "100"}),
        (refund, {"reason": "regret"}),
        (events, {"created": {"since": 1}}),
        (events, {"colour": "red"}),
    ):
        assert described.violations_of_request(operation, parameters), parameters


def test_every_endpoint_has_parameters_of_the_sdk() -> None:
    assert {endpoint.params.__module__.split(".")[:2] == ["stripe", "params"] for endpoint in ENDPOINTS} == {
        True
    }


def test_a_recording_is_checked_by_a_command(sandbox: Running) -> None:
    submit(f"{sandbox.url}/v1/customers", headers=authorization())
    command = [sys.executable, "-m", "deploy.sandbox.stripe.conformity", "--data", str(sandbox.data)]

    good = subprocess.run(command, capture_output=True, text=True, check=False)
    submit(f"{sandbox.url}/v1/refunds", data={"colour": "red"}, headers=authorization())
    bad = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (good.returncode, "0 violations" in good.stdout) == (0, True), good.stdout + good.stderr
    assert (bad.returncode, "1 violations" in bad.stdout) == (1, True)


async def test_calls_are_recorded_with_their_answers_and_only_the_newest(
    sandbox: Running, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.sandbox.stripe.recording.KEPT", 2)
    await client.v1.customers.create_async({"metadata": {"client": "1"}})
    await client.v1.customers.list_async({"limit": 3})
    await client.v1.balance.retrieve_async()

    kept = calls_of(sandbox.data)
    assert [(call.method, call.path, call.status) for call in kept] == [
        ("GET", "/v1/customers", 200),
        ("GET", "/v1/balance", 200),
    ]
    assert (kept[0].parameters, kept[1].body["object"]) == ({"limit": "3"}, "balance")


def calls_of(data: Path) -> list[RecordedCall]:
    store = Store(data)
    calls = list(recorded_calls(store))
    store.close()
    return calls
