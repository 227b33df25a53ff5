"""Whether a mail still makes sense once it can be sent: it may have waited for days for its server."""

from db.reads.notice_facts import NoticeFacts
from domain.chargebacks import ChargebackStatus
from domain.notices import Notice, Notify
from domain.refunds import RefundStatus
from domain.tickets import Status

# These ask for something, or tell how things stand: once the ticket has moved on, they would only mislead.
ONLY_WHILE: dict[Notice, frozenset[Status]] = {
    # The confirmation of a contract is worth having late; not of one that has no appointment any more.
    Notice.BOOKED: frozenset(Status) - {Status.TO_ASSIGN, Status.SUSPENDED, Status.CLOSED},
    Notice.RESCHEDULED: frozenset({Status.SCHEDULED}),
    Notice.TECHNICIAN_CHANGED: frozenset({Status.SCHEDULED}),
    Notice.SLOTS_OFFERED: frozenset({Status.TO_ASSIGN}),
    Notice.REMINDER: frozenset({Status.SCHEDULED}),
    Notice.REPORT_DUE: frozenset({Status.TO_REPORT}),
    Notice.REVIEW_DUE: frozenset({Status.IN_REVIEW}),
    Notice.PAYMENT_REFUSED: frozenset({Status.INVOICED, Status.UNPAID}),
    Notice.SUSPENDED: frozenset({Status.SUSPENDED}),
    Notice.RULED: frozenset(Status) - {Status.SUSPENDED},
    Notice.CEILING_REACHED: frozenset({Status.IN_SESSION}),
    Notice.TO_ASSIGN: frozenset({Status.TO_ASSIGN}),
    Notice.NOT_STARTED: frozenset({Status.SCHEDULED}),
    Notice.LONG_SESSION: frozenset({Status.IN_SESSION}),
    Notice.REPORT_OVERDUE: frozenset({Status.TO_REPORT}),
    Notice.STILL_SUSPENDED: frozenset({Status.SUSPENDED}),
    Notice.PAYMENT_LATE: frozenset({Status.INVOICED}),
    Notice.UNPAID: frozenset({Status.UNPAID}),
    Notice.STILL_UNPAID: frozenset({Status.UNPAID}),
}
# Each is about one appointment, that of its occasion; whatever replaced it is told by a notice of its own.
ABOUT_AN_APPOINTMENT = frozenset(
    {Notice.BOOKED, Notice.RESCHEDULED, Notice.TECHNICIAN_CHANGED, Notice.REMINDER}
)
# What a free session is announced in.
BEFORE_THE_SESSION = frozenset({Status.TO_ASSIGN, Status.SCHEDULED})
# In these a ticket's technician has nothing to do for it.
AT_REST = frozenset({Status.TO_ASSIGN, Status.SUSPENDED, Status.CLOSED})


def still_makes_sense(notice: Notice, notify: Notify, facts: NoticeFacts) -> bool:
    """Whether nothing has happened since that makes the mail untrue."""
    if facts.status not in ONLY_WHILE.get(notice, frozenset(Status)):
        return False
    if notice in ABOUT_AN_APPOINTMENT and facts.sequence > sequence(notify.occasion):
        return False
    match notice:
        case Notice.RELEASED:
            # Not to one who was given the ticket back meanwhile.
            return facts.named != facts.technician or facts.status in AT_REST
        case Notice.DOCUMENT_LATE:
            return notify.occasion.partition(":")[0] in facts.undocumented
        case Notice.RULED:
            return not facts.is_free or facts.status in BEFORE_THE_SESSION
        case Notice.CEILING_REACHED if facts.session:
            longest = facts.ceiling_minutes * notify.deadlines.minute
            return facts.session.started_at + longest <= notify.at
        case Notice.REFUND_ASKED | Notice.REFUND_WAITING:
            return facts.refund is not None and facts.refund.status is RefundStatus.OPEN
        case Notice.CHARGEBACK_OPENED | Notice.CHARGEBACK_DUE:
            return facts.chargeback is not None and facts.chargeback.status is ChargebackStatus.TO_ANSWER
        case Notice.EXCESS_RETURNED:
            return facts.owed_back_cents > 0
        case Notice.REFUND_UNFUNDED:
            return facts.refund is not None and facts.refund.status is RefundStatus.SENDING
        case Notice.REFUND_FAILED:
            return facts.refund is not None and facts.refund.status is RefundStatus.FAILED
        case _:
            return True


def sequence(occasion: str) -> int:
    """The appointment that an occasion names first, as in `2` or `2:…`; one that names none is about the
    first, 0."""
    named = occasion.partition(":")[0]
    return int(named) if named.isdecimal() else 0
