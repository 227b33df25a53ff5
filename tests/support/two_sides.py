"""A client and a technician with something in every table, and again another two; who sees which row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from domain.ids import ticket_number
from tests.support.people import a_person
from tests.support.postgres import Connection, Database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLIENT, TECHNICIAN, BACK_OFFICE, FINANCE, LINK = "client", "technician", "back_office", "finance", "link"
TEAM = (BACK_OFFICE, FINANCE)

Row = tuple[str, str]
"""A table, and where in it."""


@dataclass
class TwoSides:
    database: Database
    crossing: bool = True
    """Whether each client has a ticket that has gone to the other side's technician."""
    people: dict[str, str] = field(default_factory=dict)
    """By « side role » and, for the team, by role."""
    tickets: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[Row]] = field(default_factory=dict)

    def fill(self) -> None:
        for role in TEAM:
            self.people[role] = a_person(self.database, role)
        for side in "ab":
            for role in (CLIENT, TECHNICIAN):
                self.people[f"{side} {role}"] = a_person(self.database, role, f"{role} {side}")
        with self.database.connect() as connection:
            # What refers to what is not the point, nor what the triggers do.
            connection.execute("SET session_replication_role = replica")
            for number, side in enumerate("ab", 1):
                Side(self, connection, side, number).fill()
            self._of_the_team(connection)
        for name, who in self.people.items():
            [(at,)] = self.database.rows("SELECT ctid::text FROM people WHERE id = %s", who)
            for viewer in {name, *TEAM, *([f"{name[0]} {LINK}"] if name.endswith(CLIENT) else [])}:
                self.sees(viewer, ("people", at))

    def sees(self, who: str, row: Row) -> None:
        self.seen.setdefault(who, set()).add(row)

    def add(self, connection: Connection, table: str, *who: str, **columns: Any) -> None:
        values = [Jsonb(value) if isinstance(value, dict) else value for value in columns.values()]
        places = ", ".join(["%s"] * len(values))
        row = connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) RETURNING ctid::text".encode(),
            values,
        ).fetchone()
        assert row is not None
        for one in who:
            self.sees(one, (table, row[0]))

    def _of_the_team(self, connection: Connection) -> None:
        for role in TEAM:
            who = self.people[role]
            self.add(
                connection,
                "sign_ins",
                role,
                person_id=who,
                secret_hash=role,
                device="",
                began_at=NOW,
                seen_at=NOW,
            )
            self.add(connection, "requests", role, actor_id=who, key="k", command="c", body_hash="h")
            # The back office reads the journal of everybody's.
            self.add(
                connection,
                "accesses",
                *{BACK_OFFICE, role},
                at=NOW,
                person_id=who,
                role=role,
                kind="queue",
            )
            self.add(
                connection,
                "submissions",
                *{BACK_OFFICE, role},
                author_id=who,
                kind="write_off",
                body={"reason": role},
            )
        for table, columns in OF_NOBODY.items():
            self.add(connection, table, *SEEN_OF_NOBODY.get(table, (FINANCE,)), **columns)


OF_NOBODY: dict[str, dict[str, Any]] = {
    "payout_runs": {
        "key": "r",
        "month": "2026-10",
        "n": 1,
        "cut_off": NOW,
        "actor_id": "omea",
        "started_at": NOW,
    },
    "transfer_files": {
        "message_id": "m",
        "month": "2026-10",
        "n": 1,
        "run": "r",
        "created_at": NOW,
        "execution_date": NOW,
        "debtor_name": "Omea",
        "debtor_iban": "FR",
        "total_cents": 1,
    },
    "bank_debits": {"file": "m", "amount_cents": 1},
    "invoice_counters": {"year": 2026, "last": 2},
    "credit_note_counters": {"year": 2026, "last": 2},
    "ledger_transactions": {"key": "t", "at": NOW},
    "ledger_lines": {"transaction": "t", "line": 1, "account": "411", "amount_cents": 1},
    "invariant_checks": {
        "id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
        "at": NOW,
        "name": "x",
        "ok": True,
        "total": 0,
        "rows": {},
    },
    "invariant_alerts": {
        "check_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
        "at": NOW,
        "kind": "began",
    },
    "webhook_events": {"id": "e", "type": "t", "subject": {}, "state": "pending"},
    "sign_in_links": {
        "mail_mark": "m",
        "network_mark": "n",
        "browser_hash": "b",
        "asked_at": NOW,
    },
}
SEEN_OF_NOBODY: dict[str, tuple[str, ...]] = {
    "invoice_counters": TEAM,
    "credit_note_counters": TEAM,
    "invariant_checks": TEAM,
    "invariant_alerts": TEAM,
    "webhook_events": TEAM,
    "sign_in_links": (),
}


