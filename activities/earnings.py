"""Technicians are told of their money: one mail a gain, a statement, a cause that holds a transfer."""

from temporalio import activity

from activities.gateways.mail import Attachment, Mail
from activities.post import Contents, Envelope, Post
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.documents import document_of
from db.reads.earnings import EarningsToTell, earnings_to_tell, what_to_tell
from domain.earnings import EarningsDue, FindEarnings, TellOfEarnings


class EarningsActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def earnings_to_tell(self, message: FindEarnings) -> EarningsDue:
        async with self._database() as session:
            return EarningsDue(tuple(await earnings_to_tell(session, message.at)))

    @activity.defn
    async def tell_of_earnings(self, message: TellOfEarnings) -> None:
        """Tell one of them, once. Nobody is told of what holds no more. Raises `MailUnavailable` to be tried
        again later."""
        due = message.earnings
        async with self._database() as session:
            told = await what_to_tell(session, due, message.at)
        if told is None:
            return

        async def write() -> Contents:
            return Contents(self._letters.write_of_earnings(due.mail, told), await self._attached(told))

        envelope = Envelope(due.key, due.mail, told.mail, recipient_id=due.technician_id)
        await self._post.send_once(envelope, write)

    async def _attached(self, told: EarningsToTell) -> tuple[Attachment, ...]:
        """A statement's document, unless it has left for the archive meanwhile."""
        if told.statement is None:
            return ()
        number = told.statement.number
        async with self._database() as session:
            document = await document_of(session, number, ticket=None)
        return (Attachment(f"{number}.pdf", "application/pdf", document.pdf),) if document else ()
