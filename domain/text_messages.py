"""Messages by SMS: which events they tell of, to whom, and the hours at which nobody's telephone may ring."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.catalogue import OF_A_TICKET
from domain.notices import Notice, Notify
from domain.opening_hours import PARIS
from domain.tickets import Role

# Paris time. A message of the night waits for the morning.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True)
class TextMessage:
    """`key` is the notification's, of which it is the SMS; `until` is when it has become of no use."""

    key: str
    notify: Notify
    role: Role
    until: datetime


def roles_to_text(notify: Notify, appointment: datetime) -> tuple[Role, ...]:
    """Those who are told by SMS too. Of the reminders only the last is."""
    notice = Notice(notify.kind)
    if appointment <= notify.at:
        return ()
    if notice is Notice.REMINDER and appointment - notify.at > min(notify.deadlines.reminders):
        return ()
    return OF_A_TICKET[notice].sms


def is_mobile(number: str) -> bool:
    """Whether an SMS would be read there; `number` is E.164."""
    return phonenumbers.number_type(phonenumbers.parse(number)) in MOBILE


def first_hour(at: datetime) -> datetime:
    """`at` itself by day, else the end of the night that it falls in."""
    local = at.astimezone(PARIS)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return _paris(day, QUIET_UNTIL)


def end_of_day(at: datetime) -> datetime:
    """When the night begins after `at`, which is by day."""
    return _paris(at.astimezone(PARIS).date(), QUIET_FROM)


def _paris(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, PARIS).astimezone(UTC)
