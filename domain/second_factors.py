"""The team's second factor: a code that changes every 30 seconds (TOTP, RFC 6238), made by an application on
the person's own telephone, and codes on paper for the day that telephone is lost.

Sources for the figures: RFC 6238 § 5.2 (a code counts once; one step of drift), NIST SP 800-63B-4 § 3.2.2 (no
more than 100 wrong codes in a row, whatever the pace) and § 4.2.1.1 (recovery codes of 64 bits or more).
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from domain.tickets import Role

STEP_SECONDS = 30
DRIFT_STEPS = 1
ISSUER = "OmeaSupport"

# Between the first factor and the second: time to find the telephone, and to install an application.
PENDING_LASTS = timedelta(minutes=10)
PENDING_KEPT = timedelta(days=1)

# So many wrong codes of one person within each, then none is looked at. By the second, whoever reads a
# mailbox would need years to guess: each code typed has three chances in a million.
WRONG_CODES = ((timedelta(minutes=15), 5), (timedelta(days=1), 20))
WRONG_CODES_KEPT = timedelta(days=1)

RECOVERY_CODES = 10
# Of 32 characters each, hence 80 bits: a fingerprint leads back to none.
RECOVERY_LENGTH = 16
RECOVERY_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
# What is read on paper for what was printed.
_MISREAD = str.maketrans({"0": "o", "1": "l", "8": "b"})


class SecondFactor(StrEnum):
    """How it was shown. `DEMONSTRATION` is by whoever may read the sandbox's database, and never in
    production."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    DEMONSTRATION = "demonstration"


def needs_second_factor(role: Role) -> bool:
    return role in {Role.BACK_OFFICE, Role.FINANCE}


def accepted_step(secret: str, typed: str, at: datetime, last_step: int | None) -> int | None:
    """The step of 30 s whose code was typed; None for a wrong one, one that is too old or too new, and one of
    a step that was accepted before. `secret` is in base 32."""
    code, now, totp = "".join(typed.split()), int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    if not is_code(code):
        return None
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and (last_step is None or step > last_step):
            found = step
    return found


def is_code(typed: str) -> bool:
    """Six digits, in groups or not; whatever else was typed can only be a recovery code."""
    code = "".join(typed.split())
    return len(code) == 6 and code.isascii() and code.isdecimal()


def recovery_fingerprint(person_id: str, typed: str) -> str:
    """What is kept of a recovery code, however it was typed: in capitals, with hyphens or without."""
    code = "".join(typed.split()).replace("-", "").lower().translate(_MISREAD)
    return hashlib.sha256(f"{person_id}\n{code}".encode()).hexdigest()


def in_groups(text: str, separator: str) -> str:
    """By four, as it is shown."""
    return separator.join(text[at : at + 4] for at in range(0, len(text), 4))


def enrolment_uri(secret: str, mail: str) -> str:
    """What the QR code says: https://github.com/google/google-authenticator/wiki/Key-Uri-Format."""
    return pyotp.TOTP(secret).provisioning_uri(name=mail, issuer_name=ISSUER)
