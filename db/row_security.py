"""Who may see and write which rows through the API's role: the table of it, from which the policies are made.

It stands behind the checks of the API: a check that was forgotten there leaks nothing. `omea_worker` is bound
by no policy of these, and neither is the owner. What a person may see of a row's columns is the API's own
business (`api/visibility.py`); a row that must never be read at all is not here.

A new table that `omea_api` is granted anything on gets a line in `TABLES`, or in `OPEN` with its reason; its
migration, or one after it, runs `db.policies.protect` for it. `tests/db/test_row_security.py` fails
until then.
"""

from dataclasses import dataclass

ALL = "true"
ME = "(SELECT asker())"


def mine(column: str) -> str:
    return f"{column} = {ME}"


@dataclass(frozen=True)
class Rows:
    """A condition on the row for each who may ask; None for those who see nothing of the table. `link` is the
    holder of a signed link; the last four are the purposes of `db.askers`."""

    client: str | None = None
    technician: str | None = None
    back_office: str | None = None
    finance: str | None = None
    link: str | None = None
    sign_in: str | None = None
    agendas: str | None = None
    uploads: str | None = None
    notices: str | None = None
    anybody: str | None = None


@dataclass(frozen=True)
class Table:
    """What every written row must be besides, whoever writes it: when it is `inserted`, before (`changed`)
    and after (`changed_to`) it is changed, and when it is `deleted`."""

    reads: Rows
    writes: Rows = Rows()
    inserted: str = ALL
    changed: str = ALL
    changed_to: str = ALL
    deleted: str = ALL


FINANCE_ALONE = Table(Rows(finance=ALL))
THE_TEAM = Table(Rows(back_office=ALL, finance=ALL))
ROLES = ("client", "technician", "back_office", "finance", "link")
PURPOSES = ("sign_in", "agendas", "uploads", "notices")


def of_everybody(condition: str, sign_in: str | None = None) -> Rows:
    """Each their own. The back office, which is asked for exports and erasures, sees everybody's."""
    return Rows(condition, condition, ALL, condition, sign_in=sign_in)


def of_client_and_team(condition: str, link: str | None = None) -> Table:
    return Table(Rows(client=condition, link=link or condition, back_office=ALL, finance=ALL))


def of_technician_and_team(condition: str) -> Table:
    return Table(Rows(technician=condition, back_office=ALL, finance=ALL))


OWN_INVOICE = "own_invoice(invoice)"
OWN_TICKET = "own_ticket(ticket)"
ASSIGNED = "assigned_ticket(ticket)"
WORKED_IN = "held_session(ticket, session)"
WORKED_ON = "worked_on(ticket)"
HELD = "state = 'held'"
# The back office ends what was begun, and begins nothing in anybody's name.
SIGNING_IN = "(SELECT asker_purpose() = 'sign_in')"
OF_ME = f"subject = CAST({ME} AS text) OR own_ticket(subject) OR own_statement_number(subject)"
# Of the account in the books that is a client's.
OWN_ACCOUNT = f"account = '411:' || {ME}"
# What finance writes and is told itself. The rest is between clients, technicians and the back office.
FINANCE_TEXTS = "kind IN ('payout_reason', 'contest', 'contest_answer')"

SCHEDULES = Table(
    Rows(technician=mine("technician_id"), back_office=ALL, agendas=ALL),
    Rows(technician=mine("technician_id"), back_office=ALL),
)

