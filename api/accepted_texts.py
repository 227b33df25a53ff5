"""The texts that an account comes with: which versions are in force, and whether what was said names them."""

from collections.abc import Mapping

from api import privacy_text, terms_text
from api.codes import ApiCode
from api.errors import Problem
from domain.admissions import AcceptedText

IN_FORCE: Mapping[AcceptedText, str] = {
    AcceptedText.TERMS: terms_text.CURRENT_VERSION,
    AcceptedText.PRIVACY: privacy_text.CURRENT_VERSION,
}
WORDS: Mapping[AcceptedText, str] = {
    AcceptedText.TERMS: terms_text.TEXTS[terms_text.CURRENT_VERSION],
    AcceptedText.PRIVACY: privacy_text.TEXTS[privacy_text.CURRENT_VERSION],
}


def check_privacy_in_force(privacy: str) -> None:
    """For who is only told what becomes of what they say. Raises `Problem(CONSENT_TEXT_OUTDATED)`."""
    check_in_force(IN_FORCE[AcceptedText.TERMS], privacy)


def check_in_force(terms: str, privacy: str) -> None:
    """Raises `Problem(CONSENT_TEXT_OUTDATED)` for another version than is in force."""
    said = {AcceptedText.TERMS: terms, AcceptedText.PRIVACY: privacy}
    for text, version in said.items():
        if version != IN_FORCE[text]:
            raise Problem(ApiCode.CONSENT_TEXT_OUTDATED, current=IN_FORCE[text])
