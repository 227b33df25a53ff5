"""Images are attached once, to what their author writes, and wait for it a day at the most."""

import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.codes import ApiCode
from api.french_fields import MESSAGES
from api.images import clean_image
from db.stores.attachments import Image
from domain.errors import Refusal
from tests.api.frontend import Frontend, is_problem
from tests.api.pictures import KINDS, a_file, an_image
from tests.api.rows import a_card, a_ticket
from tests.api.service import Service
from tests.support.people import a_client, a_person, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b40"
TEXTS: dict[str, dict[str, Any]] = {
    "report": {"text": "Canal Wi-Fi changé, tout est rétabli.", "declared_minutes": 25},
    "dispute": {"reason": "Rien ne marche toujours."},
}


def attached(api: Frontend, kind: str) -> list[str]:
    """The images of the submissions of that kind, oldest first."""
    return [
        image
        for (image,) in api.database.rows(
            "SELECT attachments.id::text FROM attachments JOIN submissions ON submissions.id = submission_id "
            "WHERE kind = %s AND submissions.author_id = attachments.author_id ORDER BY attachments.id",
            kind,
        )
    ]


async def say(api: Frontend, command: str, images: list[str], key: str | None = None) -> httpx.Response:
    """In the report or the dispute of the first ticket, by its technician or its client."""
    [(client, technician, ticket)] = api.database.rows(
        "SELECT client_id::text, technician_id::text, number FROM tickets ORDER BY number LIMIT 1"
    )
    person = technician if command == "report" else client
    body = {**TEXTS[command], "attachments": images}
    return await api.post(f"/v1/tickets/{ticket}/{command}", person, body, key)


def a_ticket_to_report(api: Frontend) -> tuple[str, str]:
    client, technician = a_client(api.database), a_technician(api.database)
    a_ticket(api.database, client, technician, status="to_report")
    return client, technician


# In these tests no Temporal runs: what is written is kept, and the act itself waits for a retry.


@pytest.mark.parametrize("command", ["report", "dispute"])
async def test_images_are_attached_in_the_transaction_that_keeps_the_text(
    api: Frontend, command: str
) -> None:
    client, technician = a_ticket_to_report(api)
    author = technician if command == "report" else client
    images = [await an_image(api, author, kind) for kind in KINDS]
    for _ in range(2):
        assert is_problem(await say(api, command, images[::-1], "k"), ApiCode.TEMPORAL_UNAVAILABLE)
        assert attached(api, command) == images
    assert is_problem(await say(api, command, images[:2], "k"), ApiCode.IDEMPOTENCY_KEY_REUSED)


async def test_a_request_has_its_images(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    a_card(api.database, client)
    hold = {"skill": "internet", "start": "2026-11-24T10:00:00+01:00", "minutes": 60}
    asked = {
        "hold_id": (await api.post("/v1/holds", client, hold)).json()["id"],
        "description": "Plus de Wi-Fi du tout.",
        "phone": "06 12 34 56 78",
        "express_request": True,
    }
    image = await an_image(api, client)
    foreign = await an_image(api, a_client(api.database))
    answer = await api.unchanged(api.post("/v1/tickets", client, {**asked, "attachments": [image, foreign]}))
    assert is_problem(answer, Refusal.ATTACHMENT_UNKNOWN)
    for _ in range(2):
        answer = await api.post("/v1/tickets", client, {**asked, "attachments": [image]}, "k")
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
        assert attached(api, "request") == [image]


async def test_other_peoples_images_and_those_that_are_not_there_are_the_same(api: Frontend) -> None:
    _, technician = a_ticket_to_report(api)
    own = await an_image(api, technician)
    for other in (
        await an_image(api, a_technician(api.database)),
        await an_image(api, a_person(api.database, "back_office")),
        NOBODY,
        own,
    ):
        answer = await api.unchanged(say(api, "report", [own, other]))
        assert is_problem(answer, Refusal.ATTACHMENT_UNKNOWN)
    assert api.database.rows("SELECT count(*) FROM attachments WHERE submission_id IS NOT NULL") == [(0,)]


async def test_an_image_is_attached_once(api: Frontend) -> None:
    client, _ = a_ticket_to_report(api)
    image = await an_image(api, client)
    answers = await asyncio.gather(*(say(api, "dispute", [image]) for _ in range(4)))
    codes = sorted(answer.json()["code"] for answer in answers)
    assert codes == ["attachment_unknown"] * 3 + ["temporal_unavailable"]
    assert is_problem(await api.unchanged(say(api, "dispute", [image])), Refusal.ATTACHMENT_UNKNOWN)
    assert attached(api, "dispute") == [image]


@pytest.mark.parametrize(
    ("images", "field", "kind", "detail"),
    [
        ([NOBODY] * 6, "attachments", "too_long", "Donnez au plus 5 éléments."),
        (["first"], "attachments.0", "not_an_id", MESSAGES["not_an_id"]),
        (NOBODY, "attachments", "list_type", MESSAGES["list_type"]),
    ],
)
async def test_a_list_that_is_not_one_of_at_most_five_ids(
    api: Frontend, images: Any, field: str, kind: str, detail: str
) -> None:
    a_ticket_to_report(api)
    answer = await api.unchanged(say(api, "report", images))
    assert is_problem(
        answer, ApiCode.INVALID_INPUT, errors=[{"field": field, "code": kind, "detail": detail}]
    )


async def test_a_retried_upload_is_the_same_image(api: Frontend) -> None:
    client, _ = a_ticket_to_report(api)
    first = await api.upload(client, a_file(), key="k")
    again = await api.unchanged(api.upload(client, a_file(), key="k"))
    assert (again.status_code, again.json()) == (201, first.json())
    for content, said in ((a_file() + b"\0", "image/png"), (a_file("JPEG"), "image/jpeg")):
        answer = await api.unchanged(api.upload(client, content, said, key="k"))
        assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_REUSED)
    await say(api, "dispute", [first.json()["id"]])
    again = await api.unchanged(api.upload(client, a_file(), key="k"))
    assert again.json() == {**first.json(), "expires_at": None}
    api.database.execute("DELETE FROM attachments")
    assert is_problem(await api.unchanged(api.upload(client, a_file(), key="k")), Refusal.ATTACHMENT_UNKNOWN)


