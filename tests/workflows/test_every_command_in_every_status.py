"""Every status, every command, whoever asks: accepted, or refused with which code.

The tables are written out here, and taken from nowhere: what they say is what was promised.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import pytest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain.messages import Actor, Answer, AskBecause, PaymentTried
from domain.tickets import Command, Role, Status
from tests.support.people import a_person
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import running_environment
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import Office, open_office
from tests.workflows.reaching import WAYS, booked, message, ready

# Seven letters a cell: the client, another client, the assigned technician, another technician, the back
# office, the back office for the client, finance. A capital is an act that is accepted, and the status that
# it leads to; anything else is a refusal. An act that comes before the booking waits for it, and then is
# answered as the first column says.
BECOMES = {
    "T": "to_assign",
    "S": "scheduled",
    "I": "in_session",
    "R": "to_report",
    "V": "in_review",
    "D": "suspended",
    "B": "invoiced",
    "U": "unpaid",
    "C": "closed",
}
REFUSED = {
    ".": "not_allowed_in_status",
    "x": "not_your_ticket",
    "-": "ticket_closed",
    "o": "withdrawal_over",
    "c": "consent_missing",
    "m": "calls_missing",
}

STATUSES = """
            requested to_assign scheduled in_session to_report in_review suspended invoiced unpaid  closed
reschedule  SxxxxSx   SxxxxSx   SxxxxSx   .......    .......   .......   .......   .......  ....... -------
cancel      CxxxxCx   CxxxxCx   CxxxxCx   .......    .......   .......   .......   .......  ....... -------
withdraw    CxxxxCx   CxxxxCx   CxxxxCx   DxxxxDx    .......   .......   .......   .......  ....... -------
consent     SxxxxSx   .......   SxxxxSx   .......    .......   .......   .......   .......  ....... -------
extend      .......   .......   .......   IxxxxIx    .......   .......   .......   .......  ....... -------
stop        .......   .......   .......   RxxxxRx    .......   .......   .......   .......  ....... -------
review      .......   .......   .......   .......    RxxxxRx   BxxxxBx   DxxxxDx   .......  ....... -------
dispute     .......   .......   .......   DxxxxDx    DxxxxDx   DxxxxDx   DxxxxDx   DxxxxDx  DxxxxDx -------
pay         .......   .......   .......   .......    .......   .......   .......   BxxxxBx  UxxxxUx -------
acknowledge xxSxxxx   .......   xxSxxxx   .......    .......   .......   .......   .......  ....... -------
decline     xxTxxxx   .......   xxTxxxx   .......    .......   .......   .......   .......  ....... -------
call        xxSxxxx   .......   xxSxxxx   .......    .......   .......   .......   .......  ....... -------
start       xxcxxxx   .......   xxIxxxx   .......    .......   .......   .......   .......  ....... -------
end         .......   .......   .......   xxRxxxx    .......   .......   .......   .......  ....... -------
absent      xxmxxxx   .......   xxCxxxx   .......    .......   .......   .......   .......  ....... -------
report      .......   .......   .......   .......    xxVxxxx   .......   .......   .......  ....... -------
incident    xxSxxxx   .......   xxSxxxx   xxIxxxx    xxRxxxx   xxVxxxx   xxDxxxx   xxBxxxx  xxUxxxx -------
reassign    xxxxSxx   xxxxSxx   xxxxSxx   .......    .......   .......   .......   .......  ....... -------
take_over   .......   .......   .......   .......    .......   .......   xxxxDxx   .......  ....... -------
ruling      .......   .......   .......   .......    .......   .......   xxxxBxx   .......  ....... -------
write_off   .......   .......   .......   .......    .......   .......   .......   .......  xxxxCxC -------
"""

# The same, where the way to a status makes a difference: a duration nobody believes, a withdrawal during the
# session; and, after a dispute, a second session that is free.
VARIANTS = """
            not_credible withdrawn to_assign_2 scheduled_2 in_session_2 to_report_2 in_review_2 suspended_2
