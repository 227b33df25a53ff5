"""Of the export of one's own data: the account, what its person wrote and did, and who read of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from db.models.accesses import Access
from db.models.admissions import AcceptanceOfText, Application
from db.models.attachments import Attachment
from db.models.documents import StoredDocument
from db.models.erasures import Erasure
from db.models.identities import PersonIdentity
from db.models.money import Invoice
from db.models.notifications import MessagePreferences, Notification
from db.models.payouts import Statement
from db.models.people import Person
from db.models.second_factors import Authenticator
from db.models.sign_ins import SignIn, SignInLink
from db.models.tickets import JournalEntry, Submission, Ticket
from db.reads.people import KnownPerson
from domain.accesses import STAFF

Query = Select[*tuple[Any, ...]]


def account(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    return {
        "account": select(
            Person.id, Person.role, Person.name, Person.mail, Person.active, Person.created_at
        ).where(Person.id == me),
        "accepted_texts": select(
            AcceptanceOfText.text,
            AcceptanceOfText.version,
            AcceptanceOfText.accepted_at,
            (AcceptanceOfText.recorded_by != me).label("by_team"),
        )
        .where(AcceptanceOfText.person_id == me)
        .order_by(AcceptanceOfText.accepted_at, AcceptanceOfText.text),
        "applications": select(
            Application.name,
            Application.mail,
            Application.skills.label("levels"),
            Application.text,
            Application.privacy,
            Application.asked_at,
            Application.decided_at,
            Application.reason,
        )
        .where(
            or_(
                Application.technician_id == me,
                # As the erasure finds them: of who was refused, or waits.
                func.lower(Application.mail) == person.mail.lower(),
            )
        )
        .order_by(Application.asked_at),
        "identities": select(
            PersonIdentity.issuer,
            PersonIdentity.subject,
            PersonIdentity.linked_at,
            PersonIdentity.used_at,
            PersonIdentity.removed_at,
        )
        .where(PersonIdentity.person_id == me)
        .order_by(PersonIdentity.linked_at),
        "authenticators": select(Authenticator.confirmed_at).where(Authenticator.person_id == me),
        "sign_ins": select(
            SignIn.began_at,
            SignIn.seen_at,
            SignIn.revoked_at,
            SignIn.device,
            SignIn.second_factor,
            SignIn.second_factor_at,
        )
        .where(SignIn.person_id == me)
        .order_by(SignIn.began_at),
        "sign_in_links": select(SignInLink.asked_at, SignInLink.used_at)
        .where(SignInLink.person_id == me)
        .order_by(SignInLink.asked_at),
        "erasures": select(
            Erasure.asked_by, Erasure.asked_at, Erasure.due_at, Erasure.withdrawn_at, Erasure.erased_at
        )
        .where(Erasure.person_id == me)
        .order_by(Erasure.asked_at),
        "message_preferences": select(
            MessagePreferences.sms,
            MessagePreferences.reminders,
            MessagePreferences.phone,
            MessagePreferences.chosen_at,
        ).where(MessagePreferences.person_id == me),
        "mails": select(
            Notification.kind,
            Notification.ticket,
            Notification.channel,
            Notification.sent_at,
            Notification.refused_at,
        )
        .where(Notification.recipient_id == me)
        .order_by(Notification.recorded_at),
    }


def written(person: KnownPerson) -> dict[str, Query]:
    """What colleagues write in their function is about others: of theirs, that they wrote it."""
    me = person.id
    body = Submission.body if person.role not in STAFF else literal(None).label("body")
    return {
        "writings": select(Submission.id, Submission.kind, body, Submission.recorded_at)
        .where(Submission.author_id == me)
        .order_by(Submission.recorded_at, Submission.id),
        "images": select(
            Attachment.id,
            Attachment.submission_id.label("writing"),
            Attachment.content_type,
            Attachment.width,
            Attachment.height,
            Attachment.size_bytes.label("bytes"),
            Attachment.sha256,
            Attachment.recorded_at,
        )
        .where(Attachment.author_id == me)
        .order_by(Attachment.id),
        "acts": select(
            JournalEntry.ticket,
            JournalEntry.at,
            JournalEntry.act,
            JournalEntry.before,
            JournalEntry.after,
            (JournalEntry.actor_id != me).label("by_team"),
        )
        .where(or_(JournalEntry.actor_id == me, JournalEntry.on_behalf_of == me))
        .order_by(JournalEntry.at, JournalEntry.id),
    }


def readings(person: KnownPerson) -> dict[str, Query]:
    """Those of a ticket are told to its client; those of a list name nobody. The person's own readings of
    others, a colleague's or a technician's, are told without whom they were about."""
    me = person.id
    numbers: Sequence[Query] = (
        select(Ticket.number).where(Ticket.client_id == me),
        select(Statement.number).where(Statement.technician_id == me),
    )
    subjects: list[ColumnElement[bool]] = [Access.subject == me]
    subjects += [Access.subject.in_(one) for one in numbers]
    invoices = select(Invoice.number).where(Invoice.client_id == me)
    owners = or_(
        StoredDocument.invoice.in_(invoices),
        StoredDocument.number.in_(select(Statement.number).where(Statement.technician_id == me)),
    )
    return {
        "documents": select(
            StoredDocument.number,
            StoredDocument.kind,
            StoredDocument.ticket,
            StoredDocument.sha256,
            StoredDocument.made_at,
        )
        .where(owners)
        .order_by(StoredDocument.made_at, StoredDocument.number),
        "accesses": select(Access.at, Access.kind, Access.role)
        .where(or_(*subjects), Access.person_id != me)
        .order_by(Access.at, Access.id),
        "own_accesses": select(Access.at, Access.kind)
        .where(Access.person_id == me)
        .order_by(Access.at, Access.id),
    }
