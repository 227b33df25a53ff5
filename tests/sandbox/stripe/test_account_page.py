"""The page on which the owner of an account completes it: a link good once, and a form of what is missing."""

import re
from typing import Any

import httpx
import pytest
import stripe

from tests.sandbox.stripe.builders import (
    IBAN,
    account_parameters,
    complete_account,
    error_of,
    event_types,
    visit_of,
)
from tests.sandbox.stripe.running import Running, submit, visit

BACK, AGAIN = "https://shop.test/retour", "https://shop.test/nouveau-lien"


async def an_empty_account(client: stripe.StripeClient, **known: Any) -> str:
    nothing = dict.fromkeys(("business_type", "individual", "tos_acceptance", "external_account"))
    account = await client.v1.accounts.create_async(account_parameters(**nothing | known))
    return account.id


async def a_link(client: stripe.StripeClient, of: str, **changes: Any) -> stripe.AccountLink:
    given: Any = {"account": of, "type": "account_onboarding", "return_url": BACK, "refresh_url": AGAIN}
    kept = {name: value for name, value in (given | changes).items() if value is not None}
    created: Any = client.v1.account_links.create_async
    link: stripe.AccountLink = await created(kept)
    return link


async def state_of(client: stripe.StripeClient, account: str) -> tuple[str, list[str]]:
    """Whether it may receive transfers, and what it lacks."""
    known = (await client.v1.accounts.retrieve_async(account)).to_dict()
    return known["capabilities"]["transfers"], known["requirements"]["currently_due"]


def leads_to(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("location")


PERSON = {"business_type": "individual", "first_name": "Léa", "last_name": "Robert"}
COMPANY = {"business_type": "company", "company_name": "Robert Dépannage SARL"}


@pytest.mark.parametrize("typed", [PERSON, COMPANY], ids=["person", "company"])
async def test_all_that_is_missing_is_given_on_one_page(
    sandbox: Running, client: stripe.StripeClient, typed: dict[str, str]
) -> None:
    account = await an_empty_account(client)
    link = await a_link(client, account)
    assert link.url.startswith(f"{sandbox.url}/setup/c/{account}/")
    assert link.expires_at == link.created + 300
    assert set(link.to_dict()) == {"object", "created", "expires_at", "url"}

    assert complete_account(link.url, **typed) == BACK

    assert await state_of(client, account) == ("active", [])
    known = (await client.v1.accounts.retrieve_async(account)).to_dict()
    assert known["business_type"] == typed["business_type"]
    assert known["external_accounts"]["data"][0]["last4"] == IBAN[-4:]
    assert known["tos_acceptance"]["ip"] == "127.0.0.1"
    assert await event_types(client) == ["account.updated"] * 2


async def test_only_what_is_missing_is_asked_for_and_what_is_known_is_shown(
    client: stripe.StripeClient,
) -> None:
    known = {"business_type": "individual", "individual": {"first_name": "Léa", "last_name": "Robert"}}
    account = await an_empty_account(client, **known)
    shown = visit((await a_link(client, account)).url).text
    asked = set(re.findall(r'<input[^>]* ?name="(\w+)"', shown)) - {"visit"}
    assert asked == {"iban", "terms"}
    assert "Léa Robert" in shown
    assert complete_account((await a_link(client, account)).url) == BACK
    assert await state_of(client, account) == ("active", [])

    complete = visit((await a_link(client, account)).url)
    assert "Il ne manque rien" in complete.text
    assert leads_to(submit(str(complete.url), data={"visit": visit_of(complete)})) == (303, BACK)
    assert await event_types(client) == ["account.updated"] * 2


async def test_who_finishes_later_leaves_the_rest_missing(client: stripe.StripeClient) -> None:
    account = await an_empty_account(client)
    first = await a_link(client, account)
    assert complete_account(first.url, **PERSON, iban="", act="later") == BACK
    assert await state_of(client, account) == ("inactive", ["external_account"])
    assert complete_account((await a_link(client, account)).url) == BACK
    assert await state_of(client, account) == ("active", [])

    nothing = await an_empty_account(client)
    form = {"visit": visit_of(visit((link := await a_link(client, nothing)).url)), "act": "later"}
    assert leads_to(submit(link.url, data=form)) == (303, BACK)
    assert len((await state_of(client, nothing))[1]) == 6


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"business_type": ""}, "Indiquez si vous exercez en nom propre ou en société."),
        ({"business_type": "charity"}, "Indiquez si vous exercez en nom propre ou en société."),
        ({"last_name": " "}, "Indiquez votre prénom et votre nom."),
        ({"business_type": "company"}, "Indiquez la dénomination de votre société."),
        ({"iban": ""}, "Indiquez l’IBAN du compte sur lequel recevoir vos gains."),
        ({"iban": "FR1420041010050500013M02607"}, "Cet IBAN n’est pas valable."),
        ({"terms": None}, "Acceptez les conditions de service"),
    ],
)
async def test_what_is_mistyped_is_said_kept_and_corrected_on_the_same_page(
    client: stripe.StripeClient, changes: dict[str, str | None], sentence: str
) -> None:
    account = await an_empty_account(client)
    url = (await a_link(client, account)).url
    whole = PERSON | {"iban": IBAN, "terms": "accepted", "act": "send", "visit": visit_of(visit(url))}
    typed = {name: text for name, text in (whole | changes).items() if text is not None}

    refused = submit(url, data=typed)

    assert (refused.status_code, sentence in refused.text) == (400, True)
    assert 'value="Léa"' in refused.text
    assert await event_types(client) == ["account.updated"]
    assert leads_to(submit(url, data=whole | {"visit": visit_of(refused)})) == (303, BACK)
    assert await state_of(client, account) == ("active", [])


