"""Connected accounts of the custom kind: the platform collects what the law asks, Stripe checks it."""

from typing import Any

from deploy.sandbox.stripe import lists, metadata
from deploy.sandbox.stripe.bank_accounts import new_bank_account
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id, random_text
from deploy.sandbox.stripe.requirements import account_requirements, due_fields

SIMULATED_AT_UPDATE = (
    "business_profile",
    "business_type",
    "capabilities",
    "company",
    "email",
    "expand",
    "external_account",
    "individual",
    "metadata",
    "tos_acceptance",
)
SIMULATED_AT_CREATION = (*SIMULATED_AT_UPDATE, "controller", "country", "default_currency", "type")
CAPABILITIES = ("card_payments", "transfers")

_PROFILE = (
    "annual_revenue",
    "estimated_worker_count",
    "mcc",
    "name",
    "product_description",
    "support_address",
    "support_email",
    "support_phone",
    "support_url",
    "url",
)
# What a platform chooses instead of `type=custom`: it answers for everything.
_CUSTOM_CONTROLLER = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "requirement_collection": "application",
    "stripe_dashboard": {"type": "none"},
}


def create(call: Call) -> StripeObject:
    _require_custom(call)
    account = _new_account(call)
    call.store.insert(account, {"requested": []})
    _apply(call, account)
    call.store.save(account)
    record_event(call, "account.updated", account, account=account["id"])
    return account


def retrieve(call: Call) -> StripeObject:
    return call.named("account", "account")


def list_accounts(call: Call) -> StripeObject:
    return lists.page(call, "account", "/v1/accounts")


def update(call: Call) -> StripeObject:
    account = call.named("account", "account")
    _apply(call, account)
    call.store.save(account)
    record_event(call, "account.updated", account, account=account["id"])
    return account


def _require_custom(call: Call) -> None:
    if "type" in call.parameters and "controller" in call.parameters:
        raise InvalidParameter("You may not specify both `type` and `controller`.", param="type")
    if call.get("type") == "custom" or call.get("controller") == _CUSTOM_CONTROLLER:
        return
    raise InvalidParameter(
        "The sandbox simulates custom accounts only: `type=custom`, or a `controller` by which the platform "
        "pays fees and losses, collects requirements and gives no Stripe dashboard.",
        param="controller" if "controller" in call.parameters else "type",
    )


def _new_account(call: Call) -> StripeObject:
    account_id = f"acct_{random_text(16)}"
    return {
        "id": account_id,
        "object": "account",
        "business_profile": dict.fromkeys(_PROFILE),
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": _CUSTOM_CONTROLLER | {"is_controller": True, "type": "application"},
        "country": call.get("country", "FR").upper(),
        "created": call.now,
        "default_currency": call.get("default_currency", "eur"),
        "details_submitted": False,
        "email": None,
        "external_accounts": lists.list_of([], f"/v1/accounts/{account_id}/external_accounts"),
        "future_requirements": account_requirements([]),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": account_requirements([]),
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "custom",
    }


def _apply(call: Call, account: StripeObject) -> None:
    for name in ("business_type", "email"):
        if name in call.parameters:
            account[name] = call.text(name)
    account["metadata"] = metadata.merged(account["metadata"], call.get("metadata"))
    account["business_profile"] |= call.get("business_profile", {})
    account["tos_acceptance"] |= call.get("tos_acceptance", {})
    if "individual" in call.parameters:
        account["individual"] = _person(call, account)
    if "company" in call.parameters:
        account["company"] = account.get("company", {}) | _company(call.get("company"))
    if external := call.get("external_account"):
        account["external_accounts"]["data"] = [new_bank_account(external, account)]
    _request_capabilities(call, account)
    _judge(call, account)


def _person(call: Call, account: StripeObject) -> StripeObject:
    """What is kept of the individual: names, birth and contact, never an identity number."""
    person = account.get("individual") or {
        "id": new_id("person"),
        "object": "person",
        "account": account["id"],
        "created": call.now,
        "first_name": None,
        "id_number_provided": False,
        "last_name": None,
        "metadata": {},
    }
    given: dict[str, Any] = call.get("individual")
    for name in ("address", "dob", "email", "first_name", "last_name", "phone"):
        if name in given:
            person[name] = given[name] or None
    if given.get("id_number"):
        person["id_number_provided"] = True
    person["metadata"] = metadata.merged(person["metadata"], given.get("metadata"))
    return person


def _company(given: dict[str, Any]) -> StripeObject:
    kept: StripeObject = {name: given[name] for name in ("address", "name", "phone") if name in given}
    if given.get("tax_id"):
        kept["tax_id_provided"] = True
    return kept


def _request_capabilities(call: Call, account: StripeObject) -> None:
    requested = set(call.store.private(account["id"])["requested"])
    for name, wish in call.get("capabilities", {}).items():
        if name not in CAPABILITIES:
            raise InvalidParameter(
                f"The sandbox does not simulate the capability {name}.", param=f"capabilities[{name}]"
            )
        if wish.get("requested") is True:
            requested.add(name)
        elif wish.get("requested") is False:
            requested.discard(name)
    call.store.remember(account["id"], requested=sorted(requested))
    # A capability that is no longer requested stays listed, and inactive.
    account["capabilities"] = dict.fromkeys(sorted(requested | set(account["capabilities"])), "inactive")


def _judge(call: Call, account: StripeObject) -> None:
    """A capability is active once requested and once nothing is due."""
    requested = call.store.private(account["id"])["requested"]
    due = due_fields(account)
    if not due:
        account["capabilities"] |= dict.fromkeys(requested, "active")
    account["requirements"] = account_requirements(due if requested else [])
    account["details_submitted"] = not due
    account["payouts_enabled"] = not due
    account["charges_enabled"] = account["capabilities"].get("card_payments") == "active"


def _settings() -> StripeObject:
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": None, "timezone": "Europe/Paris"},
        "payments": {
            "statement_descriptor": None,
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": False,
            "schedule": {"delay_days": 7, "interval": "daily"},
            "statement_descriptor": None,
        },
    }
