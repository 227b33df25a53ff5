"""Asking for money back over the API, and what the team does about it; chargebacks likewise."""

import asyncio
from datetime import timedelta
from typing import Any

from api.codes import ApiCode
from domain.errors import Refusal
from domain.ids import chargeback_workflow_id
from tests.api.frontend import is_problem
from tests.api.reaching import journalled, reach_paid, reach_review
from tests.api.service import Service

REASON = {"reason": "La panne est revenue le soir même."}
WHOLE: dict[str, Any] = {
    "kind": "whole",
    "reason": "Le technicien a reconnu son erreur.",
    "gains": [{"session": 1, "kind": "none"}],
}


async def waiting(service: Service) -> dict[str, str]:
    """The back office's queue: why each ticket is in it."""
    queue = (await service.api.get("/v1/queue", service.back_office)).json()
    return {one["ticket"]["number"]: one["reason"]["code"] for one in queue["waiting"]}


async def sent(service: Service, ticket: str) -> dict[str, Any]:
    """The last case, once its money is on its way."""
    for _ in range(300):
        cases = (await service.api.get(f"/v1/tickets/{ticket}/refunds", service.back_office)).json()
        last: dict[str, Any] = cases["refunds"][-1]
        if last["status"]["code"] == "refunded":
            return last
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was sent")


async def test_a_client_asks_and_the_team_refunds(service: Service) -> None:
    ticket = await reach_paid(service)
    path = f"/v1/tickets/{ticket}/refunds"
    opened = await service.api.post(path, service.client, REASON, "ask")
    assert (opened.status_code, opened.json()["status"]["code"]) == (201, "open")
    assert opened.json()["reason"] == REASON["reason"]
    assert await waiting(service) == {ticket: "refund"}
    again = await service.api.unchanged(service.api.post(path, service.client, REASON, "ask"))
    assert (again.status_code, again.json()) == (201, opened.json())
    reused = await service.api.unchanged(
        service.api.post(path, service.client, {"reason": "Une tout autre raison."}, "ask")
    )
    assert is_problem(reused, ApiCode.IDEMPOTENCY_KEY_REUSED)
    second = await service.api.unchanged(service.api.post(path, service.client, REASON))
    assert is_problem(second, Refusal.REFUND_OPEN)
    missing = await service.api.unchanged(service.api.post(f"{path}/2/ruling", service.back_office, WHOLE))
    assert is_problem(missing, ApiCode.REFUND_NOT_FOUND)
    wrong = await service.api.post(f"{path}/1/ruling", service.back_office, WHOLE | {"gains": []})
    assert is_problem(wrong, Refusal.GAIN_RULINGS)

    ruled = await service.api.post(f"{path}/1/ruling", service.back_office, WHOLE, "rule")
    assert ruled.json()["ruling"]["amount_cents"] == 3000
    repeated = await service.api.post(f"{path}/1/ruling", service.back_office, WHOLE, "rule")
    assert repeated.status_code == 200
    case = await sent(service, ticket)
    assert case["ruling"]["kind"] == {"code": "whole", "label": "tout est remboursé"}
    assert case["ruling"]["gains"] == [
        {"session": 1, "kind": {"code": "none", "label": "aucun gain"}, "minutes": None}
    ]
    [to_client] = (await service.api.get(path, service.client)).json()["refunds"]
    assert (to_client["ruling"]["reason"], to_client["ruling"]["gains"]) == (None, None)
    [to_finance] = (await service.api.get(path, service.finance)).json()["refunds"]
    assert (to_finance["reason"], to_finance["ruling"]["reason"]) == (None, None)
    late = await service.api.post(f"{path}/1/ruling", service.back_office, WHOLE)
    assert is_problem(late, Refusal.REFUND_CLOSED)
    nothing = await service.api.unchanged(service.api.post(path, service.client, REASON))
    assert is_problem(nothing, Refusal.NOTHING_TO_REFUND)
    assert journalled(service, ticket, "refund") == [(service.client, "client", None)]
    assert journalled(service, ticket, "refund_ruled") == [(service.back_office, "back_office", None)]


