"""Finance and our bank: the file to take there, and what it says brought back."""

import hashlib

import httpx
import pytest
from lxml import etree

from api.codes import ApiCode
from api.french_bank import failure_label
from domain.bank_transfers import MOST_MESSAGE_BYTES, bank_reference
from domain.errors import Refusal
from domain.opening_hours import paris_month
from domain.payees import Rail
from tests.api.frontend import KEYS, Frontend, is_problem, open_frontend
from tests.api.service import Service
from tests.api.test_payout_runs import a_gain_of_an_hour_ago, cancel_runs
from tests.bank.messages import a_detail, a_notice, a_report, a_status, an_entry
from tests.support.people import a_person

pytestmark = pytest.mark.pays

IBAN = "FR1420041010050500013M02606"
NOTHING = {
    "accepted": 0,
    "settled": 0,
    "rejected": 0,
    "returned": 0,
    "unchanged": 0,
    "unknown": 0,
    "conflicting": 0,
}


async def bring(api: Frontend, person: str, message: bytes, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or f"key-{next(KEYS)}", "Content-Type": "application/xml"}
    return await api.http.post("/v1/bank-messages", content=message, headers=api.signed_in(person) | headers)


async def ordered(service: Service) -> tuple[str, str]:
    """The technician's gain is with the bank. Answers the month and the file's message id."""
    month = paris_month(service.api.clock())
    await cancel_runs(service, month)
    service.database.execute("UPDATE payees SET rail = 'sepa', iban = %s", IBAN)
    a_gain_of_an_hour_ago(service)
    run = await service.run_payouts(month)
    [outcome] = run["technicians"]
    assert (outcome["paid_cents"], outcome["ordered_cents"], outcome["failure"]) == (0, 1600, None)
    return month, run["file"]


async def the_payout(service: Service, month: str) -> dict[str, object]:
    [statement] = (await service.api.get(f"/v1/payouts/{month}", service.finance)).json()["statements"]
    payout: dict[str, object] = statement["payout"]
    return payout


async def test_a_month_is_paid_through_the_bank(service: Service) -> None:
    month, file = await ordered(service)
    assert file == f"OMEA-{month}-1"
    read = (await service.api.get(f"/v1/payouts/{month}", service.finance)).json()
    assert (read["total_cents"], read["paid_cents"], read["ordered_cents"]) == (1600, 0, 1600)
    assert (await the_payout(service, month))["status"] == {
        "code": "ordered",
        "label": "virement remis à la banque",
    }

    [listed] = (await service.api.get(f"/v1/payouts/{month}/transfer-files", service.finance)).json()["files"]
    assert (listed["message_id"], listed["transfers"], listed["total_cents"]) == (file, 1, 1600)
    with_the_bank = {"code": "ordered", "label": "virement remis à la banque"}
    assert listed["states"] == [{"state": with_the_bank, "transfers": 1}]

    path = f"/v1/transfer-files/{file}.xml"
    got = await service.api.get(path, service.finance)
    assert (got.status_code, got.headers["content-type"]) == (200, "application/xml")
    assert hashlib.sha256(got.content).hexdigest() == listed["sha256"]
    assert (await service.api.get(path, service.finance)).content == got.content
    headers = service.api.signed_in(service.finance) | {"If-None-Match": got.headers["etag"]}
    assert (await service.api.http.get(path, headers=headers)).status_code == 304
    reference = etree.fromstring(got.content).findtext(".//{*}EndToEndId")
    assert reference == bank_reference(f"payout:{month}:{service.technician}:1")
    preview = (await service.api.get(f"/v1/payouts/{month}/preview", service.finance)).json()
    assert preview["to_pay_cents"] == 0

    message = a_notice(an_entry(a_detail(reference), amount='<Amt Ccy="EUR">16.00</Amt>'))
    brought = await bring(service.api, service.finance, message)
    assert (brought.status_code, brought.json()["outcome"]) == (201, NOTHING | {"settled": 1})
    payout = await the_payout(service, month)
    assert (payout["status"], payout["transfer"]) == ({"code": "paid", "label": "viré"}, reference)

    again = await bring(service.api, service.finance, message)
    assert (again.status_code, again.json()) == (201, brought.json())
    [(kept, by)] = service.database.rows("SELECT count(*) OVER (), received_by::text FROM bank_messages")
    assert (kept, by) == (1, service.finance)


