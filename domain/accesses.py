"""What counts as sensitive: the readings by staff, and their acts, that the journal of accesses keeps.

An entry holds ids only. What a route shows or does is said on the route itself, by one of these names. An act
on a ticket is in that ticket's own journal, and here it is the reading of the file that it ends with.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.tickets import Role

# The team. What clients and technicians read is their own; for the one exception see `CLIENT_CONTACT`.
STAFF = frozenset({Role.BACK_OFFICE, Role.FINANCE})

# CNIL, délibération n° 2021-122 of 14 October 2021: between six months and a year.
KEPT_FOR = timedelta(days=365)
# Within these a second reading of the same by the same person is told by the entry of the first.
FOLDED_FOR = timedelta(minutes=10)


class Reading(StrEnum):
    """Something of others was shown. Some are lists: one entry for the list, none for its lines."""

    TICKETS = "tickets"
    QUEUE = "queue"
    DAY = "day"
    SEARCH = "search"
    # The list of people, and the page of one: who they are, what is set about them, their requests.
    PEOPLE = "people"
    PERSON = "person"
    TICKET = "ticket"
    TICKET_JOURNAL = "ticket_journal"
    IMAGE = "image"
    INVOICE = "invoice"
    REFUNDS = "refunds"
    CHARGEBACKS = "chargebacks"
    # By the technician of the ticket: the client's phone number, and AnyDesk id once it is given.
    CLIENT_CONTACT = "client_contact"
    TECHNICIANS = "technicians"
    PAYEE = "payee"
    STATEMENT = "statement"
    CONTESTS = "contests"
    PAYOUTS = "payouts"
    EARNINGS = "earnings"
    TRANSFER_FILE = "transfer_file"
    LEDGER = "ledger"
    LEDGER_EXPORT = "ledger_export"
    DECLARATION = "declaration"
    DECLARATION_FILE = "declaration_file"
    YEARLY_STATEMENT = "yearly_statement"
    ACCESSES = "accesses"
    # What Temporal keeps of processes, in clear: everything that people told us in it.
    HISTORIES = "histories"
    COLLEAGUES = "colleagues"
    APPLICATIONS = "applications"
    PERSONAL_DATA = "personal_data"
    ERASURE = "erasure"


class Act(StrEnum):
    """Something was asked for or set. What a process still refused is entered too: it was asked for. Of
    refunds and chargebacks, the ticket's journal has what was done."""

    TECHNICIAN_ENROLLED = "technician_enrolled"
    SKILLS_SET = "skills_set"
    WORKING_HOURS_SET = "working_hours_set"
    LEAVE_RECORDED = "leave_recorded"
    LEAVE_DELETED = "leave_deleted"
    TECHNICIAN_VETTED = "technician_vetted"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_DELETED = "application_deleted"
    TECHNICIAN_SUSPENDED = "technician_suspended"
    TECHNICIAN_REINSTATED = "technician_reinstated"
    IDENTITY_SET = "identity_set"
    PAPERS_RECORDED = "papers_recorded"
    BANK_ASKED = "bank_asked"
    BANK_CONFIRMED = "bank_confirmed"
    BANK_REFUSED = "bank_refused"
    REFUND_ASKED = "refund_asked"
    REFUND_RULED = "refund_ruled"
    REFUND_RETRIED = "refund_retried"
    REFUND_SETTLED = "refund_settled"
    CHARGEBACK_ANSWERED = "chargeback_answered"
    CHARGEBACK_CONCEDED = "chargeback_conceded"
    PAYOUTS_RUN = "payouts_run"
    TRANSFER_TAKEN_BACK = "transfer_taken_back"
    CONTEST_ANSWERED = "contest_answered"
    BANK_MESSAGE_BROUGHT = "bank_message_brought"
    TARIFF_SET = "tariff_set"
    SECOND_FACTOR_RESET = "second_factor_reset"
    CLIENT_ADDED = "client_added"
    REFUSED_MAIL_NOTED = "refused_mail_noted"
    COLLEAGUE_ADDED = "colleague_added"
    COLLEAGUE_ROLE_SET = "colleague_role_set"
    COLLEAGUE_CLOSED = "colleague_closed"
    COLLEAGUE_REOPENED = "colleague_reopened"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_WITHDRAWN = "erasure_withdrawn"


@dataclass(frozen=True)
class Entry:
    """`subject` is the id of what was read or changed, `part` that of the part of it: a ticket's number and
    an image's id, a technician's id and a year. `request` tells the request of an act apart from others."""

    at: datetime
    person_id: str
    role: Role
    kind: Reading | Act
    subject: str | None = None
    part: str | None = None
    request: str | None = None
