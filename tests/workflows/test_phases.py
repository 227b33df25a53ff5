"""The phases of a ticket are classes that are put together: none may take another's method by its name."""

from collections import Counter

from workflows.ticket.workflow import TicketWorkflow


def test_no_two_phases_have_a_method_of_the_same_name() -> None:
    ours = [one for one in TicketWorkflow.__mro__ if one.__module__.startswith("workflows.ticket")]
    names = Counter(name for one in ours for name in vars(one) if not name.startswith("__"))
    assert {name for name, times in names.items() if times > 1} == set()
