"""What nobody may tell in a free text, for their own sake: looked for before the text is kept.

People in distress paste whatever they have at hand. A card number, an IBAN, a password are of no use to us
and of great use to a thief; and who gives a telephone number in a report meets outside the platform, where
nothing protects anybody. See DECISIONS.md for what is taken for one, and what is not.
"""

from collections.abc import Callable
from enum import StrEnum

from domain.plain_text import plain
from domain.told_contacts import has_mail_address, has_messenger_link, has_phone_number
from domain.told_numbers import has_card_number, has_iban
from domain.told_passwords import tells_a_password


class Disclosure(StrEnum):
    """Why a text is refused; each has its sentence in `api/french_fields.py`."""

    IBAN = "text_with_iban"
    CARD_NUMBER = "text_with_card_number"
    PASSWORD = "text_with_password"  # noqa: S105  # a code, and no password
    PHONE_NUMBER = "text_with_phone_number"
    MAIL_ADDRESS = "text_with_mail_address"
    MESSENGER_LINK = "text_with_messenger_link"


Rule = Callable[[str], bool]

SECRETS: dict[Disclosure, Rule] = {
    Disclosure.IBAN: has_iban,
    Disclosure.CARD_NUMBER: has_card_number,
    Disclosure.PASSWORD: tells_a_password,
}
CONTACTS: dict[Disclosure, Rule] = {
    Disclosure.MESSENGER_LINK: has_messenger_link,
    Disclosure.MAIL_ADDRESS: has_mail_address,
    Disclosure.PHONE_NUMBER: has_phone_number,
}


def secret_told(text: str) -> Disclosure | None:
    """The first secret that the text gives away; None for most texts."""
    return _first(SECRETS, text)


def secret_or_contact_told(text: str) -> Disclosure | None:
    """The same for texts that client and technician read of each other: ways to meet elsewhere as well."""
    return _first(SECRETS | CONTACTS, text)


def _first(rules: dict[Disclosure, Rule], text: str) -> Disclosure | None:
    read = plain(text)
    return next((found for found, tells in rules.items() if tells(read)), None)
