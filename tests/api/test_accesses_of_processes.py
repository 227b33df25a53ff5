"""What the team asks of tickets, refunds, chargebacks and statements, with the whole service at work."""

import pytest

from tests.api.reaching import CONSENT, HELP, reach_appointment, reach_paid
from tests.api.service import Service
from tests.api.test_contests import MAINTAINED, contested
from tests.api.test_refunds import REASON, WHOLE
from tests.api.test_reversals import REASON as TAKEN_BACK
from tests.api.test_reversals import a_paid_statement
from tests.api.told import Line, entries


def acts(service: Service) -> list[Line]:
    """Without the readings."""
    readings = {"ticket", "client_contact", "payouts", "statement", "refunds", "queue"}
    return [line for line in entries(service.api) if line[1] not in readings]


async def test_an_act_on_a_ticket_is_in_its_journal_and_its_file_is_read(service: Service) -> None:
    await service.save_card()
    asked = HELP | {"skill": "internet", "minutes": 60, "client_id": service.client}
    opened = await service.api.post("/v1/tickets", service.back_office, asked)
    assert opened.status_code == 201
    ticket = opened.json()["number"]
    read = (service.back_office, "ticket", ticket, None)
    assert entries(service.api) == [read]
    service.api.clock.advance(minutes=11)
    consented = await service.api.post(f"/v1/tickets/{ticket}/consent", service.back_office, CONSENT)
    assert consented.status_code == 200
    assert entries(service.api) == [read, read]


async def test_what_a_technician_does_shows_them_how_to_reach_the_client(service: Service) -> None:
    ticket = await reach_appointment(service)
    assert (await service.act(ticket, "call")).json()["phone"] is not None
    assert entries(service.api)[-1] == (service.technician, "client_contact", ticket, None)


async def test_a_refund_is_asked_for_a_client_and_ruled(service: Service) -> None:
    ticket = await reach_paid(service)
    path = f"/v1/tickets/{ticket}/refunds"
    assert (await service.api.post(path, service.back_office, REASON)).status_code == 201
    assert (await service.api.post(f"{path}/1/ruling", service.back_office, WHOLE)).status_code == 200
    # Refused by the process: it was asked for all the same.
    for act in ("retry", "settlement"):
        body = REASON if act == "settlement" else None
        assert (await service.api.post(f"{path}/1/{act}", service.finance, body)).status_code == 409
    assert acts(service) == [
        (service.back_office, "refund_asked", ticket, None),
        (service.back_office, "refund_ruled", ticket, "1"),
        (service.finance, "refund_retried", ticket, "1"),
        (service.finance, "refund_settled", ticket, "1"),
    ]


async def test_a_bank_is_answered_and_given_in_to(service: Service) -> None:
    chargeback = await service.dispute_payment(await reach_paid(service))
    path = f"/v1/chargebacks/{chargeback}"
    assert (await service.api.post(f"{path}/answer", service.back_office, {})).status_code == 200
    conceded = await service.api.post(f"{path}/concession", service.back_office, REASON)
    assert conceded.status_code == 200
    assert acts(service) == [
        (service.back_office, "chargeback_answered", chargeback, None),
        (service.back_office, "chargeback_conceded", chargeback, None),
    ]


async def test_a_contest_is_answered(service: Service) -> None:
    stated = await contested(service)
    answer = await service.api.post(f"{stated.path}/contest/answer", service.finance, MAINTAINED)
    assert answer.status_code == 200
    assert acts(service) == [(service.finance, "contest_answered", stated.number, None)]


@pytest.mark.pays
async def test_a_month_is_run_and_a_transfer_taken_back(service: Service) -> None:
    paid = await a_paid_statement(service)
    path = f"/v1/statements/{paid['number']}/reversal"
    assert (await service.api.post(path, service.finance, TAKEN_BACK)).status_code == 200
    service.api.clock.advance(hours=1)
    assert acts(service) == [
        (service.finance, "payouts_run", paid["month"], None),
        (service.finance, "transfer_taken_back", paid["number"], None),
    ]