async def test_the_same_image_twice_is_two_images(api: Frontend) -> None:
    client = a_client(api.database)
    assert await an_image(api, client) != await an_image(api, client)


async def test_an_upload_refused_may_be_tried_again_under_its_key(api: Frontend) -> None:
    client = a_client(api.database)
    assert (await api.unchanged(api.upload(client, b"no image", key="k"))).status_code == 422
    assert (await api.upload(client, a_file(), key="k")).status_code == 201


async def test_after_a_day_an_unattached_image_is_gone_and_an_attached_one_is_not(api: Frontend) -> None:
    client, technician = a_ticket_to_report(api)
    kept, late = await an_image(api, client), await an_image(api, technician)
    await say(api, "dispute", [kept])
    api.clock.now += timedelta(hours=24, seconds=-1)
    young = await an_image(api, client)
    assert {image for (image,) in api.database.rows("SELECT id::text FROM attachments")} == {
        kept,
        late,
        young,
    }
    api.clock.advance(seconds=1)
    # Too old, though nothing has deleted it yet.
    answer = await api.unchanged(say(api, "report", [late]))
    assert is_problem(answer, Refusal.ATTACHMENT_UNKNOWN)
    new = await an_image(api, a_client(api.database))
    assert {image for (image,) in api.database.rows("SELECT id::text FROM attachments")} == {kept, young, new}


async def test_20_images_wait_at_a_time_for_one_person(api: Frontend) -> None:
    client, technician = a_ticket_to_report(api)
    images = [await an_image(api, client) for _ in range(18)]
    answers = await asyncio.gather(*(api.upload(client, a_file()) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert is_problem(await api.unchanged(api.upload(client, a_file())), Refusal.ATTACHMENT_TOO_MANY)
    await an_image(api, technician)
    await say(api, "dispute", images[:1])
    await an_image(api, client)
    assert is_problem(await api.unchanged(api.upload(client, a_file())), Refusal.ATTACHMENT_TOO_MANY)
    api.clock.advance(hours=24)
    await an_image(api, client)


async def test_images_are_decoded_beside_the_event_loop_two_at_a_time(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy: list[int] = []
    under_way, lock = 0, threading.Lock()

    def watched(content: bytes, said: str) -> Image:
        nonlocal under_way
        assert threading.current_thread() is not threading.main_thread()
        with lock:
            under_way += 1
            busy.append(under_way)
        time.sleep(0.05)
        with lock:
            under_way -= 1
        return clean_image(content, said)

    monkeypatch.setattr("api.routes.attachments.clean_image", watched)
    client = a_client(api.database)
    await asyncio.gather(*(an_image(api, client) for _ in range(5)))
    assert (len(busy), max(busy)) == (5, 2)


async def test_a_ticket_opened_with_an_image_shows_it_to_its_technician(service: Service) -> None:
    await service.save_card()
    api, image = service.api, await an_image(service.api, service.client)
    asked = {
        "hold_id": await service.a_hold(),
        "description": "Voyez l’écran.",
        "phone": "06 12 34 56 78",
        "express_request": True,
        "attachments": [image],
    }
    opened = await api.post("/v1/tickets", service.client, asked)
    assert (opened.status_code, opened.json()["attachments"][0]["id"]) == (201, image)
    answer = await api.get(f"/v1/tickets/{opened.json()['number']}/attachments/{image}", service.technician)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
