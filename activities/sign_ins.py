"""Signing in: the mail with the link, and the end of what is over."""

from temporalio import activity

from activities.gateways.mail import Mail
from activities.post import Contents, Envelope, Post, mail_refused
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.sign_ins import link_to_send
from db.stores import sign_ins
from domain.sign_ins import Forget, SignInRequest

# Of the notifications.
KIND = "sign_in"


class SignInActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def send_sign_in_link(self, request: SignInRequest) -> None:
        """One mail, with a link made here and kept nowhere; none when nobody has that address. Sent once, as
        `notify` does. Raises `MailUnavailable` to be tried again later, `ApplicationError` of type
        `mail_refused` for an address that its server will never take."""
        async with self._database() as session:
            link = await link_to_send(session, request.link_id)
        if link is None:
            return

        async def write() -> Contents:
            return Contents(self._letters.write_of_sign_in(link))

        envelope = Envelope(f"{KIND}:{request.link_id}", KIND, link.mail, recipient_id=link.person_id)
        refused = await self._post.send_once(envelope, write)
        if refused is not None:
            raise mail_refused(str(refused.code))

    @activity.defn
    async def forget_sign_ins(self, message: Forget) -> int:
        """Delete what is over; how many rows."""
        async with self._database.begin() as session:
            return await sign_ins.forget(session, message.at)
