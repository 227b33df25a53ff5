"""Stripe's notices through HTTP, on the application as it is built, while one secret replaces another."""

import json
import time

import httpx
import pytest
import stripe as sdk

from api.codes import ApiCode
from deploy.server import build
from deploy.settings import read_settings
from tests.api.frontend import is_problem
from tests.support.postgres import Database

TODAY, YESTERDAY, OF_ACCOUNTS = (f"whsec_{name}0123456789abcdef" for name in ("new", "old", "other"))
# Spaces and an accent that no encoder of ours would write: only the body as it came has this signature.
NOTICE = (
    b'{ "id":"evt_1", "type" : "payment_intent.succeeded",\n'
    b'  "data": {"object":{"id":"pi_1","metadata":{"ticket":"00000017"},"name":"\xc3\x89lo\xc3\xafse"}}}'
)


async def deliver(
    database: Database,
    environment: dict[str, str],
    secret: str,
    *,
    at: float | None = None,
    notice: bytes = NOTICE,
    body: bytes | None = None,
) -> httpx.Response:
    """`notice` is what is signed, `body` what is sent if it is not that."""
    settings = read_settings(environment | {"DATABASE_URL": database.url("omea_api")})
    signature = sdk.WebhookSignature.generate_signature_header(
        notice.decode(), secret, int(time.time() if at is None else at)
    )
    transport = httpx.ASGITransport(build(settings))
    async with httpx.AsyncClient(transport=transport, base_url="https://omea.example") as http:
        return await http.post(
            "/v1/webhooks/stripe", content=body or notice, headers={"Stripe-Signature": signature}
        )


def kept(database: Database) -> list[tuple[object, ...]]:
    return database.rows("SELECT id, type, subject FROM webhook_events")


@pytest.fixture
def rotating(sandbox_environment: dict[str, str]) -> dict[str, str]:
    return sandbox_environment | {
        "STRIPE_WEBHOOK_SECRET": TODAY,
        "PREVIOUS_STRIPE_WEBHOOK_SECRET": YESTERDAY,
    }


async def test_either_secret_signs_while_one_replaces_the_other(
    database: Database, rotating: dict[str, str]
) -> None:
    for secret in (TODAY, YESTERDAY):
        assert (await deliver(database, rotating, secret)).status_code == 200
    assert kept(database) == [("evt_1", "payment_intent.succeeded", {"object": "pi_1", "ticket": "00000017"})]


async def test_once_replaced_the_old_secret_signs_nothing(
    database: Database, rotating: dict[str, str]
) -> None:
    del rotating["PREVIOUS_STRIPE_WEBHOOK_SECRET"]
    is_problem(await deliver(database, rotating, YESTERDAY), ApiCode.SIGNATURE_INVALID)
    assert (await deliver(database, rotating, TODAY)).status_code == 200


async def test_what_neither_secret_signed_or_is_of_another_time_or_was_touched_is_refused(
    database: Database, rotating: dict[str, str]
) -> None:
    refused = [
        await deliver(database, rotating, "whsec_" + "n" * 20),
        await deliver(database, rotating, TODAY, at=time.time() + 400),
        await deliver(database, rotating, YESTERDAY, at=time.time() + 400),
        await deliver(database, rotating, TODAY, at=time.time() - 400),
        # The same JSON written otherwise.
        await deliver(database, rotating, TODAY, body=json.dumps(json.loads(NOTICE)).encode()),
    ]
    for answer in refused:
        is_problem(answer, ApiCode.SIGNATURE_INVALID)
    assert kept(database) == []


async def test_a_notice_about_what_has_no_id_is_kept_too(
    database: Database, rotating: dict[str, str]
) -> None:
    notice = b'{"id": "evt_2", "type": "balance.available", "data": {"object": {"object": "balance"}}}'
    assert (await deliver(database, rotating, TODAY, notice=notice)).status_code == 200
    assert kept(database) == [("evt_2", "balance.available", {})]


async def test_notices_of_technicians_accounts_are_signed_with_a_secret_of_their_own(
    database: Database, rotating: dict[str, str]
) -> None:
    rotating["STRIPE_CONNECT_WEBHOOK_SECRET"] = OF_ACCOUNTS
    notice = b'{"id": "evt_3", "account": "acct_1", "type": "account.updated", '
    notice += b'"data": {"object": {"id": "acct_1", "object": "account"}}}'
    for secret in (TODAY, YESTERDAY, OF_ACCOUNTS):
        assert (await deliver(database, rotating, secret, notice=notice)).status_code == 200
    assert kept(database) == [("evt_3", "account.updated", {"object": "acct_1"})]


@pytest.mark.parametrize("name", ["PREVIOUS_STRIPE_WEBHOOK_SECRET", "STRIPE_CONNECT_WEBHOOK_SECRET"])
def test_production_takes_another_secret_beside_the_first(
    production_environment: dict[str, str], name: str
) -> None:
    assert read_settings(production_environment | {name: YESTERDAY}).stripe_webhook_secrets == (
        production_environment["STRIPE_WEBHOOK_SECRET"],
        YESTERDAY,
    )
