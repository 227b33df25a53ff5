"""What each person may see of what was said and decided about a suspended ticket; see `api/visibility.py`."""

from collections.abc import Mapping

from api import french
from api.shapes.common import Labelled, Named
from api.shapes.disputes import DisputeRaised, GainRuled, IncidentReported, RulingGiven, TakenOver
from api.shown_images import images_of
from db.models.tickets import Ticket
from db.reads.people import KnownPerson
from db.reads.ticket_file import TicketFile, submission_of
from domain.tickets import Role

PARTIES = frozenset({Role.CLIENT, Role.BACK_OFFICE})


def disputes(file: TicketFile, role: Role) -> list[DisputeRaised] | None:
    if role not in PARTIES:
        return None
    return [
        DisputeRaised(
            reason=file.text(one.submission_id, "reason"),
            attachments=images_of(file, one.submission_id, "reason"),
            raised_at=one.raised_at,
        )
        for one in file.disputes
    ]


def rulings(file: TicketFile, role: Role) -> list[RulingGiven] | None:
    if role not in PARTIES:
        return None
    return [
        RulingGiven(
            kind=Labelled(code=one.kind, label=french.RULINGS[one.kind]),
            minutes=one.minutes,
            reason=file.text(one.submission_id, "reason") if role is Role.BACK_OFFICE else None,
            ruled_at=one.ruled_at,
        )
        for one in file.rulings
    ]


def gain_rulings(file: TicketFile, person: KnownPerson) -> list[GainRuled] | None:
    """A technician sees those on the sessions they held themselves."""
    if person.role not in {Role.TECHNICIAN, Role.BACK_OFFICE}:
        return None
    holders = {one.number: one.technician_id for one in file.sessions}
    return [
        GainRuled(
            session=one.session,
            kind=Labelled(code=one.kind, label=french.GAIN_RULINGS[one.kind]),
            minutes=one.minutes,
        )
        for one in file.gain_rulings
        if person.role is Role.BACK_OFFICE or holders.get(one.session) == person.id
    ]


def taken_over(ticket: Ticket, role: Role, names: Mapping[str, str]) -> TakenOver | None:
    if role is not Role.BACK_OFFICE or ticket.taken_over_by is None or ticket.taken_over_at is None:
        return None
    by = Named(id=ticket.taken_over_by, name=names.get(ticket.taken_over_by, ""))
    return TakenOver(by=by, at=ticket.taken_over_at)


def incidents(
    file: TicketFile, person: KnownPerson, names: Mapping[str, str]
) -> list[IncidentReported] | None:
    """A technician sees those they reported themselves."""
    if person.role not in {Role.TECHNICIAN, Role.BACK_OFFICE}:
        return None
    return [
        IncidentReported(
            text=file.text(submission_of(one), "text"), by=names.get(one.actor_id, ""), reported_at=one.at
        )
        for one in file.incidents
        if person.role is Role.BACK_OFFICE or one.actor_id == person.id
    ]
