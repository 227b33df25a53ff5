"""A technician as one who is paid: what must be known and signed first, and what holds their money back.

Sources: a self-billed invoice wants a prior written mandate (CGI, art. 289, I, 2) and names its seller (CGI,
annexe II, art. 242 nonies A). From 5,000 € on, who has work done by another must hold their certificate of
vigilance, of the last six months (Code du travail, art. L. 8222-1 and D. 8222-5).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.money import BASIS_POINTS, half_up

# Below this nothing is transferred: it is carried over to the next month.
MINIMUM_CENTS = 500
# What a technician who is liable to VAT charges us (CGI, art. 278).
VAT_BP = 2000
VIGILANCE_FROM_CENTS = 500_000
VIGILANCE_LASTS = timedelta(days=183)
# The text that technicians sign; its words are `api/mandate_text.py`.
MANDATE = "mandat-2026-01"
# For so many days after the day of its issue a technician may contest a statement. The mandate says so:
# another number wants another version of it.
CONTESTABLE_DAYS = 30


class Rail(StrEnum):
    """How a technician is paid. They have one; a change waits until the team has confirmed it."""

    STRIPE = "stripe"
    SEPA = "sepa"


class Hold(StrEnum):
    """Why nothing is claimed for a technician, and nothing sent to them, for now."""

    BANK_CHANGE_PENDING = "bank_change_pending"
    IDENTITY_MISSING = "identity_missing"
    MANDATE_MISSING = "mandate_missing"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_INCOMPLETE = "account_incomplete"
    VIGILANCE_EXPIRED = "vigilance_expired"


class CarriedOver(StrEnum):
    """Why what is earned waits for a later month."""

    NEGATIVE = "negative"
    BELOW_MINIMUM = "below_minimum"


class AccountStage(StrEnum):
    """How far a technician's account at the provider is, as they see it."""

    TO_OPEN = "to_open"
    TO_COMPLETE = "to_complete"
    CHECKED = "checked"
    READY = "ready"


@dataclass(frozen=True)
class Standing:
    """What is known of a technician when they are to be paid. `has_identity` is name, address and SIREN;
    `account_ready` what the provider says of their account, on that rail; `billed_cents` is all that their
    statements came to so far, VAT excluded."""

    rail: Rail = Rail.STRIPE
    has_identity: bool = False
    mandate: str | None = None
    has_account: bool = False
    account_ready: bool = False
    bank_change_pending: bool = False
    vigilance_until: date | None = None
    billed_cents: int = 0
    charges_vat: bool = False


@dataclass(frozen=True)
class AccountRequest:
    """The input of the look at an account; `reference` is the provider's."""

    reference: str


@dataclass(frozen=True)
class AccountState:
    """What the provider says of an account: whether it can be paid into, and what it still asks for, in its
    own words."""

    ready: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountPageRequest:
    """The input of the asking for the provider's page. It leads to `return_url` once left, and to
    `refresh_url` when its link is no longer good; neither says whose they are."""

    technician_id: str
    return_url: str
    refresh_url: str


@dataclass(frozen=True)
class OpenAccount:
    """`key` names the asking to the provider."""

    technician_id: str
    key: str


@dataclass(frozen=True)
class OpenAccountPage:
    """`account` is the provider's reference; `key` names this link, for each can be used once."""

    account: str
    key: str
    return_url: str
    refresh_url: str


@dataclass(frozen=True)
class AccountPageOpened:
    """A link that can be followed once, until then. Whoever has it may complete the account: it goes to the
    technician who has asked, and is never mailed."""

    url: str
    expires_at: datetime


def account_stage(*, exists: bool, ready: bool, missing: bool) -> AccountStage:
    """`missing` is whether the provider asks for anything: it may of an account that is ready, before a date
    after which that one is no more."""
    if not exists:
        return AccountStage.TO_OPEN
    if missing:
        return AccountStage.TO_COMPLETE
    return AccountStage.READY if ready else AccountStage.CHECKED


def holds(standing: Standing, due_cents: int, today: date) -> tuple[Hold, ...]:
    """All that holds back `due_cents` more, VAT excluded; what must be mended first comes first."""
    papers = standing.vigilance_until
    found = {
        Hold.BANK_CHANGE_PENDING: standing.bank_change_pending,
        Hold.IDENTITY_MISSING: not standing.has_identity,
        Hold.MANDATE_MISSING: standing.mandate != MANDATE,
        Hold.ACCOUNT_MISSING: not standing.has_account,
        Hold.ACCOUNT_INCOMPLETE: standing.has_account and not standing.account_ready,
        Hold.VIGILANCE_EXPIRED: standing.billed_cents + due_cents >= VIGILANCE_FROM_CENTS
        and (papers is None or papers < today),
    }
    return tuple(hold for hold, holding in found.items() if holding)


def vat_cents(total_cents: int, *, charges_vat: bool) -> int:
    """What a technician who is liable to VAT adds to their gains."""
    return half_up(total_cents * VAT_BP, BASIS_POINTS) if charges_vat else 0


def carried_over(total_cents: int) -> CarriedOver | None:
    """Why a total of gains, VAT excluded, makes no statement; None when it makes one."""
    if total_cents <= 0:
        return CarriedOver.NEGATIVE
    return CarriedOver.BELOW_MINIMUM if total_cents < MINIMUM_CENTS else None
