"""A client signs in as people do: a link in a mail, opened in the browser that asked for it."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx

from deploy.demo.frontend import PATIENCE_SECONDS, PAUSE_SECONDS, UNAVAILABLE, NoAnswer, Refused, patiently

LINK = re.compile(r"/v1/sign-in/links/[^\s\"'<>]+")
# What a browser says of a form of our own page.
OURS = {"Sec-Fetch-Site": "same-origin"}
TOO_MANY = "too_many_sign_ins"


async def sign_in_by_link(api: str, mailbox: str, mail: str) -> list[str] | None:
    """Asks for a link, opens it, gets a frontend's tokens, and signs out again. Answers all that opened
    something meanwhile: cookies, the link and the tokens; None when links were asked for too often to ask for
    one more. Raises `Refused`, `NoAnswer`."""
    async with (
        httpx.AsyncClient(base_url=api, headers=OURS, timeout=15) as browser,
        httpx.AsyncClient(base_url=mailbox, timeout=15) as mails,
    ):
        known = set(await _links(mails, mail))
        later = UNAVAILABLE - {httpx.codes.TOO_MANY_REQUESTS}
        asked = await patiently(browser, "POST", "/v1/sign-in", later=later, json={"mail": mail})
        if asked.is_error:
            refused = Refused(asked)
            if refused.code == TOO_MANY:
                return None
            raise refused
        secrets = list(browser.cookies.values())
        link = await _new_link(mails, mail, known)
        secrets.append(link.rpartition("/")[2])
        await _done(browser, "GET", link)
        await _done(browser, "POST", link)
        secrets += browser.cookies.values()
        tokens = (await _done(browser, "POST", "/v1/tokens")).json()
        secrets += [tokens["access_token"], tokens["refresh_token"]]
        await _done(browser, "POST", "/v1/sign-out")
        return list(dict.fromkeys(secrets))


async def mailed_texts(mailbox: str) -> list[str]:
    """Everything that was ever mailed, each part as it is read."""
    async with httpx.AsyncClient(base_url=mailbox, timeout=30) as mails:
        return list(_texts(await _messages(mails)))


async def _messages(mails: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await patiently(mails, "GET", "/api/messages", params=query)
    messages: list[dict[str, Any]] = answer.raise_for_status().json()
    return messages


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        yield from (message[part] for part in ("text", "html") if message[part])


async def _links(mails: httpx.AsyncClient, mail: str) -> list[str]:
    return [link for text in _texts(await _messages(mails, to=mail)) for link in LINK.findall(text)]


async def _new_link(mails: httpx.AsyncClient, mail: str, known: set[str]) -> str:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        if new := [link for link in await _links(mails, mail) if link not in known]:
            return new[0]
        if loop.time() > deadline:
            raise NoAnswer("le lien de connexion n'est pas arrivé")
        await asyncio.sleep(PAUSE_SECONDS)


async def _done(browser: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    answer = await patiently(browser, method, path)
    if answer.is_error:
        raise Refused(answer)
    return answer