reschedule  .......      .......   SxxxxSx     SxxxxSx     .......      .......     .......     .......
cancel      .......      .......   DxxxxDx     DxxxxDx     .......      .......     .......     .......
withdraw    .......      .......   oxxxxox     oxxxxox     oxxxxox      .......     .......     .......
consent     .......      .......   .......     SxxxxSx     .......      .......     .......     .......
extend      .......      .......   .......     .......     IxxxxIx      .......     .......     .......
stop        .......      .......   .......     .......     RxxxxRx      .......     .......     .......
review      DxxxxDx      DxxxxDx   .......     .......     .......      RxxxxRx     BxxxxBx     DxxxxDx
dispute     DxxxxDx      DxxxxDx   .......     .......     DxxxxDx      DxxxxDx     DxxxxDx     DxxxxDx
pay         .......      .......   .......     .......     .......      .......     .......     .......
acknowledge .......      .......   .......     xxSxxxx     .......      .......     .......     .......
decline     .......      .......   .......     xxTxxxx     .......      .......     .......     .......
call        .......      .......   .......     xxSxxxx     .......      .......     .......     .......
start       .......      .......   .......     xxIxxxx     .......      .......     .......     .......
end         .......      .......   .......     .......     xxRxxxx      .......     .......     .......
absent      .......      .......   .......     xxDxxxx     .......      .......     .......     .......
report      .......      .......   .......     .......     .......      xxVxxxx     .......     .......
incident    xxDxxxx      xxDxxxx   .......     xxSxxxx     xxIxxxx      xxRxxxx     xxVxxxx     xxDxxxx
reassign    .......      .......   xxxxSxx     xxxxSxx     .......      .......     .......     .......
take_over   xxxxDxx      xxxxDxx   .......     .......     .......      .......     .......     xxxxDxx
ruling      xxxxVxx      xxxxCxx   .......     .......     .......      .......     .......     xxxxSxx
write_off   .......      .......   .......     .......     .......      .......     .......     .......
"""

Expected = dict[str, dict[str, str]]


def read(table: str) -> Expected:
    """State, command, seven letters."""
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {state: {command: cells[nth] for command, *cells in rows} for nth, state in enumerate(header)}


EXPECTED = read(STATUSES) | read(VARIANTS)


ASKERS = (
    "the client",
    "another client",
    "the technician",
    "another technician",
    "the back office",
    "the back office for the client",
    "finance",
)
REACHED = [state for state in EXPECTED if state not in ("requested", "closed")]
# Who speaks for a client is heard as the client is: every day each command is played by the first who may, in
# the statuses in which most are accepted. The way to a variant is long, and what is accepted there and in the
# other statuses is what their own tests play.
EVERY_DAY = ("scheduled", "in_session", "in_review", "suspended")
ACCEPTING = [
    *(pytest.param(state, False, id=state) for state in EVERY_DAY),
    *(pytest.param(state, True, id=f"{state}-everybody", marks=pytest.mark.soak) for state in REACHED),
]
REFUSING = [
    pytest.param(state, marks=pytest.mark.soak if state in read(VARIANTS) else ()) for state in REACHED
]
Strangers = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One command by one asker: the letter expected, and what is said."""

    command: str
    asker: str
    letter: str
    said: object


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """A server that lets many acts wait on one ticket; otherwise it stops at ten, and has the others ask
    again later."""
    async with running_environment("--dynamic-config-value", "history.maxInFlightUpdates=200") as running:
        yield running


