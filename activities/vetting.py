"""Papers that end: their technician is told in time."""

from temporalio import activity

from activities.gateways.mail import Mail
from activities.post import Contents, Envelope, Post
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.vetting import PapersThatEnd, papers_that_end
from domain.opening_hours import PARIS
from domain.vetting import EXPIRE_SOON, PapersReminder, RemindersDue, RemindOfPapers, reminder

# Of the notifications.
KIND = "papers_end"


class VettingActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def papers_to_remind_of(self, message: RemindOfPapers) -> RemindersDue:
        """Who is to be told that their papers end soon or have ended, those who were told included."""
        today = message.at.astimezone(PARIS).date()
        async with self._database() as session:
            found = await papers_that_end(session, today + EXPIRE_SOON)
        due = ((one, reminder(one.until, today)) for one in found)
        return RemindersDue(
            tuple(
                PapersReminder(one.technician_id, one.until, ahead) for one, ahead in due if ahead is not None
            )
        )

    @activity.defn
    async def remind_of_papers(self, due: PapersReminder) -> None:
        """Tell one of them, once. Nobody is told whose papers are others by now. Raises `MailUnavailable` to
        be tried again later."""
        async with self._database() as session:
            found = await papers_that_end(session, due.until, due.technician_id)
        for papers in found:
            if papers.until == due.until:
                await self._remind(papers, due)

    async def _remind(self, papers: PapersThatEnd, due: PapersReminder) -> None:
        async def write() -> Contents:
            return Contents(self._letters.write_of_papers(papers, ended=due.ahead == 0))

        key = f"{KIND}:{due.technician_id}:{due.until}:{due.ahead}"
        await self._post.send_once(Envelope(key, KIND, papers.mail, recipient_id=due.technician_id), write)
