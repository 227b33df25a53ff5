"""Every column of every table is in the export of one's own data, or is not for a reason written here.
A new column fails until somebody has decided."""

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

import db.models  # noqa: F401  # registers the tables
from api.export_pages import NOT_WORDED
from api.french_export import FIELDS, FOR_BOTH, FOR_CLIENTS, FOR_TECHNICIANS, LABELS, PARTS, SUBMISSIONS
from api.shapes.common import Labelled, Named
from api.shapes.export import PersonalData
from db.columns import Base
from db.models.tickets import SubmissionKind

# Where the columns of a table are found, of the same name or `column>field`. `tickets` is a ticket's page.
IN_THE_EXPORT: dict[str, tuple[str, str]] = {
    "accepted_texts": ("accepted_texts", "text version accepted_at recorded_by>by_team"),
    "accesses": ("accesses", "at kind role"),
    "applications": ("applications", "name mail skills>levels text privacy asked_at decided_at reason"),
    "attachments": (
        "images",
        "id submission_id>writing content_type width height size_bytes>bytes sha256 recorded_at",
    ),
    "authenticators": ("authenticators", "confirmed_at"),
    "bank_orders": ("bank_orders", "reference name iban amount_cents state ordered_at settled_on closed_at"),
    "bookings": ("bookings", "during>start state skill ticket session hold_expires_at"),
    "cards": ("cards", "label saved_at customer_reference card_reference"),
    "chargebacks": ("chargebacks", "invoice reference status reason amount_cents opened_at closed_at"),
    "consents": ("consents", "ticket session text_version submission_id>anydesk_id given_at"),
    "credit_notes": (
        "credit_notes",
        "number invoice issued_at slices total_ht_cents total_vat_cents total_ttc_cents",
    ),
    "disputes": ("tickets", "ticket>number submission_id>disputes raised_at>disputes"),
    "documents": ("documents", "number kind ticket sha256 made_at pdf>link"),
    "erasures": ("erasures", "asked_by asked_at due_at withdrawn_at erased_at"),
    "gain_rulings": ("gain_rulings", "ticket session kind minutes"),
    "gain_claims": ("gains", "statement"),
    "gains": ("gains", "ticket session number slices amount_cents month accepted_at"),
    "identities": ("identities", "issuer subject linked_at used_at removed_at"),
    "invoices": (
        "invoices",
        "number ticket issued_at minutes slices unit_ttc_cents vat_bp total_ht_cents total_vat_cents "
        "total_ttc_cents",
    ),
    "journal": ("acts", "ticket at act before after on_behalf_of>by_team"),
    "leaves": ("leaves", "during>start recorded_by>by_myself recorded_at"),
    "message_preferences": ("message_preferences", "sms reminders phone chosen_at"),
    "notifications": ("mails", "kind ticket channel sent_at refused_at"),
    "payees": (
        "payee",
        "series legal_name siren vat_number street postal_code city is_company first_name last_name "
        "birth_date tax_number mandate mandate_signed_at vigilance_until rail iban wanted_rail wanted_iban "
        "wanted_at account_ready account_missing account_asked_at",
    ),
    "payment_attempts": ("payment_attempts", "invoice attempt refusal by_hand tried_at"),
    "payments": ("payments", "invoice intent status collected_cents paid_at"),
    "payouts": ("statements", "status rail transfer paid_at"),
    "people": ("account", "id role name mail active created_at"),
    "refund_cases": (
        "refunds",
        "invoice n>number ticket status submission_id>reason opened_at>asked_at kind>ruling minutes>ruling "
        "credit_note>ruling amount_cents>ruling ruled_at>ruling closed_at",
    ),
    "refund_gain_rulings": ("refund_gain_rulings", "session kind minutes"),
    "refunds": ("refunds_sent", "invoice amount_cents reference state sent_at failed_at"),
    "reports": (
        "reports",
        "ticket session submission_id>text declared_minutes measured_minutes billed_slices filed_at",
    ),
    "report_drafts": ("drafts", "ticket text declared_minutes saved_at"),
    "reviews": ("reviews", "ticket number stars submission_id>comment given_at"),
    "rulings": ("tickets", "ticket>number kind>rulings minutes>rulings ruled_at>rulings"),
    "session_logs": ("remote_controls", "ticket session started_at ended_at seconds"),
    "sessions": ("sessions", "ticket number started_at ended_at ended_by"),
    "sign_in_links": ("sign_in_links", "asked_at used_at"),
    "sign_ins": ("sign_ins", "began_at seen_at revoked_at device second_factor second_factor_at"),
    "skills": ("skills", "code label"),
    "statement_contests": (
        "contests",
        "statement tickets submission_id>text asked_at answer_id>answer answered_at outcome",
    ),
    "statements": ("statements", "number month issued_at total_cents vat_bp vat_cents"),
    "submissions": ("writings", "id kind body recorded_at"),
    "technician_skills": ("skills", "skill>code level"),
    "technicians": ("payee", "account_reference vetted_at suspended_at"),
    "tickets": (
        "tickets",
        "number client_id>client technician_id>technician skill status outcome appointment_start>start "
        "appointment_end>end ceiling_minutes tariff_version>prices request_id>description "
        "client_code>codes technician_code>codes sequence opened_at acknowledged_at called_at closed_at",
    ),
    "transfer_reversals": ("transfer_reversals", "transfer amount_cents at"),
    "working_hours": ("working_hours", "weekday opens closes"),
}

