"""The phases of a ticket are classes on one another: a name used twice would replace another phase's."""

from collections import Counter

from workflows.ticket.workflow import TicketWorkflow


def test_no_phase_replaces_what_another_one_does() -> None:
    named = Counter(
        name for phase in TicketWorkflow.__mro__[:-1] for name in vars(phase) if not name.startswith("__")
    )
    assert [name for name, times in named.items() if times > 1] == []
