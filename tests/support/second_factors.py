"""Authenticators and browsers that wait for one, written straight into a test's database."""

from datetime import datetime

from api import cookies
from domain.second_factors import STEP_SECONDS
from domain.sign_ins import fingerprint
from tests.support.keys import SEALS
from tests.support.postgres import Database


def an_authenticator(database: Database, person: str, secret: str, at: datetime) -> None:
    """Enrolled at that time, and its code used."""
    sealed = SEALS.seal(secret, person)
    database.execute(
        "INSERT INTO authenticators (person_id, key_id, sealed, last_step, confirmed_at) "
        "VALUES (%s, %s, %s, %s, %s)",
        *(person, sealed.key_id, sealed.content, int(at.timestamp()) // STEP_SECONDS, at),
    )


def a_pending_sign_in(database: Database, person: str, at: datetime, offer: str | None = None) -> str:
    """The cookie of a browser in which they have shown the first factor; to enrol `offer`, if given."""
    secret = cookies.new_secret()
    sealed = SEALS.seal(offer, person) if offer else None
    database.execute(
        "INSERT INTO pending_sign_ins (person_id, secret_hash, began_at, offer_key_id, offer_sealed) "
        "VALUES (%s, %s, %s, %s, %s)",
        *(person, fingerprint(secret), at),
        *((sealed.key_id, sealed.content) if sealed else (None, None)),
    )
    return secret
