"""A month's close: figures written out by hand, months of odd lengths, and what is open at the end."""

from datetime import datetime, timedelta
from typing import Any

from db.askers import COMMAND_LINE
from db.reads.month_close import Held, Suspended, closed_month
from domain import ledger
from domain.errors import Refusal
from domain.ledger import Posting
from domain.money import Price
from domain.opening_hours import PARIS
from domain.payouts import parse_month
from tests.api.frontend import Frontend, is_problem
from tests.api.rows import a_gain, a_report, a_ticket, insert
from tests.support.books import a_credit_note_of, an_invoice_of, enter
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database

ONE, TWO = Price(1500, 1250, 250), Price(3000, 2500, 500)
NOTHING = {"ht_cents": 0, "vat_cents": 0, "ttc_cents": 0}
MOMENT = timedelta(microseconds=1)


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def changes(*pairs: tuple[str, str, int]) -> list[dict[str, Any]]:
    return [{"kind": {"code": code, "label": label}, "cents": cents} for code, label, cents in pairs]


async def test_a_month_in_figures(api: Frontend) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    september, october = paris(2026, 9, 20), paris(2026, 10, 5)
    for number, at, slices in (
        ("F2026-000001", september, 2),
        ("F2026-000002", october, 2),
        ("F2026-000003", october, 1),
        ("F2026-000004", paris(2026, 10, 30), 2),
        ("F2026-000005", paris(2026, 8, 1), 1),
        ("F2026-000006", september, 2),
    ):
        an_invoice_of(database, client, technician, number, at, slices)
    a_credit_note_of(database, "F2026-000003", "A2026-000001", october, 1)
    a_credit_note_of(database, "F2026-000001", "A2026-000002", october, 1)
    payout = f"payout:2026-09:{technician}:1"
    who = f"411:{client}"
    enter(
        database,
        [
            # August and September: three invoices, one of them paid, a gain on its statement.
            (ledger.invoice_issued("F2026-000005", client, ONE), paris(2026, 8, 1)),
            (ledger.invoice_issued("F2026-000001", client, TWO), september),
            (ledger.invoice_issued("F2026-000006", client, TWO), september),
            (ledger.gain_earned("00000420:1", technician, 1600), september),
            (ledger.invoice_paid("F2026-000001", client, 3000, TWO), september),
            (ledger.stripe_fee("F2026-000001", 70), september),
            # October: billed thrice, the second waived before payment.
            (ledger.invoice_issued("F2026-000002", client, TWO), october),
            (ledger.invoice_issued("F2026-000003", client, ONE), october),
            (ledger.invoice_issued("F2026-000004", client, TWO), paris(2026, 10, 30)),
            (ledger.credit_note_issued("A2026-000001", client, ONE), october),
            (ledger.gain_earned("00000421:1", technician, 1600), october),
            (ledger.gain_earned("00000421:1:1", technician, -800), october),
            (ledger.invoice_paid("F2026-000002", client, 3000, TWO), october),
            (ledger.stripe_fee("F2026-000002", 75), october),
            # Half of September's is taken back after its payment: sent, failed, sent again.
            (Posting("credit:A2026-000002", (("709", 1250), ("44571", 250), (who, -1500))), october),
            (ledger.refund_sent("refund:F2026-000001:1:1", client, 1500), october),
            (Posting("refund-failed:F2026-000001", (("5112", 1500), (who, -1500))), october),
            (Posting("refund:F2026-000001:2", ((who, 1500), ("5112", -1500))), october),
            # October's payment is charged back and half given back; the rest is lost, with a fee.
            (Posting("chargeback:F2026-000002", ((who, 3000), ("5112", -3000))), october),
            (Posting("chargeback-fee:F2026-000002", (("627", 2000), ("5112", -2000))), october),
            (Posting("chargeback-won:F2026-000002", (("5112", 1000), (who, -1000))), october),
            (Posting("chargeback-lost:F2026-000002", (("654", 2000), (who, -2000))), october),
            (Posting("written-off:F2026-000005", (("654", 1250), ("44574", 250), (who, -1500))), october),
            (ledger.statement_issued(payout, technician, 1600), october),
            (ledger.transfer_sent(payout, "tr_1", technician, 1600), october),
            # What comes after is not in it.
            (ledger.invoice_paid("F2026-000004", client, 3000, TWO), paris(2026, 11, 1)),
        ],
    )
    answer = await api.get("/v1/ledger/months/2026-10", a_person(database, "finance"))
    assert answer.json() == {
        "month": "2026-10",
        "until": "2026-11-01T00:00:00+01:00",
        "provisional": False,
        "billed": {"ht_cents": 6250, "vat_cents": 1250, "ttc_cents": 7500},
        "credited": {"ht_cents": 2500, "vat_cents": 500, "ttc_cents": 3000},
        "collected_cents": 3000,
        "refunded_cents": 1500,
        "charged_back_cents": 3000,
        "chargebacks_won_cents": 1000,
        "chargebacks_lost_cents": 2000,
        "written_off_cents": 1500,
        "fees_cents": 2075,
        "gains_cents": 800,
        # 6250 billed, 2500 credited, 800 for the technician, 2075 for the bank.
        "margin_cents": 875,
        "clients": {
            "opening_cents": 4500,
            "changes": changes(
                ("chargeback", "Contestation bancaire", 3000),
                ("chargeback-lost", "Contestation perdue", -2000),
                ("chargeback-won", "Contestation gagnée", -1000),
                ("credit", "Avoir", -3000),
                ("invoice", "Facture", 7500),
                ("paid", "Encaissement", -3000),
                ("refund", "Remboursement", 3000),
                ("refund-failed", "Remboursement échoué", -1500),
                ("written-off", "Passage en perte", -1500),
            ),
            "closing_cents": 6000,
        },
        "vat_pending": {
            "opening_cents": 750,
            "changes": changes(
                ("credit", "Avoir", -250),
                ("invoice", "Facture", 1250),
                ("paid", "Encaissement", -500),
                ("written-off", "Passage en perte", -250),
            ),
            "closing_cents": 1000,
        },
        "vat_due": {
            "opening_cents": 500,
            "changes": changes(("credit", "Avoir", -250), ("paid", "Encaissement", 500)),
            "closing_cents": 750,
        },
        "technicians": {
            "opening_cents": 1600,
            "changes": changes(("gain", "Gain", 800), ("transfer", "Virement", -1600)),
            "closing_cents": 800,
        },
        "stripe": {
            "opening_cents": 2930,
            "changes": changes(
                ("chargeback", "Contestation bancaire", -3000),
                ("chargeback-fee", "Frais de contestation", -2000),
                ("chargeback-won", "Contestation gagnée", 1000),
                ("fee", "Frais Stripe", -75),
                ("paid", "Encaissement", 3000),
                ("refund", "Remboursement", -3000),
                ("refund-failed", "Remboursement échoué", 1500),
                ("transfer", "Virement", -1600),
            ),
            "closing_cents": -1245,
        },
        "unpaid": [
            {"over_days": None, "up_to_days": 7, "invoices": 1, "cents": 3000},
            {"over_days": 7, "up_to_days": 30, "invoices": 0, "cents": 0},
            {"over_days": 30, "up_to_days": 90, "invoices": 1, "cents": 3000},
            {"over_days": 90, "up_to_days": None, "invoices": 0, "cents": 0},
        ],
        "owed_to_clients_cents": 0,
        "unattributed_cents": 0,
        "held": {"gains": 0, "cents": 0},
        "suspended": {"tickets": 0, "without_report": 0, "would_bring_ttc_cents": 0},
    }


