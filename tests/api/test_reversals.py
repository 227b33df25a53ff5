"""Finance takes a technician's transfer back: with a reason, once a key, and said in French to all."""

from datetime import timedelta
from typing import Any

import pytest

from activities.gateways.stripe_payments import StripePayments
from api.codes import ApiCode
from domain.errors import Refusal
from domain.opening_hours import paris_month
from tests.api import rows
from tests.api.frontend import Frontend, is_problem
from tests.api.service import DETAILS, Service
from tests.support.payments import a_payment
from tests.support.people import a_person, a_technician
from tests.support.stripe_sandbox import refused_by_stripe

pytestmark = pytest.mark.pays

REASON = {"reason": "Versé à un compte qui n’est plus le sien."}
# The provider's own code, beside our sentence.
UNFUNDED = {"reason": "balance_insufficient"}


async def a_paid_statement(service: Service) -> dict[str, Any]:
    """Paid by Stripe, for a gain of an hour ago."""
    account = await service.payments.open_account(service.technician, DETAILS)
    service.database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, service.technician
    )
    await service.fund()
    ticket = rows.a_ticket(service.database, service.client, service.technician, status="invoiced")
    at = service.api.clock() - timedelta(hours=1)
    rows.a_gain(service.database, ticket, service.technician, at)
    return await run(service)


async def run(service: Service) -> dict[str, Any]:
    """Pays what is due of the month. Answers the one statement."""
    month = paris_month(service.api.clock())
    await service.run_payouts(month)
    [statement] = (await service.api.get(f"/v1/payouts/{month}", service.finance)).json()["statements"]
    found: dict[str, Any] = statement
    return found


async def test_a_transfer_is_taken_back_with_a_reason_and_sent_again_by_a_run(service: Service) -> None:
    paid = await a_paid_statement(service)
    number, month = paid["number"], paid["month"]
    path = f"/v1/statements/{number}/reversal"
    first = await service.api.post(path, service.finance, REASON, key="back")
    assert (first.status_code, first.json()["number"]) == (200, number)
    taken_back = {
        "status": {"code": "failed", "label": "virement repris"},
        "transfer": None,
        "failure": {"code": "transfer_reversed", "label": "virement repris, à refaire"},
        "attempts": 1,
        "paid_at": None,
    }
    assert first.json() == paid | {"payout": taken_back}
    again = await service.api.unchanged(service.api.post(path, service.finance, REASON, key="back"))
    assert (again.status_code, again.json()) == (200, first.json())
    other = await service.api.post(path, service.finance, {"reason": "Autre chose."}, key="back")
    assert is_problem(other, ApiCode.IDEMPOTENCY_KEY_REUSED)

    # Said to finance, who and why, and to the technician.
    read = (await service.api.get(f"/v1/payouts/{month}/reversals", service.finance)).json()
    [reversal], [request] = read["reversals"], read["requests"]
    transfer = paid["payout"]["transfer"]
    assert (reversal["statement"], reversal["transfer"]) == (number, transfer)
    assert (reversal["reversal"][:4], reversal["amount_cents"]) == ("trr_", 1600)
    assert request | {"asked_at": None} == {
        "statement": number,
        "transfer": transfer,
        "actor_id": service.finance,
        "reason": REASON["reason"],
        "asked_at": None,
        "failure": None,
    }
    month_read = (await service.api.get(f"/v1/payouts/{month}", service.finance)).json()
    assert (month_read["total_cents"], month_read["paid_cents"]) == (1600, 0)
    preview = (await service.api.get(f"/v1/payouts/{month}/preview", service.finance)).json()
    assert preview["to_pay_cents"] == 1600
    assert preview["technicians"][0]["unpaid"][0]["payout"] == taken_back
    mine = (await service.api.get("/v1/me/payouts", service.technician)).json()
    assert mine["statements"][0]["payout"] == taken_back
    [gain] = (await service.api.get("/v1/me/gains", service.technician, month=month)).json()["gains"]
    assert gain["state"] == {"code": "claimed", "label": "virement repris, à refaire"}
    table = await service.api.get(f"/v1/payouts/{month}/statements.csv", service.finance)
    assert "virement repris;;;virement repris, à refaire" in table.content.decode("utf-8-sig")

    twice = await service.api.unchanged(service.api.post(path, service.finance, REASON))
    assert is_problem(twice, Refusal.NOT_PAID_BY_PROVIDER)
    sent_again = await run(service)
    assert sent_again["payout"]["status"] == {"code": "paid", "label": "viré"}
    assert sent_again["payout"]["attempts"] == 2
    assert sent_again["payout"]["transfer"] != transfer
    # The first request, sent again: nothing is taken back by it any more.
    late = await service.api.unchanged(service.api.post(path, service.finance, REASON, key="back"))
    assert (late.status_code, late.json()) == (200, sent_again)


