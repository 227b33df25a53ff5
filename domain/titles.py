"""What we call things where their name is kept: on a document's lines, in a row, in the books of others."""

from domain.ids import format_ticket_number

# What our technicians do, told to the provider whose accounts they have.
TRADE = "Dépannage informatique à distance"
# Of a client whose account the database has forgotten; the team finds the address in what was mailed to them.
NAME_LOST = "Personne à retrouver"


def request(ticket: str) -> str:
    """`ticket` is its number, which is said by fours."""
    return f"Demande n° {format_ticket_number(ticket)}"


def appointment(skill: str, other: str | None) -> str:
    """In a calendar; `other` is the person whom one meets, if there is one."""
    return f"{skill}, avec {other}" if other else skill


def assistance(skill: str) -> str:
    """What is sold, on an invoice and on a statement alike; `skill` as it is called."""
    return f"Assistance informatique à distance : {skill}"


def correction(statement: str) -> str:
    """The line that corrects the statement of that number."""
    return f"Rectification du relevé {statement}"


def statement(number: str) -> str:
    """What a transfer is for, told to a bank, and how the pages call it too."""
    return f"Relevé {number}"
