"""Signing in as people do: a link in a mail, a page with a button, a cookie, and tokens for a frontend."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from temporalio.testing import WorkflowEnvironment

from activities.gateways.smtp_mail import SmtpMail
from api.codes import ApiCode
from api.french_refusals import SENTENCES
from deploy.settings import read_stack_settings
from deploy.stack import running_stack
from domain.french import NBSP, typeset
from domain.ids import sign_in_workflow_id
from domain.sign_ins import LINK_LASTS
from tests.api.browsers import ASKING, SIGN_IN, Browsers, link_in, open_browsers
from tests.api.frontend import Frontend, is_problem
from tests.api.service import Service, open_service
from tests.support.people import a_client, a_person
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox

TEMPLATES = Path(__file__).parents[2] / "api" / "templates"


@pytest.fixture
async def browsers(api: Frontend) -> AsyncIterator[Browsers]:
    async with open_browsers(api) as opened:
        yield opened


def mail_of(database: Database, person: str) -> str:
    [(mail,)] = database.rows("SELECT mail FROM people WHERE id = %s", person)
    return str(mail)


async def asked(
    service: Service, mail: str, browsers: Browsers, address: str = "192.0.2.1"
) -> httpx.Response:
    """From a browser of its own; whatever came of it is over."""
    answer = await browsers.one(address).post("/v1/sign-in", {"mail": mail})
    if answer.status_code == 202:
        await sent(service)
    return answer


async def sent(service: Service) -> None:
    """The link last asked for, if it is for anybody."""
    [(link,)] = service.database.rows("SELECT id::text FROM sign_in_links ORDER BY id DESC LIMIT 1")
    await service.environment.client.get_workflow_handle(sign_in_workflow_id(link)).result()


async def test_the_link_of_the_mailbox_signs_in_and_everything_follows_from_it(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox, tmp_path: Path
) -> None:
    given = read_stack_settings({})
    with running_stack(tmp_path, parts=("mailbox",), any_ports=True, given=given) as stack:
        mail = SmtpMail(stack.environment("worker")["SMTP_URL"])
        async with (
            open_service(environment, database, stripe, mail=mail) as service,
            open_browsers(service.api) as browsers,
            httpx.AsyncClient(base_url=stack.url("mailbox")) as mailbox,
        ):
            browser, address = browsers.one(), mail_of(database, service.client)
            page = await browser.send_form("/v1/sign-in/asked", mail=f" {address.upper()} ")
            assert page.status_code == 200
            assert f"<strong>{address}</strong>" in page.text
            async with asyncio.timeout(20):
                # A mailbox tells nobody what came.
                while not (got := (await mailbox.get("/api/messages", params={"to": address})).json()):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            [message] = got
            assert message["subject"] == "Votre lien de connexion"
            link = link_in(message["text"])
            # A scanner of mails opens the link before the person does, without their cookie.
            assert (await browsers.one().get(link)).status_code == 403
            page = await browser.get(link)
            assert page.status_code == 200
            assert '<button class="main">Me connecter</button>' in page.text
            assert (await browser.get("/v1/me")).status_code == 401
            assert (await browser.send_form(link)).headers["location"] == "/v1/sign-in/done"
            assert "Claire Petit" in (await browser.get("/v1/sign-in/done")).text
            assert (await browser.get("/v1/me")).json()["id"] == service.client
            access, _ = await browser.tokens()
            bearer = {"Authorization": f"Bearer {access}"}
            assert (await service.api.http.get("/v1/me", headers=bearer)).json()["id"] == service.client


async def test_asked_twice_in_one_browser_either_mail_is_good_and_then_neither(service: Service) -> None:
    address = mail_of(service.database, service.client)
    async with open_browsers(service.api) as browsers:
        browser = browsers.one()
        for expected in (1, 2):
            assert (await browser.post("/v1/sign-in", {"mail": address})).status_code == 202
            await sent(service)
            assert len(service.mail.messages) == expected
        first, second = (link_in(message.text) for message in service.mail.messages)
        assert (await browser.get(second)).status_code == 200
        assert (await browser.send_form(first)).status_code == 303
        assert (await browser.send_form(second)).status_code == 403
        assert (await browser.get("/v1/me")).json()["id"] == service.client


async def test_an_address_that_nobody_has_is_answered_in_the_same_way_by_the_same_work(
    service: Service,
) -> None:
    database = service.database
    closed = a_client(database)
    database.execute("UPDATE people SET active = false WHERE id = %s", closed)
    addresses = {
        "known": mail_of(database, service.client),
        "of the team": mail_of(database, service.finance),
        "closed": mail_of(database, closed),
        "the service's own": mail_of(database, a_person(database, "system")),
        "unknown": "personne@example.fr",
    }
    engine = service.api.given.sessions.kw["bind"].sync_engine
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    seen: dict[str, Any] = {}
    async with open_browsers(service.api) as browsers:
        for who, address in addresses.items():
            statements.clear()
            before = database.counts()
            answer = await asked(service, address, browsers)
            after = database.counts() | {"notifications": before["notifications"]}
            headers = dict(answer.headers)
            del headers["x-request-id"]
            name, _, attributes = headers.pop("set-cookie").partition("; ")
            assert len(name) == len(f"{ASKING}=") + 43
            written = {
                table: after[table] - before[table] for table in after if after[table] != before[table]
            }
            seen[who] = (answer.status_code, answer.json(), headers, attributes, written, list(statements))
    assert all(one == seen["unknown"] for one in seen.values())
    status, body, headers, attributes, written, _ = seen["unknown"]
    assert (status, body, written) == (202, {"link_lasts": 900}, {"sign_in_links": 1})
    assert headers["cache-control"] == "no-store"
    assert set(attributes.split("; ")) == {"HttpOnly", "Max-Age=900", "Path=/", "SameSite=lax", "Secure"}
    assert sorted(message.to for message in service.mail.messages) == sorted(
        (addresses["known"], addresses["of the team"])
    )


async def test_links_for_one_address_are_limited_whether_anybody_has_it_or_not(service: Service) -> None:
    for mail in (mail_of(service.database, service.client), "personne@example.fr"):
        async with open_browsers(service.api) as browsers:
            for place in range(5):
                assert (await asked(service, mail, browsers, f"198.51.100.{place}")).status_code == 202
            service.api.clock.advance(minutes=20)
            before = service.database.counts()
            answer = await asked(service, mail.upper(), browsers, "198.51.100.9")
            assert is_problem(answer, ApiCode.TOO_MANY_SIGN_INS)
            assert answer.headers["retry-after"] == "2400"
            page = await browsers.one("198.51.100.9").send_form("/v1/sign-in/asked", mail=mail)
            assert (page.status_code, page.headers["retry-after"]) == (429, "2400")
            assert f"{SENTENCES[ApiCode.TOO_MANY_SIGN_INS]} Prochain lien possible dans 40" in page.text
            assert service.database.counts() == before
            service.api.clock.advance(minutes=40)
            assert (await asked(service, mail, browsers, "198.51.100.9")).status_code == 202
            service.api.clock.advance(hours=2)


async def test_links_from_one_network_are_limited_whomever_they_are_for(service: Service) -> None:
    async with open_browsers(service.api) as browsers:
        for n in range(20):
            # One subscriber has all of a /64.
            answer = await asked(service, f"personne{n}@example.fr", browsers, f"2001:db8:1:1::{n:x}")
            assert answer.status_code == 202
        answer = await asked(service, "autre@example.fr", browsers, "2001:db8:1:1:ffff::")
        assert is_problem(answer, ApiCode.TOO_MANY_SIGN_INS)
        assert (await asked(service, "autre@example.fr", browsers, "2001:db8:1:2::1")).status_code == 202


async def test_a_link_that_cannot_be_sent_is_said_to_be_so(browsers: Browsers) -> None:
    before = browsers.api.database.counts()
    for _ in range(6):
        answer = await browsers.one().post("/v1/sign-in", {"mail": "personne@example.fr"})
        # And counts for nothing.
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    page = await browsers.one().send_form("/v1/sign-in/asked", mail="personne@example.fr")
    assert page.status_code == 503
    assert typeset(SENTENCES[ApiCode.TEMPORAL_UNAVAILABLE]) in page.text
    assert browsers.api.database.counts() == before


def test_the_pages_say_how_long_a_link_lasts() -> None:
    minutes = f"{int(LINK_LASTS.total_seconds() // 60)}{NBSP}minutes"
    for name in ("sign_in_asked", "sign_in_refused"):
        assert minutes in (TEMPLATES / f"{name}.html.j2").read_text(encoding="utf-8")


async def test_a_form_of_these_pages_says_where_it_comes_from_in_old_browsers_too(browsers: Browsers) -> None:
    """Without a referrer they would say `Origin: null`, and be refused."""
    person, browser = a_client(browsers.api.database), browsers.one()
    link = f"/v1/sign-in/links/{browsers.a_link(person, browser)}"
    pages = [await browser.get("/v1/sign-in"), await browser.get(link)]
    await browser.send_form(link)
    pages.append(await browser.get("/v1/sign-in/done"))
    assert [(page.status_code, page.headers["referrer-policy"]) for page in pages] == [
        (200, "same-origin")
    ] * 3


async def test_a_mistyped_address_is_shown_again(browsers: Browsers) -> None:
    page = await browsers.one().send_form("/v1/sign-in/asked", mail="claire<b>")
    assert page.status_code == 422
    assert 'value="claire&lt;b&gt;"' in page.text
    assert "Cette adresse électronique n’est pas valable." in page.text


async def test_the_cookie_is_out_of_reach_and_ends_with_the_role_s_longest_time(browsers: Browsers) -> None:
    for role, days in (("client", 30), ("technician", 14), ("finance", 0.5)):
        person, browser = a_person(browsers.api.database, role), browsers.one()
        answer = await browser.send_form(f"/v1/sign-in/links/{browsers.a_link(person, browser)}")
        if role == "finance":
            answer = await browsers.show_second_factor(person, browser)
        kept = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{SIGN_IN}=")]
        assert [set(one.split("; ")[1:]) for one in kept] == [
            {"HttpOnly", f"Max-Age={int(days * 86_400)}", "Path=/", "SameSite=lax", "Secure"}
        ]
        secret = browser.cookie(SIGN_IN)
        assert secret is not None
        rows = browsers.api.database.rows("SELECT * FROM sign_ins WHERE person_id = %s", person)
        assert len(rows) == 1
        assert secret not in str(rows)
        assert browser.cookie(ASKING) is None


async def test_signing_in_again_ends_what_the_browser_had(browsers: Browsers) -> None:
    person = a_client(browsers.api.database)
    browser = await browsers.signed_in(person)
    first = browser.cookie(SIGN_IN)
    await browser.send_form(f"/v1/sign-in/links/{browsers.a_link(person, browser)}")
    second = browser.cookie(SIGN_IN)
    assert first is not None
    assert first != second
    old = browsers.one()
    old.take(SIGN_IN, first)
    assert is_problem(await old.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
    assert (await browser.get("/v1/me")).status_code == 200


async def test_a_sign_in_ends_when_unused_and_at_the_latest_after_the_role_s_time(browsers: Browsers) -> None:
    for role, unused, at_most in (
        ("client", timedelta(days=14), timedelta(days=30)),
        ("technician", timedelta(days=3), timedelta(days=14)),
        ("back_office", timedelta(hours=1), timedelta(hours=12)),
        ("finance", timedelta(hours=1), timedelta(hours=12)),
    ):
        person, clock, second = (
            a_person(browsers.api.database, role),
            browsers.api.clock,
            timedelta(seconds=1),
        )
        left = await browsers.signed_in(person)
        clock.now += unused - second
        assert (await left.get("/v1/me")).status_code == 200
        clock.now += unused
        assert is_problem(await left.get("/v1/me"), ApiCode.SIGN_IN_EXPIRED)
        used = await browsers.signed_in(person)
        access, _ = await used.tokens()
        ends = clock.now + at_most
        while clock.now + unused < ends:
            clock.now += unused - second
            assert (await used.get("/v1/me")).status_code == 200
        clock.now = ends - second
        assert (await used.get("/v1/me")).status_code == 200
        clock.now = ends
        assert is_problem(await used.get("/v1/me"), ApiCode.SIGN_IN_EXPIRED)
        assert access


async def test_a_frontend_lives_on_refresh_tokens_for_as_long_as_the_sign_in(browsers: Browsers) -> None:
    api, person = browsers.api, a_person(browsers.api.database, "back_office")
    access, refresh = await (await browsers.signed_in(person)).tokens()
    for _ in range(4):
        api.clock.advance(minutes=15)
        bearer = {"Authorization": f"Bearer {access}"}
        assert is_problem(await api.http.get("/v1/me", headers=bearer), ApiCode.SIGN_IN_EXPIRED)
        answer = await api.http.post("/v1/tokens/refresh", json={"refresh_token": refresh})
        assert answer.status_code == 201
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)
        access, refresh = answer.json()["access_token"], answer.json()["refresh_token"]
        bearer = {"Authorization": f"Bearer {access}"}
        assert (await api.http.get("/v1/me", headers=bearer)).status_code == 200
    # A minute each: the use of what was taken in one tab keeps the sign-in alive for all.
    api.clock.advance(hours=1)
    answer = await api.http.post("/v1/tokens/refresh", json={"refresh_token": refresh})
    assert is_problem(answer, ApiCode.SIGN_IN_EXPIRED)


async def test_one_s_sign_ins_are_listed_and_ended(browsers: Browsers) -> None:
    person, stranger = a_client(browsers.api.database), a_client(browsers.api.database)
    here, elsewhere = await browsers.signed_in(person), await browsers.signed_in(person)
    theirs = await browsers.signed_in(stranger)
    access, refresh = await elsewhere.tokens()
    listed = (await here.get("/v1/me/sign-ins")).json()["sign_ins"]
    assert [one["current"] for one in listed].count(True) == 1
    assert len(listed) == 2
    [mine] = [one for one in listed if one["current"]]
    assert mine["device"].startswith("python-httpx/")
    [other] = [one["id"] for one in listed if not one["current"]]
    [alien] = (await theirs.get("/v1/me/sign-ins")).json()["sign_ins"]
    answer = await here.delete(f"/v1/me/sign-ins/{alien['id']}")
    assert is_problem(answer, ApiCode.SIGN_IN_NOT_FOUND)
    assert (await here.delete(f"/v1/me/sign-ins/{other}")).status_code == 204
    assert is_problem(await elsewhere.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
    bearer = {"Authorization": f"Bearer {access}"}
    assert is_problem(await browsers.one().http.get("/v1/me", headers=bearer), ApiCode.SIGN_IN_INVALID)
    exchanged = await browsers.one().post("/v1/tokens/refresh", {"refresh_token": refresh})
    assert is_problem(exchanged, ApiCode.SIGN_IN_INVALID)
    assert is_problem(await here.delete(f"/v1/me/sign-ins/{other}"), ApiCode.SIGN_IN_NOT_FOUND)
    assert (await theirs.get("/v1/me")).status_code == 200
    assert (await here.delete(f"/v1/me/sign-ins/{mine['id']}")).status_code == 204
    assert here.cookie(SIGN_IN) is None


async def test_signing_out_ends_the_cookie_and_the_tokens_at_once(browsers: Browsers) -> None:
    person = a_client(browsers.api.database)
    for way in ("/v1/sign-out", "/v1/sign-in/end"):
        browser = await browsers.signed_in(person)
        secret, (access, refresh) = str(browser.cookie(SIGN_IN)), await browser.tokens()
        answer = await browser.post(way)
        assert answer.status_code in {204, 303}
        assert browser.cookie(SIGN_IN) is None
        browser.take(SIGN_IN, secret)
        assert is_problem(await browser.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
        bearer = {"Authorization": f"Bearer {access}"}
        assert is_problem(await browser.http.get("/v1/me", headers=bearer), ApiCode.SIGN_IN_INVALID)
        exchanged = await browser.post("/v1/tokens/refresh", {"refresh_token": refresh})
        assert is_problem(exchanged, ApiCode.SIGN_IN_INVALID)
        assert (await browser.get("/v1/sign-in/done")).headers["location"] == "/v1/sign-in"


async def test_a_frontend_signs_out_by_its_token(browsers: Browsers) -> None:
    browser = await browsers.signed_in(a_client(browsers.api.database))
    access, _ = await browser.tokens()
    bearer = {"Authorization": f"Bearer {access}"}
    assert (await browsers.one().http.post("/v1/sign-out", headers=bearer)).status_code == 204
    assert is_problem(await browser.get("/v1/me"), ApiCode.SIGN_IN_INVALID)


async def test_a_role_or_a_closed_account_counts_from_the_next_request_on(browsers: Browsers) -> None:
    database = browsers.api.database
    person = a_client(database)
    browser = await browsers.signed_in(person)
    database.execute("UPDATE people SET role = 'technician' WHERE id = %s", person)
    assert (await browser.get("/v1/me/agenda")).status_code == 200
    browsers.api.clock.advance(days=4)
    # The time of today's role, too.
    assert is_problem(await browser.get("/v1/me/agenda"), ApiCode.SIGN_IN_EXPIRED)
    browser = await browsers.signed_in(person)
    _, refresh = await browser.tokens()
    link = browsers.a_link(person, waiting := browsers.one())
    for active in (False, True):
        # What was open then is not open again, either.
        database.execute("UPDATE people SET active = %s WHERE id = %s", active, person)
        assert is_problem(await browser.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
        exchanged = await browser.post("/v1/tokens/refresh", {"refresh_token": refresh})
        assert is_problem(exchanged, ApiCode.SIGN_IN_INVALID)
        assert (await waiting.send_form(f"/v1/sign-in/links/{link}")).status_code == 404
