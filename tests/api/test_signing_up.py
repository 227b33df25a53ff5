"""Signing up as people do: a page, a link in a mail, a button, and the account with what was accepted."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api import french, french_refusals
from api.accepted_texts import IN_FORCE, WORDS
from api.codes import STATUS, ApiCode
from domain.admissions import SIGN_UP_LASTS, AcceptedText, sign_link
from domain.french import typeset
from domain.ids import admission_workflow_id
from domain.sign_ins import fingerprint
from tests.api.browsers import ASKING, HOST, OURS, SIGNING_UP, Browser, Browsers, open_browsers
from tests.api.frontend import Frontend, is_problem
from tests.api.service import Service
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_client, a_person
from tests.support.postgres import Database

VERSIONS = {text.value: version for text, version in IN_FORCE.items()}
ZOE = {"name": "Zoé Blanc", "mail": "zoe.blanc@example.fr", **VERSIONS}
PEOPLE = "SELECT role, name, mail, active FROM people WHERE mail = 'zoe.blanc@example.fr'"


@pytest.fixture
async def browsers(api: Frontend) -> AsyncIterator[Browsers]:
    async with open_browsers(api) as opened:
        yield opened


def link_in(text: str) -> str:
    [url] = re.findall(rf"^https://{HOST}(/v1/sign-up/links/\S+)$", text, re.MULTILINE)
    return str(url)


def a_link(browsers: Browsers, mail: str = ZOE["mail"], age: timedelta = timedelta()) -> str:
    """The path of one that was asked for in no browser of the test."""
    asked_at = browsers.api.clock() - age
    [(sign_up,)] = browsers.api.database.rows(
        "INSERT INTO sign_ups (name, mail, terms, privacy, mail_mark, network_mark, browser_hash, asked_at) "
        "VALUES (%s, %s, %s, %s, '', '', '', %s) RETURNING id::text",
        *(ZOE["name"], mail, ZOE["terms"], ZOE["privacy"], asked_at),
    )
    return f"/v1/sign-up/links/{sign_link(TOKEN_KEY, sign_up, asked_at)}"


async def sent(service: Service) -> None:
    [(sign_up,)] = service.database.rows("SELECT id::text FROM sign_ups ORDER BY id DESC LIMIT 1")
    workflow_id = admission_workflow_id("sign_up", sign_up)
    await service.environment.client.get_workflow_handle(workflow_id).result()


async def by_form(browser: Browser, **change: str) -> httpx.Response:
    return await browser.send_form("/v1/sign-up/asked", **({**ZOE, "accepted": "yes"} | change))


def accepted(database: Database, mail: str = ZOE["mail"]) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT text, version, accepted_at, recorded_by = person_id FROM accepted_texts "
        "JOIN people ON people.id = person_id WHERE mail = %s ORDER BY text DESC",
        mail,
    )


async def test_the_link_of_the_mail_opens_the_account_and_signs_in_where_it_was_asked_for(
    service: Service,
) -> None:
    database, clock = service.database, service.api.clock
    async with open_browsers(service.api) as browsers:
        browser = browsers.one()
        page = await by_form(browser, mail=" ZOE.Blanc@example.fr ")
        assert page.status_code == 200
        assert "<strong>zoe.blanc@example.fr</strong>" in page.text
        await sent(service)
        # Nobody exists before the button was pressed.
        assert database.rows(PEOPLE) == []
        [message] = service.mail.messages
        assert (message.to, message.subject) == (ZOE["mail"], "Confirmez votre inscription")
        # A stranger's words are mailed to nobody.
        assert "Zoé" not in message.text + message.html
        link = link_in(message.text)
        shown = await browser.get(link)
        assert "Zoé Blanc" in shown.text
        assert '<button class="main">Accepter et ouvrir mon compte</button>' in shown.text
        assert database.rows(PEOPLE) == []
        clock.advance(hours=1)
        assert (await browser.send_form(link)).headers["location"] == "/v1/sign-in/done"
        assert (await browser.get("/v1/me")).json()["name"] == "Zoé Blanc"
        assert database.rows(PEOPLE) == [("client", "Zoé Blanc", ZOE["mail"], True)]
        assert accepted(database) == [
            ("terms", ZOE["terms"], clock(), True),
            ("privacy", ZOE["privacy"], clock(), True),
        ]
        consents = (await browser.get("/v1/me/consents")).json()
        assert consents["up_to_date"]
        assert [(one["text"]["code"], one["by_phone"]) for one in consents["consents"]] == [
            ("privacy", False),
            ("terms", False),
        ]
        # Once: whoever finds the mail later opens nothing, and signs in nowhere.
        again = await browser.send_form(link)
        assert (again.status_code, "déjà servi" in again.text) == (404, True)


async def test_an_address_that_is_somebody_s_is_answered_in_the_same_way_by_the_same_work(
    service: Service,
) -> None:
    database = service.database
    closed = a_client(database)
    database.execute("UPDATE people SET active = false WHERE id = %s", closed)
    mails = dict(database.rows("SELECT id::text, mail FROM people"))
    addresses = {
        "known": mails[service.client],
        "of the team": mails[service.finance],
        "closed": mails[closed],
        "unknown": ZOE["mail"],
    }
    engine = service.api.given.sessions.kw["bind"].sync_engine
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    seen: dict[str, Any] = {}
    async with open_browsers(service.api) as browsers:
        for who, address in addresses.items():
            statements.clear()
            before = database.counts()
            answer = await browsers.one().post("/v1/sign-up", {**ZOE, "mail": address})
            work = list(statements)
            await sent(service)
            after = database.counts() | {"notifications": before["notifications"]}
            written = {table: n - before[table] for table, n in after.items() if n != before[table]}
            own = ("set-cookie", "x-request-id")
            headers = {name: text for name, text in answer.headers.items() if name not in own}
            seen[who] = (answer.status_code, answer.json(), headers, written, work)
    assert all(one == seen["unknown"] for one in seen.values())
    assert seen["unknown"][:2] == (202, {"link_lasts": 86_400})
    assert seen["unknown"][3] == {"sign_ups": 1}
    known = "Vous avez déjà un compte"
    assert {message.to: message.subject for message in service.mail.messages} == {
        **dict.fromkeys((addresses["known"], addresses["of the team"], addresses["closed"]), known),
        addresses["unknown"]: "Confirmez votre inscription",
    }
    for message in service.mail.messages:
        leads = re.findall(rf"https://{HOST}(/\S+)", message.text)
        assert len(leads) == 1
        assert (leads == ["/v1/sign-in"]) == (message.subject == known)


async def test_asking_is_limited_for_an_address_and_from_a_network(service: Service) -> None:
    async with open_browsers(service.api) as browsers:
        for place in range(5):
            answer = await browsers.one(f"198.51.100.{place}").post("/v1/sign-up", ZOE)
            assert answer.status_code == 202
        before = service.database.counts()
        answer = await browsers.one("198.51.100.9").post("/v1/sign-up", ZOE)
        assert is_problem(answer, ApiCode.TOO_MANY_SIGN_UPS)
        assert answer.headers["retry-after"] == "3600"
        page = await by_form(browsers.one("198.51.100.9"))
        assert (page.status_code, "Prochain message possible dans 60" in page.text) == (429, True)
        assert service.database.rows("SELECT count(*) FROM sign_ups") == [(before["sign_ups"],)]


async def test_what_cannot_be_sent_counts_for_nothing(browsers: Browsers) -> None:
    before = browsers.api.database.counts()
    for _ in range(6):
        answer = await browsers.one().post("/v1/sign-up", ZOE)
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    assert browsers.api.database.counts() == before


async def test_only_the_versions_in_force_are_accepted_and_only_from_our_own_pages(
    browsers: Browsers,
) -> None:
    api = browsers.api
    for text in AcceptedText:
        answer = await api.unchanged(api.http.post("/v1/sign-up", json={**ZOE, text.value: "2025-01"}))
        assert is_problem(answer, ApiCode.CONSENT_TEXT_OUTDATED, current=IN_FORCE[text])
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = await api.unchanged(api.http.post("/v1/sign-up", json=ZOE, headers=foreign))
    assert is_problem(answer, ApiCode.CROSS_SITE_REQUEST)
    link = a_link(browsers)
    answer = await api.unchanged(api.http.post(link, headers=foreign))
    assert (answer.status_code, api.database.rows(PEOPLE)) == (403, [])


async def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(browsers: Browsers) -> None:
    browser = browsers.one()
    for change, sentence in (
        ({"mail": "zoe<b>"}, "Cette adresse électronique n’est pas valable."),
        ({"name": "Z"}, "Prénom et nom\N{NO-BREAK SPACE}: écrivez au moins 2 caractères."),
    ):
        page = await browsers.api.unchanged(by_form(browser, **change))
        assert (page.status_code, sentence in page.text) == (422, True)
    assert f'value="{ZOE["mail"]}"' in page.text
    page = await browsers.api.unchanged(browser.send_form("/v1/sign-up/asked", **ZOE))
    assert (page.status_code, typeset(french.TERMS_TO_ACCEPT) in page.text) == (422, True)


async def test_elsewhere_the_link_opens_the_account_and_signs_nobody_in(browsers: Browsers) -> None:
    browser, link = browsers.one(), a_link(browsers)
    page = await browser.send_form(link)
    assert (page.status_code, "Votre compte est ouvert" in page.text) == (200, True)
    assert browsers.api.database.rows(PEOPLE) == [("client", "Zoé Blanc", ZOE["mail"], True)]
    assert (await browser.get("/v1/me")).status_code == 401
    assert browsers.api.database.rows("SELECT * FROM sign_ins") == []


async def test_who_is_signed_in_there_stays_so(browsers: Browsers) -> None:
    person = a_client(browsers.api.database)
    browser = await browsers.signed_in(person)
    secret = "A" * 43
    browser.take(SIGNING_UP, secret)
    link = a_link(browsers)
    browsers.api.database.execute("UPDATE sign_ups SET browser_hash = %s", fingerprint(secret))
    assert (await browser.send_form(link)).status_code == 200
    assert (await browser.get("/v1/me")).json()["id"] == person
    assert browsers.api.database.rows("SELECT count(*) FROM sign_ins") == [(1,)]


async def test_a_sign_in_that_is_over_keeps_nobody_from_signing_up(browsers: Browsers) -> None:
    """Nor does a link to sign in by, asked for meanwhile."""
    browser = await browsers.signed_in(a_client(browsers.api.database))
    browsers.api.database.execute("UPDATE sign_ins SET began_at = '2020-01-01', seen_at = '2020-01-01'")
    secret = "A" * 43
    browser.take(SIGNING_UP, secret)
    browser.take(ASKING, "B" * 43)
    link = a_link(browsers)
    browsers.api.database.execute("UPDATE sign_ups SET browser_hash = %s", fingerprint(secret))
    assert (await browser.send_form(link)).status_code == 303
    assert (await browser.get("/v1/me")).json()["name"] == "Zoé Blanc"
    assert (browser.cookie(SIGNING_UP), browser.cookie(ASKING)) == (None, None)


async def test_a_link_that_is_no_good_opens_nothing(browsers: Browsers) -> None:
    database = browsers.api.database
    taken = a_link(browsers, "ZOE.blanc@example.fr".lower())
    a_person(database, "technician", mail="Zoe.Blanc@example.fr")
    late = a_link(browsers, "other@example.fr", SIGN_UP_LASTS)
    person = a_client(database)
    sign_in = f"/v1/sign-up/links/{browsers.a_link(person, browsers.one())}"
    browser = browsers.one()
    for link, status in (
        (taken, 409),
        (late, 404),
        (sign_in, 404),
        (taken[:-3], 404),
        ("/v1/sign-up/links/x", 404),
    ):
        answer = await browsers.api.unchanged(browser.send_form(link))
        assert answer.status_code == status
    assert "Vous avez déjà un compte" in (await browser.send_form(taken)).text
    assert (await browser.get(late)).status_code == 404
    # Nor is one of these good for signing in.
    fresh = a_link(browsers, "new@example.fr").replace("sign-up", "sign-in")
    assert (await browser.get(fresh)).status_code == 404
    assert browser.cookie(ASKING) is None


async def test_what_is_accepted_is_what_the_page_shows(browsers: Browsers) -> None:
    """The texts changed between the form and the button."""
    link = a_link(browsers)
    browsers.api.database.execute("UPDATE sign_ups SET privacy = '2025-01'")
    browser = browsers.one()
    for answer in (await browser.get(link), await browsers.api.unchanged(browser.send_form(link))):
        assert answer.status_code == STATUS[ApiCode.CONSENT_TEXT_OUTDATED]
        assert typeset(french_refusals.SENTENCES[ApiCode.CONSENT_TEXT_OUTDATED]) in answer.text
    assert browsers.api.database.rows(PEOPLE) == []


async def test_of_two_who_press_at_once_one_opens_the_account(browsers: Browsers) -> None:
    link, one, other = a_link(browsers), browsers.one(), browsers.one()
    answers = await asyncio.gather(one.send_form(link), other.send_form(link))
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert len(browsers.api.database.rows(PEOPLE)) == 1


async def test_a_form_of_these_pages_says_where_it_comes_from_in_old_browsers_too(browsers: Browsers) -> None:
    """Without a referrer they would say `Origin: null`, and be refused."""
    browser, link = browsers.one(), a_link(browsers)
    for path in ("/v1/sign-up", link):
        page = await browser.get(path)
        assert (page.status_code, page.headers["referrer-policy"]) == (200, "same-origin")
    answer = await browser.http.post(link, headers={"Origin": f"https://{HOST}"})
    assert (answer.status_code, len(browsers.api.database.rows(PEOPLE))) == (200, 1)


async def test_the_texts_are_shown_to_anybody_whole(api: Frontend) -> None:
    said = (await api.http.get("/v1/terms")).json()
    assert said == {text.value: {"version": IN_FORCE[text], "text": WORDS[text]} for text in AcceptedText}
    for text in AcceptedText:
        page = await api.http.get(f"/v1/sign-up/texts/{text}")
        assert page.status_code == 200
        assert page.text.count("<p>") >= WORDS[text].count("\n\n")
    assert (await api.http.get("/v1/sign-up", headers=OURS)).text.count('value="2026-11"') == 2
