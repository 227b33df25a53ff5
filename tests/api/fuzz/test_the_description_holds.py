"""schemathesis on the description of the API, as everybody: what is answered is what the description says.

Whatever is sent, no answer is an error of ours, and its status, its type, its headers and its body are those
that the operation names; what the description forbids is refused. schemathesis' other checks are not made:
who is let in is the matrix's subject, and what is allowed may be refused by rules that no description has.

`make test` sends the same requests each time. `make soak` sends others each time; what fails there is sent
again by the `--hypothesis-seed` that pytest names.
"""

from collections.abc import AsyncIterator, Sequence

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from api.documentation import roles_of
from domain.tickets import Role
from tests.api.fuzz.cases import Sent, exactly, sent
from tests.api.fuzz.served import Served, open_served
from tests.api.matrix.asking import Route
from tests.api.matrix.callers import CALLERS, FINANCE, OTHERS
from tests.api.matrix.test_permissions import COMMITTED, LET_IN, ROUTES, in_order
from tests.support.postgres import Cluster

CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
    schemathesis.checks.negative_data_rejection,
]
OPERATIONS = [route for route in in_order(ROUTES) if ROUTES[route].include_in_schema]
# Everybody may end their own, whereas the one of the matrix is the client's.
OWN = {("DELETE", "/v1/me/sign-ins/{sign_in}"), ("DELETE", "/v1/me/identities/{identity}")}
# Finance reads no texts, so that no image is ever theirs to see.
NEVER = {(("GET", "/v1/tickets/{number}/attachments/{attachment_id}"), FINANCE)}
PERMISSIONS = {
    (method, path): dict(zip(CALLERS, statuses, strict=False))
    for method, path, *statuses in map(str.split, COMMITTED.read_text().splitlines()[1:])
}


def may(route: Route) -> list[str]:
    """Who is let in, by the committed table."""
    if route in OWN:
        return list(CALLERS[1:])
    return [caller for caller in CALLERS if int(PERMISSIONS[route][caller]) in LET_IN]


A_FEW = settings(max_examples=2, database=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=25, database=None, suppress_health_check=list(HealthCheck))
ONES_WHO_MAY = [
    pytest.param(route, caller, id=f"{' '.join(route)}, {caller}")
    for route in OPERATIONS
    for caller in may(route)
]


@pytest.fixture(scope="module")
async def served(cluster: Cluster) -> AsyncIterator[Served]:
    async with open_served(cluster) as running:
        yield running


async def _check(served: Served, route: Route, one: Sent) -> int:
    answer = await served.answer(route, one)
    one.case.validate_response(answer, checks=CHECKS)
    return answer.status_code


def _drawn(served: Served, route: Route, drawing: st.DataObject, callers: Sequence[str]) -> Sent:
    valid = {caller: served.valid(route, caller) for caller in set(callers)}
    return drawing.draw(sent(served.generated[route], valid.__getitem__, callers))


def test_every_role_that_an_operation_names_may_ask_for_it() -> None:
    for route in OPERATIONS:
        for role in roles_of(ROUTES[route]) or ():
            caller = Role(role).value.replace("_", " ")
            assert caller in may(route) or (route, caller) in NEVER, f"{route}: {role}"


@pytest.mark.parametrize("route", OPERATIONS, ids=" ".join)
async def test_whoever_may_is_given_what_an_operation_is_for(served: Served, route: Route) -> None:
    for caller in may(route):
        if caller in OTHERS:
            # Of a role that was asked as already.
            continue
        one = exactly(served.operations[route], served.valid(route, caller), caller)
        assert 200 <= await _check(served, route, one) < 300, caller


@pytest.mark.parametrize("route", OPERATIONS, ids=" ".join)
@seed(20_261_127)
@A_FEW
@given(drawing=st.data())
async def test_a_few_of_each_operation(served: Served, route: Route, drawing: st.DataObject) -> None:
    # Whoever may, thrice as often.
    await _check(served, route, _drawn(served, route, drawing, [*may(route), *may(route), *CALLERS]))


@pytest.mark.soak
@pytest.mark.parametrize(("route", "caller"), ONES_WHO_MAY)
@MANY
@given(drawing=st.data())
async def test_many_of_each_operation_and_of_each_who_may(
    served: Served, route: Route, caller: str, drawing: st.DataObject
) -> None:
    await _check(served, route, _drawn(served, route, drawing, [caller]))


@pytest.mark.soak
@pytest.mark.parametrize("route", OPERATIONS, ids=" ".join)
@MANY
@given(drawing=st.data())
async def test_many_of_each_operation_by_anybody(
    served: Served, route: Route, drawing: st.DataObject
) -> None:
    await _check(served, route, _drawn(served, route, drawing, CALLERS))
