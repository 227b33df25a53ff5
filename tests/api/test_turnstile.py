"""A crowd is let in a few at a time, in its order, and not kept waiting for ever."""

import asyncio

import httpx
import pytest

from api.app import create_app
from api.codes import ApiCode
from api.errors import Problem
from api.turnstile import Turnstile
from tests.api.frontend import Frontend, is_problem
from tests.api.times import a_hold
from tests.support.people import a_client, a_technician


async def test_no_more_are_inside_than_there_are_places_and_all_come_in_in_order() -> None:
    turnstile = Turnstile(at_once=3)
    inside: set[int] = set()
    most, came = 0, []

    async def visit(number: int) -> None:
        nonlocal most
        async with turnstile.passing():
            inside.add(number)
            came.append(number)
            most = max(most, len(inside))
            await asyncio.sleep(0.001)
            inside.remove(number)

    await asyncio.gather(*(visit(number) for number in range(50)))
    assert (most, came) == (3, list(range(50)))


async def test_a_place_is_given_back_by_whoever_fails_and_by_whoever_gives_up() -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.05)
    with pytest.raises(ZeroDivisionError):
        async with turnstile.passing():
            raise ZeroDivisionError
    async with turnstile.passing():
        with pytest.raises(Problem) as raised:
            async with turnstile.passing():
                raise AssertionError("two at once")
        assert raised.value.code is ApiCode.CROWDED
    async with turnstile.passing():
        pass


async def test_nobody_takes_more_than_one_place_of_those_who_wait() -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=5)
    came = []

    async def visit(person: str) -> None:
        async with turnstile.passing_once(person):
            await asyncio.sleep(0.001)
            came.append(person)

    async with turnstile.passing_once("one"):
        waiting = asyncio.create_task(visit("two"))
        await asyncio.sleep(0)
        for person in ("one", "two"):
            with pytest.raises(Problem) as raised:
                await visit(person)
            assert raised.value.code is ApiCode.CROWDED
    await waiting
    await visit("two")
    assert came == ["two", "two"]


async def test_whose_turn_does_not_come_is_asked_to_try_again_and_nothing_is_held(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    app = create_app(api.given)
    app.state.turnstile = turnstile = Turnstile(at_once=1, patience_seconds=0.05)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://omea.example") as http:
        crowded = Frontend(api.database, api.clock, api.given, http)
        async with turnstile.passing():
            answer = await crowded.unchanged(crowded.post("/v1/holds", client, a_hold()))
            assert is_problem(answer, ApiCode.CROWDED)
            assert answer.headers["retry-after"] == "2"
            # Everybody else comes in by another door.
            assert (await crowded.get("/v1/slots", client, skill="internet")).status_code == 200
        assert (await crowded.post("/v1/holds", client, a_hold())).status_code == 201
