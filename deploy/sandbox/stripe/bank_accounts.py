"""Bank accounts of connected accounts: an IBAN is checked, and only its end is kept."""

from hashlib import sha256
from typing import Any

from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject, no_such
from deploy.sandbox.stripe.identifiers import new_id

_SHORTEST_IBAN = 15


def new_bank_account(given: Any, account: StripeObject) -> StripeObject:
    if not isinstance(given, dict):
        refusal = no_such("token", given, "external_account")
        raise InvalidParameter(refusal.message, code=refusal.code, param=refusal.param)
    if given.get("object") != "bank_account":
        raise InvalidParameter(
            "The sandbox simulates external accounts of the kind bank_account only.",
            param="external_account[object]",
        )
    iban = _checked_iban(given["account_number"])
    return {
        "id": new_id("ba"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": given.get("account_holder_name"),
        "account_holder_type": given.get("account_holder_type"),
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": given["country"],
        "currency": given.get("currency", account["default_currency"]),
        "default_for_currency": True,
        "fingerprint": sha256(iban.encode()).hexdigest()[:16],
        "future_requirements": _no_requirements(),
        "last4": iban[-4:],
        "metadata": {},
        "requirements": _no_requirements(),
        "routing_number": None,
        "status": "new",
    }


def _checked_iban(text: str) -> str:
    """ISO 7064: the number made of the IBAN turned round is 1 modulo 97."""
    iban = text.replace(" ", "").upper()
    valid = len(iban) >= _SHORTEST_IBAN and iban.isalnum() and iban.isascii()
    if not valid or int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 != 1:
        raise InvalidParameter(
            "You must use a valid IBAN as the account number.",
            code="account_number_invalid",
            param="external_account[account_number]",
        )
    return iban


def _no_requirements() -> StripeObject:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}
