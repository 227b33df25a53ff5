"""The tables of `domain/authorisation.py` as conditions: every query for a person goes by one of them."""

from typing import assert_never

from sqlalchemy import ColumnElement, false, true

from db.models.payouts import Statement
from db.models.tickets import Ticket
from db.reads.people import KnownPerson
from domain.authorisation import STATEMENTS, TICKETS, Relation


def tickets_of(person: KnownPerson) -> ColumnElement[bool]:
    """Which tickets a person may see."""
    match TICKETS[person.role]:
        case Relation.OWN:
            return Ticket.client_id == person.id
        case Relation.ASSIGNED:
            return Ticket.technician_id == person.id
        case Relation.ANY:
            return true()
        case Relation.NONE:
            return false()
        case other:
            assert_never(other)


def statements_of(person: KnownPerson) -> ColumnElement[bool]:
    """Which statements a person may see. Nobody is assigned one."""
    match STATEMENTS[person.role]:
        case Relation.OWN:
            return Statement.technician_id == person.id
        case Relation.ANY:
            return true()
        case Relation.ASSIGNED | Relation.NONE:
            return false()
        case other:
            assert_never(other)
