"""What the team does of others is entered with the request."""

import hashlib
from typing import Any

from api.codes import ApiCode
from domain.accesses import Act
from tests.api.frontend import Frontend, is_problem
from tests.api.test_payees import IBAN, IDENTITY
from tests.api.test_tariffs import a_tariff
from tests.api.test_technicians import HOURS, LEAVE, THOMAS
from tests.api.told import entries
from tests.bank.messages import a_report, a_status
from tests.support.people import a_person, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


async def test_each_act_of_the_back_office_is_entered_with_its_request(api: Frontend) -> None:
    team, other = a_person(api.database, "back_office"), a_technician(api.database)
    thomas = (await api.post("/v1/technicians", team, THOMAS)).json()["id"]
    path = f"/v1/technicians/{thomas}"
    leave = (await api.post(f"{path}/leaves", team, LEAVE)).json()["id"]
    bank = {"rail": "sepa", "iban": IBAN}
    acts: list[tuple[str, str, Any, Act]] = [
        ("PUT", "/skills", {"skills": []}, Act.SKILLS_SET),
        ("PUT", "/working-hours", {"working_hours": HOURS}, Act.WORKING_HOURS_SET),
        ("POST", "/suspension", None, Act.TECHNICIAN_SUSPENDED),
        ("POST", "/reinstatement", None, Act.TECHNICIAN_REINSTATED),
        ("PUT", "/payee/identity", IDENTITY, Act.IDENTITY_SET),
        ("PUT", "/payee/papers", {"vigilance_until": "2027-05-31"}, Act.PAPERS_RECORDED),
        ("PUT", "/payee/bank", bank, Act.BANK_ASKED),
        ("POST", "/payee/bank/confirmation", None, Act.BANK_CONFIRMED),
        ("PUT", "/payee/bank", {"rail": "stripe"}, Act.BANK_ASKED),
        ("POST", "/payee/bank/refusal", None, Act.BANK_REFUSED),
    ]
    for method, about, body, _ in acts:
        answer = await (api.put if method == "PUT" else api.post)(f"{path}{about}", team, body)
        assert answer.status_code == 200, about
    assert (await api.delete(f"{path}/leaves/{leave}", team)).status_code == 204
    assert entries(api) == [
        (team, "technician_enrolled", thomas, None),
        (team, "leave_recorded", thomas, None),
        *((team, act.value, thomas, None) for *_, act in acts),
        (team, "leave_deleted", thomas, leave),
    ]
    requests = [request for (request,) in api.database.rows("SELECT request FROM accesses")]
    assert all(requests)
    assert len(set(requests)) == len(requests)
    # What technicians do with their own is theirs.
    assert (await api.put("/v1/me/payee/bank", other, bank)).status_code == 200
    assert (await api.post("/v1/me/leaves", other, LEAVE)).status_code == 201
    assert len(entries(api)) == len(requests)


async def test_an_act_sent_again_is_the_same_request_and_a_refused_one_is_none(api: Frontend) -> None:
    team, thomas = a_person(api.database, "back_office"), a_technician(api.database)
    path, papers = f"/v1/technicians/{thomas}/payee/papers", {"vigilance_until": "2027-05-31"}
    for person, body, refusal in (
        (team, {"vigilance_until": "soon"}, 422),
        (a_person(api.database, "finance"), papers, 403),
    ):
        assert (await api.unchanged(api.put(path, person, body))).status_code == refusal
    unknown = await api.unchanged(api.put(path.replace(thomas, NOBODY), team, papers))
    assert is_problem(unknown, ApiCode.TECHNICIAN_NOT_FOUND)
    none = await api.unchanged(api.post(path.replace("papers", "bank/confirmation"), team))
    assert is_problem(none, ApiCode.NO_BANK_CHANGE)
    await api.put(path, team, papers, "once")
    again = await api.unchanged(api.put(path, team, papers, "once"))
    assert again.status_code == 200
    # Later its answer shows the payee once more.
    api.clock.advance(hours=1)
    await api.put(path, team, papers, "once")
    assert entries(api) == [(team, "papers_recorded", thomas, None)] * 2
    assert api.database.rows("SELECT count(DISTINCT request) FROM accesses") == [(1,)]


async def test_the_acts_of_finance_are_entered_even_while_nobody_works(api: Frontend) -> None:
    """What a process is asked for is entered with the key under which it is asked."""
    finance = a_person(api.database, "finance")
    assert (await api.post("/v1/tariffs", finance, a_tariff())).status_code == 201
    run = await api.post("/v1/payouts/2026-11/runs", finance)
    assert is_problem(run, ApiCode.TEMPORAL_UNAVAILABLE)
    message = a_report(a_status("OMEA-2026-11-1", "ACSC"))
    headers = api.signed_in(finance) | {"Idempotency-Key": "once", "Content-Type": "application/xml"}
    brought = await api.http.post("/v1/bank-messages", content=message, headers=headers)
    assert is_problem(brought, ApiCode.TEMPORAL_UNAVAILABLE)
    assert entries(api) == [
        (finance, "tariff_set", "2027-01", None),
        (finance, "payouts_run", "2026-11", None),
        (finance, "bank_message_brought", hashlib.sha256(message).hexdigest(), None),
    ]
