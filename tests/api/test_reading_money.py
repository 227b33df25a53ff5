"""Invoices, gains, payouts and the ledger, read from rows as the worker leaves them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.codes import ApiCode
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_gain, a_ticket, an_invoice, insert
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database

TEN = MORNING + timedelta(hours=1)


async def test_an_invoice_and_its_tries(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="invoiced")
    path = f"/v1/tickets/{ticket}/invoice"
    assert is_problem(await api.get(path, client), ApiCode.INVOICE_NOT_FOUND)
    an_invoice(api.database, ticket, client, "F2026-000123", TEN)
    bare = {
        "number": "F2026-000123",
        "ticket": ticket,
        "issued_at": "2026-11-24T10:00:00+01:00",
        "minutes": 25,
        "slices": 2,
        "unit_ttc_cents": 1500,
        "vat_bp": 2000,
        "total_ht_cents": 2500,
        "total_vat_cents": 500,
        "total_ttc_cents": 3000,
        "credit_notes": [],
        "due_cents": 3000,
        "payment": None,
        "paid_at": None,
        "attempts": [],
    }
    assert (await api.get(path, client)).json() == bare
    insert(api.database, "payments", invoice="F2026-000123", intent="pi_1", status="paid", paid_at=TEN)
    for attempt, refusal in ((1, "card_declined"), (2, None)):
        insert(
            api.database,
            "payment_attempts",
            invoice="F2026-000123",
            attempt=attempt,
            refusal=refusal,
            tried_at=TEN,
        )
    assert (await api.get(path, a_person(api.database, "finance"))).json() == bare | {
        "payment": {"code": "paid", "label": "payée"},
        "paid_at": "2026-11-24T10:00:00+01:00",
        "attempts": [
            {"attempt": 1, "tried_at": "2026-11-24T10:00:00+01:00", "refusal": "card_declined"},
            {"attempt": 2, "tried_at": "2026-11-24T10:00:00+01:00", "refusal": None},
        ],
    }
    assert is_problem(await api.get(path, a_client(api.database)), ApiCode.TICKET_NOT_FOUND)


def a_statement(
    database: Database,
    technician: str,
    gains: list[str],
    status: str,
    *,
    cents: int,
    n: int = 1,
    month: str = "2026-11",
    at: datetime = TEN,
    **payout: Any,
) -> str:
    [(series,)] = database.rows("SELECT series FROM payees WHERE technician_id = %s", technician)
    key = f"payout:{month}:{technician}:{n}"
    insert(
        database,
        "statements",
        key=key,
        technician_id=technician,
        month=month,
        n=n,
        sequence=n,
        number=f"AF{series:04d}-{n:05d}",
        total_cents=cents,
        cut_off=at,
        issued_at=at,
    )
    for gain in gains:
        insert(database, "gain_claims", gain_id=gain, statement=key)
    insert(database, "payouts", key=key, status=status, **payout)
    return key


async def test_a_credited_invoice_says_what_is_left(api: Frontend) -> None:
    client = a_client(api.database)
    ticket = a_ticket(api.database, client, a_technician(api.database), status="invoiced")
    an_invoice(api.database, ticket, client, "F2026-000123", TEN)
    insert(
        api.database,
        "credit_notes",
        number="A2026-000001",
        invoice="F2026-000123",
        issued_at=TEN,
        slices=1,
        total_ht_cents=1250,
        total_vat_cents=250,
        total_ttc_cents=1500,
    )
    seen = (await api.get(f"/v1/tickets/{ticket}/invoice", client)).json()
    assert (seen["total_ttc_cents"], seen["due_cents"]) == (3000, 1500)
    assert seen["credit_notes"] == [
        {
            "number": "A2026-000001",
            "issued_at": "2026-11-24T10:00:00+01:00",
            "slices": 1,
            "total_ttc_cents": 1500,
        }
    ]


async def test_a_gain_of_a_suspended_ticket_is_held(api: Frontend) -> None:
    technician = a_technician(api.database)
    ticket = a_ticket(api.database, a_client(api.database), technician, status="invoiced")
    a_gain(api.database, ticket, technician, TEN)
    for status, state in (("invoiced", "payable"), ("suspended", "held")):
        api.database.execute("UPDATE tickets SET status = %s WHERE number = %s", status, ticket)
        [gain] = (await api.get("/v1/me/gains", technician, month="2026-11")).json()["gains"]
        assert gain["state"]["code"] == state


async def test_gains_statements_preview_and_month(api: Frontend) -> None:
    client, thomas = a_client(api.database), a_technician(api.database, account="acct_1")
    zoe = a_technician(api.database, name="Zoé Blanc", account="acct_2")
    finance = a_person(api.database, "finance")

    async def exact_lines(technician: str, month: str) -> list[str]:
        answer = (await api.get(f"/v1/payouts/{month}/preview/{technician}", finance)).json()
        return [line["id"] for line in answer["lines"]]

    def gain(technician: str, at: datetime, cents: int = 1600) -> str:
        ticket = a_ticket(api.database, client, technician, status="invoiced")
        return a_gain(api.database, ticket, technician, at, cents)

    paid, failed = gain(thomas, TEN), gain(thomas, TEN + timedelta(minutes=1), 800)
    new, past = gain(thomas, TEN + timedelta(minutes=2), 2400), gain(zoe, TEN - timedelta(days=60), 800)
    luc = a_technician(api.database, name="Luc Noir", account="acct_3")
    negative = gain(luc, TEN, -800)
    december = gain(thomas, datetime(2026, 12, 1, 9, tzinfo=UTC), 4000)
    one = a_statement(
        api.database, thomas, [paid], "paid", cents=1600, transfer="tr_1", attempts=1, paid_at=TEN
    )
    two = a_statement(
        api.database, thomas, [failed], "failed", cents=800, n=2, failure="account_missing", attempts=3
    )
    insert(
        api.database,
        "payout_runs",
        key="k",
        month="2026-11",
        n=1,
        cut_off=TEN,
        reason_id=None,
        actor_id="schedule",
        started_at=TEN,
    )

    mine = (await api.get("/v1/me/gains", thomas)).json()
    assert (mine["month"], mine["total_cents"]) == ("2026-11", 4800)
    assert [(g["amount_cents"], g["state"]["code"], g["statement"]) for g in mine["gains"]] == [
        (1600, "paid", one),
        (800, "claimed", two),
        (2400, "payable", None),
    ]
    december_gains = (await api.get("/v1/me/gains", thomas, month="2026-12")).json()["gains"]
    assert [g["amount_cents"] for g in december_gains] == [4000]
    assert (await api.get("/v1/me/gains", zoe)).json()["gains"] == []

    page = (await api.get("/v1/me/payouts", thomas, limit=1)).json()
    assert ([s["key"] for s in page["statements"]], page["next"]) == ([two], 2)
    assert page["statements"][0]["payout"] == {
        "status": {"code": "failed", "label": "virement refusé"},
        "transfer": None,
        "failure": {"code": "account_missing", "label": "coordonnées bancaires à compléter"},
        "attempts": 3,
        "paid_at": None,
    }
    page = (await api.get("/v1/me/payouts", thomas, limit=1, before=2)).json()
    assert ([s["key"] for s in page["statements"]], page["next"]) == ([one], None)

    month = (await api.get("/v1/payouts/2026-11", finance)).json()
    assert [(run["n"], run["actor_id"], run["finished_at"]) for run in month["runs"]] == [
        (1, "schedule", None)
    ]
    assert [(s["key"], [g["id"] for g in s["gains"]]) for s in month["statements"]] == [
        (one, [paid]),
        (two, [failed]),
    ]
    assert (month["total_cents"], month["paid_cents"]) == (2400, 1600)

    api.clock.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    preview = (await api.get("/v1/payouts/2026-11/preview", finance)).json()
    assert (preview["cut_off"], preview["to_pay_cents"]) == ("2026-12-01T00:00:00+01:00", 2400 + 800 + 800)
    lines = {
        line["technician"]["name"]: (
            line["gains"],
            line["total_cents"],
            line["carried_over"] and line["carried_over"]["code"],
            [hold["code"] for hold in line["holds"]],
            [statement["key"] for statement in line["unpaid"]],
        )
        for line in preview["technicians"]
    }
    assert lines == {
        "Thomas Leroy": (1, 2400, None, [], [two]),
        "Zoé Blanc": (1, 800, None, [], []),
        "Luc Noir": (1, -800, "negative", [], []),
    }
    assert await exact_lines(thomas, "2026-11") == [new]
    assert await exact_lines(zoe, "2026-11") == [past]
    assert await exact_lines(luc, "2026-11") == [negative]
    assert await exact_lines(thomas, "2026-12") == [new, december]
    open_month = (await api.get("/v1/payouts/2026-12/preview", finance)).json()
    assert open_month["cut_off"] == "2026-12-01T13:00:00+01:00"


async def test_a_month_that_is_none_or_not_yet(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for month in ("2026-13", "2026-1", "novembre", "1999-12", "٢٠٢٦-١١"):
        for path in (f"/v1/payouts/{month}", f"/v1/payouts/{month}/preview"):
            assert is_problem(await api.get(path, finance), Refusal.INVALID_MONTH)
        answer = await api.unchanged(api.post(f"/v1/payouts/{month}/runs", finance))
        assert is_problem(answer, Refusal.INVALID_MONTH)
    details = {"month": "2026-12"}
    answer = await api.get("/v1/payouts/2026-12/preview", finance)
    assert is_problem(answer, Refusal.FUTURE_MONTH, details=details)
    answer = await api.unchanged(api.post("/v1/payouts/2026-12/runs", finance))
    assert is_problem(answer, Refusal.FUTURE_MONTH, details=details)
    technician = a_technician(api.database)
    answer = await api.get("/v1/me/gains", technician, month="novembre")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_run_for_nobody_is_refused(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    for unknown in (a_client(api.database), "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"):
        body = {"technician_id": unknown}
        answer = await api.unchanged(api.post("/v1/payouts/2026-11/runs", finance, body))
        assert is_problem(answer, ApiCode.UNKNOWN_TECHNICIAN)
    answer = await api.unchanged(api.post("/v1/payouts/2026-11/runs", finance, {"reason": "a" * 201}))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")


async def test_the_ledger_summed_by_account(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    empty = {"transactions": 0, "accounts": [], "total_cents": 0}
    assert (await api.get("/v1/ledger", finance)).json() == empty
    with api.database.connect() as connection, connection.transaction():
        for key, lines in {
            "invoice:F2026-000001": [("411:a", 3000), ("706", -2500), ("44574", -500)],
            "invoice:F2026-000002": [("411:a", 1500), ("706", -1250), ("44574", -250)],
        }.items():
            connection.execute("INSERT INTO ledger_transactions (key, at) VALUES (%s, %s)", (key, TEN))
            for line, (account, cents) in enumerate(lines):
                connection.execute(
                    "INSERT INTO ledger_lines VALUES (%s, %s, %s, %s)", (key, line, account, cents)
                )
    assert (await api.get("/v1/ledger", finance)).json() == {
        "transactions": 2,
        "accounts": [
            {"account": "411:a", "balance_cents": 4500},
            {"account": "44574", "balance_cents": -750},
            {"account": "706", "balance_cents": -3750},
        ],
        "total_cents": 0,
    }
