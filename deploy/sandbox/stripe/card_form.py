"""The card form of the hosted page: a number, an expiry, a security code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.sandbox.stripe.cards import BY_NUMBER, TestCard

CENTURY = 2000
FARTHEST_YEARS = 50


@dataclass(frozen=True)
class TypedCard:
    card: TestCard
    expiry: tuple[int, int]


class CardMistyped(Exception):
    """A French sentence for the person who typed."""


def read_card(form: Mapping[str, str], now: int) -> TypedCard:
    """Raises `CardMistyped`."""
    number = re.sub(r"[\s-]", "", form.get("card_number", ""))
    if not re.fullmatch(r"\d{12,19}", number) or not passes_luhn(number):
        raise CardMistyped("Votre numéro de carte n’est pas valide.")
    card = BY_NUMBER.get(number)
    if card is None:
        raise CardMistyped(
            "Ce bac à sable n’accepte que les cartes de test de Stripe, jamais une vraie carte."
        )
    expiry = _expiry(form.get("expiry", ""), now)
    length = 4 if card.brand == "amex" else 3
    if not re.fullmatch(rf"\d{{{length}}}", form.get("cvc", "").strip()):
        raise CardMistyped("Le code de sécurité de votre carte est incomplet.")
    return TypedCard(card, expiry)


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _expiry(text: str, now: int) -> tuple[int, int]:
    """`MM/AA` or `MM/AAAA`, not past."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/-]\s*(\d{2}|\d{4})\s*", text)
    if match is None or not 1 <= int(match[1]) <= 12:
        raise CardMistyped("La date d’expiration de votre carte est incomplète.")
    month, year = int(match[1]), int(match[2])
    year += CENTURY if year < 100 else 0
    today = datetime.fromtimestamp(now, UTC)
    if (year, month) < (today.year, today.month):
        raise CardMistyped("La date d’expiration de votre carte est passée.")
    if year > today.year + FARTHEST_YEARS:
        raise CardMistyped("L’année d’expiration de votre carte n’est pas valide.")
    return month, year