async def test_money_that_is_gone_is_told_to_finance(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = await a_paid_statement(service)
    path = f"/v1/statements/{paid['number']}/reversal"

    async def unfunded(*_: Any) -> Any:
        raise refused_by_stripe("balance_insufficient")

    reversals_of = type(service.payments._stripe.transfers.reversals)
    with monkeypatch.context() as patched:
        patched.setattr(reversals_of, "create_async", unfunded)
        answer = await service.api.post(path, service.finance, REASON, key="back")
    assert is_problem(answer, Refusal.REVERSAL_UNFUNDED, details=UNFUNDED)
    assert "ne suffit plus" in answer.json()["detail"]
    # The same request has the same answer, whatever the account has by now.
    again = await service.api.unchanged(service.api.post(path, service.finance, REASON, key="back"))
    assert is_problem(again, Refusal.REVERSAL_UNFUNDED, details=UNFUNDED)
    read = (await service.api.get(f"/v1/payouts/{paid['month']}/reversals", service.finance)).json()
    assert (read["reversals"], [one["failure"] for one in read["requests"]]) == (
        [],
        [{"code": "balance_insufficient", "label": "solde du technicien insuffisant"}],
    )
    assert (await service.api.post(path, service.finance, REASON)).json()["payout"]["transfer"] is None


async def test_a_provider_that_is_away_is_told_within_the_time_that_people_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = await a_paid_statement(service)
    path = f"/v1/statements/{paid['number']}/reversal"
    retrieve = StripePayments.take_back
    away = True

    async def reached(self: StripePayments, **what: Any) -> Any:
        if away:
            raise ConnectionError
        return await retrieve(self, **what)

    monkeypatch.setattr(StripePayments, "take_back", reached)
    answer = await service.api.post(path, service.finance, REASON, key="back")
    assert is_problem(answer, ApiCode.NO_WORKER)
    away = False
    for _ in range(20):
        answer = await service.api.post(path, service.finance, REASON, key="back")
        if answer.status_code == 200:
            break
    assert answer.json()["payout"]["failure"]["code"] == "transfer_reversed"
    count = "SELECT count(*) FROM reversal_requests"
    assert service.database.rows(count) == [(1,)]


async def test_what_cannot_be_taken_back_is_refused_and_leaves_nothing(api: Frontend) -> None:
    finance, technician = a_person(api.database, "finance"), a_technician(api.database)
    a_payment(api.database, technician, None, [], cents=1600, status="to_send")
    [(number,)] = api.database.rows("SELECT number FROM statements")
    path = f"/v1/statements/{number}/reversal"
    for values in (
        "status = 'to_send', rail = NULL",
        "status = 'failed', rail = 'stripe'",
        "status = 'ordered', rail = 'sepa', transfer = 'OMEA-1'",
        "status = 'paid', rail = 'sepa', transfer = 'OMEA-1'",
    ):
        api.database.execute(f"UPDATE payouts SET {values}")
        answer = await api.unchanged(api.post(path, finance, REASON))
        assert is_problem(answer, Refusal.NOT_PAID_BY_PROVIDER), values
    for body in ({}, {"reason": " "}, {"reason": "a" * 201}, REASON | {"amount_cents": 100}):
        answer = await api.unchanged(api.post(path, finance, body))
        assert answer.json()["code"] == ApiCode.INVALID_INPUT, body
    answer = await api.unchanged(api.post("/v1/statements/AF0001-99999/reversal", finance, REASON))
    assert is_problem(answer, ApiCode.STATEMENT_NOT_FOUND)