OWNER = "says whose row it is: they are who asks"
COLLEAGUE = "which colleague did it: theirs, and of their function"
TECHNICAL = "the machine's own mark, which says nothing of anybody"
SECRET = "a fingerprint of a secret: it would help only to forge one"
OURS = "of our own books, money or files, in which nobody is told apart"
SAID = "follows from what is in the export"

STRANGER = "of somebody who has no account, and so nobody to ask; gone the night after"

# table.column, or a whole table: why not.
NOT_IN_THE_EXPORT: dict[str, str] = {
    "accepted_texts.person_id": OWNER,
    "accepted_texts.recorded_at": TECHNICAL,
    "accesses.id": TECHNICAL,
    "accesses.part": "may be another person's image or year",
    "accesses.person_id": "which colleague read: their role is told, their name is theirs",
    "accesses.recorded_at": TECHNICAL,
    "accesses.request": TECHNICAL,
    "accesses.subject": "in `accesses` they are who asks; in `own_accesses` it is somebody else",
    "applications.decided_by": COLLEAGUE,
    "applications.id": TECHNICAL,
    "applications.mail_mark": SECRET,
    "applications.network_mark": SECRET,
    "applications.technician_id": OWNER,
    "archived_records": "the books of people who have left: nobody of ours is in it",
    "attachments.author_id": OWNER,
    "attachments.content": "by the link: it has its own route",
    "authenticators.key_id": TECHNICAL,
    "authenticators.last_step": TECHNICAL,
    "authenticators.person_id": OWNER,
    "authenticators.sealed": SECRET,
    "bank_debits": OURS,
    "bank_messages": "messages of our bank about many people; what they said of one is in `bank_orders`",
    "bank_orders.attempt": TECHNICAL,
    "bank_orders.by_file": TECHNICAL,
    "bank_orders.code": "the bank's reason, for finance",
    "bank_orders.file": OURS,
    "bank_orders.payout": "its statement is in `statements`",
    "bank_orders.recorded_at": TECHNICAL,
    "bookings.held_by": OWNER,
    "bookings.id": TECHNICAL,
    "bookings.recorded_at": TECHNICAL,
    "bookings.technician_id": "oneself, or whom the ticket names",
    "calendar_feeds.opened_at": TECHNICAL,
    "calendar_feeds.technician_id": OWNER,
    "capacity_events": "deleted as soon as the tickets have been told",
    "cards.client_id": OWNER,
    "chargebacks.answer_by": "our own delay towards the bank",
    "chargebacks.answered_at": "our own part of it",
    "chargebacks.fee_cents": OURS,
    "chargebacks.is_inquiry": "how the bank counts it: `status` and `reason` say it",
    "chargebacks.returned_cents": OURS,
    "chargebacks.ticket": SAID,
    "chargebacks.withdrawn_cents": OURS,
    "consents.sequence": TECHNICAL,
    "credit_note_counters": TECHNICAL,
    "documents.facts": "what is printed in the PDF",
    "documents.invoice": SAID,
    "documents.recorded_at": TECHNICAL,
    "documents.xml": "embedded in the PDF",
    "disputes.number": SAID,
    "erasures.actor_id": "oneself, or the colleague who was asked on the phone",
    "erasures.customer_reference": "what is left to delete once somebody has gone",
    "erasures.id": TECHNICAL,
    "erasures.kept_records": "of what was kept of somebody who has gone: their certificate told them",
    "erasures.kept_until": "of what was kept of somebody who has gone: their certificate told them",
    "erasures.key": TECHNICAL,
    "erasures.mail": "where the certificate is still to go",
    "erasures.person_id": OWNER,
    "erasures.recorded_at": TECHNICAL,
    "erasures.withdrawn_by": "oneself, or the colleague who was asked on the phone",
    "gain_claims.gain_id": TECHNICAL,
    "gain_rulings.ruling": "the ruling on the client's invoice is between us and the client",
    "gains.act": TECHNICAL,
    "gains.id": TECHNICAL,
    "gains.technician_id": OWNER,
    "identities.id": TECHNICAL,
    "identities.person_id": OWNER,
    "invariant_alerts": OURS,
    "invariant_checks": OURS,
    "invoice_counters": TECHNICAL,
    "invoices.client_id": OWNER,
    "journal.actor_id": "oneself, or the colleague who acted for one",
    "journal.actor_role": SAID,
    "journal.details": "ids, of writings that are there and of others' assignments",
    "journal.id": TECHNICAL,
    "journal.key": TECHNICAL,
    "journal.recorded_at": TECHNICAL,
    "leaves.id": TECHNICAL,
    "leaves.technician_id": OWNER,
    "ledger_lines": "our books: what is in them of anybody is in their invoices, payments and statements",
    "ledger_transactions": OURS,
    "mail_notes": "that the back office has seen a refused mail: the mail itself is there, with when",
    "message_preferences.person_id": OWNER,
    "notifications.begun_at": TECHNICAL,
    "notifications.key": TECHNICAL,
    "notifications.message_id": TECHNICAL,
    "notifications.recipient_id": OWNER,
    "notifications.recorded_at": TECHNICAL,
    "notifications.refused_code": TECHNICAL,
    "payees.technician_id": OWNER,
    "payments.fee_cents": OURS,
    "payout_runs": COLLEAGUE,
    "payouts.attempts": TECHNICAL,
    "payouts.failure": "the provider's reason, for finance",
    "payouts.key": TECHNICAL,
    "pending_sign_ins": "of the last ten minutes, and gone the night after",
    "provider_entries": "our balance at the provider: a person's are in `payments` and `statements`",
    "provider_readings": TECHNICAL,
    "recovery_acts": OURS,
    "recovery_codes": SECRET,
    "refresh_tokens": SECRET,
    "refund_cases.failure": "why the money could not be sent, for the team: `api/seen_refunds.py`",
    "refund_cases.opened_by": "oneself, or the colleague who asked for one: in `acts`",
    "refund_cases.ruled_by": COLLEAGUE,
    "refund_cases.ruling_id": "the team's own reason: `api/seen_refunds.py`",
    "refund_gain_rulings.invoice": "the ticket tells a technician's; an invoice is the client's",
    "refund_gain_rulings.n": TECHNICAL,
    "refunds.attempt": TECHNICAL,
    "refunds.n": TECHNICAL,
    "reports.credible": "on the ticket's page: `report`",
    "reports.evidence": "on the ticket's page: `report`",
    "report_drafts.technician_id": OWNER,
    "requests": "marks against doing twice what was asked: what came of it is in the export",
    "reversal_requests": COLLEAGUE,
    "rulings.number": SAID,
    "rulings.ruled_by": COLLEAGUE,
    "rulings.submission_id": "the team's own reasons: `api/visibility.py`",
    "session_logs.read_at": TECHNICAL,
    "session_logs.reference": "the log's own name of it",
    "sessions.technician_id": "oneself, or whom the ticket names",
    "sign_in_links.browser_hash": SECRET,
    "sign_in_links.id": TECHNICAL,
    "sign_in_links.mail_mark": SECRET,
    "sign_in_links.network_mark": SECRET,
    "sign_in_links.person_id": OWNER,
    "sign_ins.id": TECHNICAL,
    "sign_ins.person_id": OWNER,
    "sign_ins.recorded_at": TECHNICAL,
    "sign_ins.secret_hash": SECRET,
    "sign_ups": STRANGER,
    "skills.required_level": "of the skill, not of anybody",
    "statement_contests.answered_by": COLLEAGUE,
    "statement_contests.gain_id": "the correction is among the gains",
    "statement_counters": TECHNICAL,
    "statements.cut_off": TECHNICAL,
    "statements.key": TECHNICAL,
    "statements.n": TECHNICAL,
    "statements.sequence": SAID,
    "statements.technician_id": OWNER,
    "status_changes": "a rule, of nobody",
    "submissions.author_id": OWNER,
    "tariffs": "prices; which colleague set them is of their function",
    "technician_skills.technician_id": OWNER,
    "technicians.id": OWNER,
    "technicians.suspended_by": COLLEAGUE,
    "technicians.vetted_by": COLLEAGUE,
    "tickets.assignment": "why each technician was chosen: it names others",
    "tickets.flexible": "of an hour still to be found",
    "tickets.required_level": "of the problem, for finding a technician",
    "tickets.taken_over_at": COLLEAGUE,
    "tickets.taken_over_by": COLLEAGUE,
    "tickets.wrong_codes": "a safeguard, for the back office: `api/visibility.py`",
    "transfer_files": "files of transfers to many people: a person's are in `bank_orders`",
    "transfer_reversals.payout": "its statement is in `statements`",
    "transfer_reversals.recorded_at": TECHNICAL,
    "transfer_reversals.reference": "the provider's name of it",
    "webhook_events": "the provider's ids of its notices",
    "wrong_codes": "that one was mistyped, gone the night after",
    "working_hours.technician_id": OWNER,
}


