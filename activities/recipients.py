"""Whom a notice of a ticket is for."""

from db.reads.notice_facts import NoticeFacts, PersonFacts
from domain.notices import Notice
from domain.tickets import Role


def recipient_of(role: Role, notice: Notice, facts: NoticeFacts) -> PersonFacts | None:
    """The person to write to; None for the shared mailbox, for nobody, and for a closed account."""
    people = {Role.CLIENT: facts.client, Role.TECHNICIAN: _technician(notice, facts)}
    person = people.get(role)
    return person if person and person.active else None


def _technician(notice: Notice, facts: NoticeFacts) -> PersonFacts | None:
    """The one named, else the ticket's own; of a ruling, the one who held the session."""
    if notice is Notice.RULED and facts.named is None:
        return facts.last_technician
    return facts.concerned
