"""Every error is a problem with a stable code and a French sentence, and leaves nothing behind."""

import logging
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from api.codes import STATUS, ApiCode
from api.errors import Problem
from api.french import OUTCOMES, PAYMENTS, PAYOUTS, ROLES, STATUSES, WAITING
from api.french_fields import MESSAGES
from api.french_refusals import SENTENCES, TITLES
from api.middleware import LONGEST_BODY_BYTES
from api.temporal import Temporal
from db.models.money import PaymentStatus
from db.models.payouts import PayoutStatus
from domain.errors import Refusal
from domain.tickets import Outcome, Role, Status
from domain.waiting import Waiting
from tests.api.frontend import Frontend, is_problem, open_frontend
from tests.support.people import a_client, a_person
from tests.support.postgres import Database


def test_every_code_has_a_status_a_title_and_a_sentence() -> None:
    codes = {*Refusal, *ApiCode}
    assert set(STATUS) == codes
    assert set(SENTENCES) == codes
    assert set(TITLES) == set(STATUS.values())
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in SENTENCES.values())
    assert all(text.endswith(".") for text in MESSAGES.values())


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (STATUSES, Status),
        (OUTCOMES, Outcome),
        (ROLES, Role),
        (WAITING, Waiting),
        (PAYMENTS, PaymentStatus),
        (PAYOUTS, PayoutStatus),
    ],
)
def test_every_value_has_a_label(labels: dict[Any, str], values: Any) -> None:
    assert set(labels) == set(values)


async def test_an_unknown_address_and_an_unforeseen_method(api: Frontend) -> None:
    assert is_problem(await api.http.get("/v1/nowhere"), ApiCode.NOT_FOUND)
    assert is_problem(await api.http.get("/nowhere"), ApiCode.NOT_FOUND)
    assert is_problem(await api.http.get("/v1/tickets/"), ApiCode.NOT_FOUND)
    answer = await api.http.delete("/v1/tickets")
    assert is_problem(answer, ApiCode.METHOD_NOT_ALLOWED)


@pytest.mark.parametrize(
    "content", [b"{", b"[1,", b'{"a": 1,}', b'\xff\xfe{"a": 1}', b"[" * 20_000, b"9" * 10_000]
)
async def test_what_is_not_json(api: Frontend, content: bytes) -> None:
    client = a_client(api.database)
    headers = api.signed_in(client) | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await api.unchanged(api.http.post("/v1/holds", content=content, headers=headers))
    assert is_problem(answer, ApiCode.MALFORMED_JSON)


async def test_json_under_another_name_is_not_taken_for_it(api: Frontend) -> None:
    client = a_client(api.database)
    headers = api.signed_in(client) | {"Idempotency-Key": "k", "Content-Type": "text/plain"}
    answer = await api.unchanged(api.http.post("/v1/holds", content=b"{}", headers=headers))
    detail = "Envoyez un objet JSON, avec l’en-tête Content-Type: application/json."
    errors = [{"field": "", "code": "model_attributes_type", "detail": detail}]
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=errors)


async def test_a_body_too_large_by_its_announced_length(api: Frontend) -> None:
    headers = {"Content-Type": "application/json"}
    content = b" " * (LONGEST_BODY_BYTES + 1)
    answer = await api.unchanged(api.http.post("/v1/webhooks/stripe", content=content, headers=headers))
    assert is_problem(answer, ApiCode.BODY_TOO_LARGE)
    content = content[1:]
    answer = await api.http.post("/v1/webhooks/stripe", content=content, headers=headers)
    assert is_problem(answer, ApiCode.SIGNATURE_INVALID)


async def test_a_body_too_large_that_does_not_say_so(api: Frontend) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LONGEST_BODY_BYTES // 1000 + 1):
            yield b" " * 1000

    for path in ("/v1/webhooks/stripe", "/v1/holds"):
        headers = {"Content-Type": "application/json", **api.signed_in(a_client(api.database))}
        answer = await api.unchanged(api.http.post(path, content=endless(), headers=headers))
        assert is_problem(answer, ApiCode.BODY_TOO_LARGE)


async def test_an_unforeseen_error_says_nothing_of_itself(
    api: Frontend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("06 12 34 56 78")

    monkeypatch.setattr("api.routes.slots.all_skills", broken)
    with caplog.at_level(logging.INFO):
        answer = await api.get("/v1/skills", a_client(api.database))
    assert is_problem(answer, ApiCode.INTERNAL_ERROR)
    [record] = [record for record in caplog.records if record.name == "api.middleware"]
    assert "ValueError at test_errors.py" in record.getMessage()
    assert "06 12" not in caplog.text


async def test_a_database_that_is_away_is_said_within_5_seconds(database: Database) -> None:
    away = database.url("omea_api").replace("host=", "host=/nonexistent")
    person = a_person(database, "finance")
    async with open_frontend(database, database_url=away) as api:
        for path in ("/v1/me", "/v1/ledger"):
            answer = await api.get(path, person)
            assert is_problem(answer, ApiCode.DATABASE_UNAVAILABLE)
            assert answer.headers["retry-after"] == "2"
        body = {"id": "evt_1", "type": "x", "data": {"object": {"id": "pi_1"}}}
        answer = await api.http.post(
            "/v1/webhooks/stripe", json=body, headers={"Stripe-Signature": "genuine"}
        )
        assert is_problem(answer, ApiCode.DATABASE_UNAVAILABLE)


async def test_headers_of_every_answer(api: Frontend) -> None:
    for path in ("/v1/me", "/v1/nowhere"):
        answer = await api.http.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        # It ended while the act waited for its turn.
        ("AcceptedUpdateCompletedWorkflow", Refusal.REFUND_CLOSED),
        (Refusal.CHARGED_BACK.value, Refusal.CHARGED_BACK),
    ],
)
async def test_a_workflow_that_ends_before_it_answers_is_over(cause: str, code: Refusal) -> None:
    async def connected() -> Client:
        return cast(Client, object())

    failed = WorkflowUpdateFailedError(ApplicationError("no", type=cause))
    with pytest.raises(Problem) as problem:
        async with Temporal(connected).bounded(Refusal.REFUND_CLOSED):
            raise failed
    assert problem.value.code is code