async def test_to_be_dissatisfied_once_all_is_paid_asks_for_a_refund(service: Service) -> None:
    ticket = await reach_paid(service)
    said = await service.api.post(f"/v1/tickets/{ticket}/dispute", service.back_office, REASON, "phone")
    assert (said.status_code, said.json()["status"]["code"]) == (200, "closed")
    again = await service.api.post(f"/v1/tickets/{ticket}/dispute", service.back_office, REASON, "phone")
    assert again.status_code == 200
    [case] = (await service.api.get(f"/v1/tickets/{ticket}/refunds", service.client)).json()["refunds"]
    assert case["status"]["code"] == "open"
    assert journalled(service, ticket, "refund") == [(service.back_office, "back_office", service.client)]


async def test_a_dispute_repeated_after_the_end_is_what_it_was(service: Service) -> None:
    """Its first answer was that it suspended the ticket; asking again must not ask for money."""
    ticket = await reach_review(service)
    path = f"/v1/tickets/{ticket}/dispute"
    assert (await service.api.post(path, service.client, REASON, "click")).status_code == 200
    ruling = {
        "kind": "bill",
        "reason": "Le compte rendu est exact.",
        "gains": [{"session": 1, "kind": "full"}],
    }
    await service.api.post(f"/v1/tickets/{ticket}/ruling", service.back_office, ruling)
    await service.pass_time(ticket, timedelta(minutes=11))
    handle = service.environment.client.get_workflow_handle(f"ticket/{ticket}")
    assert await handle.result() == "paid"
    again = await service.api.post(path, service.client, REASON, "click")
    assert again.json()["status"]["code"] == "closed"
    assert service.database.rows("SELECT count(*) FROM refund_cases") == [(0,)]


async def test_nothing_is_refunded_of_what_is_not_paid(service: Service) -> None:
    ticket = await reach_review(service)
    asked = await service.api.unchanged(
        service.api.post(f"/v1/tickets/{ticket}/refunds", service.client, REASON)
    )
    assert is_problem(asked, Refusal.NOTHING_TO_REFUND)
    stranger = await service.api.unchanged(
        service.api.post(f"/v1/tickets/{ticket}/refunds", service.technician, REASON)
    )
    assert is_problem(stranger, ApiCode.ROLE_NOT_ALLOWED)


async def test_the_team_answers_a_bank(service: Service) -> None:
    ticket = await reach_paid(service)
    chargeback = await service.dispute_payment(ticket)
    path = f"/v1/chargebacks/{chargeback}"
    [seen] = (await service.api.get("/v1/chargebacks", service.finance)).json()["chargebacks"]
    assert (seen["ticket"], seen["status"]["code"], seen["withdrawn_cents"]) == (ticket, "to_answer", 3000)
    assert await waiting(service) == {ticket: "chargeback"}
    unknown = await service.api.unchanged(
        service.api.post("/v1/chargebacks/du_none/answer", service.back_office, {})
    )
    assert is_problem(unknown, ApiCode.CHARGEBACK_NOT_FOUND)
    said = {"text": "La cliente a dit au téléphone avoir confondu deux paiements."}
    answered = await service.api.post(f"{path}/answer", service.back_office, said, "once")
    assert answered.json()["status"] == {"code": "answered", "label": "examinée par la banque"}
    again = await service.api.post(f"{path}/answer", service.back_office, said, "once")
    assert again.json() == answered.json()
    second = await service.api.post(f"{path}/answer", service.back_office, said)
    assert is_problem(second, Refusal.CHARGEBACK_CLOSED)
    gave_in = {"reason": "La carte avait été volée."}
    conceded = await service.api.post(f"{path}/concession", service.back_office, gave_in)
    assert conceded.json()["status"]["code"] == "lost"
    handle = service.environment.client.get_workflow_handle(chargeback_workflow_id(chargeback))
    assert await handle.result() == "lost"
    late = await service.api.post(f"{path}/concession", service.back_office, gave_in)
    assert is_problem(late, Refusal.CHARGEBACK_CLOSED)
