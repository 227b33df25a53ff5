"""Acts that are not legal are refused with their code, and leave no trace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.messages import Actor
from domain.tickets import Role
from tests.workflows.conftest import Office


async def test_nothing_can_be_done_before_its_time(office: Office) -> None:
    ticket = await office.a_ticket(ahead=timedelta(days=2))
    await ticket.settle()
    before = office.database.counts()
    assert {
        "start": await ticket.refused("start", ticket.right_code()),
        "call": await ticket.refused("call", ticket.ask()),
        "end": await ticket.refused("end", ticket.ask()),
        "review": await ticket.refused("review", ticket.satisfied()),
    } == {
        "start": "too_early",
        "call": "too_early",
        "end": "not_allowed_in_status",
        "review": "not_allowed_in_status",
    }
    assert office.database.counts() == before


async def test_a_session_needs_the_clients_consent(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(ticket.request.start)
    assert await ticket.refused("start", ticket.right_code()) == "consent_missing"
    await ticket.act("consent", ticket.consent_given())
    assert (await ticket.act("start", ticket.right_code())).accepted


async def test_a_wrong_code_is_counted_and_the_third_alerts_the_back_office(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.act("acknowledge", ticket.ask())
    await ticket.pass_time_until(ticket.request.start)
    await ticket.act("consent", ticket.consent_given())
    for _ in range(3):
        assert not (await ticket.act("start", ticket.wrong_code())).accepted
    await ticket.pass_time(timedelta(seconds=1))
    assert ticket.ticket("status, wrong_codes") == ("scheduled", 3)
    assert ticket.journal()[-3:] == [("technician", "start_refused", "scheduled", "scheduled")] * 3
    assert office.database.rows("SELECT count(*) FROM notifications WHERE kind = 'wrong_codes'") == [(1,)]
    assert office.database.rows("SELECT count(*) FROM sessions") == [(0,)]
    assert (await ticket.act("start", ticket.right_code())).accepted


async def test_another_technician_or_client_is_refused(office: Office) -> None:
    ticket = await office.a_ticket()
    stranger = "00000000-0000-7000-8000-000000000000"
    acknowledge = replace(ticket.ask(), actor=Actor(stranger, Role.TECHNICIAN))
    consent = replace(ticket.consent_given(), actor=Actor(stranger, Role.CLIENT))
    as_client = replace(ticket.ask(), actor=ticket.as_client)
    assert [
        await ticket.refused("acknowledge", acknowledge),
        await ticket.refused("consent", consent),
        await ticket.refused("acknowledge", as_client),
    ] == ["not_your_ticket"] * 3


async def test_a_second_report_is_refused(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review(minutes=20)
    assert await ticket.refused("report", ticket.report_of(60)) == "not_allowed_in_status"
    assert office.database.rows("SELECT declared_minutes FROM reports") == [(20,)]


@pytest.mark.parametrize("times", [2, 5])
async def test_the_same_act_sent_again_under_its_key_is_one_act(office: Office, times: int) -> None:
    ticket = await office.a_ticket()
    answers = [await ticket.act("acknowledge", ticket.ask(), key="k1") for _ in range(times)]
    assert len(set(answers)) == 1
    assert [act for _, act, _, _ in ticket.journal()] == ["book", "acknowledge"]


async def test_after_the_end_every_act_finds_the_ticket_closed(office: Office) -> None:
    ticket = await office.a_ticket()
    await ticket.reach_review()
    reviewed = await ticket.act("review", ticket.satisfied(), key="review-1")
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    # The same request again gets its first answer, even now.
    assert await ticket.act("review", ticket.satisfied(), key="review-1") == reviewed
