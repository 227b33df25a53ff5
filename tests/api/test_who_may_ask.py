"""Every route × every way of not being signed in. Who may ask what once they are: tests/api/matrix."""

import uuid
from datetime import timedelta

import jwt
from fastapi.routing import APIRoute

from api.app import ROUTERS
from api.auth import AUDIENCE, issue_token
from api.codes import ApiCode
from api.desks import ROUTERS as DESK_ROUTERS
from api.documentation import roles_of
from domain.tickets import Role
from tests.api.frontend import Frontend, is_problem
from tests.support.applications import application
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_person, a_sign_in

ROUTES = {
    (method, route.path): route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
}
# Nobody asks who you are there, so these are looked at by name: each is harmless or has its own check.
OPEN = {name for name, route in ROUTES.items() if not roles_of(route)}


def test_only_links_machines_the_price_list_and_the_documentation_are_open(api: Frontend) -> None:
    with application(api.given) as app:
        described = app.openapi()
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
        ("GET", "/v1/sign-in/second-factor"),
        ("POST", "/v1/sign-in/second-factor/code"),
        ("POST", "/v1/sign-in/second-factor/enrolment"),
        ("GET", "/v1/sign-in/second-factor/replacement"),
        ("POST", "/v1/sign-in/second-factor/replacement"),
        ("POST", "/v1/sign-in/with/{issuer}"),
        ("POST", "/v1/sign-in/with/{issuer}/link"),
        ("GET", "/v1/sign-in/with/{issuer}/back"),
    }
    signing_up = {
        ("GET", "/v1/sign-up"),
        ("POST", "/v1/sign-up/asked"),
        ("GET", "/v1/sign-up/texts/{text}"),
        ("GET", "/v1/sign-up/links/{token}"),
        ("POST", "/v1/sign-up/links/{token}"),
    }
    loaded = {("GET", "/static/{name}")}
    desks = {name for router in DESK_ROUTERS for route in router.routes for name in names_of(route)}
    assert walked == set(ROUTES) - pages - signing_in - signing_up - loaded - desks
    # By the cookie of a browser, or by the token in the body: tests/api/test_signing_in_refused.py.
    signing_in |= {("POST", "/v1/sign-in"), ("POST", "/v1/tokens"), ("POST", "/v1/tokens/refresh")}
    by_link = {("GET", "/v1/reviews/{token}"), ("POST", "/v1/reviews/{token}")} | pages
    unsigned = {("POST", "/v1/webhooks/stripe"), ("GET", "/healthz"), ("GET", "/readyz")}
    # By a mail to the address that was given: tests/api/test_signing_up.py.
    signing_up |= {("POST", "/v1/sign-up"), ("GET", "/v1/terms"), ("POST", "/v1/applications")}
    # Help for everybody.
    unsigned |= loaded | {("GET", "/aide"), ("GET", "/aide/techniciens")}
    by_link |= {("GET", "/avis/{token}"), ("POST", "/avis/{token}")}
    by_link |= {("GET", "/agenda/flux/{token}")}
    assert unsigned | by_link | signing_in | signing_up | {("GET", "/v1/price-list")} == OPEN


def names_of(route: object) -> set[tuple[str, str]]:
    return {name for name, known in ROUTES.items() if known is route}


def path_of(route: tuple[str, str]) -> str:
    given = {"number": "00000420", "month": "2026-11", "case": "1", "reference": "du_1"}
    path = route[1]
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_nobody_enters_without_a_valid_token(api: Frontend) -> None:
    now, hour = api.clock(), timedelta(hours=1)
    sign_in = a_sign_in(api.database, a_person(api.database, "back_office"), now)
    forged = issue_token(b"another key, of thirty-two bytes or more", sign_in, now, hour)
    expired = issue_token(TOKEN_KEY, sign_in, now - hour, hour)
    for route in sorted(set(ROUTES) - OPEN):
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
