"""Attempts to get past the second factor: guessed, replayed, expired, swapped, each of them refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from api import cookies
from api.codes import ApiCode
from api.french_refusals import SENTENCES
from domain.french import typeset
from domain.second_factors import PENDING_LASTS, STEP_SECONDS
from domain.sign_ins import fingerprint
from tests.api.browsers import PENDING, SECOND, SIGN_IN, Browser, Browsers, code_of, open_browsers, secret_on
from tests.api.frontend import Frontend, is_problem
from tests.support.people import a_client, a_person

CODE, ENROLMENT = f"{SECOND}/code", f"{SECOND}/enrolment"


@pytest.fixture
async def browsers(api: Frontend) -> AsyncIterator[Browsers]:
    async with open_browsers(api) as opened:
        yield opened


class Half:
    """Somebody who reads the mailbox of a colleague, and has used a link of it in a browser of their own."""

    def __init__(self, browsers: Browsers, person: str, signed_in: Browser, browser: Browser) -> None:
        self.browsers, self.person, self.api = browsers, person, browsers.api
        self.signed_in, self.browser = signed_in, browser
        self.cookie = str(browser.cookie(PENDING))
        self.secret = browsers.secrets[person]
        self.step = int(self.api.clock().timestamp()) // STEP_SECONDS

    def code(self, drift: int) -> str:
        return code_of(self.secret, self.step + drift)

    async def type(self, code: str) -> httpx.Response:
        return await self.browser.send_form(CODE, code=code)


@pytest.fixture
async def half(browsers: Browsers) -> Half:
    person = a_person(browsers.api.database, "back_office")
    signed_in = await browsers.signed_in(person)
    browsers.api.clock.advance(minutes=10)
    return Half(browsers, person, signed_in, await browsers.pending(person))


async def is_refused(page: httpx.Response, code: ApiCode, status: int) -> None:
    assert page.status_code == status
    assert typeset(SENTENCES[code]) in page.text
    assert "set-cookie" not in page.headers


def of_another(had: Half) -> str:
    """Right, for a colleague."""
    return code_of("JBSWY3DPEHPK3PXP" * 2, had.step)


CODES: dict[str, Callable[[Half], str]] = {
    "of two steps ago": lambda had: had.code(-2),
    "of two steps ahead": lambda had: had.code(2),
    "shown at the enrolment": lambda had: had.code(-20),
    "of another's application": of_another,
    "guessed": lambda had: f"{(int(had.code(0)) + 500_001) % 1_000_000:06d}",
    "truncated": lambda had: had.code(0)[:-1],
    "longer": lambda had: had.code(0) + "0",
    "in other digits": lambda had: had.code(0).translate({ord("0") + n: 0x660 + n for n in range(10)}),
    "the secret": lambda had: had.secret,
    "the cookie": lambda had: had.cookie[:60],
    "a recovery code that never was": lambda _: "abcd-efgh-ijkl-mnop",
}


@pytest.mark.parametrize("attempt", CODES)
async def test_a_code_that_is_not_good_now_signs_nobody_in(half: Half, attempt: str) -> None:
    before = half.api.database.counts()
    await is_refused(await half.type(CODES[attempt](half)), ApiCode.SECOND_FACTOR_WRONG, 403)
    after = half.api.database.counts()
    assert after == before | {"wrong_codes": before["wrong_codes"] + 1}
    assert (await half.type(half.code(0))).status_code == 303


async def test_a_code_that_was_accepted_is_refused_from_then_on_and_so_are_those_before_it(
    half: Half,
) -> None:
    assert (await half.type(half.code(0))).status_code == 303
    thief = await half.browsers.pending(half.person)
    for drift in (0, -1):
        answer = await thief.send_form(CODE, code=half.code(drift))
        await is_refused(answer, ApiCode.SECOND_FACTOR_WRONG, 403)
    assert (await thief.send_form(CODE, code=half.code(1))).status_code == 303


async def test_of_two_uses_of_a_code_at_the_same_time_one_signs_in(half: Half) -> None:
    others = [await half.browsers.pending(half.person) for _ in range(2)]
    answers = await asyncio.gather(
        *(browser.send_form(CODE, code=half.code(0)) for browser in (half.browser, *others))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403]


async def test_after_five_wrong_codes_the_right_one_is_refused_too_until_later(half: Half) -> None:
    wrong = CODES["guessed"](half)
    # From whichever browser, and at once: they wait for each other.
    other = await half.browsers.pending(half.person)
    answers = await asyncio.gather(
        *(browser.send_form(CODE, code=wrong) for browser in (half.browser, other) * 4)
    )
    assert sorted(answer.status_code for answer in answers) == [403] * 5 + [429] * 3
    half.api.clock.advance(minutes=9)
    page = await half.type(code_of(half.secret, half.step + 18))
    await is_refused(page, ApiCode.TOO_MANY_CODES, 429)
    assert page.headers["retry-after"] == "360"
    assert typeset("Prochain essai possible dans 6 min.") in page.text
    # Who is signed in is not, but guesses no further either.
    answer = await half.signed_in.post("/v1/me/second-factor/replacement", {"code": half.code(18)})
    assert is_problem(answer, ApiCode.TOO_MANY_CODES)
    half.api.clock.advance(minutes=6)
    late = await half.browsers.pending(half.person)
    assert (await late.send_form(CODE, code=code_of(half.secret, half.step + 30))).status_code == 303


async def test_twenty_wrong_codes_are_enough_for_a_day(half: Half) -> None:
    for _ in range(4):
        browser = await half.browsers.pending(half.person)
        for _ in range(5):
            await is_refused(await browser.send_form(CODE, code="nothing"), ApiCode.SECOND_FACTOR_WRONG, 403)
        half.api.clock.advance(minutes=15)
    browser = await half.browsers.pending(half.person)
    await is_refused(await browser.send_form(CODE, code="nothing"), ApiCode.TOO_MANY_CODES, 429)
    half.api.clock.advance(hours=23)
    browser = await half.browsers.pending(half.person)
    await is_refused(await browser.send_form(CODE, code="nothing"), ApiCode.SECOND_FACTOR_WRONG, 403)


COOKIES: dict[str, Callable[[Half], str]] = {
    "nothing": lambda _: "",
    "forged": lambda _: cookies.new_secret(),
    "truncated": lambda had: had.cookie[:-1],
    "what the database keeps": lambda had: fingerprint(had.cookie),
    "the cookie of a sign-in": lambda had: str(had.signed_in.cookie(SIGN_IN)),
    "the id of the person": lambda had: had.person,
}


async def begins_anew(browser: Browser, code: str) -> None:
    for page in (
        await browser.get(SECOND),
        await browser.send_form(CODE, code=code),
        await browser.send_form(ENROLMENT, code=code),
    ):
        await is_refused(page, ApiCode.SECOND_FACTOR_STEP_OVER, 404)
        assert 'href="/v1/sign-in"' in page.text


@pytest.mark.parametrize("attempt", COOKIES)
async def test_a_code_is_good_in_the_browser_of_the_link_and_nowhere_else(half: Half, attempt: str) -> None:
    browser = half.browsers.one()
    browser.take(PENDING, COOKIES[attempt](half))
    before = half.api.database.counts()
    await begins_anew(browser, half.code(0))
    await begins_anew(half.browsers.one(), half.code(0))
    assert half.api.database.counts() == before
    assert (await half.type(half.code(0))).status_code == 303


async def test_the_cookie_of_the_step_signs_nobody_in(half: Half) -> None:
    browser = half.browsers.one()
    browser.take(SIGN_IN, half.cookie)
    assert is_problem(await browser.get("/v1/me"), ApiCode.SIGN_IN_INVALID)
    headers = {"Authorization": f"Bearer {half.cookie}"}
    assert is_problem(await half.browsers.one().http.get("/v1/me", headers=headers), ApiCode.SIGN_IN_INVALID)
    assert is_problem(await half.browser.post("/v1/tokens"), ApiCode.NOT_SIGNED_IN)


async def test_the_step_lasts_ten_minutes_and_is_done_once(half: Half) -> None:
    late = await half.browsers.pending(half.person)
    assert (await half.type(half.code(0))).status_code == 303
    half.browser.take(PENDING, half.cookie)
    await begins_anew(half.browser, half.code(1))
    half.api.clock.now += PENDING_LASTS - timedelta(seconds=1)
    assert (await late.get(SECOND)).status_code == 200
    half.api.clock.advance(seconds=1)
    await begins_anew(late, code_of(half.secret, half.step + 20))


async def test_who_has_an_application_is_offered_no_other(half: Half) -> None:
    await is_refused(
        await half.browser.send_form(ENROLMENT, code=half.code(0)), ApiCode.SECOND_FACTOR_STEP_OVER, 404
    )
    assert (await half.browser.get(SECOND)).text.count("<svg") == 0


async def test_of_two_who_enrol_for_one_person_the_second_begins_anew(browsers: Browsers) -> None:
    person = a_person(browsers.api.database, "finance")
    first, second = [await browsers.pending(person) for _ in range(2)]
    theirs, ours = [secret_on(await browser.get(SECOND)) for browser in (first, second)]
    assert theirs != ours
    step = int(browsers.api.clock().timestamp()) // STEP_SECONDS
    answers = await asyncio.gather(
        first.send_form(ENROLMENT, code=code_of(theirs, step)),
        second.send_form(ENROLMENT, code=code_of(ours, step)),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    # The codes of what another browser was offered are none.
    third = await browsers.pending(person)
    assert [
        (await third.send_form(CODE, code=code_of(secret, step + 1))).status_code
        for secret, answer in zip((theirs, ours), answers, strict=True)
        if answer.status_code == 404
    ] == [403]


async def test_an_offer_is_confirmed_by_its_own_code_alone(half: Half) -> None:
    browser = await half.browsers.pending(a_person(half.api.database, "finance"))
    await is_refused(await browser.send_form(ENROLMENT, code=half.code(0)), ApiCode.SECOND_FACTOR_WRONG, 403)
    await is_refused(await browser.send_form(CODE, code=half.code(0)), ApiCode.SECOND_FACTOR_STEP_OVER, 404)


async def test_another_site_types_no_code(half: Half) -> None:
    elsewhere: list[dict[str, str]] = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {},
    ]
    for headers in elsewhere:
        for path in (CODE, ENROLMENT):
            page = await half.browser.http.post(path, data={"code": half.code(0)}, headers=headers)
            await is_refused(page, ApiCode.CROSS_SITE_REQUEST, 403)
    assert (await half.type(half.code(0))).status_code == 303


async def test_a_closed_account_goes_no_further(half: Half) -> None:
    a_person(half.api.database, "back_office")  # for one must be left
    half.api.database.execute("UPDATE people SET active = false WHERE id = %s", half.person)
    await begins_anew(half.browser, half.code(0))
    # Nor when it is opened again.
    half.api.database.execute("UPDATE people SET active = true WHERE id = %s", half.person)
    await begins_anew(half.browser, half.code(0))


async def test_a_client_who_becomes_a_colleague_signs_in_anew(browsers: Browsers) -> None:
    person = a_client(browsers.api.database)
    browser = await browsers.signed_in(person)
    access, refresh = await browser.tokens()
    browsers.api.database.execute("UPDATE people SET role = 'back_office' WHERE id = %s", person)
    http, missing = browsers.api.http, ApiCode.SECOND_FACTOR_MISSING
    assert is_problem(await browser.get("/v1/me"), missing)
    assert is_problem(await browser.post("/v1/tokens"), missing)
    assert is_problem(await http.get("/v1/me", headers={"Authorization": f"Bearer {access}"}), missing)
    assert is_problem(await http.post("/v1/tokens/refresh", json={"refresh_token": refresh}), missing)
    assert (await browser.get("/v1/sign-in/done")).headers["location"] == "/v1/sign-in"
    assert (await (await browsers.signed_in(person)).get("/v1/me")).json()["role"]["code"] == "back_office"


async def test_neither_a_secret_nor_a_code_is_kept_in_clear(half: Half) -> None:
    offered = secret_on(
        await (await half.browsers.pending(a_person(half.api.database, "finance"))).get(SECOND)
    )
    await half.type("typed-by-mistake")
    tables = ("authenticators", "recovery_codes", "pending_sign_ins", "wrong_codes", "sign_ins")
    kept = str([half.api.database.rows(f"SELECT * FROM {table}") for table in tables])
    for secret in (half.secret, offered, half.cookie, "typed-by-mistake"):
        assert secret not in kept
    assert fingerprint(half.cookie) in kept


async def test_a_sealed_secret_is_of_no_use_in_another_s_row(half: Half) -> None:
    """Whoever may write the database gives a colleague the application they have themselves."""
    other = a_person(half.api.database, "finance")
    half.api.database.execute(
        "INSERT INTO authenticators SELECT %s, key_id, sealed, 0, confirmed_at FROM authenticators", other
    )
    browser = await half.browsers.pending(other)
    answer = await browser.send_form(CODE, code=half.code(0))
    assert answer.status_code == 403
    assert browser.cookie(SIGN_IN) is None
    # Nor is an offer that was sealed under a key which is gone.
    half.api.database.execute("DELETE FROM authenticators WHERE person_id = %s", other)
    browser = await half.browsers.pending(other)
    half.api.database.execute("UPDATE pending_sign_ins SET offer_key_id = 'gone'")
    assert (await browser.get(SECOND)).status_code == 404
