"""Coming in: strangers who sign up, what they were shown and accepted, and the mails about it.

Whoever asks is a stranger until they have opened our mail, so nobody exists before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.signed_links import InvalidLink
from domain.signed_tokens import read_token, sign_token

# A mail of the evening is read in the morning. It opens nothing that is there yet, so it may be longer than a
# link to sign in by.
SIGN_UP_LASTS = timedelta(hours=24)
# A mail that tells how something was decided is worth sending for as long as a notice is.
LETTER_LASTS = timedelta(days=3)

# From the answer, or from the application where there is none. The CNIL allows two years at most for
# candidates who were not taken; skills are out of date sooner.
APPLICATIONS_KEPT = timedelta(days=365)

SIGN_UP_AUDIENCE = "omeasupport-sign-up"


class AcceptedText(StrEnum):
    """What a client is shown and agrees to for the account as a whole. What they agree to for one request is
    kept with it."""

    TERMS = "terms"
    PRIVACY = "privacy"


class ApplicationState(StrEnum):
    """Of a technician's application."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class AdmissionLetter(StrEnum):
    """The mails about coming in."""

    SIGN_UP = "sign_up"
    CLIENT_ADDED = "client_added"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_REFUSED = "application_refused"


@dataclass(frozen=True)
class AdmissionLetterRequest:
    """Which mail, about which row; all that leaves the database."""

    kind: AdmissionLetter
    id: str


@dataclass(frozen=True)
class ForgetAdmissions:
    """What is over is deleted, as of `at`."""

    at: datetime


def lasts(kind: AdmissionLetter) -> timedelta:
    """For how long that mail is worth sending."""
    return SIGN_UP_LASTS if kind is AdmissionLetter.SIGN_UP else LETTER_LASTS


def sign_link(key: bytes, sign_up_id: str, asked_at: datetime) -> str:
    """The token of a sign-up's link, the same each time it is made. It says nothing of whom it is for."""
    return sign_token(key, SIGN_UP_AUDIENCE, asked_at + SIGN_UP_LASTS, sub=sign_up_id)


def read_link(token: str, key: bytes) -> str:
    """The id of the sign-up; whether it is still good, its row says. Raises `InvalidLink`."""
    try:
        return str(UUID(read_token(token, key, SIGN_UP_AUDIENCE, "sub").claims["sub"]))
    except ValueError:
        raise InvalidLink from None


def link_url(public_url: str, key: bytes, sign_up_id: str, asked_at: datetime) -> str:
    return f"{public_url}/v1/sign-up/links/{sign_link(key, sign_up_id, asked_at)}"