TABLES: dict[str, Table] = {
    # People, and who is signed in. The names of others are in the view `shown_names`.
    "people": Table(
        Rows(
            client=mine("id"),
            technician=mine("id"),
            link=mine("id"),
            back_office=ALL,
            finance=ALL,
            sign_in=ALL,
            agendas="role = 'technician'",
        ),
        # Strangers open their own; the service itself is nobody's.
        Rows(back_office="role <> 'system'", sign_in="role = 'client'"),
        changed="role IN ('technician', 'back_office', 'finance')",
        changed_to="role IN ('technician', 'back_office', 'finance')",
    ),
    "accepted_texts": Table(
        Rows(client=mine("person_id"), back_office=ALL, sign_in=ALL),
        Rows(client=mine("person_id"), back_office=ALL, sign_in=ALL),
    ),
    "sign_ups": Table(Rows(sign_in=ALL), Rows(sign_in=ALL)),
    "applications": Table(
        Rows(
            client="own_address(mail)",
            technician=f"{mine('technician_id')} OR own_address(mail)",
            back_office=ALL,
            sign_in=ALL,
        ),
        Rows(back_office=ALL, sign_in="decided_at IS NULL"),
    ),
    "erasures": Table(
        Rows(
            client=mine("person_id"),
            technician=mine("person_id"),
            back_office=ALL,
            finance=ALL,
            agendas=ALL,
        )
    ),
    "technicians": Table(
        Rows(technician=mine("id"), back_office=ALL, finance=ALL, agendas=ALL),
        # Technicians lock their own row, and leave it as it is.
        Rows(technician=mine("id"), back_office=ALL),
        changed_to="(SELECT asker_role() = 'back_office')",
    ),
    "technician_skills": Table(
        Rows(technician=mine("technician_id"), back_office=ALL, agendas=ALL), Rows(back_office=ALL)
    ),
    "working_hours": SCHEDULES,
    "leaves": SCHEDULES,
    "message_preferences": Table(
        Rows(client=mine("person_id"), technician=mine("person_id"), back_office=ALL),
        Rows(client=mine("person_id"), technician=mine("person_id")),
    ),
    "calendar_feeds": Table(
        Rows(technician=mine("technician_id"), back_office=ALL), Rows(technician=mine("technician_id"))
    ),
    "cards": Table(Rows(client=mine("client_id"), link=mine("client_id"), back_office=ALL)),
    # The back office ends those of a colleague whose second factor it resets.
    "sign_ins": Table(
        of_everybody(mine("person_id"), sign_in=ALL),
        of_everybody(mine("person_id"), sign_in=ALL),
        inserted=SIGNING_IN,
    ),
    "sign_in_links": Table(of_everybody(mine("person_id"), sign_in=ALL), Rows(sign_in=ALL)),
    "refresh_tokens": Table(Rows(sign_in=ALL), Rows(sign_in=ALL)),
    "authenticators": Table(
        Rows(back_office=ALL, finance=mine("person_id"), sign_in=ALL),
        Rows(back_office=ALL, sign_in=ALL),
        inserted=SIGNING_IN,
    ),
    "recovery_codes": Table(
        Rows(back_office=mine("person_id"), finance=mine("person_id"), sign_in=ALL), Rows(sign_in=ALL)
    ),
    "pending_sign_ins": Table(
        Rows(back_office=ALL, sign_in=ALL), Rows(back_office=ALL, sign_in=ALL), inserted=SIGNING_IN
    ),
    "wrong_codes": Table(Rows(sign_in=ALL), Rows(sign_in=ALL)),
    "identities": Table(
        of_everybody(mine("person_id"), sign_in=ALL),
        Rows(**dict.fromkeys(ROLES[:4], mine("person_id")), sign_in=ALL),
    ),
    # Whoever is read of may know it.
    "accesses": Table(
        Rows(
            client=OF_ME,
            technician=f"{mine('person_id')} OR {OF_ME}",
            back_office=ALL,
            finance=f"{mine('person_id')} OR {OF_ME}",
        ),
        Rows(**dict.fromkeys(ROLES[1:4], mine("person_id"))),
    ),
    # What people write and ask.
    "requests": Table(
        Rows(**dict.fromkeys(ROLES, mine("actor_id"))), Rows(**dict.fromkeys(ROLES, mine("actor_id")))
    ),
    "submissions": Table(
        Rows(
            client=f"{mine('author_id')} OR shows_text(id)",
            technician=f"{mine('author_id')} OR shows_text(id)",
            link=f"{mine('author_id')} AND kind = 'review' OR shows_text(id)",
            back_office=ALL,
            finance=f"{mine('author_id')} OR {FINANCE_TEXTS}",
        ),
        # Nobody signs in on the command line.
        Rows(
            **dict.fromkeys((*ROLES[:3], "link"), mine("author_id")),
            finance=f"author_id IS NOT DISTINCT FROM {ME}",
        ),
    ),
    "attachments": Table(
        Rows(
            client=f"{mine('author_id')} OR shows_text(submission_id)",
            technician=f"{mine('author_id')} OR shows_text(submission_id)",
            back_office=ALL,
            uploads="submission_id IS NULL",
        ),
        Rows(**dict.fromkeys(ROLES[:3], mine("author_id")), uploads="submission_id IS NULL"),
        # Bound once and for good.
        inserted="submission_id IS NULL",
        changed="submission_id IS NULL",
        changed_to="submission_id IS NOT NULL",
        deleted="submission_id IS NULL",
    ),
    # Tickets, and what hangs on them. When technicians are taken is in the view `taken_times`.
    "tickets": Table(
        Rows(
            client=mine("client_id"),
            technician=f"{mine('technician_id')} OR worked_on(number)",
            link="number = (SELECT asker_ticket())",
            back_office=ALL,
            finance=ALL,
        )
    ),
    "bookings": Table(
        Rows(
            client=f"{mine('held_by')} OR {OWN_TICKET}",
            technician=mine("technician_id"),
            back_office=ALL,
            agendas=HELD,
        ),
        Rows(client=mine("held_by"), technician=mine("technician_id"), back_office=ALL, agendas=ALL),
        # What is booked is its ticket's process's.
        inserted=HELD,
        changed=HELD,
        changed_to=HELD,
        deleted=HELD,
    ),
    "consents": Table(
        Rows(client=OWN_TICKET, technician=ASSIGNED, link=OWN_TICKET, back_office=ALL, finance=ALL)
    ),
    "sessions": Table(
        Rows(
            client=OWN_TICKET,
            technician=f"{mine('technician_id')} OR {ASSIGNED}",
            link=OWN_TICKET,
            back_office=ALL,
            finance=ALL,
            agendas=ALL,
        )
    ),
    "session_logs": Table(Rows(client=OWN_TICKET, technician=WORKED_IN, back_office=ALL)),
    "reports": Table(
        Rows(
            client=OWN_TICKET,
            technician=f"{ASSIGNED} OR {WORKED_IN}",
            link=OWN_TICKET,
            back_office=ALL,
            finance=ALL,
        )
    ),
    "reviews": Table(Rows(client=OWN_TICKET, technician=ASSIGNED, link=OWN_TICKET, back_office=ALL)),
    # Nobody reads a draft but who writes it, and whoever is asked for all that is kept of them.
    "report_drafts": Table(
        Rows(technician=mine("technician_id"), back_office=ALL),
        Rows(technician=mine("technician_id")),
        inserted=ASSIGNED,
    ),
    "journal": Table(
        Rows(
            client=OWN_TICKET,
            technician=f"actor_id = CAST({ME} AS text) OR {ASSIGNED}",
            link=OWN_TICKET,
            back_office=ALL,
            finance=ALL,
        )
    ),
    "disputes": Table(Rows(client=OWN_TICKET, link=OWN_TICKET, back_office=ALL, finance=ALL)),
    # A technician must know that a session is free, after a ruling; the reasons are in `submissions`.
    "rulings": Table(
        Rows(client=OWN_TICKET, technician=ASSIGNED, link=OWN_TICKET, back_office=ALL, finance=ALL)
    ),
    "gain_rulings": Table(Rows(technician=WORKED_IN, back_office=ALL, finance=ALL)),
    "notifications": Table(
        Rows(client=mine("recipient_id"), technician=mine("recipient_id"), back_office=ALL, finance=ALL)
    ),
    "mail_notes": Table(Rows(back_office=ALL), Rows(back_office=mine("noted_by"))),
    # What clients pay. That a gain is held, its technician sees by the refund or the chargeback.
    "invoices": Table(Rows(client=mine("client_id"), link=OWN_TICKET, back_office=ALL, finance=ALL)),
    "credit_notes": of_client_and_team(OWN_INVOICE),
    "payments": of_client_and_team(OWN_INVOICE),
    "payment_attempts": of_client_and_team(OWN_INVOICE),
    "refunds": of_client_and_team(OWN_INVOICE),
    "refund_cases": Table(Rows(client=OWN_TICKET, technician=WORKED_ON, back_office=ALL, finance=ALL)),
    "refund_gain_rulings": Table(
        Rows(technician="held_session_of_refund(invoice, n, session)", back_office=ALL, finance=ALL)
    ),
    "chargebacks": Table(Rows(client=OWN_TICKET, technician=WORKED_ON, back_office=ALL, finance=ALL)),
    "documents": Table(
        Rows(
            client=OWN_TICKET,
            technician="kind = 'self_billed' AND own_statement_number(number)",
            link=OWN_TICKET,
            back_office=ALL,
            finance=ALL,
        )
    ),
    "invoice_counters": THE_TEAM,
    "credit_note_counters": THE_TEAM,
    # What technicians earn.
    "gains": Table(Rows(technician=mine("technician_id"), back_office=ALL, finance=ALL)),
    "gain_claims": of_technician_and_team("own_statement(statement)"),
    # Whoever is offered to clients must have papers.
    "payees": Table(
        Rows(technician=mine("technician_id"), back_office=ALL, finance=ALL, agendas=ALL),
        Rows(technician=mine("technician_id"), back_office=ALL),
    ),
    "statements": Table(Rows(technician=mine("technician_id"), back_office=ALL, finance=ALL)),
    "statement_counters": FINANCE_ALONE,
    "statement_contests": of_technician_and_team("own_statement_number(statement)"),
    "payouts": of_technician_and_team("own_statement(key)"),
    "payout_runs": FINANCE_ALONE,
    "transfer_reversals": of_technician_and_team("own_statement(payout)"),
    "reversal_requests": FINANCE_ALONE,
    "transfer_files": FINANCE_ALONE,
    "bank_orders": of_technician_and_team("own_statement(payout)"),
    "bank_debits": FINANCE_ALONE,
    "bank_messages": Table(Rows(finance=ALL), Rows(finance=ALL)),
    # The books, and what watches over them.
    "ledger_transactions": FINANCE_ALONE,
    # Nobody leaves with a debt, theirs or ours.
    "ledger_lines": Table(Rows(client=OWN_ACCOUNT, back_office="left(account, 4) = '411:'", finance=ALL)),
    "invariant_checks": THE_TEAM,
    "invariant_alerts": THE_TEAM,
    "webhook_events": Table(Rows(back_office=ALL, finance=ALL, notices=ALL), Rows(notices=ALL)),
    "tariffs": Table(Rows(anybody=ALL), Rows(finance=mine("set_by"))),
}

OPEN = {
    "skills": "what can be asked for: the same for everybody",
    "status_changes": "which changes of status exist: about nobody",
    "alembic_version": "which migrations have run",
}
