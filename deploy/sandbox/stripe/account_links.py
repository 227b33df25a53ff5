"""Links to the page on which the owner of a connected account completes it: each is good once, for minutes.

https://docs.stripe.com/api/account_links/create
"""

from typing import Any

from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject, missing_parameter
from deploy.sandbox.stripe.identifiers import random_text
from deploy.sandbox.stripe.next_actions import require_url

# Now and later the same is asked for here (`requirements.py`): each way of collecting it is simulated.
SIMULATED = ("account", "collection_options", "refresh_url", "return_url", "type")
ONBOARDING = "account_onboarding"
ADDRESSES = ("refresh_url", "return_url")
# How long whoever has followed a link may fill in the page.
VISIT_SECONDS = 3_600


def create(call: Call) -> StripeObject:
    """The answer has no id: a link cannot be asked for again."""
    account = call.given("account", "account")
    if account is None:
        raise missing_parameter("account")
    _check(call)
    token = random_text(12)
    link = {
        "object": "account_link",
        "created": call.now,
        "expires_at": call.now + int(call.settings.account_link_seconds),
        "url": f"{call.url}/setup/c/{account['id']}/{token}",
    }
    kept = {"account": account["id"], **{name: call.get(name) for name in ADDRESSES}, "visit": None}
    call.store.insert(link | {"id": token}, kept)
    return link


def known(call: Call, account: str, token: str) -> dict[str, Any] | None:
    """What is kept of the link: the account, where it leads afterwards, and who has followed it."""
    if call.store.find("account_link", token) is None:
        return None
    kept = call.store.private(token)
    return kept if kept["account"] == account else None


def follow(call: Call, token: str) -> str | None:
    """The secret of this one visit, without which nothing can be sent in; None when the link is used up."""
    link = call.store.find("account_link", token) or {}
    if call.store.private(token)["visit"] is not None or link["expires_at"] <= call.now:
        return None
    secret = random_text(24)
    call.store.remember(token, visit={"secret": secret, "until": call.now + VISIT_SECONDS})
    return secret


def leave(call: Call, token: str, visit: dict[str, Any]) -> None:
    """What was sent in is done; sent again, it only leads back."""
    call.store.remember(token, visit=visit | {"left": True})


def _check(call: Call) -> None:
    if call.get("type") != ONBOARDING:
        raise InvalidParameter(
            f"The sandbox simulates links of the type {ONBOARDING} only.",
            code="sandbox_not_simulated",
            param="type",
        )
    for name in ADDRESSES:
        if not call.get(name):
            raise missing_parameter(name)
        require_url(call.get(name), name)
