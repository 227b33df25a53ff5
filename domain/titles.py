"""What we call things where their name is kept: on a document's lines, in a row, in the books of others."""

# What our technicians do, told to the provider whose accounts they have.
TRADE = "Dépannage informatique à distance"
# Of a client whose account the database has forgotten; the team finds the address in what was mailed to them.
NAME_LOST = "Personne à retrouver"


def assistance(skill: str) -> str:
    """What is sold, on an invoice and on a statement alike; `skill` as it is called."""
    return f"Assistance informatique à distance : {skill}"


def correction(statement: str) -> str:
    """The line that corrects the statement of that number."""
    return f"Rectification du relevé {statement}"


def statement(number: str) -> str:
    """What a transfer is for, told to a bank, and how the pages call it too."""
    return f"Relevé {number}"
