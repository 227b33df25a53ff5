"""Telling by SMS what a mail has said already: at most once, and only while it is true."""

from enum import StrEnum

from temporalio import activity

from activities.gateways.sms import Sms, SmsUnavailable
from activities.post import message_id
from activities.recipients import recipient_of
from activities.relevance import still_makes_sense
from activities.wording.texts import text_of
from db.engine import Sessions
from db.reads.notice_facts import NoticeFacts, PersonFacts
from db.reads.notices import notice_facts
from db.reads.preferences import Preferences, phone_of_request, preferences_of
from db.stores.notifications import begin_sms, record_sent, sms_not_taken
from domain.catalogue import OF_A_TICKET, Switch
from domain.notices import Notice
from domain.text_messages import TextMessage, is_mobile
from domain.tickets import Role


class Outcome(StrEnum):
    SENT = "sent"
    STALE = "stale"
    NOT_WANTED = "not_wanted"
    NO_NUMBER = "no_number"
    ALREADY = "already"
    NO_PROVIDER = "no_provider"


class TextMessageActivities:
    """Without `sms` none is sent. `sender` is the address mails come from: an SMS's id is like theirs."""

    def __init__(self, sessions: Sessions, sms: Sms | None, sender: str) -> None:
        self._sessions = sessions
        self._sms = sms
        self._sender = sender

    @activity.defn
    async def send_text_message(self, message: TextMessage) -> Outcome:
        """Safe to repeat. Raises `SmsUnavailable` to be tried again later.

        Killed between the provider's yes and our record, it is not sent again: nobody knows, and no provider
        offers a key by which a repeat is recognised.
        """
        if self._sms is None:
            return Outcome.NO_PROVIDER
        notify, notice = message.notify, Notice(message.notify.kind)
        async with self._sessions.begin() as session:
            facts = await notice_facts(session, notify.ticket, notify.technician_id)
            if facts is None or not still_makes_sense(notice, notify, facts):
                return Outcome.STALE
            recipient = recipient_of(message.role, notice, facts)
            if recipient is None:
                return Outcome.STALE
            wanted = await preferences_of(session, recipient.id)
            if not _is_wanted(notice, wanted):
                return Outcome.NOT_WANTED
            number = wanted.phone
            if number is None and message.role is Role.CLIENT:
                number = await phone_of_request(session, notify.ticket)
        if number is None or not is_mobile(number):
            return Outcome.NO_NUMBER
        return await self._send(self._sms, message, number, facts, recipient)

    async def _send(
        self, sms: Sms, message: TextMessage, number: str, facts: NoticeFacts, recipient: PersonFacts
    ) -> Outcome:
        key, notice = f"{message.key}:sms", Notice(message.notify.kind)
        async with self._sessions.begin() as session:
            is_ours = await begin_sms(
                session,
                key=key,
                ticket=facts.ticket,
                kind=notice.value,
                recipient_id=recipient.id,
                message_id=message_id(key, self._sender),
            )
        if not is_ours:
            return Outcome.ALREADY
        try:
            await sms.send(number, text_of(notice, message.role, facts))
        except SmsUnavailable:
            async with self._sessions.begin() as session:
                await sms_not_taken(session, key)
            raise
        async with self._sessions.begin() as session:
            await record_sent(session, key)
        return Outcome.SENT


def _is_wanted(notice: Notice, wanted: Preferences) -> bool:
    is_reminder = OF_A_TICKET[notice].switch is Switch.REMINDERS
    return wanted.sms and (wanted.reminders or not is_reminder)
