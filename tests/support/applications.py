"""The API for a test that changes nothing of its routes."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from api.app import create_app, work_with
from api.dependencies import Dependencies

_IDLE: list[FastAPI] = []


@contextmanager
def application(given: Dependencies) -> Iterator[FastAPI]:
    """The API on these collaborators, lent for as long as the block lasts. An application prepares its routes
    at its first request, which takes longer than most tests: what one test gives back serves the next."""
    # Asked once, when an application is made.
    assert given.public_url.startswith("https://")
    app = _IDLE.pop() if _IDLE else create_app(given)
    work_with(app, given)
    try:
        yield app
    finally:
        _IDLE.append(app)