@pytest.fixture
async def office(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> AsyncIterator[Office]:
    """Where every card is refused: an invoice stays unpaid for as long as a test needs it."""
    async with open_office(environment, database, stripe) as running:
        await running.save_card("pm_card_chargeCustomerFail")
        yield running


@pytest.fixture
def strangers(office: Office) -> Strangers:
    """People of each role whom the ticket does not concern."""
    roles = ("client", "technician", "finance")
    return {role: a_person(office.database, role, "Paul Durand") for role in roles}


def everything(
    ticket: PlayedTicket, state: str, strangers: Strangers, commands: Iterable[str] = tuple(Command)
) -> list[Asked]:
    people = (
        ticket.as_client,
        Actor(strangers["client"], Role.CLIENT),
        ticket.as_technician,
        Actor(strangers["technician"], Role.TECHNICIAN),
        ticket.as_back_office,
        ticket.on_behalf,
        Actor(strangers["finance"], Role.FINANCE),
    )
    said = {str(command): message(ticket, command, state) for command in commands}
    return [
        Asked(command, asker, letter, said[command](actor))
        for command in said
        for asker, letter, actor in zip(ASKERS, EXPECTED[state][command], people, strict=True)
    ]


async def answers_to(ticket: PlayedTicket, asked: list[Asked]) -> dict[tuple[str, str], object]:
    """All at once: they are looked at one after the other, and none changes anything for the next."""
    answers = await asyncio.gather(*(ticket.answered(one.command, one.said) for one in asked))
    return {(one.command, one.asker): answer for one, answer in zip(asked, answers, strict=True)}


def expected(asked: list[Asked]) -> dict[tuple[str, str], object]:
    """Here every card is refused: so is a try to pay, which is accepted all the same."""
    tried = {"pay": PaymentTried("card_declined")}
    return {
        (one.command, one.asker): REFUSED.get(one.letter)
        or Answer(Status(BECOMES[one.letter]), payment=tried.get(one.command))
        for one in asked
    }


def accepted_in(state: str) -> list[tuple[str, str]]:
    return [
        (command, asker)
        for command, letters in EXPECTED[state].items()
        for asker, letter in zip(ASKERS, letters, strict=True)
        if letter in BECOMES
    ]


def test_the_tables_are_whole() -> None:
    """A new status or command asks for its column or row, of which each cell has its seven letters."""
    assert list(read(STATUSES)) == [status.value for status in Status]
    for commands in EXPECTED.values():
        assert sorted(commands) == sorted(command.value for command in Command)
        assert {len(letters) for letters in commands.values()} == {len(ASKERS)}
        assert set("".join(commands.values())) <= {*BECOMES, *REFUSED}


@pytest.mark.parametrize("state", REFUSING)
async def test_what_is_not_allowed_is_refused_and_leaves_no_trace(
    office: Office, strangers: Strangers, state: str
) -> None:
    ticket = await WAYS[state](office)
    asked = [one for one in everything(ticket, state, strangers) if one.letter in REFUSED]
    await ticket.settle()
    before = (await ticket.history_length(), office.database.counts())
    assert await answers_to(ticket, asked) == expected(asked)
    assert (await ticket.history_length(), office.database.counts()) == before


@pytest.mark.parametrize(("state", "everybody"), ACCEPTING)
async def test_what_is_allowed_is_done_once_and_answered_alike_when_repeated(
    office: Office, strangers: Strangers, state: str, *, everybody: bool
) -> None:
    accepted = accepted_in(state)
    first = dict(reversed(accepted))
    for command, asker in accepted if everybody else first.items():
        ticket = await ready(office, state, command)
        [one] = [a for a in everything(ticket, state, strangers, [command]) if a.asker == asker]
        key = uuid.uuid4().hex
        answer = await ticket.act(command, one.said, key)
        assert {(command, asker): answer} == expected([one])
        assert ticket.ticket("status") == (answer.status,)
        await ticket.settle()
        before = (await ticket.history_length(), office.database.counts())
        assert await ticket.act(command, one.said, key) == answer
        await ticket.settle()
        assert (await ticket.history_length(), office.database.counts()) == before


async def test_what_comes_before_the_booking_waits_for_it(office: Office, strangers: Strangers) -> None:
    """Refused or not: what people may do is only known once somebody is booked, or nobody is."""
    with office.database.out_of_reach("journal"):
        ticket = await booked(office, wait=False)
        asked = [one for one in everything(ticket, "requested", strangers) if one.letter in REFUSED]
        before = office.database.counts()
        waiting = asyncio.create_task(answers_to(ticket, asked))
        await asyncio.wait([waiting], timeout=2)
        assert not waiting.done()
        assert office.database.counts() == before
    assert await waiting == expected(asked)
    assert [act for _, act, _, _ in ticket.journal()] == ["book"]


async def test_what_came_before_the_booking_is_done_after_it(office: Office, strangers: Strangers) -> None:
    for command, asker in accepted_in("requested"):
        with office.database.out_of_reach("journal"):
            ticket = await ready(office, "requested", command)
            [one] = [a for a in everything(ticket, "requested", strangers, [command]) if a.asker == asker]
            waiting = asyncio.create_task(answers_to(ticket, [one]))
            await asyncio.wait([waiting], timeout=0.2)
            assert not waiting.done()
        assert await waiting == expected([one])


async def test_after_the_end_everything_finds_the_ticket_closed(office: Office, strangers: Strangers) -> None:
    """While the last mails are on their way, and when even the workflow is over, as the server says."""
    ticket = await booked(office)
    asked = everything(ticket, "closed", strangers)
    await ticket.settle()
    with office.database.out_of_reach("notifications"):
        await ticket.act("cancel", AskBecause(ticket.as_client))
        before = (await ticket.history_length(), office.database.counts())
        assert await answers_to(ticket, asked) == expected(asked)
        assert office.database.counts() == before[1]
    assert await ticket.handle.result() == "cancelled"
    before = (await ticket.history_length(), office.database.counts())
    for one in asked:
        with pytest.raises(RPCError) as refused:
            await ticket.act(one.command, one.said)
        assert refused.value.status is RPCStatusCode.NOT_FOUND
    assert (await ticket.history_length(), office.database.counts()) == before
