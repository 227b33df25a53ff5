"""Papers that end: their technician is told in time."""

from temporalio import activity

from activities.gateways.mail import Mail
from activities.post import Contents, Envelope, Post
from activities.wording.letters import Letters
from db.engine import Sessions
from db.reads.vetting import PapersThatEnd, papers_that_end
from domain.opening_hours import PARIS
from domain.vetting import EXPIRE_SOON, RemindOfPapers, reminder

# Of the notifications.
KIND = "papers_end"


class VettingActivities:
    """`sender` is the address mails come from; `public_url` and `link_key` are the letters'."""

    def __init__(self, database: Sessions, mail: Mail, sender: str, public_url: str, link_key: bytes) -> None:
        self._database = database
        self._post = Post(database, mail, sender)
        self._letters = Letters(public_url, link_key)

    @activity.defn
    async def remind_of_papers(self, message: RemindOfPapers) -> int:
        """Tell each whose papers end soon or have ended, once for each reminder; how many there are to be
        told. Raises `MailUnavailable` to be tried again later. An address that is refused for good holds up
        nobody else: the team sees these papers too."""
        today = message.at.astimezone(PARIS).date()
        async with self._database() as session:
            found = await papers_that_end(session, today + EXPIRE_SOON)
        for one in found:
            await self._remind(one, reminder(one.until, today))
        return len(found)

    async def _remind(self, papers: PapersThatEnd, ahead: int | None) -> None:
        if ahead is None:
            return

        async def write() -> Contents:
            return Contents(self._letters.write_of_papers(papers, ended=ahead == 0))

        key = f"{KIND}:{papers.technician_id}:{papers.until}:{ahead}"
        await self._post.send_once(Envelope(key, KIND, papers.mail, recipient_id=papers.technician_id), write)
