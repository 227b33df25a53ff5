"""Ids in Stripe's own form: a prefix that says the kind, then letters and digits."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str) -> str:
    return f"{prefix}_{random_text(24)}"


def new_client_secret(intent_id: str) -> str:
    return f"{intent_id}_secret_{random_text(24)}"


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
