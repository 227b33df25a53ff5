"""The team's second factor as people meet it: enrolled, shown, replaced, reset by a colleague."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from api.codes import ApiCode
from api.french_refusals import CODE_MISSING, SENTENCES
from domain.french import typeset
from tests.api.browsers import PENDING, SECOND, SIGN_IN, Browsers, open_browsers, secret_on
from tests.api.frontend import Frontend, is_problem
from tests.support.people import a_client, a_person, a_technician

RECOVERY = re.compile(r'<li class="typed">([a-z2-7-]+)</li>')
CODE, REPLACE = f"{SECOND}/code", f"{SECOND}/replacement"


@pytest.fixture
async def browsers(api: Frontend) -> AsyncIterator[Browsers]:
    async with open_browsers(api) as opened:
        yield opened


@pytest.fixture
def nadia(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Nadia Morel", "nadia.morel@example.fr")


def shown_by(browsers: Browsers, person: str) -> list[str | None]:
    """How those who are signed in have shown it, the last first."""
    rows = browsers.api.database.rows(
        "SELECT second_factor, second_factor_at = began_at FROM sign_ins WHERE person_id = %s "
        "AND revoked_at IS NULL ORDER BY id DESC",
        person,
    )
    assert all(at is not False for _, at in rows)
    return [factor for factor, _ in rows]


async def test_the_first_sign_in_enrols_an_application_and_the_next_asks_for_its_code(
    browsers: Browsers, nadia: str
) -> None:
    browser = await browsers.pending(nadia)
    # The link alone opens nothing.
    assert browser.cookie(SIGN_IN) is None
    assert is_problem(await browser.get("/v1/me"), ApiCode.NOT_SIGNED_IN)
    page = await browser.get(SECOND)
    assert page.status_code == 200
    assert "<svg" in page.text
    secret = secret_on(page)
    assert f"otpauth://totp/OmeaSupport:nadia.morel%40example.fr?secret={secret}&amp;" in page.text
    # Looked at again, it is the same one.
    assert secret_on(await browser.get(SECOND)) == secret
    browsers.secrets[nadia] = secret
    enrolled = await browser.send_form(f"{SECOND}/enrolment", code=browsers.code(nadia))
    assert enrolled.status_code == 200
    assert len(set(RECOVERY.findall(enrolled.text))) == 10
    assert (await browser.get("/v1/me")).json()["id"] == nadia
    assert browser.cookie(PENDING) is None
    assert "Changer d’application" in (await browser.get("/v1/sign-in/done")).text

    again = await browsers.pending(nadia)
    asking = await again.get(SECOND)
    assert 'action="/v1/sign-in/second-factor/code"' in asking.text
    assert "<svg" not in asking.text
    assert (await again.send_form(CODE, code=browsers.code(nadia))).headers["location"] == "/v1/sign-in/done"
    assert (await again.get("/v1/me")).json()["id"] == nadia
    assert shown_by(browsers, nadia) == ["totp", "totp"]


@pytest.mark.parametrize("role", ["client", "technician"])
async def test_nobody_else_is_asked_for_one(browsers: Browsers, role: str) -> None:
    person = a_person(browsers.api.database, role)
    browser = await browsers.signed_in(person)
    assert shown_by(browsers, person) == [None]
    assert (await browser.get(REPLACE)).headers["location"] == "/v1/sign-in/done"
    answer = await browser.send_form(REPLACE, code="123456")
    assert answer.headers["location"] == "/v1/sign-in/done"
    assert "application" not in (await browser.get("/v1/sign-in/done")).text


async def test_a_recovery_code_stands_for_a_code_once(browsers: Browsers, nadia: str) -> None:
    first = await browsers.pending(nadia)
    codes = RECOVERY.findall((await browsers.show_second_factor(nadia, first)).text)
    browser = await browsers.pending(nadia)
    assert (await browser.send_form(CODE, code=f" {codes[3].upper()} ")).status_code == 303
    assert shown_by(browsers, nadia) == ["recovery_code", "totp"]
    answer = await browser.get("/v1/me/second-factor")
    assert answer.json() == {"enrolled_at": "2026-11-24T09:00:00+01:00", "recovery_codes_left": 9}
    used = await browsers.pending(nadia)
    assert is_wrong(await used.send_form(CODE, code=codes[3]))
    assert (await used.send_form(CODE, code=codes[4])).status_code == 303


def is_wrong(page: httpx.Response) -> bool:
    assert page.status_code == 403
    assert "set-cookie" not in page.headers
    return typeset(SENTENCES[ApiCode.SECOND_FACTOR_WRONG]) in page.text


async def test_a_mistyped_code_of_the_new_application_is_asked_again(browsers: Browsers, nadia: str) -> None:
    browser = await browsers.pending(nadia)
    browsers.secrets[nadia] = secret_on(await browser.get(SECOND))
    for _ in range(7):
        # The secret is on the page: there is nothing to guess, and nothing to limit.
        page = await browser.send_form(f"{SECOND}/enrolment", code="12345")
        assert is_wrong(page)
        assert secret_on(page) == browsers.secrets[nadia]
    assert browsers.api.database.rows("SELECT count(*) FROM wrong_codes") == [(0,)]
    assert (await browser.send_form(f"{SECOND}/enrolment", code=browsers.code(nadia))).status_code == 200


@pytest.mark.parametrize("typed", ["", "   ", "1" * 61])
async def test_what_can_be_no_code_is_asked_again_and_not_counted(
    browsers: Browsers, nadia: str, typed: str
) -> None:
    new = await browsers.pending(nadia)
    secret = secret_on(await new.get(SECOND))
    enrolling = await new.send_form(f"{SECOND}/enrolment", code=typed)
    assert secret_on(enrolling) == secret
    await browsers.show_second_factor(nadia, new)
    pages = [
        enrolling,
        await (await browsers.pending(nadia)).send_form(CODE, code=typed),
        await new.send_form(REPLACE, code=typed),
    ]
    for page in pages:
        assert page.status_code == 422
        assert typeset(CODE_MISSING) in page.text
        assert 'aria-describedby="code-error"' in page.text
    assert browsers.api.database.rows("SELECT count(*) FROM wrong_codes") == [(0,)]


async def test_one_s_own_is_replaced_for_a_code_of_it_and_everything_else_ends(
    browsers: Browsers, nadia: str
) -> None:
    browser, other = await browsers.signed_in(nadia), await browsers.signed_in(nadia)
    assert is_problem(
        await browser.post("/v1/me/second-factor/replacement", {"code": "000000"}),
        ApiCode.SECOND_FACTOR_WRONG,
    )
    assert is_wrong(await browser.send_form(REPLACE, code="000000"))
    old = browsers.secrets[nadia]
    answer = await browser.post("/v1/me/second-factor/replacement", {"code": browsers.code(nadia)})
    assert answer.json() == {"page": "https://omea.example/v1/sign-in/second-factor"}
    # Until another is enrolled, the old one counts.
    browsers.api.clock.advance(minutes=1)
    third = await browsers.signed_in(nadia)
    assert (await other.get("/v1/me")).status_code == 200
    new = secret_on(await browser.get(SECOND))
    assert new != old
    browsers.secrets[nadia], waiting = new, await browsers.pending(nadia)
    page = await browser.send_form(f"{SECOND}/enrolment", code=browsers.code(nadia))
    assert len(RECOVERY.findall(page.text)) == 10
    assert (await browser.get("/v1/me")).status_code == 200
    for left in (other, third):
        assert is_problem(await left.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
    # Who had shown a link before begins anew.
    assert (await waiting.send_form(CODE, code=browsers.code(nadia))).status_code == 404
    browsers.api.clock.advance(minutes=1)
    browsers.secrets[nadia] = old
    assert is_wrong(await (await browsers.pending(nadia)).send_form(CODE, code=browsers.code(nadia)))


async def test_the_page_replaces_it_too(browsers: Browsers, nadia: str) -> None:
    browser = await browsers.signed_in(nadia)
    assert 'action="/v1/sign-in/second-factor/replacement"' in (await browser.get(REPLACE)).text
    answer = await browser.send_form(REPLACE, code=browsers.code(nadia))
    assert (answer.status_code, answer.headers["location"]) == (303, SECOND)
    assert secret_on(await browser.get(SECOND)) != browsers.secrets[nadia]
    stranger = browsers.one()
    assert (await stranger.get(REPLACE)).headers["location"] == "/v1/sign-in"
    assert (await stranger.send_form(REPLACE, code="000000")).headers["location"] == "/v1/sign-in"
    elsewhere = await browser.http.post(
        REPLACE, data={"code": "000000"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert elsewhere.status_code == 403


async def test_the_back_office_resets_a_colleague_s_who_then_enrols_anew(
    browsers: Browsers, nadia: str
) -> None:
    api, paul = browsers.api, a_person(browsers.api.database, "finance", "Paul Roux")
    browser, half = await browsers.signed_in(paul), await browsers.pending(paul)
    path = f"/v1/colleagues/{paul}/second-factor/reset"
    assert (await api.post(path, nadia, key="lost")).status_code == 204
    assert is_problem(await browser.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
    assert (await half.send_form(CODE, code=browsers.code(paul))).status_code == 404
    [entry] = api.database.rows(
        "SELECT person_id::text, subject, request IS NOT NULL FROM accesses "
        "WHERE kind = 'second_factor_reset'"
    )
    assert entry == (nadia, paul, True)
    old = browsers.secrets.pop(paul)
    again = await browsers.signed_in(paul)
    assert browsers.secrets[paul] != old
    # Sent again, it is not done again.
    assert (await api.post(path, nadia, key="lost")).status_code == 204
    assert (await again.get("/v1/me")).status_code == 200


async def test_a_reset_is_of_a_colleague_and_never_one_s_own(api: Frontend, nadia: str) -> None:
    for who, code in (
        (nadia, ApiCode.OWN_SECOND_FACTOR),
        (a_client(api.database), ApiCode.COLLEAGUE_NOT_FOUND),
        (a_technician(api.database), ApiCode.COLLEAGUE_NOT_FOUND),
        ("019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b99", ApiCode.COLLEAGUE_NOT_FOUND),
    ):
        asking = api.post(f"/v1/colleagues/{who}/second-factor/reset", nadia)
        assert is_problem(await api.unchanged(asking), code)


async def test_a_colleague_without_one_says_so(api: Frontend, nadia: str) -> None:
    answer = await api.get("/v1/me/second-factor", nadia)
    assert answer.json() == {"enrolled_at": None, "recovery_codes_left": 0}
