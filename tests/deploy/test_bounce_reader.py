"""A mail that was taken and came back: recorded once, seen by the back office, and gone from the mailbox."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from db.engine import create_engine, sessions
from db.reads.refused_mails import untold_people
from db.stores.notifications import record_refused, record_sent
from deploy import bounce_reader
from deploy.bounce_reader import BounceReader
from tests.api.rows import insert
from tests.support.bounces import a_bounce
from tests.support.people import a_client
from tests.support.pop3 import Mailbox, running_mailbox
from tests.support.postgres import Database

NAME = "<{}@omeasupport.example>"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


@pytest.fixture
async def reader(database: Database, mailbox: Mailbox) -> AsyncIterator[BounceReader]:
    engine = create_engine(database.url("omea_worker"))
    yield BounceReader(sessions(engine), mailbox.url)
    await engine.dispose()


def a_mail(database: Database, key: str, recipient: str, **more: object) -> str:
    """Sent an hour ago."""
    insert(
        database,
        "notifications",
        key=key,
        kind="booked",
        recipient_id=recipient,
        message_id=NAME.format(key),
        **more,
    )
    database.execute("UPDATE notifications SET sent_at = now() - interval '1 hour' WHERE key = %s", key)
    return NAME.format(key)


async def untold(database: Database) -> list[tuple[str | None, list[tuple[str, int | None]]]]:
    engine = create_engine(database.url("omea_owner"))
    try:
        async with sessions(engine)() as session:
            found = await untold_people(session)
    finally:
        await engine.dispose()
    return [(one.person.name, [(mail.key, mail.refused_code) for mail in one.mails]) for one in found]


async def test_what_came_back_is_recorded_once_and_everything_else_left(
    database: Database, mailbox: Mailbox, reader: BounceReader
) -> None:
    claire = a_client(database, "Claire Petit")
    lost, arrived = a_mail(database, "lost", claire), a_mail(database, "arrived", claire)
    mailbox.mails = {
        "1": b"From: claire@example.fr\r\nSubject: Merci\r\n\r\nMerci !\r\n.\r\n..",
        "2": a_bounce(lost),
        "3": a_bounce(arrived, action="delayed", status="4.4.1"),
        "4": a_bounce("<nobodys@omeasupport.example>"),
        "5": a_bounce(lost),
    }
    assert await reader.read() == 1
    assert set(mailbox.mails) == {"1", "3", "4"}
    assert await untold(database) == [("Claire Petit", [("lost", 552)])]
    stamps = "SELECT key, sent_at < refused_at, refused_at FROM notifications ORDER BY key"
    before = database.rows(stamps)
    assert [row[:2] for row in before] == [("arrived", None), ("lost", True)]

    mailbox.commands.clear()
    assert await reader.read() == 0
    assert mailbox.commands == ["USER", "PASS", "LIST", "UIDL", "QUIT"]
    assert database.rows(stamps) == before


async def test_what_goes_in_the_end_tells_its_person_and_what_comes_back_after_that_does_not(
    database: Database, mailbox: Mailbox, reader: BounceReader
) -> None:
    claire = a_client(database, "Claire Petit")
    name = a_mail(database, "again", claire)
    database.execute("UPDATE notifications SET sent_at = NULL")
    async with reader._database.begin() as session:
        await record_refused(session, "again", 550)
    assert await untold(database) == [("Claire Petit", [("again", 550)])]
    async with reader._database.begin() as session:
        await record_sent(session, "again")
    assert await untold(database) == []
    mailbox.mails = {"1": a_bounce(name)}
    assert await reader.read() == 1
    assert await untold(database) == [("Claire Petit", [("again", 552)])]


async def test_a_mailbox_that_is_full_is_read_bit_by_bit_the_newest_first(
    database: Database, mailbox: Mailbox, reader: BounceReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounce_reader, "MOST_AT_ONCE", 2)
    claire = a_client(database, "Claire Petit")
    old, new = a_mail(database, "old", claire), a_mail(database, "new", claire)
    mailbox.mails = {"1": a_bounce(old), "2": b"Subject: Bonjour", "3": b"Subject: Merci", "4": a_bounce(new)}
    assert [(await reader.read(), set(mailbox.mails)) for _ in range(2)] == [
        (1, {"1", "2", "3"}),
        (1, {"2", "3"}),
    ]


async def test_killed_before_goodbye_it_is_read_again_and_recorded_once(
    database: Database, mailbox: Mailbox, reader: BounceReader
) -> None:
    mailbox.mails = {"1": a_bounce(a_mail(database, "lost", a_client(database)))}

    def hang_up(command: str) -> None:
        if command == "QUIT":
            raise ConnectionError

    mailbox.hurt = hang_up
    with pytest.raises(bounce_reader._BREAKDOWNS):
        await reader.read()
    assert set(mailbox.mails) == {"1"}
    [recorded] = database.rows("SELECT refused_at FROM notifications")
    mailbox.hurt = lambda _: None
    assert (await reader.read(), mailbox.mails) == (0, {})
    assert database.rows("SELECT refused_at FROM notifications") == [recorded]


async def test_one_that_cannot_be_fetched_does_not_keep_the_others_from_being_read(
    database: Database, mailbox: Mailbox, reader: BounceReader
) -> None:
    lost = a_mail(database, "lost", a_client(database))
    mailbox.mails = {"1": a_bounce(lost), "2": b"Subject: " + b"x" * 5_000}
    with pytest.raises(bounce_reader._BREAKDOWNS):
        await reader.read()
    assert (await reader.read(), set(mailbox.mails)) == (1, {"2"})


async def test_it_goes_on_looking_whatever_the_server_does_and_says_no_address(
    database: Database,
    mailbox: Mailbox,
    reader: BounceReader,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bounce_reader, "PAUSE_SECONDS", 0.01)
    lost = a_mail(database, "lost", a_client(database))
    mailbox.password = "another"
    looking = asyncio.create_task(reader.run())
    async with asyncio.timeout(20):
        while "cannot be read: error_proto" not in caplog.text:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
        mailbox.mails = {"1": a_bounce(lost)}
        mailbox.password = "secret"
        while mailbox.mails:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
    looking.cancel()
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert "@" not in caplog.text
    assert database.rows("SELECT refused_code FROM notifications") == [(552,)]
