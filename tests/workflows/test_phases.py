"""The phases of a ticket share one object: a name that two of them gave would be one phase's undoing."""

from collections import Counter

from workflows.ticket.workflow import TicketWorkflow


def test_no_two_phases_define_the_same_name() -> None:
    phases = [phase for phase in TicketWorkflow.__mro__ if phase.__module__.startswith("workflows.ticket.")]
    counted = Counter(name for phase in phases for name in vars(phase) if not name.startswith("__"))
    assert [name for name, times in counted.items() if times > 1] == []
