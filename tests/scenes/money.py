"""Half a year of business, the gains and statements of October, and money that goes back."""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from domain import ledger
from domain.bank_steps import BankMessageApplied
from domain.bank_transfers import bank_reference
from domain.money import price_from_ttc
from domain.opening_hours import PARIS
from tests.api.frontend import MORNING
from tests.api.rows import a_gain, a_report, a_session, a_ticket, an_invoice, insert
from tests.api.test_reading_money import a_statement
from tests.scenes.scene import BACK_OFFICE, CLIENT, FINANCE, TECHNICIAN
from tests.support.books import a_credit_note_of, enter
from tests.support.people import a_submission
from tests.support.postgres import Database

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OCTOBER_PAID = datetime(2026, 11, 1, 3, tzinfo=PARIS)
# How many invoices were issued in each month, from June on; those of one slice, of two and of three in turn.
INVOICED = {6: 9, 7: 14, 8: 11, 9: 19, 10: 24, 11: 21}


def half_a_year(database: Database, client: str, technician: str) -> None:
    """In the ledger: each invoice is paid the day after, the last ones not yet."""
    postings = []
    for month, count in INVOICED.items():
        for place in range(count):
            at = datetime(2026, month, 1 + place, 10, tzinfo=PARIS)
            invoice, slices = f"F2026-{month:03}{place:03}", 1 + place % 3
            price = price_from_ttc(1500 * slices, 2000)
            postings += [
                (ledger.invoice_issued(invoice, client, price), at),
                (ledger.gain_earned(f"{invoice}:1", technician, 800 * slices), at),
            ]
            if at + DAY < MORNING - 2 * DAY:
                paid = ledger.invoice_paid(invoice, client, price.ttc_cents, price)
                postings += [(paid, at + DAY), (ledger.stripe_fee(invoice, 25 + 22 * slices), at + DAY)]
    enter(database, postings)


def things(database: Database, people: dict[str, str]) -> dict[str, str]:
    half_a_year(database, people["Jeanne Moreau"], people["Amina Diallo"])
    thomas = people[TECHNICIAN]
    stated = _october(database, people)
    back = _going_back(database, people)
    _run_and_its_file(database, people)
    back |= _the_bank(database, people)
    _looked_at(database)
    for month in (9, 10, 11):
        done = _served(database, people[CLIENT], thomas, datetime(2026, month, 9, 10, tzinfo=PARIS))
        a_gain(database, done, thomas, datetime(2026, month, 12, 10, tzinfo=PARIS), 2400)
    return stated | back


def _served(database: Database, client: str, technician: str, start: datetime, **more: Any) -> str:
    ticket = a_ticket(
        database, client, technician, status="closed", start=start, opened_at=start - DAY, **more
    )
    a_session(database, ticket, technician, start + MINUTE, start + 25 * MINUTE)
    a_report(database, ticket, technician, start + 40 * MINUTE)
    return ticket


def _october(database: Database, people: dict[str, str]) -> dict[str, str]:
    """One transfer for each technician, as many outcomes. Answers the numbers of Thomas Leroy's two:
    he contests the first."""
    outcomes: dict[str, dict[str, Any]] = {
        "Amina Diallo": {"status": "paid", "rail": "sepa", "transfer": "tr_1", "paid_at": OCTOBER_PAID},
        "Hugo Bernard": {"status": "failed", "rail": "sepa", "failure": "AC04", "attempts": 2},
        "Louise Caron": {"status": "to_send", "rail": "stripe"},
        "Thomas Leroy": {"status": "paid", "rail": "stripe", "transfer": "tr_2", "paid_at": OCTOBER_PAID},
    }
    for place, (name, payout) in enumerate(outcomes.items()):
        technician, gains = people[name], []
        for day in range(6, 6 + 3 * (place + 1), 3):
            start = datetime(2026, 10, day, 9 + place, tzinfo=PARIS)
            ticket = _served(database, people["Yves Le Gall"], technician, start)
            gains.append(a_gain(database, ticket, technician, start + 3 * DAY))
        payout |= {"cents": 1600 * len(gains), "month": "2026-10", "at": OCTOBER_PAID}
        a_statement(database, technician, gains, **payout)
    thomas = people["Thomas Leroy"]
    start = datetime(2026, 10, 28, 10, tzinfo=PARIS)
    late = a_gain(database, _served(database, people[CLIENT], thomas, start), thomas, start + 3 * DAY)
    again = {"transfer": "tr_3", "at": MORNING - DAY, "paid_at": MORNING - DAY, "cents": 1600, "n": 2}
    a_statement(database, thomas, [late], **outcomes["Thomas Leroy"] | again)
    [(number,), (second,)] = database.rows(
        "SELECT number FROM statements WHERE technician_id = %s ORDER BY n", thomas
    )
    text = a_submission(
        database, thomas, "contest", text="La séance du 12 octobre a duré 40 minutes, et non 25."
    )
    insert(database, "statement_contests", statement=number, submission_id=text, asked_at=MORNING - DAY)
    return {"statement": number, "second_statement": second}