async def test_a_rejection_is_told_in_french_to_finance_and_to_the_technician(service: Service) -> None:
    month, file = await ordered(service)
    reference = bank_reference(f"payout:{month}:{service.technician}:1")
    reason = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
    message = a_report("", a_status(reference, "RJCT", reason)).replace(b"OMEA-2026-11-1", file.encode())
    brought = await bring(service.api, service.finance, message)
    assert brought.json()["outcome"] == NOTHING | {"rejected": 1}
    expected = {"code": "AC04", "label": "compte du technicien clos"}
    payout = await the_payout(service, month)
    assert (payout["status"], payout["failure"]) == (
        {"code": "failed", "label": "virement refusé"},
        expected,
    )
    mine = (await service.api.get("/v1/me/payouts", service.technician)).json()
    assert expected in [one["payout"]["failure"] for one in mine["statements"]]
    table = await service.api.get(f"/v1/payouts/{month}/statements.csv", service.finance)
    assert "compte du technicien clos" in table.content.decode("utf-8-sig")


async def test_a_message_that_nobody_reads_yet_is_kept(service: Service) -> None:
    """Nobody works on this queue: told again once somebody does, the message has its outcome."""
    message = a_notice(an_entry(a_detail("FACTURE-EDF-12")))
    temporal = service.environment.client
    async with open_frontend(service.database, temporal, clock=service.api.clock) as unmanned:
        kept = await bring(unmanned, service.finance, message)
        assert (kept.status_code, kept.json()["outcome"]) == (202, None)
    digest = hashlib.sha256(message).hexdigest()
    await temporal.get_workflow_handle(f"bank-message/{digest}").terminate()
    brought = await bring(service.api, service.finance, message)
    assert (brought.status_code, brought.json()["outcome"]) == (201, NOTHING | {"unknown": 1})


async def test_a_message_has_a_limit(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    answer = await api.unchanged(bring(api, finance, b" " * (MOST_MESSAGE_BYTES + 1)))
    assert is_problem(answer, ApiCode.BANK_MESSAGE_TOO_LARGE)


async def test_a_message_needs_its_key(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    headers = api.signed_in(finance)
    answer = await api.unchanged(api.http.post("/v1/bank-messages", content=b"<x/>", headers=headers))
    assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_MISSING)
    key = f"key-{next(KEYS)}"
    message, other = (a_notice(an_entry(a_detail(reference))) for reference in ("A", "B"))
    # Temporal is away: the message is kept, and the key with it.
    assert is_problem(await bring(api, finance, message, key), ApiCode.TEMPORAL_UNAVAILABLE)
    assert is_problem(await bring(api, finance, other, key), ApiCode.IDEMPOTENCY_KEY_REUSED)


async def test_a_file_that_is_not_there(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    answer = await api.get("/v1/transfer-files/OMEA-2026-11-9.xml", finance)
    assert is_problem(answer, ApiCode.TRANSFER_FILE_NOT_FOUND)
    assert (await api.get("/v1/payouts/2026-11/transfer-files", finance)).json()["files"] == []
    wrong = await api.get("/v1/payouts/novembre/transfer-files", finance)
    assert is_problem(wrong, Refusal.INVALID_MONTH)


@pytest.mark.parametrize(
    ("code", "rail", "label"),
    [
        ("AM04", Rail.SEPA, "provision insuffisante sur notre compte"),
        ("XT99", Rail.SEPA, "refusé par la banque"),
        ("xt_99", Rail.STRIPE, "refusé par le prestataire de paiement"),
        ("balance_insufficient", Rail.STRIPE, "en attente de l’encaissement des factures"),
        ("bank_not_configured", None, "compte bancaire de l’entreprise à renseigner"),
    ],
)
def test_a_failure_has_its_label(code: str, rail: Rail | None, label: str) -> None:
    assert failure_label(code, rail) == label