async def test_a_link_is_good_once_and_then_leads_to_where_another_is_asked_for(
    client: stripe.StripeClient,
) -> None:
    account = await an_empty_account(client)
    url = (await a_link(client, account)).url
    # Whoever only looks where it leads uses nothing up.
    async with httpx.AsyncClient() as cautious:
        assert (await cautious.head(url)).status_code == 200
    shown = visit(url)
    assert leads_to(visit(url)) == (303, AGAIN)
    # Only who has followed it may send in, and what is sent in twice counts once.
    form = PERSON | {"iban": IBAN, "terms": "accepted", "act": "send"}
    assert leads_to(submit(url, data=form | {"visit": "guessed"})) == (303, AGAIN)
    for _ in range(2):
        assert leads_to(submit(url, data=form | {"visit": visit_of(shown)})) == (303, BACK)
    assert await event_types(client) == ["account.updated"] * 2
    assert leads_to(visit(url)) == (303, AGAIN)


async def test_a_link_dies_by_itself(sandbox: Running, client: stripe.StripeClient) -> None:
    account = await an_empty_account(client)
    sandbox.switch("settings", account_link_seconds=0)
    url = (await a_link(client, account)).url
    assert leads_to(visit(url)) == (303, AGAIN)
    assert leads_to(submit(url, data={"act": "later"})) == (303, AGAIN)


async def test_a_link_of_another_account_or_of_nobody_is_not_found(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    account, other = await an_empty_account(client), await an_empty_account(client)
    token = (await a_link(client, account)).url.rsplit("/", 1)[1]
    for path in (f"{other}/{token}", f"{account}/nothing"):
        answer = visit(f"{sandbox.url}/setup/c/{path}")
        assert (answer.status_code, "Ce lien n’existe pas." in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"account": "acct_nobody"}, {"code": "resource_missing", "param": "account"}),
        ({"account": None}, {"code": "parameter_missing", "param": "account"}),
        ({"type": None}, {"code": "parameter_missing", "param": "type"}),
        ({"type": "account_closing"}, {"code": "parameter_invalid", "param": "type"}),
        ({"type": "account_update"}, {"code": "sandbox_not_simulated", "param": "type"}),
        ({"return_url": None}, {"code": "parameter_missing", "param": "return_url"}),
        ({"refresh_url": None}, {"code": "parameter_missing", "param": "refresh_url"}),
        ({"refresh_url": "nouveau-lien"}, {"code": "url_invalid", "param": "refresh_url"}),
        ({"colour": "red"}, {"code": "parameter_unknown", "param": "colour"}),
    ],
)
async def test_what_is_wrong_with_a_link_is_refused_as_by_stripe(
    client: stripe.StripeClient, changes: dict[str, Any], error: dict[str, str]
) -> None:
    account = await an_empty_account(client)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await a_link(client, account, **changes)
    assert error_of(refusal.value) == {"type": "invalid_request_error"} | error


async def test_a_repeated_request_is_answered_with_the_same_link(client: stripe.StripeClient) -> None:
    account = await an_empty_account(client)
    given: Any = {"account": account, "type": "account_onboarding", "return_url": BACK, "refresh_url": AGAIN}
    urls = [
        (await client.v1.account_links.create_async(given, {"idempotency_key": key})).url
        for key in ("one", "one", "two")
    ]
    assert (urls[0] == urls[1], urls[0] == urls[2]) == (True, False)
