"""Looking at what must always be true, and telling the team when it is not. Nothing is ever repaired here."""

from datetime import datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gateways.mail import Mail, MailRefused, Message
from activities.gateways.running_tickets import RunningTickets
from activities.notifications import message_id
from activities.wording.invariants import InvariantNews
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.invariant_checks import alerts_at
from db.reads.invariants.looking import look
from db.stores.invariants import record_checks
from db.stores.notifications import enter_notification, record_sent
from domain.invariants import Found, Look, Looked, Patience

# Of the notifications: what is told to the team of the checks of one moment.
KIND = "invariants"


async def look_at_all(
    database: Sessions, running: RunningTickets, at: datetime, patience: Patience
) -> list[Found]:
    """What each invariant finds now. The workflows are asked for first: what begins between the two questions
    is younger than `patience`."""
    started = await running.started()
    async with database() as session:
        return await look(session, at, started, patience)


class InvariantActivities:
    """`sender` is the address mails come from, `back_office` the team's shared mailbox; `public_url` and
    `link_key` are the letters'."""

    def __init__(
        self,
        database: Sessions,
        running: RunningTickets,
        mail: Mail,
        sender: str,
        back_office: str,
        public_url: str,
        link_key: bytes,
    ) -> None:
        self._database = database
        self._running = running
        self._mail = mail
        self._sender = sender
        self._back_office = back_office
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def look_at_invariants(self, message: Look) -> Looked:
        """Look, and keep what was found, together with what of it is news. Safe to repeat: what was kept for
        this moment stays."""
        found = await look_at_all(self._database, self._running, message.at, Patience())
        async with self._database.begin() as session:
            news = await record_checks(session, message.at, found)
        return Looked(violated=tuple(one.name for one in found if not one.ok), news=news)

    @activity.defn
    async def tell_of_invariants(self, message: Look) -> None:
        """One mail to the team with all the news of that moment, sent once, as `notify` does. Raises
        `MailUnavailable` to be tried again later."""
        key = f"{KIND}:{message.at.isoformat()}"
        async with self._database.begin() as session:
            news = [
                InvariantNews(check.name, change, check.total, tuple(check.rows))
                for check, change in await alerts_at(session, message.at)
            ]
            entered = await enter_notification(
                session,
                key=key,
                ticket=None,
                kind=KIND,
                recipient_id=None,
                message_id=message_id(key, self._sender),
            )
        if entered.sent:
            return
        letter = self._letters.write_of_invariants(news, message.at)
        answer = await self._mail.send(
            Message(
                to=self._back_office,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=entered.message_id,
                sender=self._sender,
            )
        )
        if isinstance(answer, MailRefused):
            raise ApplicationError(
                "the mail server refused the team's address for good",
                str(answer.code),
                type="mail_refused",
                non_retryable=True,
            )
        async with self._database.begin() as session:
            await record_sent(session, key)
