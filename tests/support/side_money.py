"""What a side's client pays and its technician earns; who sees it."""

from tests.support.sides import CLIENT, FINANCE, LINK, NOW, TEAM, TECHNICIAN, Side

DIGEST_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
DIGESTS = {
    "a": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "b": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
}


def add_sales(side: Side) -> None:
    of_it, viewers = {"invoice": side.invoice}, (CLIENT, LINK, *TEAM)
    cents = {"total_ht_cents": 10, "total_vat_cents": 2, "total_ttc_cents": 12}
    side.add(
        "invoices",
        *viewers,
        number=side.invoice,
        ticket=side.ticket,
        client_id=side.client,
        issued_at=NOW,
        minutes=1,
        slices=1,
        unit_ttc_cents=12,
        vat_bp=2000,
        **cents,
    )
    side.add("credit_notes", *viewers, number=f"A{side.number}", **of_it, issued_at=NOW, slices=1, **cents)
    side.add("payments", *viewers, **of_it, intent=f"pi_{side.name}", status="paid")
    side.add("payment_attempts", *viewers, **of_it, attempt=1, tried_at=NOW)
    side.add(
        "refunds",
        *viewers,
        **of_it,
        n=1,
        attempt=1,
        amount_cents=1,
        reference=side.name,
        state="sent",
        sent_at=NOW,
    )
    reason = side.text(CLIENT, LINK, author=side.client, kind="refund")
    side.add(
        "refund_cases",
        CLIENT,
        TECHNICIAN,
        *TEAM,
        **of_it,
        n=1,
        ticket=side.ticket,
        status="open",
        submission_id=reason,
        opened_by=side.client,
        opened_at=NOW,
    )
    side.add("refund_gain_rulings", TECHNICIAN, *TEAM, **of_it, n=1, session=1, kind="full")
    side.add(
        "chargebacks",
        CLIENT,
        TECHNICIAN,
        *TEAM,
        reference=side.name,
        **of_it,
        ticket=side.ticket,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=1,
        opened_at=NOW,
    )
    page = {"facts": {}, "pdf": b"x", "xml": b"x", "sha256": DIGEST_OF_X, "made_at": NOW}
    side.add("documents", *viewers, number=side.invoice, kind="invoice", ticket=side.ticket, **of_it, **page)
    side.add("documents", TECHNICIAN, *TEAM, number=f"AF-{side.number}", kind="self_billed", **page)


def add_books(side: Side) -> None:
    """A client sees the account that is theirs, and the back office what clients owe."""
    line = {"transaction": "t", "amount_cents": 1}
    viewers = (CLIENT, *TEAM)
    side.add("ledger_lines", *viewers, **line, line=10 + side.number, account=f"411:{side.client}")


def add_earnings(side: Side) -> None:
    mine, paid = {"technician_id": side.technician}, {"payout": side.statement}
    number = f"AF-{side.number}"
    side.add(
        "statements",
        TECHNICIAN,
        *TEAM,
        key=side.statement,
        **mine,
        month="2026-10",
        n=1,
        sequence=1,
        number=number,
        total_cents=10,
        cut_off=NOW,
        issued_at=NOW,
    )
    side.add("statement_counters", FINANCE, **mine, last=1)
    side.add("payouts", TECHNICIAN, *TEAM, key=side.statement, status="to_send")
    for ticket in (side.ticket, side.lost) if side.world.crossing else (side.ticket,):
        side.add(
            "gains",
            TECHNICIAN,
            *TEAM,
            ticket=ticket,
            session=1,
            **mine,
            slices=1,
            amount_cents=10,
            month="2026-10",
            accepted_at=NOW,
            act="accept",
        )
    gain = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b2" + str(side.number)
    side.add("gain_claims", TECHNICIAN, *TEAM, gain_id=gain, statement=side.statement)
    asked = side.text(FINANCE, author=side.technician, kind="contest")
    answer = side.text(TECHNICIAN, FINANCE, author=side.world.people[FINANCE], kind="contest_answer")
    side.add(
        "statement_contests",
        TECHNICIAN,
        *TEAM,
        statement=number,
        submission_id=asked,
        asked_at=NOW,
        answer_id=answer,
        answered_by=side.world.people[FINANCE],
        answered_at=NOW,
        outcome="maintained",
    )
    side.add(
        "transfer_reversals",
        TECHNICIAN,
        *TEAM,
        reference=side.name,
        **paid,
        transfer="tr",
        amount_cents=1,
        at=NOW,
    )
    side.add(
        "reversal_requests",
        FINANCE,
        key=side.name,
        **paid,
        transfer="tr",
        attempt=1,
        n=1,
        actor_id=side.client,
        reason_id=asked,
        asked_at=NOW,
    )
    side.add(
        "bank_orders",
        TECHNICIAN,
        *TEAM,
        reference=side.name,
        **paid,
        attempt=1,
        name="x",
        iban="FR",
        amount_cents=1,
        state="waiting",
        ordered_at=NOW,
    )
    side.add("bank_messages", FINANCE, sha256=DIGESTS[side.name], xml=side.name.encode(), received_at=NOW)