@dataclass
class Side:
    world: TwoSides
    connection: Connection
    name: str
    number: int

    def fill(self) -> None:
        self.client = self.world.people[f"{self.name} client"]
        self.technician = self.world.people[f"{self.name} technician"]
        self.ticket, self.lost = ticket_number(2 * self.number), ticket_number(2 * self.number + 1)
        self.world.tickets[self.name] = self.ticket
        self.invoice, self.statement = f"F2026-00000{self.number}", f"payout:2026-10:{self.number}:1"
        self._people()
        self._ticket()
        self._texts()
        self._sales()
        self._earnings()
        if self.world.crossing:
            self._lost_ticket()

    def add(self, table: str, *who: str, **columns: Any) -> None:
        named = (one if one in TEAM else f"{self.name} {one}" for one in who)
        self.world.add(self.connection, table, *named, **columns)

    def text(self, *who: str, author: str, kind: str) -> str:
        """Seen by its author besides, and by the back office. Its id."""
        row = self.connection.execute("SELECT uuidv7()::text").fetchone()
        assert row is not None
        said = ("text", "description", "reason", "comment", "anydesk_id", "phone")
        body = dict.fromkeys(said, f"{kind} {self.name}")
        writer = {self.client: (CLIENT,), self.technician: (TECHNICIAN,)}.get(author, ())
        viewers = {*who, *writer, BACK_OFFICE}
        self.add("submissions", *viewers, id=row[0], author_id=author, kind=kind, body=body)
        return str(row[0])

    def _people(self) -> None:
        self.add("technicians", TECHNICIAN, *TEAM, id=self.technician)
        mine = {"technician_id": self.technician}
        self.add("payees", TECHNICIAN, *TEAM, **mine)
        self.add("technician_skills", TECHNICIAN, BACK_OFFICE, **mine, skill="internet")
        self.add(
            "working_hours",
            TECHNICIAN,
            BACK_OFFICE,
            **mine,
            weekday=1,
            opens="09:00",
            closes="12:00",
        )
        self.add(
            "leaves",
            TECHNICIAN,
            BACK_OFFICE,
            **mine,
            during="[2027-01-01, 2027-01-02)",
            recorded_by=self.technician,
        )
        self.add("cards", CLIENT, LINK, BACK_OFFICE, client_id=self.client, customer_reference=self.name)
        for role, who in ((CLIENT, self.client), (TECHNICIAN, self.technician)):
            links = [LINK] if role == CLIENT else []
            self.add(
                "sign_ins",
                role,
                person_id=who,
                secret_hash=f"{self.name}{role}",
                device="",
                began_at=NOW,
                seen_at=NOW,
            )
            self.add("requests", role, *links, actor_id=who, key="k", command="c", body_hash="h")
        self.add("refresh_tokens", hash=self.name, sign_in_id=self.client, issued_at=NOW)
        self.add(
            "accesses",
            TECHNICIAN,
            BACK_OFFICE,
            at=NOW,
            person_id=self.technician,
            role="technician",
            kind="client_contact",
        )

    def _ticket(self) -> None:
        request = self.text(CLIENT, TECHNICIAN, LINK, author=self.client, kind="request")
        self._a_ticket(self.ticket, self.technician, request, CLIENT, TECHNICIAN, LINK, *TEAM)
        of_it = {"ticket": self.ticket}
        span = "[2026-11-24 13:00+01, 2026-11-24 14:00+01)"
        self.add(
            "bookings",
            CLIENT,
            TECHNICIAN,
            BACK_OFFICE,
            technician_id=self.technician,
            during=span,
            state="booked",
            skill="internet",
            **of_it,
            session=1,
        )
        self.add(
            "bookings",
            CLIENT,
            TECHNICIAN,
            BACK_OFFICE,
            technician_id=self.technician,
            during="[2026-11-25 13:00+01, 2026-11-25 14:00+01)",
            state="held",
            skill="internet",
            held_by=self.client,
            hold_expires_at=NOW,
        )
        self.add(
            "sessions",
            CLIENT,
            TECHNICIAN,
            LINK,
            *TEAM,
            **of_it,
            number=1,
            technician_id=self.technician,
            started_at=NOW,
        )
        self.add(
            "session_logs",
            BACK_OFFICE,
            **of_it,
            session=1,
            reference="x",
            started_at=NOW,
            ended_at=NOW,
            seconds=1,
            read_at=NOW,
        )
        self.add(
            "journal",
            CLIENT,
            TECHNICIAN,
            LINK,
            *TEAM,
            **of_it,
            key="k",
            at=NOW,
            actor_id=self.client,
            actor_role="client",
            act="open",
            before="to_assign",
            after="scheduled",
        )
        self.add("notifications", *TEAM, key=self.name, **of_it, kind="x", message_id=self.name)

    def _a_ticket(self, number: str, technician: str, request: str, *who: str) -> None:
        self.add(
            "tickets",
            *who,
            number=number,
            client_id=self.client,
            technician_id=technician,
            skill="internet",
            status="scheduled",
            appointment_start=NOW,
            appointment_end="2026-11-24 14:00+01",
            ceiling_minutes=60,
            tariff_version="2026-01",
            request_id=request,
            opened_at=NOW,
        )

    def _texts(self) -> None:
        of_it, team = {"ticket": self.ticket}, self.world.people[BACK_OFFICE]
        given = self.text(CLIENT, TECHNICIAN, LINK, author=self.client, kind="anydesk_id")
        self.add(
            "consents",
            CLIENT,
            TECHNICIAN,
            LINK,
            *TEAM,
            **of_it,
            session=1,
            text_version="1",
            submission_id=given,
            given_at=NOW,
        )
        report = self.text(CLIENT, LINK, author=self.technician, kind="report")
        self.add(
            "reports",
            CLIENT,
            TECHNICIAN,
            LINK,
            *TEAM,
            **of_it,
            session=1,
            submission_id=report,
            declared_minutes=1,
            measured_minutes=1,
            billed_slices=1,
            credible=True,
            filed_at=NOW,
        )
        review = self.text(TECHNICIAN, LINK, author=self.client, kind="review")
        self.add(
            "reviews",
            CLIENT,
            TECHNICIAN,
            LINK,
            BACK_OFFICE,
            **of_it,
            number=1,
            stars=4,
            submission_id=review,
            given_at=NOW,
        )
        # By telephone: the back office has written it down.
        dispute = self.text(CLIENT, LINK, author=team, kind="dispute")
        self.add(
            "disputes",
            CLIENT,
            LINK,
            *TEAM,
            **of_it,
            number=1,
            submission_id=dispute,
            raised_at=NOW,
        )
        ruling = self.text(author=team, kind="ruling")
        self.add(
            "rulings",
            CLIENT,
            TECHNICIAN,
            LINK,
            *TEAM,
            **of_it,
            number=1,
            kind="bill",
            submission_id=ruling,
            ruled_by=team,
            ruled_at=NOW,
        )
        self.add("gain_rulings", TECHNICIAN, *TEAM, **of_it, session=1, ruling=1, kind="full")
        self.text(author=self.technician, kind="incident")
        image = {"content_type": "image/png", "width": 1, "height": 1, "size_bytes": 1, "sha256": "x"}
        for author, bound, who in (
            (self.client, None, (CLIENT,)),
            (team, dispute, (CLIENT,)),
            (self.technician, report, (CLIENT, TECHNICIAN)),
        ):
            self.add(
                "attachments",
                *who,
                BACK_OFFICE,
                author_id=author,
                submission_id=bound,
                **image,
                content=b"x",
                recorded_at=NOW,
            )

    def _sales(self) -> None:
        of_it, viewers = {"invoice": self.invoice}, (CLIENT, LINK, *TEAM)
        cents = {"total_ht_cents": 10, "total_vat_cents": 2, "total_ttc_cents": 12}
        self.add(
            "invoices",
            *viewers,
            number=self.invoice,
            ticket=self.ticket,
            client_id=self.client,
            issued_at=NOW,
            minutes=1,
            slices=1,
            unit_ttc_cents=12,
            vat_bp=2000,
            **cents,
        )
        self.add(
            "credit_notes", *viewers, number=f"A{self.number}", **of_it, issued_at=NOW, slices=1, **cents
        )
        self.add("payments", *viewers, **of_it, intent=f"pi_{self.name}", status="paid")
        self.add("payment_attempts", *viewers, **of_it, attempt=1, tried_at=NOW)
        self.add(
            "refunds",
            *viewers,
            **of_it,
            n=1,
            attempt=1,
            amount_cents=1,
            reference=self.name,
            state="sent",
            sent_at=NOW,
        )
        reason = self.text(CLIENT, LINK, author=self.client, kind="refund")
        self.add(
            "refund_cases",
            CLIENT,
            TECHNICIAN,
            *TEAM,
            **of_it,
            n=1,
            ticket=self.ticket,
            status="open",
            submission_id=reason,
            opened_by=self.client,
            opened_at=NOW,
        )
        self.add("refund_gain_rulings", *TEAM, **of_it, n=1, session=1, kind="full")
        self.add(
            "chargebacks",
            CLIENT,
            TECHNICIAN,
            *TEAM,
            reference=self.name,
            **of_it,
            ticket=self.ticket,
            status="to_answer",
            is_inquiry=False,
            reason="fraudulent",
            amount_cents=1,
            opened_at=NOW,
        )
        page = {"facts": {}, "pdf": b"x", "xml": b"x", "sha256": DIGEST_OF_X, "made_at": NOW}
        self.add(
            "documents",
            *viewers,
            number=self.invoice,
            kind="invoice",
            ticket=self.ticket,
            **of_it,
            **page,
        )
        self.add(
            "documents",
            TECHNICIAN,
            FINANCE,
            number=f"AF-{self.number}",
            kind="self_billed",
            **page,
        )

    def _earnings(self) -> None:
        mine, paid = {"technician_id": self.technician}, {"payout": self.statement}
        number = f"AF-{self.number}"
        self.add(
            "statements",
            TECHNICIAN,
            *TEAM,
            key=self.statement,
            **mine,
            month="2026-10",
            n=1,
            sequence=1,
            number=number,
            total_cents=10,
            cut_off=NOW,
            issued_at=NOW,
        )
        self.add("statement_counters", FINANCE, **mine, last=1)
        self.add("payouts", TECHNICIAN, FINANCE, key=self.statement, status="to_send")
        for ticket in (self.ticket, self.lost) if self.world.crossing else (self.ticket,):
            self.add(
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
        gain = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b2" + str(self.number)
        self.add("gain_claims", TECHNICIAN, FINANCE, gain_id=gain, statement=self.statement)
        asked = self.text(FINANCE, author=self.technician, kind="contest")
        answer = self.text(TECHNICIAN, FINANCE, author=self.world.people[FINANCE], kind="contest_answer")
        self.add(
            "statement_contests",
            TECHNICIAN,
            FINANCE,
            statement=number,
            submission_id=asked,
            asked_at=NOW,
            answer_id=answer,
            answered_by=self.world.people[FINANCE],
            answered_at=NOW,
            outcome="maintained",
        )
        self.add(
            "transfer_reversals",
            TECHNICIAN,
            FINANCE,
            reference=self.name,
            **paid,
            transfer="tr",
            amount_cents=1,
            at=NOW,
        )
        self.add(
            "reversal_requests",
            FINANCE,
            key=self.name,
            **paid,
            transfer="tr",
            attempt=1,
            n=1,
            actor_id=self.client,
            reason_id=asked,
            asked_at=NOW,
        )
        self.add(
            "bank_orders",
            FINANCE,
            reference=self.name,
            **paid,
            attempt=1,
            name="x",
            iban="FR",
            amount_cents=1,
            state="waiting",
            ordered_at=NOW,
        )
        self.add("bank_messages", FINANCE, sha256=DIGESTS[self.name], xml=self.name.encode(), received_at=NOW)

    def _lost_ticket(self) -> None:
        """The technician worked on it, and it is the other side's technician's now: of that, the first sees
        that there was such a ticket, for the statement, and not what is written in it."""
        other = "b" if self.name == "a" else "a"
        request = self.text(CLIENT, author=self.client, kind="request")
        self._a_ticket(
            self.lost, self.world.people[f"{other} technician"], request, CLIENT, TECHNICIAN, *TEAM
        )
        for table in ("tickets", "submissions"):
            key, value = ("number", self.lost) if table == "tickets" else ("id", request)
            row = self.connection.execute(
                f"SELECT ctid::text FROM {table} WHERE {key} = %s".encode(),
                (value,),
            ).fetchone()
            assert row is not None
            self.world.sees(f"{other} technician", (table, row[0]))


DIGEST_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
DIGESTS = {
    "a": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "b": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
}
