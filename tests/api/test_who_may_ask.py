"""Every route × every role, and × every way of not being signed in, against one literal table."""

import uuid
from datetime import timedelta

import jwt
import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS, create_app
from api.auth import AUDIENCE, issue_token
from api.codes import ApiCode
from api.documentation import roles_of
from domain.tickets import Role
from tests.api.frontend import Frontend, is_problem
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_person, a_sign_in

CLIENT, TECHNICIAN, BACK_OFFICE, FINANCE = "client", "technician", "back_office", "finance"
EVERYBODY = {CLIENT, TECHNICIAN, BACK_OFFICE, FINANCE}
NOBODY_ASKED: set[str] = set()

TABLE: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/skills"): EVERYBODY,
    ("GET", "/v1/slots"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/holds"): {CLIENT},
    ("GET", "/v1/cards"): {CLIENT},
    ("POST", "/v1/cards"): {CLIENT},
    ("POST", "/v1/attachments"): {CLIENT, TECHNICIAN, BACK_OFFICE},
    ("POST", "/v1/tickets"): {CLIENT, BACK_OFFICE},
    ("GET", "/v1/tickets"): EVERYBODY,
    ("GET", "/v1/tickets/{number}"): EVERYBODY,
    ("GET", "/v1/tickets/{number}/attachments/{attachment_id}"): EVERYBODY,
    ("GET", "/v1/tickets/{number}/invoice"): {CLIENT, BACK_OFFICE, FINANCE},
    ("GET", "/v1/tickets/{number}/invoice.pdf"): {CLIENT, BACK_OFFICE, FINANCE},
    ("GET", "/v1/tickets/{number}/credit-notes/{credit_note}.pdf"): {CLIENT, BACK_OFFICE, FINANCE},
    ("GET", "/v1/tickets/{number}/journal"): {BACK_OFFICE, FINANCE},
    ("GET", "/v1/consent-text"): EVERYBODY,
    ("GET", "/v1/express-request-text"): EVERYBODY,
    ("GET", "/v1/commands"): EVERYBODY,
    ("GET", "/v1/tickets/{number}/withdrawal"): {CLIENT, BACK_OFFICE},
    ("GET", "/v1/tickets/{number}/appointment.ics"): {CLIENT, TECHNICIAN},
    ("POST", "/v1/tickets/{number}/reschedule"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/cancel"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/withdraw"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/consent"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/extend"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/stop"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/review"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/dispute"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/pay"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/write-off"): {BACK_OFFICE, FINANCE},
    ("GET", "/v1/tickets/{number}/refunds"): {CLIENT, BACK_OFFICE, FINANCE},
    ("POST", "/v1/tickets/{number}/refunds"): {CLIENT, BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/refunds/{case}/ruling"): {BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/refunds/{case}/retry"): {BACK_OFFICE, FINANCE},
    ("POST", "/v1/tickets/{number}/refunds/{case}/settlement"): {BACK_OFFICE, FINANCE},
    ("GET", "/v1/chargebacks"): {BACK_OFFICE, FINANCE},
    ("POST", "/v1/chargebacks/{reference}/answer"): {BACK_OFFICE},
    ("POST", "/v1/chargebacks/{reference}/concession"): {BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/acknowledge"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/decline"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/call"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/start"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/end"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/absent"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/report"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/incident"): {TECHNICIAN},
    ("POST", "/v1/tickets/{number}/reassign"): {BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/take-over"): {BACK_OFFICE},
    ("POST", "/v1/tickets/{number}/ruling"): {BACK_OFFICE},
    ("GET", "/v1/reviews/{token}"): NOBODY_ASKED,
    ("POST", "/v1/reviews/{token}"): NOBODY_ASKED,
    ("GET", "/v1/payments/{token}"): NOBODY_ASKED,
    ("POST", "/v1/payments/{token}"): NOBODY_ASKED,
    ("POST", "/v1/payments/{token}/card"): NOBODY_ASKED,
    ("GET", "/v1/me"): EVERYBODY,
    ("GET", "/v1/me/erasure"): {CLIENT, TECHNICIAN},
    ("POST", "/v1/me/erasure"): {CLIENT, TECHNICIAN},
    ("POST", "/v1/me/erasure/withdrawal"): {CLIENT, TECHNICIAN},
    ("GET", "/v1/people/{person}/erasure"): {BACK_OFFICE},
    ("POST", "/v1/people/{person}/erasure"): {BACK_OFFICE},
    ("POST", "/v1/people/{person}/erasure/withdrawal"): {BACK_OFFICE},
    ("GET", "/v1/me/agenda"): {TECHNICIAN},
    ("GET", "/v1/me/agenda.ics"): {TECHNICIAN},
    ("GET", "/v1/me/gains"): {TECHNICIAN},
    ("GET", "/v1/me/payouts"): {TECHNICIAN},
    ("GET", "/v1/me/working-hours"): {TECHNICIAN},
    ("PUT", "/v1/me/working-hours"): {TECHNICIAN},
    ("GET", "/v1/me/leaves"): {TECHNICIAN},
    ("POST", "/v1/me/leaves"): {TECHNICIAN},
    ("DELETE", "/v1/me/leaves/{leave}"): {TECHNICIAN},
    ("GET", "/v1/technicians"): {BACK_OFFICE},
    ("POST", "/v1/technicians"): {BACK_OFFICE},
    ("PUT", "/v1/technicians/{technician}/skills"): {BACK_OFFICE},
    ("PUT", "/v1/technicians/{technician}/working-hours"): {BACK_OFFICE},
    ("POST", "/v1/technicians/{technician}/leaves"): {BACK_OFFICE},
    ("DELETE", "/v1/technicians/{technician}/leaves/{leave}"): {BACK_OFFICE},
    ("POST", "/v1/technicians/{technician}/suspension"): {BACK_OFFICE},
    ("POST", "/v1/technicians/{technician}/reinstatement"): {BACK_OFFICE},
    ("GET", "/v1/technicians/{technician}/payee"): {BACK_OFFICE, FINANCE},
    ("PUT", "/v1/technicians/{technician}/payee/identity"): {BACK_OFFICE},
    ("PUT", "/v1/technicians/{technician}/payee/papers"): {BACK_OFFICE},
    ("PUT", "/v1/technicians/{technician}/payee/bank"): {BACK_OFFICE},
    ("POST", "/v1/technicians/{technician}/payee/bank/confirmation"): {BACK_OFFICE},
    ("POST", "/v1/technicians/{technician}/payee/bank/refusal"): {BACK_OFFICE},
    ("GET", "/v1/me/payee"): {TECHNICIAN},
    ("GET", "/v1/me/mandate-text"): {TECHNICIAN},
    ("PUT", "/v1/me/payee/mandate"): {TECHNICIAN},
    ("PUT", "/v1/me/payee/bank"): {TECHNICIAN},
    ("POST", "/v1/me/payee/account-page"): {TECHNICIAN},
    ("GET", "/v1/account-page/returned"): NOBODY_ASKED,
    ("GET", "/v1/account-page/expired"): NOBODY_ASKED,
    ("POST", "/v1/sign-in"): NOBODY_ASKED,
    ("GET", "/v1/sign-in"): NOBODY_ASKED,
    ("POST", "/v1/sign-in/asked"): NOBODY_ASKED,
    ("GET", "/v1/sign-in/links/{token}"): NOBODY_ASKED,
    ("POST", "/v1/sign-in/links/{token}"): NOBODY_ASKED,
    ("GET", "/v1/sign-in/done"): NOBODY_ASKED,
    ("POST", "/v1/sign-in/end"): NOBODY_ASKED,
    ("POST", "/v1/sign-out"): EVERYBODY,
    ("POST", "/v1/tokens"): NOBODY_ASKED,
    ("POST", "/v1/tokens/refresh"): NOBODY_ASKED,
    ("GET", "/v1/me/sign-ins"): EVERYBODY,
    ("DELETE", "/v1/me/sign-ins/{sign_in}"): EVERYBODY,
    ("GET", "/v1/queue"): {BACK_OFFICE},
    ("GET", "/v1/payouts/{month}"): {FINANCE},
    ("GET", "/v1/payouts/{month}/preview"): {FINANCE},
    ("GET", "/v1/payouts/{month}/preview/{technician}"): {FINANCE},
    ("GET", "/v1/payouts/{month}/statements.csv"): {FINANCE},
    ("GET", "/v1/statements/{number}.pdf"): {TECHNICIAN, FINANCE},
    ("GET", "/v1/statements/{number}.csv"): {TECHNICIAN, FINANCE},
    ("GET", "/v1/payouts/{month}/reversals"): {FINANCE},
    ("POST", "/v1/statements/{number}/reversal"): {FINANCE},
    ("GET", "/v1/statements/{number}"): {TECHNICIAN, FINANCE},
    ("GET", "/v1/statements/contests"): {FINANCE},
    ("POST", "/v1/statements/{number}/contest"): {TECHNICIAN},
    ("POST", "/v1/statements/{number}/contest/answer"): {FINANCE},
    ("GET", "/v1/payouts/{month}/progress"): {FINANCE},
    ("POST", "/v1/payouts/{month}/runs"): {FINANCE},
    ("GET", "/v1/payouts/{month}/transfer-files"): {FINANCE},
    ("GET", "/v1/transfer-files/{message_id}.xml"): {FINANCE},
    ("POST", "/v1/bank-messages"): {FINANCE},
    ("GET", "/v1/ledger"): {FINANCE},
    ("GET", "/v1/ledger/trial-balance"): {FINANCE},
    ("GET", "/v1/ledger/journal.csv"): {FINANCE},
    ("GET", "/v1/ledger/months/{month}"): {FINANCE},
    ("GET", "/v1/declarations/{year}"): {FINANCE},
    ("GET", "/v1/declarations/{year}.xml"): {FINANCE},
    ("GET", "/v1/declarations/{year}/statements/{technician}.pdf"): {FINANCE},
    ("GET", "/v1/me/yearly-statements/{year}.pdf"): {TECHNICIAN},
    ("GET", "/v1/price-list"): NOBODY_ASKED,
    ("GET", "/v1/prices"): EVERYBODY,
    ("GET", "/v1/tariffs"): {BACK_OFFICE, FINANCE},
    ("POST", "/v1/tariffs"): {FINANCE},
    ("GET", "/v1/invariants"): {BACK_OFFICE, FINANCE},
    ("GET", "/v1/accesses"): {BACK_OFFICE},
    ("POST", "/v1/webhooks/stripe"): NOBODY_ASKED,
    ("GET", "/v1/webhooks/parked"): {BACK_OFFICE, FINANCE},
    ("GET", "/healthz"): NOBODY_ASKED,
    ("GET", "/readyz"): NOBODY_ASKED,
}
# Nobody asks who you are there, so these are looked at by name: each is harmless or has its own check.
OPEN = {route for route, roles in TABLE.items() if not roles}

ROUTES = {
    (method, route.path): route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
}


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {route: set(roles_of(found) or ()) for route, found in ROUTES.items()} == TABLE


def test_only_links_machines_the_price_list_and_the_documentation_are_open(api: Frontend) -> None:
    described = create_app(api.given).openapi()
    walked = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    pages = {
        ("GET", "/v1/payments/{token}"),
        ("POST", "/v1/payments/{token}"),
        ("POST", "/v1/payments/{token}/card"),
    }
    pages |= {("GET", "/v1/account-page/returned"), ("GET", "/v1/account-page/expired")}
    signing_in = {
        ("GET", "/v1/sign-in"),
        ("POST", "/v1/sign-in/asked"),
        ("GET", "/v1/sign-in/links/{token}"),
        ("POST", "/v1/sign-in/links/{token}"),
        ("GET", "/v1/sign-in/done"),
        ("POST", "/v1/sign-in/end"),
    }
    assert walked == set(TABLE) - pages - signing_in
    # By the cookie of a browser, or by the token in the body: tests/api/test_signing_in_refused.py.
    signing_in |= {("POST", "/v1/sign-in"), ("POST", "/v1/tokens"), ("POST", "/v1/tokens/refresh")}
    by_link = {("GET", "/v1/reviews/{token}"), ("POST", "/v1/reviews/{token}")} | pages
    unsigned = {("POST", "/v1/webhooks/stripe"), ("GET", "/healthz"), ("GET", "/readyz")}
    assert unsigned | by_link | signing_in | {("GET", "/v1/price-list")} == OPEN


def path_of(route: tuple[str, str]) -> str:
    given = {"number": "00000420", "month": "2026-11", "case": "1", "reference": "du_1"}
    path = route[1]
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", value)
    return path


GUARDED = sorted(set(TABLE) - OPEN)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_a_role_enters_where_the_table_says_and_nowhere_else(api: Frontend, role: str) -> None:
    person = a_person(api.database, role)
    entered = set()
    for route in GUARDED:
        answer = await api.http.request(route[0], path_of(route), headers=api.signed_in(person))
        if answer.status_code != 403:
            assert answer.status_code != 401
            entered.add(route)
        else:
            is_problem(answer, ApiCode.ROLE_NOT_ALLOWED)
    assert entered == {route for route in GUARDED if role in TABLE[route]}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_nobody_enters_without_a_valid_token(api: Frontend, role: str) -> None:
    now, hour = api.clock(), timedelta(hours=1)
    sign_in = a_sign_in(api.database, a_person(api.database, role), now)
    forged = issue_token(b"another key, of thirty-two bytes or more", sign_in, now, hour)
    expired = issue_token(TOKEN_KEY, sign_in, now - hour, hour)
    for route in GUARDED:
        for headers, code in [
            ({}, ApiCode.NOT_SIGNED_IN),
            ({"Authorization": "Basic Y2xhaXJlOnNlY3JldA=="}, ApiCode.NOT_SIGNED_IN),
            ({"Authorization": f"Bearer {forged}"}, ApiCode.SIGN_IN_INVALID),
            ({"Authorization": f"Bearer {expired}"}, ApiCode.SIGN_IN_EXPIRED),
        ]:
            answer = await api.http.request(route[0], path_of(route), headers=headers)
            assert is_problem(answer, code)
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_every_way_of_forging_a_token_is_seen(api: Frontend) -> None:
    person, now, hour = a_person(api.database, "finance"), api.clock(), timedelta(hours=1)
    sign_in = a_sign_in(api.database, person, now)
    claims = {"sub": sign_in, "aud": AUDIENCE, "exp": int((now + hour).timestamp())}
    assert (await api.get("/v1/ledger", person)).status_code == 200
    forgeries = [
        "not a token",
        issue_token(TOKEN_KEY, sign_in, now, hour)[:-2],
        issue_token(TOKEN_KEY, person, now, hour),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, TOKEN_KEY + TOKEN_KEY, "HS512"),
        jwt.encode({**claims, "aud": "another service"}, TOKEN_KEY, "HS256"),
        jwt.encode({**claims, "sub": "somebody"}, TOKEN_KEY, "HS256"),
        jwt.encode({**claims, "sub": str(uuid.uuid4())}, TOKEN_KEY, "HS256"),
        jwt.encode({**claims, "exp": "later"}, TOKEN_KEY, "HS256"),
        *(jwt.encode({k: v for k, v in claims.items() if k != gone}, TOKEN_KEY, "HS256") for gone in claims),
    ]
    for forgery in forgeries:
        answer = await api.http.get("/v1/ledger", headers={"Authorization": f"Bearer {forgery}"})
        assert is_problem(answer, ApiCode.SIGN_IN_INVALID)


async def test_a_closed_account_is_out_at_once(api: Frontend) -> None:
    person = a_person(api.database, "client")
    assert (await api.get("/v1/me", person)).status_code == 200
    api.database.execute("UPDATE people SET active = false WHERE id = %s", person)
    assert is_problem(await api.get("/v1/me", person), ApiCode.SIGN_IN_INVALID)


async def test_a_role_is_that_of_today(api: Frontend) -> None:
    person = a_person(api.database, "client")
    api.database.execute("UPDATE people SET role = 'finance' WHERE id = %s", person)
    assert (await api.get("/v1/ledger", person)).status_code == 200
    assert is_problem(await api.get("/v1/cards", person), ApiCode.ROLE_NOT_ALLOWED)


async def test_the_service_itself_does_not_sign_in(api: Frontend) -> None:
    person = a_person(api.database, Role.SYSTEM.value)
    assert is_problem(await api.get("/v1/me", person), ApiCode.ROLE_NOT_ALLOWED)


async def test_the_description_is_open_and_needs_nothing_else(api: Frontend) -> None:
    assert (await api.http.get("/openapi.json")).status_code == 200