async def test_a_month_begins_and_ends_at_midnight_in_paris(api: Frontend) -> None:
    """Of both changes of the clock, of a leap February, and of the year: one invoice in its first and one in
    its last instant, one before and one after."""
    database, finance = api.database, a_person(api.database, "finance")
    for number, (year, month, hours) in enumerate(
        ((2026, 10, 31 * 24 + 1), (2027, 3, 31 * 24 - 1), (2028, 2, 29 * 24), (2026, 12, 31 * 24))
    ):
        start = paris(year, month, 1)
        end = paris(year + month // 12, month % 12 + 1, 1)
        assert end.timestamp() - start.timestamp() == hours * 3600
        moments = (start - MOMENT, start, end - MOMENT, end)
        enter(
            database,
            [
                (ledger.invoice_issued(f"F{year}-{number}{nth}", f"client-{number}", price), at)
                for nth, (at, price) in enumerate(zip(moments, (ONE, TWO, TWO, ONE), strict=True))
            ],
        )
        api.clock.now = end
        seen = (await api.get(f"/v1/ledger/months/{year}-{month:02d}", finance)).json()
        assert (seen["provisional"], seen["billed"]["ttc_cents"]) == (False, 6000)
        assert seen["until"] == end.isoformat()


async def test_a_month_that_is_not_over_is_provisional_and_goes_up_to_now(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    now = api.clock.now
    enter(
        api.database,
        [
            (ledger.invoice_issued("F2026-000001", "c", ONE), now - MOMENT),
            (ledger.invoice_issued("F2026-000002", "c", TWO), now),
        ],
    )
    seen = (await api.get("/v1/ledger/months/2026-11", finance)).json()
    assert (seen["provisional"], seen["until"]) == (True, now.isoformat())
    assert seen["billed"] == {"ht_cents": 1250, "vat_cents": 250, "ttc_cents": 1500}
    api.clock.now = paris(2026, 12, 1) - MOMENT
    seen = (await api.get("/v1/ledger/months/2026-11", finance)).json()
    assert (seen["provisional"], seen["billed"]["ttc_cents"]) == (True, 4500)
    api.clock.now = paris(2026, 12, 1)
    assert not (await api.get("/v1/ledger/months/2026-11", finance)).json()["provisional"]


async def test_a_month_of_nothing_or_that_is_none(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    seen = (await api.get("/v1/ledger/months/2026-10", finance)).json()
    assert (seen["billed"], seen["margin_cents"], seen["clients"]["changes"]) == (NOTHING, 0, [])
    for month in ("2026-13", "novembre", "2026-1"):
        assert is_problem(await api.get(f"/v1/ledger/months/{month}", finance), Refusal.INVALID_MONTH)
    answer = await api.get("/v1/ledger/months/2026-12", finance)
    assert is_problem(answer, Refusal.FUTURE_MONTH, details={"month": "2026-12"})


def journalled(database: Database, ticket: str, at: datetime, before: str, after: str, act: str) -> None:
    insert(
        database,
        "journal",
        ticket=ticket,
        key=f"{act}:{at.isoformat()}",
        at=at,
        actor_id="system",
        actor_role="system",
        act=act,
        before=before,
        after=after,
    )


async def test_what_is_suspended_at_the_month_s_end_is_so_whenever_it_is_asked(api: Frontend) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    october, november = paris(2026, 10, 20), paris(2026, 11, 3)

    def a_suspended_ticket(*, reported: bool = True) -> str:
        ticket = a_ticket(database, client, technician, status="in_review")
        insert(database, "sessions", ticket=ticket, number=1, technician_id=technician, started_at=october)
        if reported:
            a_report(database, ticket, technician, october)
        journalled(database, ticket, october, "in_review", "suspended", "dispute")
        journalled(database, ticket, october + MOMENT, "suspended", "suspended", "take_over")
        return ticket

    # Still so today; ruled in November; ruled in October; without a report; withdrawn from.
    a_suspended_ticket()
    for ruled_at in (november, october + timedelta(days=1)):
        journalled(database, a_suspended_ticket(), ruled_at, "suspended", "invoiced", "ruling")
    a_suspended_ticket(reported=False)
    journalled(database, a_suspended_ticket(), october + 2 * MOMENT, "suspended", "suspended", "withdraw")
    # Suspended after its invoice: it brings nothing more, and its gain, not yet on a statement, is held.
    invoiced = an_invoice_of(database, client, technician, "F2026-000001", october, 2)
    gain = a_gain(database, invoiced, technician, october)
    journalled(database, invoiced, october, "invoiced", "suspended", "dispute")
    # And one that is on a statement of November: held at the end of October, no more at the end of November.
    late = an_invoice_of(database, client, technician, "F2026-000002", october, 2)
    claimed = a_gain(database, late, technician, october, 800)
    journalled(database, late, october, "invoiced", "suspended", "dispute")
    insert(
        database,
        "statements",
        key=f"payout:2026-10:{technician}:1",
        technician_id=technician,
        month="2026-10",
        n=1,
        sequence=1,
        number="AF0001-00001",
        total_cents=800,
        cut_off=november,
        issued_at=november,
    )
    insert(database, "gain_claims", gain_id=claimed, statement=f"payout:2026-10:{technician}:1")
    assert gain != claimed
    found = []
    for month, now in (("2026-10", november), ("2026-10", paris(2028, 1, 1)), ("2026-11", paris(2028, 1, 1))):
        async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
            closed = await closed_month(session, parse_month(month), now)
        found.append((closed.suspended, closed.held))
    # Two slices each, at 15 €.
    end_of_october = Suspended(6, 1, 2 * 3000), Held(2, 2400)
    assert found == [end_of_october, end_of_october, (Suspended(5, 1, 3000), Held(1, 1600))]


async def test_a_gain_is_held_while_a_refund_or_a_chargeback_is_open(api: Frontend) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    october, november = paris(2026, 10, 20), paris(2026, 11, 3)
    refunded = an_invoice_of(database, client, technician, "F2026-000001", october, 2)
    a_gain(database, refunded, technician, october)
    asked = a_submission(database, client, "refund")
    insert(
        database,
        "refund_cases",
        invoice="F2026-000001",
        n=1,
        ticket=refunded,
        status="refused",
        submission_id=asked,
        opened_by=client,
        opened_at=october,
        kind="none",
        ruled_at=november,
    )
    charged_back = an_invoice_of(database, client, technician, "F2026-000002", october, 2)
    a_gain(database, charged_back, technician, october, 800)
    insert(
        database,
        "chargebacks",
        reference="du_1",
        invoice="F2026-000002",
        ticket=charged_back,
        status="won",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        withdrawn_cents=3000,
        returned_cents=3000,
        opened_at=october,
        closed_at=november,
    )
    found = []
    for month in ("2026-09", "2026-10", "2026-11"):
        async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
            found.append((await closed_month(session, parse_month(month), paris(2028, 1, 1))).held)
    assert found == [Held(0, 0), Held(2, 2400), Held(0, 0)]
