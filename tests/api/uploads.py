"""Uploads by a client of their own, and what is kept of them."""

import httpx

from tests.api.frontend import Frontend
from tests.support.people import a_client


async def upload(api: Frontend, content: bytes, said: str) -> httpx.Response:
    return await api.upload(a_client(api.database), content, said)


async def refused(api: Frontend, content: bytes, said: str) -> httpx.Response:
    """The answer to an upload that must leave no trace."""
    client = a_client(api.database)
    return await api.unchanged(api.upload(client, content, said))


def kept(api: Frontend, answer: httpx.Response) -> bytes:
    assert answer.status_code == 201, answer.text
    [(content,)] = api.database.rows("SELECT content FROM attachments WHERE id = %s", answer.json()["id"])
    return bytes(content)
