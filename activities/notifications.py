"""Telling people: one mail to each of those concerned by an event, each sent once."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gateways.mail import Attachment, Mail
from activities.gateways.text_messages import TextMessages
from activities.post import Contents, Envelope, Post, mail_refused
from activities.recipients import recipient_of
from activities.relevance import still_makes_sense
from activities.wording.calendars import calendar_file
from activities.wording.letters import Letters
from activities.wording.promised_dates import promised_dates
from db.engine import Sessions
from db.reads.documents import document_of
from db.reads.notice_facts import NoticeFacts, PersonFacts
from db.reads.notices import notice_facts
from db.reads.preferences import preferences_of
from domain.catalogue import OF_A_TICKET, RECIPIENTS, Switch
from domain.notices import Notice, Notify
from domain.text_messages import TextMessage, roles_to_text
from domain.tickets import Role

ABOUT_A_REFUND = frozenset(
    {
        Notice.REFUND_ASKED,
        Notice.REFUND_WAITING,
        Notice.REFUND_RULED,
        Notice.REFUND_UNFUNDED,
        Notice.REFUND_FAILED,
        Notice.REFUND_BY_BANK,
    }
)
ABOUT_A_CHARGEBACK = frozenset(
    {
        Notice.CHARGEBACK_OPENED,
        Notice.CHARGEBACK_DUE,
        Notice.CHARGEBACK_CLOSED,
        Notice.CHARGEBACK_LOST,
    }
)


class _About(TypedDict, total=False):
    refund: int
    chargeback: str


@dataclass(frozen=True)
class Refusal:
    """A mail that its server will never take; named by its role, never by its address."""

    role: Role
    code: int


class DocumentMissing(Exception):
    """The document that a mail brings is not made yet: to be tried again later."""


class NotificationActivities:
    """`sender` is the address mails come from, `back_office` the team's shared mailbox; `public_url` is where
    the pages are, without a final slash, and `link_key` signs links that need no signing in. Without
    `text_messages` nobody is told by SMS."""

    def __init__(
        self,
        sessions: Sessions,
        mail: Mail,
        sender: str,
        back_office: str,
        public_url: str,
        link_key: bytes,
        text_messages: TextMessages | None = None,
    ) -> None:
        self._sessions = sessions
        self._post = Post(sessions, mail, sender)
        self._back_office = back_office
        self._letters = Letters(public_url, link_key)
        self._text_messages = text_messages

    @activity.defn(name="notify")
    async def notify(self, notify: Notify) -> None:
        """Send what this event calls for and has not been sent. Safe to repeat.

        A mail is sent a second time, with the same Message-ID, only if this is killed between the
        server's yes and our record. Raises `MailUnavailable` to be tried again later; once nothing is
        left to try, `ApplicationError` of type `mail_refused` if an address was refused for good.
        """
        notice = Notice(notify.kind)
        async with self._sessions.begin() as session:
            facts = await notice_facts(
                session, notify.ticket, notify.technician_id, **_about(notice, notify.occasion)
            )
        if facts is None:
            raise ApplicationError("no such ticket", notify.ticket, type="unknown_ticket", non_retryable=True)
        if not still_makes_sense(notice, notify, facts):
            return
        # Side by side, so that a slow server costs its time-out once, and none waits for another's.
        told = (self._tell(role, notice, notify, facts) for role in RECIPIENTS[notice])
        texted = self._begin_text_messages(notify, facts)
        _raise_failures(await asyncio.gather(*told, texted, return_exceptions=True))

    async def _begin_text_messages(self, notify: Notify, facts: NoticeFacts) -> None:
        if self._text_messages is None:
            return
        for role in roles_to_text(notify, facts.appointment_start):
            await self._text_messages.begin(
                TextMessage(_key(role, notify), notify, role, until=facts.appointment_start)
            )

    async def _tell(self, role: Role, notice: Notice, notify: Notify, facts: NoticeFacts) -> Refusal | None:
        recipient = recipient_of(role, notice, facts)
        if recipient is None and role is not Role.BACK_OFFICE:
            return None
        if recipient is not None and await self._does_without(recipient, notice):
            return None

        async def written() -> Contents:
            files = await self._attached(notice, role, notify, facts)
            dates = promised_dates(facts, notify.at, notify.deadlines, notify.hours)
            number = _document(notice, notify, facts)
            letter = self._letters.write(
                notice, role, recipient, facts, dates, notify.deadlines, number=number
            )
            return Contents(letter, files)

        envelope = Envelope(
            key=_key(role, notify),
            kind=notice.value,
            to=recipient.mail if recipient else self._back_office,
            ticket=notify.ticket,
            recipient_id=recipient.id if recipient else None,
        )
        refused = await self._post.send_once(envelope, written)
        return None if refused is None else Refusal(role, refused.code)

    async def _does_without(self, recipient: PersonFacts, notice: Notice) -> bool:
        if OF_A_TICKET[notice].switch is not Switch.REMINDERS:
            return False
        async with self._sessions() as session:
            return not (await preferences_of(session, recipient.id)).reminders

    async def _attached(
        self, notice: Notice, role: Role, notify: Notify, facts: NoticeFacts
    ) -> tuple[Attachment, ...]:
        """The document or the calendar file that a mail brings. Raises `DocumentMissing` while there is no
        document: such a mail says nothing without it."""
        number = _document(notice, notify, facts)
        if number is None:
            file = calendar_file(notice, role, notify, facts, self._letters.ticket_url(role, facts))
            return () if file is None else (file,)
        async with self._sessions.begin() as session:
            document = await document_of(session, number, ticket=notify.ticket)
        if document is None:
            raise DocumentMissing(number)
        return (Attachment(f"{number}.pdf", "application/pdf", document.pdf),)


def _about(notice: Notice, occasion: str) -> _About:
    """The refund case, or the chargeback, that an occasion names first."""
    named = occasion.partition(":")[0]
    if notice in ABOUT_A_REFUND:
        return _About(refund=int(named))
    return _About(chargeback=named) if notice in ABOUT_A_CHARGEBACK else _About()


def _document(notice: Notice, notify: Notify, facts: NoticeFacts) -> str | None:
    """The number of the invoice or credit note that a notice hands over; the occasion names the latter."""
    match notice:
        case Notice.INVOICE_ISSUED:
            return facts.invoice.number if facts.invoice else None
        case Notice.CREDIT_NOTE_ISSUED:
            return notify.occasion
        case _:
            return None


def _key(role: Role, notify: Notify) -> str:
    """One mail's name. A technician who is not simply the ticket's own is part of it."""
    key = f"{notify.ticket}:{notify.kind}:{notify.occasion}:{role}"
    named = notify.technician_id if role is Role.TECHNICIAN else None
    return f"{key}:{named}" if named else key


def _raise_failures(outcomes: Iterable[Refusal | BaseException | None]) -> None:
    """A breakdown comes before a refusal: it is worth another try, in which what was sent is not repeated."""
    refusals: list[Refusal] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is not None:
            refusals.append(outcome)
    if refusals:
        raise mail_refused(*(f"{refusal.role}: {refusal.code}" for refusal in refusals))
