"""Nothing that people see is without a scene: else it would have no picture, and nobody would look at it."""

import re
from typing import get_type_hints

from fastapi.routing import APIRoute
from starlette.responses import StreamingResponse

from api.app import ROUTERS
from domain.catalogue import CATALOGUE
from tests.scenes.desks import PAGES
from tests.scenes.mails import MAILS

# They lead elsewhere or are read by programs: what a page loads, a calendar's feed, the way to one's desk.
NO_PAGES = {"/static/{name}", "/agenda/flux/{token}", "/"}
# A place in a scene's path that a thing of the world takes.
THING = re.compile(r"\{[a-z_]+\}")


def pages() -> list[APIRoute]:
    """The routes that answer a page, those apart by which a page follows what happens."""
    return [
        route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and "pages" in route.tags
        and route.path not in NO_PAGES
        and get_type_hints(route.endpoint)["return"] is not StreamingResponse
    ]


def test_every_page_has_a_scene() -> None:
    played = {
        THING.sub("thing", re.split("[?#]", scene.path)[0])
        for scenes in PAGES.values()
        for scene in scenes
        if scene.shown is None
    }
    first = {
        path: next((route.path for route in pages() if route.path_regex.match(path)), None) for path in played
    }
    assert [route.path for route in pages() if route.path not in first.values()] == []


def test_every_mail_has_a_scene() -> None:
    shown = {re.split("-", scene.name)[1] for scene in MAILS}
    assert shown == set(CATALOGUE)