def test_every_column_is_in_the_export_or_is_not_for_a_reason() -> None:
    columns = {
        f"{table}.{column.name}" for table, found in Base.metadata.tables.items() for column in found.columns
    }
    whole = {name for name in NOT_IN_THE_EXPORT if "." not in name}
    assert whole <= set(Base.metadata.tables)
    told = {f"{table}.{column}" for table, column, _ in exported()}
    kept_back = {name for name in columns if name.partition(".")[0] in whole or name in NOT_IN_THE_EXPORT}
    assert not told & kept_back
    assert columns - told - kept_back == set()
    assert told | {name for name in NOT_IN_THE_EXPORT if "." in name} <= columns


def test_every_field_of_the_export_that_is_named_there_is_in_its_shape() -> None:
    for table, column, field in exported():
        part = IN_THE_EXPORT[table][0]
        assert field in shape_of(part).model_fields, f"{table}.{column}: {part}.{field}"


def test_every_part_and_every_field_has_its_french_name() -> None:
    parts = set(PersonalData.model_fields) - {"made_at", "explained"}
    assert set(PARTS) == parts
    assert {*FOR_CLIENTS, *FOR_TECHNICIANS, *FOR_BOTH} <= parts
    assert set(SUBMISSIONS) == set(SubmissionKind)
    for part, field in LABELS:
        assert field in shape_of(part).model_fields
    assert {name for part in parts for name in fields_within(shape_of(part))} - {"body"} == set(FIELDS)


def exported() -> Iterator[tuple[str, str, str]]:
    """Table, column, field."""
    for table, (_, columns) in IN_THE_EXPORT.items():
        for one in columns.split():
            column, _, field = one.partition(">")
            yield table, column, field or column


def fields_within(shape: type[BaseModel]) -> set[str]:
    """Those that the pages name, at whatever depth."""
    names = set()
    for name, field in shape.model_fields.items():
        if name in NOT_WORDED:
            continue
        names.add(name)
        for inner in shapes_in(field.annotation):
            if inner not in (Labelled, Named):
                names |= fields_within(inner)
    return names


def shapes_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return set().union(*(shapes_in(one) for one in get_args(annotation)))


def shape_of(part: str) -> type[BaseModel]:
    [shape] = shapes_in(PersonalData.model_fields[part].annotation)
    return shape
