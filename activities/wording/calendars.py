"""The calendar file that a mail about an appointment brings: entered, moved or taken away by one press."""

from activities.gateways.mail import Attachment
from activities.relevance import sequence
from db.reads.notice_facts import NoticeFacts, SuspensionCase
from domain.calendar_entries import CalendarEntry, EntryStatus, Method, written
from domain.french import first_name
from domain.notices import Notice, Notify
from domain.tickets import Role, Status

NAME = "rendez-vous.ics"
ENTERED = frozenset({Notice.BOOKED, Notice.RESCHEDULED, Notice.TECHNICIAN_CHANGED})
CALLED_OFF = frozenset(
    {Notice.CANCELLED, Notice.CANCELLATION_CONFIRMED, Notice.WITHDRAWN, Notice.RELEASED, Notice.SUSPENDED}
)
# The free session that does not take place; what it followed is still to be settled.
SUSPENDED_BEFORE_THE_SESSION = frozenset(
    {SuspensionCase.FREE_SESSION_CANCELLED, SuspensionCase.FREE_SESSION_NOBODY}
)


def calendar_file(
    notice: Notice, role: Role, notify: Notify, facts: NoticeFacts, url: str
) -> Attachment | None:
    """None for a mail that changes nothing in a calendar. `url` is the page of the ticket for this reader."""
    if role is Role.BACK_OFFICE:
        return None
    if notice in ENTERED:
        method, status = Method.PUBLISH, EntryStatus.CONFIRMED
    elif notice in CALLED_OFF and _was_entered(notice, role, facts):
        method, status = Method.CANCEL, EntryStatus.CANCELLED
    else:
        return None
    # Whoever lost the ticket may neither open its page nor know its new hour, and others' sequences go on.
    lost = notice is Notice.RELEASED
    entry = CalendarEntry(
        ticket=facts.ticket,
        sequence=sequence(notify.occasion) if lost else facts.sequence,
        changed=notify.at,
        start=None if lost else facts.appointment_start,
        end=None if lost else facts.appointment_end,
        status=status,
        skill=facts.skill,
        other=first_name(facts.technician.name) if role is Role.CLIENT and facts.technician else None,
        url=None if lost else url,
    )
    return Attachment(NAME, f"text/calendar; method={method}; charset=utf-8", written([entry], method))


def _was_entered(notice: Notice, role: Role, facts: NoticeFacts) -> bool:
    """Whether there was an appointment, and it was still to come."""
    match notice:
        case Notice.RELEASED:
            return True
        case Notice.SUSPENDED:
            return role is Role.CLIENT and facts.suspension in SUSPENDED_BEFORE_THE_SESSION
        case _:
            # Withdrawn during the session, it stays where it was.
            return facts.status is Status.CLOSED and not facts.flexible
