"""Every route that the team may ask says what it shows or does of others, or why that is nothing."""

import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from api.desks.forms import sent
from api.documentation import roles_of
from api.french_accesses import ACTS, READINGS
from api.idempotency import idempotency_key
from api.recording import Recorded
from domain.accesses import STAFF, Act, Reading

ABOUT_NOBODY = "says nothing of anybody"
HARMLESS = {
    ("GET", "/v1/skills"): ABOUT_NOBODY,
    ("GET", "/v1/slots"): "free hours, without who is free",
    ("POST", "/v1/attachments"): "an image of one's own; the ticket's journal has the act that it goes with",
    ("GET", "/v1/consent-text"): ABOUT_NOBODY,
    ("GET", "/v1/express-request-text"): ABOUT_NOBODY,
    ("GET", "/v1/commands"): ABOUT_NOBODY,
    ("POST", "/v1/tickets/{number}/pay"): "in the ticket's journal; answers how the card was taken, no more",
    ("GET", "/v1/me"): "oneself",
    ("GET", "/v1/me/second-factor"): "oneself",
    ("POST", "/v1/me/second-factor/replacement"): "oneself",
    ("GET", "/v1/me/identities"): "oneself",
    ("DELETE", "/v1/me/identities/{identity}"): "oneself",
    ("POST", "/v1/sign-out"): "oneself",
    ("GET", "/v1/me/sign-ins"): "oneself",
    ("DELETE", "/v1/me/sign-ins/{sign_in}"): "oneself",
    ("GET", "/v1/me/export.json"): "oneself",
    ("GET", "/v1/me/export.pdf"): "oneself",
    ("GET", "/v1/ledger/months/{month}"): "the company's totals",
    ("GET", "/v1/prices"): ABOUT_NOBODY,
    ("GET", "/v1/tariffs"): "prices, and which colleague set them",
    ("GET", "/v1/invariants"): "ids and cents of what is not as it must be",
    ("GET", "/"): "leads to one's own desk",
    ("GET", "/compte"): "oneself",
    ("GET", "/dossiers/{number}/suivi"): "that something has changed, and not what",
    ("GET", "/compte/messages"): "oneself",
    ("GET", "/v1/me/messages"): "oneself",
    ("GET", "/personnes/{person}/demande/suivi"): "that a card has come, and not which",
    ("GET", "/files/suivi"): "that something has changed, and not what",
    ("POST", "/compte/connexions/{sign_in}"): "oneself",
    ("POST", "/compte/identites/{identity}"): "oneself",
    ("GET", "/personnes/nouveau"): ABOUT_NOBODY,
    ("GET", "/mois"): "the company's totals",
    ("GET", "/mois/{month}"): "the company's totals",
    ("GET", "/virements/{month}/suivi"): "a word that changes with what the page shows",
    ("GET", "/comptabilite/{month}/cloture"): "the company's totals",
    ("GET", "/exports"): ABOUT_NOBODY,
    ("GET", "/controles"): "ids and cents of what is not as it must be",
    ("GET", "/tarifs"): "prices, and which colleague set them",
    ("GET", "/v1/webhooks/parked"): "the provider's ids of its notices",
}
Route = tuple[str, str]

TEAM = {
    (method, route.path): route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and set(roles_of(route) or ()) & STAFF
    for method in route.methods or ()
}
DECLARED: dict[Route, Reading | Act] = {
    name: dependency.call.kind
    for name, route in TEAM.items()
    for dependency in route.dependant.dependencies
    if isinstance(dependency.call, Recorded)
}


def test_a_route_of_the_team_declares_its_kind_or_is_harmless_for_a_reason() -> None:
    assert set(TEAM) - set(DECLARED) == set(HARMLESS)


def test_every_kind_is_some_routes_and_has_its_french_label() -> None:
    of_a_technician = {Reading.CLIENT_CONTACT}
    assert set(DECLARED.values()) | of_a_technician == {*Reading, *Act}
    assert set(READINGS) == set(Reading)
    assert set(ACTS) == set(Act)


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_an_act_has_the_key_by_which_it_is_entered_and_a_get_is_no_act(name: Route) -> None:
    if name[0] == "GET":
        assert isinstance(DECLARED[name], Reading)
    if isinstance(DECLARED[name], Act):
        # A page draws the key with its form.
        assert {idempotency_key, sent} & set(calls(TEAM[name].dependant))


def calls(dependant: object) -> list[object]:
    """Everything that a route depends on, at whatever depth."""
    found: list[object] = []
    for one in dependant.dependencies:  # type: ignore[attr-defined]
        found += [one.call, *calls(one)]
    return found
