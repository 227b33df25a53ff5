"""Looking at what must always be true, and telling the team when it is not. Nothing is ever repaired here."""

from datetime import datetime

from temporalio import activity

from activities.gateways.mail import Mail
from activities.gateways.running_tickets import RunningTickets
from activities.post import Contents, Envelope, Post, mail_refused
from activities.wording.invariants import InvariantNews
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.invariant_checks import alerts_at
from db.reads.invariants.looking import look
from db.stores.invariants import record_checks
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
        self._post = Post(database, mail, sender)
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

        async def written() -> Contents:
            async with self._database.begin() as session:
                news = [
                    InvariantNews(check.name, change, check.total, tuple(check.rows))
                    for check, change in await alerts_at(session, message.at)
                ]
            return Contents(self._letters.write_of_invariants(news, message.at))

        envelope = Envelope(f"{KIND}:{message.at.isoformat()}", KIND, self._back_office)
        refused = await self._post.send_once(envelope, written)
        if refused is not None:
            raise mail_refused(str(refused.code))
