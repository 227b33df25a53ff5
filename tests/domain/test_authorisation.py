"""Every role has its place in the tables of relations."""

import pytest

from domain.authorisation import STATEMENTS, TICKETS, Relation
from domain.tickets import COMMAND_ROLES, Role


@pytest.mark.parametrize("table", [TICKETS, STATEMENTS])
def test_no_role_is_forgotten_and_the_service_itself_sees_nothing(table: dict[Role, Relation]) -> None:
    assert set(table) == set(Role)
    assert table[Role.SYSTEM] is Relation.NONE


def test_who_may_act_on_a_ticket_may_see_it() -> None:
    for roles in COMMAND_ROLES.values():
        assert all(TICKETS[role] is not Relation.NONE for role in roles)
