"""Postgres, Stripe or the mail server is unreachable for hours while a step is under way: the step's answer
comes later and is the same, and so is everything that the ticket leaves behind."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.deadlines import PRODUCTION, Deadlines
from tests.support.long_ticket import STEPS, play, play_refused
from tests.support.people import a_technician
from tests.support.postgres import Cluster
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.ticket_table import Table, read_table
from tests.support.tickets import PlayedTicket
from tests.workflows.outages import POSTGRES, SMTP, STRIPE, Weather, office_on_lines

pytestmark = pytest.mark.soak

Plan = Mapping[str, tuple[str, ...]]

# What books, what a deadline would overtake, and what moves money.
TELLING: Plan = {
    "booked": (POSTGRES,),
    "acknowledge": (POSTGRES,),
    "call": (POSTGRES,),
    "accept": (POSTGRES,),
    "payment": (STRIPE, POSTGRES),
}
# The steps that people are told of by mail.
MAILED: Plan = dict.fromkeys(
    ("booked", "decline", "reschedule", "report", "ruling", "dispute", "rework", "report again", "accept"),
    (SMTP,),
)
# Nobody answers a mail that has not come: a technician who may be silent for half a day keeps the ticket.
PATIENT = replace(PRODUCTION, acknowledgement=timedelta(hours=12))
EVERYWHERE: Plan = dict.fromkeys(STEPS, (POSTGRES,))


@dataclass(frozen=True)
class Played:
    table: Table
    answers: list[tuple[str, object]]
    struck: list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _hundreds_of_failures_are_expected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "temporalio.activity")


async def play_long(
    cluster: Cluster,
    environment: WorkflowEnvironment,
    stripe: StripeSandbox,
    plan: Plan,
    deadlines: Deadlines = PRODUCTION,
) -> Played:
    with cluster.new_database() as database:
        async with office_on_lines(environment, database, stripe) as opened:
            other = a_technician(database, "internet", name="Nadia Benali")
            ticket = await opened.office.a_ticket(deadlines=deadlines, wait=False)
            weather = Weather(ticket, opened.lines, plan)
            await play(ticket, other, weather.through)
            check_mails(ticket, opened.post_office.delivered_ids())
            return Played(read_table(database, ticket.number), weather.answers, weather.struck)


def check_mails(ticket: PlayedTicket, delivered: list[str]) -> None:
    """What was recorded as sent has arrived, once. Only a line cut after the server's yes may double one."""
    recorded = ticket.database.rows("SELECT message_id FROM notifications WHERE sent_at IS NOT NULL")
    assert Counter(delivered) == Counter(identity for (identity,) in recorded)


@pytest.fixture(scope="module")
async def undisturbed(cluster: Cluster, environment: WorkflowEnvironment, stripe: StripeSandbox) -> Played:
    return await play_long(cluster, environment, stripe, {})


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("plan", "deadlines"),
    [
        pytest.param(TELLING, PRODUCTION, id="Postgres and Stripe at telling steps"),
        pytest.param(MAILED, PATIENT, id="mail at every step that is told of"),
        pytest.param(
            EVERYWHERE,
            PRODUCTION,
            id="Postgres at every step",
            marks=pytest.mark.timeout(1200),
        ),
    ],
)
async def test_a_long_ticket_ends_as_if_nothing_had_been_away(
    cluster: Cluster,
    environment: WorkflowEnvironment,
    stripe: StripeSandbox,
    undisturbed: Played,
    plan: Plan,
    deadlines: Deadlines,
) -> None:
    played = await play_long(cluster, environment, stripe, plan, deadlines)
    assert Counter(played.struck) == Counter((step, name) for step, names in plan.items() for name in names)
    assert played.answers == undisturbed.answers
    assert played.table == undisturbed.table


def test_an_undisturbed_long_ticket_is_long(undisturbed: Played) -> None:
    """Or the others would compare little."""
    assert [step for step, _ in undisturbed.answers] == list(STEPS)
    assert undisturbed.table["ticket"] == [("closed", "paid", "Thomas Leroy", 3, 120, 0)]
    assert undisturbed.table["invoices"] == [(30, 2, 2500, 500, 3000)]
    assert undisturbed.table["gains"] == [(1, "Nadia Benali", 2, 1600), (2, "Thomas Leroy", 2, 1600)]
    assert undisturbed.table["attempts"] == [(1, None)]
    assert len(undisturbed.table["acts"]) == len(STEPS) + 1
    assert {sent for *_, sent in undisturbed.table["mails"]} == {True}


# The last try is followed at once by the step that gives up.
REFUSED: Plan = {
    "accept": (STRIPE,),
    "try 2": (POSTGRES,),
    "try 3": (STRIPE, POSTGRES),
    "try 4": (STRIPE, SMTP),
    "debt": (POSTGRES, STRIPE),
}


async def play_a_debt(
    cluster: Cluster, environment: WorkflowEnvironment, stripe: StripeSandbox, plan: Plan
) -> Played:
    with cluster.new_database() as database:
        async with office_on_lines(environment, database, stripe, "pm_card_chargeCustomerFail") as opened:
            ticket = await opened.office.a_ticket()
            weather = Weather(ticket, opened.lines, plan)
            await play_refused(ticket, opened.office.payments, weather.through)
            check_mails(ticket, opened.post_office.delivered_ids())
            return Played(read_table(database, ticket.number), weather.answers, weather.struck)


@pytest.mark.timeout(240)
async def test_a_refused_card_is_tried_as_often_and_the_debt_paid_as_if_nothing_had_been_away(
    cluster: Cluster, environment: WorkflowEnvironment, stripe: StripeSandbox
) -> None:
    undisturbed = await play_a_debt(cluster, environment, stripe, {})
    assert undisturbed.table["attempts"] == [(number, "card_declined") for number in (1, 2, 3, 4)]
    assert undisturbed.table["ticket"][0][:2] == ("closed", "paid")
    played = await play_a_debt(cluster, environment, stripe, REFUSED)
    assert Counter(played.struck) == Counter(
        (step, name) for step, names in REFUSED.items() for name in names
    )
    assert played.answers == undisturbed.answers
    assert played.table == undisturbed.table
