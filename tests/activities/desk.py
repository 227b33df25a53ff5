"""One ticket with its people, a real mail server, and the activity as the worker runs it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.gateways.mail import Mail
from activities.gateways.smtp_mail import SmtpMail
from activities.issuing import DocumentActivities
from activities.notifications import NotificationActivities
from db.engine import create_engine, sessions
from db.reads.notice_facts import NoticeFacts
from db.reads.notices import notice_facts
from domain import ids
from domain.billing_steps import MakeDocument
from domain.deadlines import PRODUCTION
from domain.documents import Company
from domain.notices import Notice, Notify
from domain.opening_hours import PRODUCTION as HOURS
from tests.support.company import A_COMPANY
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_submission, a_technician
from tests.support.postgres import Database
from tests.support.smtp_server import PostOffice, mail_server

NOW = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
SENDER = "OmeaSupport <bonjour@omeasupport.test>"
BACK_OFFICE = "equipe@omeasupport.test"
TICKET = ids.ticket_number(4829157)
SECRETS = {"client_code": "7341", "technician_code": "9026", "phone": "0612345678", "anydesk_id": "987654321"}


@dataclass
class Desk:
    database: Database
    office: PostOffice
    engine: AsyncEngine
    client: str
    technician: str

    def activities(self, mail: Mail | None = None) -> NotificationActivities:
        return NotificationActivities(
            sessions(self.engine),
            mail or SmtpMail(self.office.url),
            SENDER,
            BACK_OFFICE,
            "https://omeasupport.test",
            TOKEN_KEY,
        )

    async def notify(
        self,
        notice: Notice,
        occasion: str = "",
        mail: Mail | None = None,
        technician: str | None = None,
        at: datetime = NOW,
    ) -> None:
        message = Notify(TICKET, notice.value, at, PRODUCTION, HOURS, occasion, technician)
        await ActivityEnvironment().run(self.activities(mail).notify, message)

    def address(self, person: str) -> str:
        [(mail,)] = self.database.rows("SELECT mail FROM people WHERE id = %s", person)
        return str(mail)

    @property
    def client_address(self) -> str:
        return self.address(self.client)

    @property
    def technician_address(self) -> str:
        return self.address(self.technician)

    def recorded(self) -> dict[str, tuple[str | None, bool]]:
        """Each notification's recipient, and whether it is stamped as sent."""
        rows = self.database.rows("SELECT key, recipient_id::text, sent_at IS NOT NULL FROM notifications")
        return {key: (recipient, sent) for key, recipient, sent in rows}

    async def facts(self, technician: str | None = None) -> NoticeFacts:
        async with sessions(self.engine).begin() as session:
            facts = await notice_facts(session, TICKET, technician)
        assert facts is not None
        return facts

    def becomes(self, status: str, **columns: object) -> None:
        # Not a change that exists: the tests take a ticket to any status at once.
        with self.database.connect() as connection:
            connection.execute("SET session_replication_role = replica")
            outcome = "cancelled" if status == "closed" else None
            connection.execute("UPDATE tickets SET status = %s, outcome = %s", (status, outcome))
            for column, value in columns.items():
                connection.execute(f"UPDATE tickets SET {column} = %s", (value,))

    def journal(
        self, act: str, role: str = "client", after: str = "suspended", before: str = "scheduled"
    ) -> None:
        [(key,)] = self.database.rows("SELECT count(*)::text FROM journal")
        self.database.execute(
            "INSERT INTO journal (ticket, key, at, actor_id, actor_role, act, before, after, details) "
            "VALUES (%s, %s, %s, 'x', %s, %s, %s, %s, %s)",
            *(TICKET, key, NOW, role, act, before, after, json.dumps({})),
        )


@asynccontextmanager
async def a_desk(database: Database) -> AsyncIterator[Desk]:
    client, technician = a_client(database), a_technician(database)
    request = a_submission(database, client, "request", text="Plus de Wi-Fi", phone=SECRETS["phone"])
    start = NOW + timedelta(days=3)
    database.execute(
        "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
        "appointment_end, ceiling_minutes, tariff_version, request_id, client_code, technician_code, "
        "opened_at) VALUES (%s, %s, %s, 'internet', 'scheduled', %s, %s, 60, '2026-01', %s, %s, %s, %s)",
        *(TICKET, client, technician, start, start + timedelta(hours=1), request),
        *(SECRETS["client_code"], SECRETS["technician_code"], NOW),
    )
    a_submission(database, client, "anydesk_id", anydesk_id=SECRETS["anydesk_id"])
    engine = create_engine(database.url("omea_worker"))
    async with mail_server() as office:
        yield Desk(database, office, engine, client, technician)
    await engine.dispose()


