"""The mailbox to which mails come back that were taken and could not be delivered: it is read over POP3, and
each of ours recorded as refused."""

import asyncio
import logging
import poplib
import ssl
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError

from db.engine import Sessions
from db.stores.notifications import record_bounced
from domain.bounces import read_bounce

log = logging.getLogger(__name__)

# People are telephoned within working hours; a mailbox is asked no more often than their own programs would.
PAUSE_SECONDS = 300
# For each exchange with the server.
TIMEOUT_SECONDS = 10
PORT = 995
# A server sends the whole mail back, with its documents. What is larger is no mail of ours.
LARGEST_BYTES = 10_000_000
# At one look, the newest first: the mailbox may be one that people have used for years.
MOST_AT_ONCE = 200

# All of those servers are away, hang up, refuse or talk nonsense.
_BREAKDOWNS = (OSError, EOFError, poplib.error_proto, ValueError)


class BounceReader:
    """`url` is `pop3s://user:password@host:port`, or `pop3://` on this machine. Recorded mails are deleted
    there; everything else is left for people, and read once by each process."""

    def __init__(self, database: Sessions, url: str) -> None:
        self._database = database
        self._url = urlsplit(url)
        self._read: set[bytes] = set()

    async def run(self) -> None:
        """Until cancelled. Where several workers do so, the server lets one in at a time."""
        while True:
            try:
                await self.read()
            except (*_BREAKDOWNS, SQLAlchemyError) as error:
                # The server's words may quote an address: the kind of breakdown is enough.
                log.warning("the mailbox of what comes back cannot be read: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def read(self) -> int:
        """How many mails were recorded as refused. Deleted only once that is committed: what is read again is
        recorded once. Raises what a server or the database raises."""
        mailbox = await asyncio.to_thread(self._open)
        recorded = 0
        try:
            for number, name in await asyncio.to_thread(self._unread, mailbox):
                try:
                    content = await asyncio.to_thread(_content, mailbox, number)
                except poplib.error_proto:
                    # It must not keep the others from being read the next time.
                    self._read.add(name)
                    raise
                known = await self._record(content)
                if known is None:
                    self._read.add(name)
                    continue
                recorded += known
                await asyncio.to_thread(mailbox.dele, number)
            # What is marked is deleted when we say goodbye.
            await asyncio.to_thread(mailbox.quit)
        finally:
            with suppress(*_BREAKDOWNS):
                mailbox.close()
        return recorded

    async def _record(self, content: bytes) -> bool | None:
        """As `record_bounced`; None for what is no mail that came back, too."""
        # A large one takes a while, and nobody else shall wait for it.
        bounce = await asyncio.to_thread(read_bounce, content)
        if bounce is None:
            return None
        async with self._database.begin() as session:
            return await record_bounced(session, bounce.message_id, bounce.code)

    def _open(self) -> poplib.POP3:
        host, timeout = self._url.hostname or "", TIMEOUT_SECONDS
        mailbox: poplib.POP3
        if self._url.scheme == "pop3s":
            secure = ssl.create_default_context()
            mailbox = poplib.POP3_SSL(host, self._url.port or PORT, timeout=timeout, context=secure)
        else:
            mailbox = poplib.POP3(host, self._url.port or poplib.POP3_PORT, timeout=timeout)
        try:
            mailbox.user(unquote(self._url.username or ""))
            mailbox.pass_(unquote(self._url.password or ""))
        except BaseException:
            mailbox.close()
            raise
        return mailbox

    def _unread(self, mailbox: poplib.POP3) -> list[tuple[int, bytes]]:
        """Number and lasting name of the newest mails that this process has not read."""
        sizes = {int(number): int(size) for number, size in map(bytes.split, mailbox.list()[1])}
        names = {int(number): name for number, name in map(bytes.split, mailbox.uidl()[1])}
        self._read &= set(names.values())
        unread = [
            (number, name)
            for number, name in sorted(names.items(), reverse=True)
            if name not in self._read and sizes.get(number, 0) <= LARGEST_BYTES
        ]
        return unread[:MOST_AT_ONCE]


def _content(mailbox: poplib.POP3, number: int) -> bytes:
    return b"\r\n".join(mailbox.retr(number)[1])
