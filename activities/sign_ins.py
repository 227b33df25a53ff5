"""Signing in: the mail with the link, and the end of what is over."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gateways.mail import Mail, MailRefused, Message
from activities.notifications import message_id
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.sign_ins import link_to_send
from db.stores import sign_ins
from db.stores.notifications import enter_notification, record_sent
from domain.sign_ins import Forget, SignInRequest

# Of the notifications.
KIND = "sign_in"


class SignInActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._mail = mail
        self._sender = sender
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def send_sign_in_link(self, request: SignInRequest) -> None:
        """One mail, with a link made here and kept nowhere; none when nobody has that address. Sent once, as
        `notify` does. Raises `MailUnavailable` to be tried again later, `ApplicationError` of type
        `mail_refused` for an address that its server will never take."""
        key = f"{KIND}:{request.link_id}"
        async with self._database.begin() as session:
            link = await link_to_send(session, request.link_id)
            if link is None:
                return
            entered = await enter_notification(
                session,
                key=key,
                ticket=None,
                kind=KIND,
                recipient_id=link.person_id,
                message_id=message_id(key, self._sender),
            )
        if entered.sent:
            return
        letter = self._letters.write_of_sign_in(link)
        answer = await self._mail.send(
            Message(
                to=link.mail,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=entered.message_id,
                sender=self._sender,
            )
        )
        if isinstance(answer, MailRefused):
            raise ApplicationError(
                "the mail server refused an address for good",
                str(answer.code),
                type="mail_refused",
                non_retryable=True,
            )
        async with self._database.begin() as session:
            await record_sent(session, key)

    @activity.defn
    async def forget_sign_ins(self, message: Forget) -> int:
        """Delete what is over; how many rows."""
        async with self._database.begin() as session:
            return await sign_ins.forget(session, message.at)