def the_session_is_reported(desk: Desk, number: int = 1, technician: str | None = None) -> None:
    start, technician = NOW + timedelta(days=2 + number), technician or desk.technician
    desk.database.execute(
        "INSERT INTO sessions (ticket, number, technician_id, started_at, ended_at, ended_by) "
        "VALUES (%s, %s, %s, %s, %s, 'technician')",
        *(TICKET, number, technician, start, start + timedelta(minutes=40)),
    )
    report = a_submission(desk.database, technician, "report", text="Routeur redémarré.")
    desk.database.execute(
        "INSERT INTO reports (ticket, session, submission_id, declared_minutes, measured_minutes, "
        "billed_slices, credible, filed_at) VALUES (%s, %s, %s, 40, 40, 3, true, %s)",
        *(TICKET, number, report, start + timedelta(hours=1)),
    )


def the_charge_is_refused(desk: Desk) -> None:
    issued = NOW + timedelta(days=4)
    desk.database.execute(
        "INSERT INTO invoices (number, ticket, client_id, issued_at, minutes, slices, unit_ttc_cents, "
        "vat_bp, total_ht_cents, total_vat_cents, total_ttc_cents) "
        "VALUES ('F2026-000123', %s, %s, %s, 40, 3, 1500, 2000, 3750, 750, 4500)",
        *(TICKET, desk.client, issued),
    )
    desk.database.execute("INSERT INTO payments VALUES ('F2026-000123', 'pi_1', 'refused')")
    for attempt, later in ((1, 0), (2, 1)):
        desk.database.execute(
            "INSERT INTO payment_attempts VALUES ('F2026-000123', %s, 'expired_card', %s)",
            *(attempt, issued + timedelta(days=later)),
        )
    desk.database.execute("INSERT INTO cards VALUES (%s, 'cus_1', 'pm_1', 'visa 4242', %s)", desk.client, NOW)


def a_refund_is_asked(desk: Desk, status: str = "open") -> None:
    """Of the invoice that there is; ruled if it is not open any more."""
    reason = a_submission(desk.database, desk.client, "refund")
    ruled = None if status == "open" else "whole"
    desk.database.execute(
        "INSERT INTO refund_cases (invoice, n, ticket, status, submission_id, opened_by, opened_at, kind, "
        "amount_cents) VALUES ('F2026-000123', 1, %s, %s, %s, %s, %s, %s, 4500)",
        *(TICKET, status, reason, desk.client, NOW, ruled),
    )


def it_is_credited(desk: Desk, number: str = "A2026-000012", slices: int = 1) -> None:
    desk.database.execute(
        "INSERT INTO credit_notes VALUES (%s, 'F2026-000123', %s, %s, %s, %s, %s)",
        *(number, NOW + timedelta(days=5), slices, 1250 * slices, 250 * slices, 1500 * slices),
    )


def it_is_paid(desk: Desk) -> None:
    desk.database.execute(
        "UPDATE payments SET status = 'paid', collected_cents = 4500, fee_cents = 93, paid_at = %s",
        NOW + timedelta(days=5),
    )


async def it_is_made(desk: Desk, number: str = "F2026-000123", company: Company = A_COMPANY) -> None:
    """The document of an invoice or a credit note."""
    activities = DocumentActivities(sessions(desk.engine), company)
    message = MakeDocument(number, NOW + timedelta(days=4))
    await ActivityEnvironment().run(activities.make_document, message)


def it_is_charged_back(desk: Desk, status: str = "to_answer") -> None:
    desk.database.execute(
        "INSERT INTO chargebacks (reference, invoice, ticket, status, is_inquiry, reason, amount_cents, "
        "withdrawn_cents, fee_cents, opened_at, answer_by) "
        "VALUES ('du_1', 'F2026-000123', %s, %s, false, 'fraudulent', 4500, 4500, 2000, %s, %s)",
        *(TICKET, status, NOW + timedelta(days=9), NOW + timedelta(days=17)),
    )


def it_is_ruled(
    desk: Desk,
    kind: str,
    minutes: int | None = None,
    gains: dict[int, tuple[str, int | None]] | None = None,
) -> None:
    """`gains` maps sessions to what is ruled of them."""
    [(number,)] = desk.database.rows("SELECT count(*) + 1 FROM rulings")
    reason = a_submission(desk.database, desk.client, "ruling")
    desk.database.execute(
        "INSERT INTO rulings VALUES (%s, %s, %s, %s, %s, %s, %s)",
        *(TICKET, number, kind, minutes, reason, desk.client, NOW + timedelta(days=4)),
    )
    for session, (gain, reduced) in (gains or {}).items():
        desk.database.execute(
            "INSERT INTO gain_rulings VALUES (%s, %s, %s, %s, %s)",
            *(TICKET, session, number, gain, reduced),
        )
