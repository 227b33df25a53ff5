"""The sandbox's issuer as a process, as the stack starts it, and the API that it vouches to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from api.app import create_app
from api.oidc.provider import Provider
from deploy.settings import read_stack_settings
from deploy.stack import Stack, running_stack
from deploy.wiring import issuers_of
from tests.api.frontend import open_frontend
from tests.support.people import a_person
from tests.support.postgres import Database


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    given, var = read_stack_settings({}), tmp_path_factory.mktemp("oidc")
    with running_stack(var, parts=("oidc",), any_ports=True, given=given) as running:
        yield running


async def test_the_stacks_issuer_signs_a_person_of_the_demonstration_in(
    stack: Stack, database: Database
) -> None:
    person = a_person(database, "client", mail="claire.petit@example.fr")
    settings, clock = stack.settings("api"), partial(datetime.now, UTC)
    [issuer] = issuers_of(settings)
    ours = settings.public_url
    async with open_frontend(database) as api, httpx.AsyncClient() as there:
        given = replace(
            api.given, clock=clock, public_url=ours, providers={issuer.key: Provider(issuer, clock)}
        )
        transport = httpx.ASGITransport(create_app(given))
        async with httpx.AsyncClient(transport=transport, base_url=ours) as browser:
            assert "Continuer avec Sésame (essai)" in (await browser.get("/v1/sign-in")).text
            leads = await browser.post("/v1/sign-in/with/sandbox", headers={"Origin": ours})
            page = await there.get(leads.headers["location"])
            assert (page.status_code, "Claire Petit" in page.text) == (200, True)
            asked = dict(parse_qsl(urlsplit(leads.headers["location"]).query))
            chosen = await there.post(f"{stack.url('oidc')}/authorize", data=asked | {"subject": "demo-1"})
            back = await browser.get(chosen.headers["location"])
            assert (back.status_code, back.headers["location"]) == (303, "/v1/sign-in/done")
            assert (await browser.get("/v1/me")).json()["id"] == person


RIGHT = {
    "client_id": "omeasupport",
    "response_type": "code",
    "scope": "openid",
    "state": "s",
    "nonce": "n",
    "code_challenge": "c",
    "code_challenge_method": "S256",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://elsewhere.example/back"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
    ],
)
async def test_it_refuses_what_a_strict_issuer_refuses(stack: Stack, changed: dict[str, str]) -> None:
    back = f"{stack.url('api')}/v1/sign-in/with/sandbox/back"
    asked = RIGHT | {"redirect_uri": back} | changed
    async with httpx.AsyncClient(base_url=stack.url("oidc")) as there:
        assert (await there.get("/authorize", params=asked)).status_code == 400
        answer = await there.post("/authorize", data=asked | {"subject": "demo-1"})
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert (await there.post("/token", data={"code": "x"})).status_code == 401
