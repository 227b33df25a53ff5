"""A ticket's phases are classes on top of each other: none may take another's method for its own."""

from collections import Counter

from workflows.ticket.workflow import TicketWorkflow


def test_no_two_phases_have_a_method_of_the_same_name() -> None:
    phases = [phase for phase in TicketWorkflow.__mro__ if phase.__module__.startswith("workflows.ticket")]
    names = Counter(name for phase in phases for name in vars(phase) if not name.startswith("__"))
    assert len(phases) > 5
    assert [name for name, count in names.items() if count > 1] == []
