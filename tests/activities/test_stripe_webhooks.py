"""Notices: only genuine, recent ones pass, and only their ids."""

import json
from typing import Any

import pytest
import stripe as sdk

from activities.gateways.payments import ProviderEvent
from activities.gateways.stripe_webhooks import verify

NOW = 1_790_000_000
SECRET = "whsec_of_today"
PREVIOUS = "whsec_of_yesterday"


def a_notice(**object_: Any) -> bytes:
    body = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": "pi_1", "object": "payment_intent", **object_}},
    }
    return json.dumps(body, ensure_ascii=False).encode()


def signed(payload: bytes, secret: str = SECRET, at: int = NOW) -> str:
    header = sdk.WebhookSignature.generate_signature_header(payload.decode(), secret, at)
    return str(header)


def test_a_genuine_notice_gives_ids_only() -> None:
    payload = a_notice(
        metadata={"invoice": "F2026-000123", "ticket": "48291573", "note": "Étage 3"},
        receipt_email="claire@example.fr",
    )
    assert verify(payload, signed(payload), (SECRET,), now=NOW) == ProviderEvent(
        "evt_1",
        "payment_intent.succeeded",
        {"object": "pi_1", "invoice": "F2026-000123", "ticket": "48291573"},
    )


def test_a_notice_about_a_charge_names_its_intent() -> None:
    payload = a_notice(metadata=None, payment_intent="pi_2", charge="ch_2")
    event = verify(payload, signed(payload), (SECRET,), now=NOW)
    assert event is not None
    assert event.subject == {"object": "pi_1", "intent": "pi_2", "charge": "ch_2"}


@pytest.mark.parametrize("signer", [SECRET, PREVIOUS])
def test_any_of_several_secrets_will_do_while_one_replaces_the_other(signer: str) -> None:
    payload = a_notice()
    assert verify(payload, signed(payload, signer), (SECRET, PREVIOUS), now=NOW) is not None


@pytest.mark.parametrize("drift", [-301, 301])
def test_a_notice_of_the_past_or_of_the_future_is_refused(drift: int) -> None:
    payload = a_notice()
    header = signed(payload, at=NOW + drift)
    assert verify(payload, header, (SECRET,), now=NOW) is None
    nearly = drift // 301 * 299
    assert verify(payload, signed(payload, at=NOW + nearly), (SECRET,), now=NOW) is not None


@pytest.mark.parametrize(
    "header",
    ["", "t=,v1=", "v1=00", f"t={NOW}", "t=1e9,v1=00", f"t={NOW},v1=é", f"t={NOW},t={NOW},v1=00", "," * 99],
)
def test_a_malformed_signature_is_refused(header: str) -> None:
    assert verify(a_notice(), header, (SECRET,), now=NOW) is None


def test_another_body_another_secret_or_no_secret_is_refused() -> None:
    payload = a_notice()
    assert verify(payload + b" ", signed(payload), (SECRET,), now=NOW) is None
    assert verify(payload, signed(payload, "whsec_of_somebody"), (SECRET,), now=NOW) is None
    assert verify(payload, signed(payload, " "), ("",), now=NOW) is None
    assert verify(payload, signed(payload), (), now=NOW) is None


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"id":"evt_1","type":"x","data":{"object":[]}}'])
def test_a_signed_body_of_an_unknown_shape_is_no_notice(payload: bytes) -> None:
    assert verify(payload, signed(payload), (SECRET,), now=NOW) is None
