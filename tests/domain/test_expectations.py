"""Who must act on a ticket, by when, and what happens otherwise."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.deadlines import PRODUCTION
from domain.expectations import Expectation, Stamps, expectation
from domain.opening_hours import PARIS
from domain.opening_hours import PRODUCTION as HOURS
from domain.tickets import Status

# A Tuesday.
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
START = NINE + timedelta(days=1)


def expected(status: str, **more: Any) -> Expectation | None:
    return expectation(Status(status), Stamps(since=NINE, start=START, **more), PRODUCTION, HOURS)


HEARD = {"acknowledged": True, "consented": True}


@pytest.mark.parametrize(
    ("status", "stamps", "row"),
    [
        ("requested", {}, ("system", None, None, "booked")),
        ("to_assign", {}, ("back_office", "reassign", NINE + timedelta(days=7), "cancelled")),
        (
            "to_assign",
            {"is_free": True},
            ("back_office", "reassign", NINE + timedelta(days=7), "suspended_again"),
        ),
        ("scheduled", {}, ("technician", "acknowledge", NINE + timedelta(hours=2), "next_technician")),
        ("scheduled", {"acknowledged": True}, ("client", "consent", START, "no_session")),
        ("scheduled", {"called": True}, ("client", "consent", START, "no_session")),
        ("scheduled", HEARD, ("technician", "call", START + timedelta(minutes=10), "replaced")),
        (
            "scheduled",
            {"acknowledged": True, "is_late": True},
            ("technician", "call", START + timedelta(minutes=10), "replaced"),
        ),
        (
            "scheduled",
            {"called": True, "is_late": True},
            ("client", "consent", START + timedelta(hours=1), "no_session"),
        ),
        (
            "scheduled",
            HEARD | {"called": True},
            ("technician", "start", START + timedelta(hours=1), "not_started"),
        ),
        (
            "in_session",
            {"session_at": START},
            ("technician", "end", START + timedelta(hours=12), "timed_out"),
        ),
        (
            "to_report",
            {"session_at": START},
            ("technician", "report", START + timedelta(days=1), "report_overdue"),
        ),
        ("in_review", {}, ("client", "review", NINE + timedelta(days=3), "silence_accepts")),
        ("suspended", {}, ("back_office", "take_over", NINE + timedelta(hours=4), "team_reminded")),
        (
            "suspended",
            {"taken_over_at": START},
            ("back_office", "ruling", START + timedelta(days=1), "team_reminded"),
        ),
        ("invoiced", {}, ("system", None, None, "charged")),
        (
            "invoiced",
            {"refused_at": START, "refusals": 1},
            ("client", "pay", START + timedelta(days=1), "charged_again"),
        ),
        (
            "invoiced",
            {"refused_at": START, "refusals": 3},
            ("client", "pay", START + timedelta(days=7), "charged_again"),
        ),
        ("invoiced", {"refused_at": START, "refusals": 4}, ("client", "pay", None, "chased")),
        ("unpaid", {"refused_at": START, "refusals": 4}, ("client", "pay", None, "chased")),
    ],
)
def test_each_wait_has_somebody_an_end_and_a_consequence(
    status: str, stamps: dict[str, Any], row: tuple[str, str | None, datetime | None, str]
) -> None:
    found = expected(status, **stamps)
    assert found is not None
    assert (found.who, found.command, found.by, found.otherwise) == row


def test_nobody_is_waited_for_once_it_is_over() -> None:
    assert expected("closed") is None


def test_somebody_booked_a_few_minutes_before_need_not_confirm() -> None:
    stamps = Stamps(since=START - timedelta(minutes=5), start=START, consented=True)
    found = expectation(Status.SCHEDULED, stamps, PRODUCTION, HOURS)
    assert found is not None
    assert (found.command, found.by) == ("call", START + timedelta(minutes=10))


def test_somebody_given_the_ticket_late_has_the_same_time_to_call() -> None:
    late = START + timedelta(minutes=20)
    stamps = Stamps(since=late, start=START, is_late=True)
    found = expectation(Status.SCHEDULED, stamps, PRODUCTION, HOURS)
    assert found is not None
    assert (found.command, found.by) == ("call", late + timedelta(minutes=10))
