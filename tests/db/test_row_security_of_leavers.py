"""What is read of a person as a whole, for their export and before they leave, is whole under row-level
security: for themselves, and for the back office that was asked on the phone."""

from collections.abc import Iterator

import pytest

from db.askers import Asker, asked_sessions
from db.engine import create_engine, sessions
from db.reads.erasures import outstanding
from db.reads.export import Kept, kept_about
from db.reads.people import KnownPerson
from domain.erasures import Outstanding
from domain.tickets import Role
from tests.support.postgres import Cluster
from tests.support.sides import BACK_OFFICE, NOW, TwoSides
from tests.support.two_sides import two_sides

PEOPLE = [("a client", Role.CLIENT), ("a technician", Role.TECHNICIAN)]


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> Iterator[TwoSides]:
    with cluster.new_database() as database:
        yield two_sides(database)


async def read(
    world: TwoSides, name: str, role: Role, asker: Asker | None
) -> tuple[Kept, tuple[Outstanding, ...]]:
    """As that asker, by the API's role; as the owner, whom nothing binds, if there is none."""
    who = world.people[name]
    engine = create_engine(world.database.url("omea_owner" if asker is None else "omea_api"))
    opened = sessions(engine) if asker is None else asked_sessions(engine, asker)
    [(mail,)] = world.database.rows("SELECT mail FROM people WHERE id = %s", who)
    async with opened() as session:
        kept = await kept_about(session, KnownPerson(who, role, name, mail))
        left = await outstanding(session, who, NOW)
    await engine.dispose()
    return kept, left


@pytest.mark.parametrize(("name", "role"), PEOPLE)
async def test_nothing_of_a_person_is_hidden_from_who_may_ask_for_all_of_it(
    world: TwoSides, name: str, role: Role
) -> None:
    kept, left = await read(world, name, role, None)
    assert len(left) > 2
    # Their own, and for the technician the one by which they became one.
    assert len(kept.rows["applications"]) == (1 if role is Role.CLIENT else 2)
    assert len([part for part, rows in kept.rows.items() if rows]) > 15
    for asker in (
        Asker(world.people[name], role.value),
        Asker(world.people[BACK_OFFICE], Role.BACK_OFFICE.value),
    ):
        found, awaited = await read(world, name, role, asker)
        assert awaited == left
        assert found.rows == kept.rows
        assert [row.ticket.number for row, _ in found.tickets] == [
            row.ticket.number for row, _ in kept.tickets
        ]
        assert [case.case.invoice for case in found.refunds] == [case.case.invoice for case in kept.refunds]
