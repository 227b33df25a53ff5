"""A bug that others shipped in booking, tried on ours. The name is theirs."""

import asyncio
from typing import Any

from tests.api.reaching import HELP
from tests.api.service import Service


async def test_a_confirmation_raced_by_ten_requests_books_a_slot_twice_cal_13397(service: Service) -> None:
    await service.save_card()
    hold = await service.a_hold()
    asked: dict[str, Any] = {**HELP, "hold_id": hold}
    answers = await asyncio.gather(
        *(service.api.post("/v1/tickets", service.client, asked, f"race {n}") for n in range(10))
    )
    created = [answer for answer in answers if answer.status_code == 201]
    assert len(created) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} == {"hold_expired"}
    assert service.database.rows("SELECT count(*) FROM bookings") == [(1,)]
    assert service.database.rows("SELECT count(*) FROM tickets") == [(1,)]
