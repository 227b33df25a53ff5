"""Amounts in euro cents, and the currencies the platform may use."""

from typing import Any

from deploy.sandbox.stripe.errors import InvalidParameter

CURRENCIES = ("eur",)
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM_CHARGE_CENTS = 50
MAXIMUM_CHARGE_CENTS = 99_999_999


def currency(text: str) -> str:
    if text.lower() not in CURRENCIES:
        raise InvalidParameter(
            f"Invalid currency: {text}. This account currently supports these currencies: "
            f"{', '.join(CURRENCIES)}",
            code="parameter_invalid",
            param="currency",
        )
    return text.lower()


def charge_amount(cents: int, param: str = "amount") -> int:
    if cents < MINIMUM_CHARGE_CENTS:
        raise InvalidParameter("Amount must be at least €0.50 eur", code="amount_too_small", param=param)
    if cents > MAXIMUM_CHARGE_CENTS:
        raise InvalidParameter(
            "Amount must be no more than €999,999.99", code="amount_too_large", param=param
        )
    return cents


def positive_amount(cents: Any, param: str = "amount") -> int:
    if not isinstance(cents, int) or cents < 1:
        raise InvalidParameter(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=param
        )
    return cents


def euros(cents: int) -> str:
    return f"€{cents // 100:,}.{cents % 100:02}"