def _going_back(database: Database, people: dict[str, str]) -> dict[str, str]:
    """A refund that is asked for, one that did not arrive, and a payment that a bank takes back."""
    claire, jeanne, team = people[CLIENT], people["Jeanne Moreau"], people[BACK_OFFICE]
    found = {}
    whose = {"refund_asked": claire, "refund_failed": jeanne, "disputed": jeanne}
    for day, (state, client) in enumerate(whose.items(), 2):
        start = datetime(2026, 11, day, 15, tzinfo=PARIS)
        found[state] = _served(database, client, people["Thomas Leroy"], start)
        an_invoice(database, found[state], client, _invoice(day), start + 3 * DAY)
        paid = {"status": "paid", "collected_cents": 3000, "paid_at": start + 3 * DAY}
        insert(database, "payments", invoice=_invoice(day), intent=f"pi_{day}", **paid)
        a_gain(database, found[state], people["Thomas Leroy"], start + 3 * DAY)
    _refund_case(database, found["refund_asked"], claire, _invoice(2), status="open")
    a_credit_note_of(database, _invoice(3), "A2026-000004", MORNING - HOUR, 2)
    reason = a_submission(database, team, "refund_ruling", reason="La panne n’était pas réparée.")
    ruled = {"kind": "whole", "ruling_id": reason, "ruled_by": team, "ruled_at": MORNING - HOUR}
    sent = {"credit_note": "A2026-000004", "amount_cents": 3000, "failure": "lost_or_stolen_card"}
    _refund_case(database, found["refund_failed"], jeanne, _invoice(3), status="failed", **ruled, **sent)
    insert(
        database,
        "chargebacks",
        reference="du_1",
        invoice=_invoice(4),
        ticket=found["disputed"],
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=MORNING - DAY,
        answer_by=MORNING + 6 * DAY,
    )
    return found


def _invoice(day: int) -> str:
    return f"F2026-00011{day}"


def _refund_case(database: Database, ticket: str, client: str, invoice: str, **more: Any) -> None:
    text = "La panne est revenue le soir même, exactement comme avant."
    claim = a_submission(database, client, "refund", reason=text)
    asked = {"submission_id": claim, "opened_by": client, "opened_at": MORNING - DAY}
    insert(database, "refund_cases", invoice=invoice, n=1, ticket=ticket, **asked, **more)


def _run_and_its_file(database: Database, people: dict[str, str]) -> None:
    """October was run by the calendar, then by finance; its file went to the bank."""
    reason = a_submission(database, people[FINANCE], "payout_reason", reason="Compte bancaire corrigé.")
    runs = (("schedule", OCTOBER_PAID, None), (people[FINANCE], MORNING - DAY, reason))
    for n, (actor, at, why) in enumerate(runs, 1):
        run = {"key": f"run {n}", "month": "2026-10", "n": n, "actor_id": actor, "reason_id": why}
        times = {"cut_off": OCTOBER_PAID, "started_at": at, "finished_at": at + MINUTE}
        insert(database, "payout_runs", **run, **times)
    xml = b"<Document/>"
    insert(
        database,
        "transfer_files",
        message_id="OMEA-2026-10-1",
        month="2026-10",
        n=1,
        run="run 1",
        created_at=OCTOBER_PAID,
        execution_date=OCTOBER_PAID.date(),
        debtor_name="OmeaSupport",
        debtor_iban="FR1420041010050500013M02606",
        total_cents=4800,
        xml=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
    )


def _the_bank(database: Database, people: dict[str, str]) -> dict[str, str]:
    """It paid one of the file's two, rejected the other, and spoke of somebody else's as well."""
    told = {"Amina Diallo": ("settled", None), "Hugo Bernard": ("rejected", "AC04")}
    for name, (state, code) in told.items():
        [(payout, cents)] = database.rows(
            "SELECT payouts.key, statements.total_cents FROM payouts JOIN statements USING (key) "
            "WHERE statements.technician_id = %s",
            people[name],
        )
        order = {"reference": bank_reference(payout), "payout": payout, "attempt": 1, "name": name}
        sent = {"iban": "FR1420041010050500013M02606", "amount_cents": cents, "file": "OMEA-2026-10-1"}
        at = {"ordered_at": OCTOBER_PAID, "closed_at": OCTOBER_PAID + DAY}
        insert(database, "bank_orders", **order, **sent, state=state, code=code, **at)
    xml = b"<Document>settled</Document>"
    digest = hashlib.sha256(xml).hexdigest()
    outcome = asdict(BankMessageApplied(settled=1, rejected=1, unknown=2))
    at = {"received_at": MORNING - DAY, "applied_at": MORNING - DAY}
    insert(
        database, "bank_messages", sha256=digest, xml=xml, received_by=people[FINANCE], outcome=outcome, **at
    )
    return {"bank_message": digest}


def _looked_at(database: Database) -> None:
    """One of the checks does not hold."""
    database.execute(
        "INSERT INTO invariant_checks (at, name, ok, total, rows) VALUES "
        "(%s, 'sales', false, 1, '[{\"ledger_cents\": 4500, \"expected_cents\": 6000}]'), "
        "(%s, 'vat_due', true, 0, '[]')",
        *(MORNING, MORNING),
    )
