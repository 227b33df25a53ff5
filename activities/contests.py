"""Contests of statements: recorded, answered, and told of."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import refusals
from activities.gateways.mail import Mail
from activities.post import Contents, Envelope, Post, mail_refused
from activities.wording.letters import Letter, Letters
from db.engine import Sessions
from db.reads.contests import ContestToTell, contest_to_tell
from db.stores.payouts import contests
from domain.contests import AnswerContest, ContestRequest, TellOfContest

# Of the notifications: what the team is told, and what the technician is.
ASKED, ANSWERED = "contest_asked", "contest_answered"


class ContestActivities:
    """`sender` is the address mails come from, `back_office` the team's shared mailbox; `public_url` and
    `link_key` are the letters'."""

    def __init__(
        self,
        database: Sessions,
        mail: Mail,
        sender: str,
        back_office: str,
        public_url: str,
        link_key: bytes,
    ) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._back_office = back_office
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def record_contest(self, message: ContestRequest) -> None:
        with refusals():
            async with self._database.begin() as session:
                await contests.record(session, message)

    @activity.defn
    async def answer_contest(self, message: AnswerContest) -> None:
        """The answer and the gain that corrects, in one transaction."""
        with refusals():
            async with self._database.begin() as session:
                await contests.answer(session, message)

    @activity.defn
    async def tell_of_contest(self, message: TellOfContest) -> None:
        """One mail to the team, which is of no use any more once the contest is answered. Sent once, as
        `notify` does. Raises `MailUnavailable` to be tried again later."""
        found = await self._found(message)
        if found.file.contest.outcome is None:
            letter = self._letters.write_of_contest(found)
            await self._send(found, ASKED, None, self._back_office, letter)

    @activity.defn
    async def tell_of_contest_answer(self, message: TellOfContest) -> None:
        """One mail to the technician, unless their account is closed. As `tell_of_contest` otherwise."""
        found = await self._found(message)
        if found.technician.active:
            letter = self._letters.write_of_contest_answer(found)
            await self._send(found, ANSWERED, found.technician.id, found.technician.mail, letter)

    async def _found(self, message: TellOfContest) -> ContestToTell:
        async with self._database.begin() as session:
            found = await contest_to_tell(session, message.statement)
        if found is None:
            raise ApplicationError(
                "no such contest", message.statement, type="unknown_contest", non_retryable=True
            )
        return found

    async def _send(
        self, found: ContestToTell, kind: str, recipient_id: str | None, to: str, letter: Letter
    ) -> None:
        async def written() -> Contents:
            return Contents(letter)

        envelope = Envelope(f"{kind}:{found.statement.number}", kind, to, recipient_id=recipient_id)
        refused = await self._post.send_once(envelope, written)
        if refused is not None:
            raise mail_refused(str(refused.code))
