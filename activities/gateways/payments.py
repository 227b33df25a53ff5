"""The payment provider in our own words. One adapter implements it: `stripe_payments.py`.

A refusal (a card declined, an account not ready) is a result; a breakdown (time-out, 5xx, 429) is an
exception (`PaymentsBroken`), and the caller's retry policy decides. Every method may be repeated with the
same arguments and does its work once: the keys sent to the provider come from the business ids given here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from domain.payees import AccountPageOpened, AccountState
from domain.refunds import SentBack
from domain.reversals import SentTransfer


class PaymentsBroken(Exception):
    """The provider could not be asked, or gave no usable answer: what happened there is unknown."""


@dataclass(frozen=True)
class CardPage:
    """A hosted page on which a client gives a card. `session` names it to the provider."""

    session: str
    url: str


@dataclass(frozen=True)
class SavedCard:
    """`label` is what a person recognises: brand and last four digits. `given_at` by the provider's clock."""

    card: str
    label: str
    given_at: datetime


@dataclass(frozen=True)
class Charged:
    """The card was accepted; the provider's notice of the money follows."""


@dataclass(frozen=True)
class ChargeRefused:
    """`code` is the provider's: `card_declined`, `insufficient_funds`, `authentication_required`…"""

    code: str


@dataclass(frozen=True)
class ToConfirm:
    """The client's bank wants them to confirm the payment on its page, at `url`."""

    url: str


@dataclass(frozen=True)
class Collected:
    """Money received for an intent; the fee was taken from it by the provider."""

    amount_cents: int
    fee_cents: int


@dataclass(frozen=True)
class RefundRefused:
    """`code` is the provider's: `charge_disputed`, `balance_insufficient`…"""

    code: str


@dataclass(frozen=True)
class TransferSent:
    transfer: str


@dataclass(frozen=True)
class TransferRefused:
    """`code` is the provider's: `balance_insufficient`, `insufficient_capabilities_for_transfer`…"""

    code: str


@dataclass(frozen=True)
class ReversalRefused:
    """`code` is the provider's: `balance_insufficient` when the technician's account has not the money."""

    code: str


@dataclass(frozen=True)
class ReceivingDetails:
    """What the provider must know about a technician in France before it may pay them.

    `terms_accepted_at` and `terms_accepted_from` (an IP address) are when and where they accepted its terms.
    """

    first_name: str
    last_name: str
    mail: str
    phone: str
    birth_date: date
    street: str
    postal_code: str
    city: str
    iban: str
    terms_accepted_at: datetime
    terms_accepted_from: str


@dataclass(frozen=True)
class KnownOfTechnician:
    """What we know ourselves of a technician whose account is to be completed. None: not known; of a company
    `legal_name` and `siren` count, of a person the two names and the birth date."""

    mail: str
    is_company: bool | None = None
    legal_name: str | None = None
    siren: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    birth_date: date | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


class ProviderEvent(NamedTuple):
    """A notice of the provider, found genuine. `subject` has the id of its object (`object`) and what we
    wrote on it (`invoice`, `ticket`, `payout`, `technician`, `client`, `card_page`); never the object."""

    id: str
    type: str
    subject: dict[str, str]


class ProviderEntry(NamedTuple):
    """One movement of our balance at the provider: `amount_cents` came (negative: went), less `fee_cents`.

    `kind` is the provider's word. `subject` has the ids of what moved, as a notice's has; empty when nothing
    did but a fee. `created_at` by the provider's clock.
    """

    id: str
    kind: str
    amount_cents: int
    fee_cents: int
    net_cents: int
    subject: dict[str, str]
    created_at: datetime


class DatedEvent(NamedTuple):
    event: ProviderEvent
    created_at: datetime


class Payments(Protocol):
    async def open_customer(self, client_id: str) -> str:
        """The provider's reference of this client, made once."""

    async def delete_customer(self, customer: str) -> None:
        """For ever, with every card kept there; one that is gone already is no error. What they paid
        stays."""

    async def open_card_page(self, *, customer: str, key: str, return_url: str) -> CardPage:
        """A page to save a card for later charges. `return_url` is where it sends the client afterwards."""

    async def saved_card(self, session: str) -> SavedCard | None:
        """The card given on that page, or None while it has not been."""

    async def prepare_charge(
        self, *, invoice: str, ticket: str, amount_cents: int, customer: str, card: str
    ) -> str:
        """The one intent of an invoice, not yet confirmed. Answers its reference.

        `card` is what it is expected to be charged to; only `charge` decides, for it may be replaced until
        then.
        """

    async def charge(
        self, *, intent: str, invoice: str, attempt: int, card: str, return_url: str | None = None
    ) -> Charged | ChargeRefused | ToConfirm:
        """Charge off-session or, with `return_url`, while the client is there: then their bank may want them
        to confirm on its page, which sends them back to `return_url`. An attempt already made answers as it
        did; an intent already paid, Charged."""

    async def set_amount(self, *, intent: str, invoice: str, amount_cents: int) -> None:
        """What is left to charge; no effect on an intent that is paid, or being paid, already."""

    async def cancel_charge(self, *, intent: str, invoice: str) -> bool:
        """Let nothing be collected any more. False when something was, or is on its way."""

    async def refund(
        self, *, intent: str, key: str, invoice: str, amount_cents: int
    ) -> SentBack | RefundRefused:
        """Send back part of what was collected. `key` names this sending, for ever: one that carries it
        already is found and answered instead of sending another."""

    async def known_refund(self, intent: str, key: str) -> SentBack | None:
        """The sending that carries this key, if there was one."""

    async def sent_back(self, reference: str) -> SentBack:
        """What has become of a sending."""

    async def collected(self, intent: str) -> Collected | ChargeRefused | None:
        """What the provider has collected for an intent; None while it is on its way."""

    async def account_state(self, reference: str) -> AccountState:
        """Whether an account can be paid into now, and what the provider still asks for."""

    async def open_account(self, technician_id: str, details: ReceivingDetails | None = None) -> str:
        """The reference of the account through which a technician is paid, made once. Without details it is
        one that they complete on the provider's page."""

    async def known_account(self, technician_id: str, since: datetime) -> str | None:
        """The first account opened for this technician from then on, without opening any."""

    async def describe_account(self, *, account: str, key: str, known: KnownOfTechnician) -> None:
        """Tell what is known of its owner, so that the page does not ask for it. What the provider does not
        take of it, the page will ask for: no refusal."""

    async def open_account_page(
        self, *, account: str, key: str, return_url: str, refresh_url: str
    ) -> AccountPageOpened:
        """A link to the page on which the owner of the account gives what the provider still asks for, all of
        it. It is good once, for some minutes; then it leads to `refresh_url`."""

    async def transfer(
        self, *, payout: str, attempt: int, account: str, amount_cents: int
    ) -> TransferSent | TransferRefused:
        """Pay a technician. `payout` is the payout's key; a transfer that already carries it is found
        and answered instead of sending another.

        `attempt` counts from 1 and grows only after a refusal has been recorded: the provider answers a
        repeated attempt as it did the first time, so a refusal would never end; an attempt whose outcome
        is unknown keeps its number, so that it is sent once.
        """

    async def known_transfer(
        self, *, payout: str, amount_cents: int
    ) -> TransferSent | TransferRefused | None:
        """The transfer that carries this payout's key, without sending any; None when there is none. One of
        another amount is a refusal."""

    async def transfers_of(self, payout: str) -> list[SentTransfer]:
        """Every transfer that carries this payout's key, oldest first, and what was taken back of each."""

    async def take_back(self, *, transfer: str, payout: str, attempt: int, n: int) -> ReversalRefused | None:
        """Take back all that is left of a transfer; None once nothing is left of it, whoever took it back.
        `attempt` is the one that sent it; `n` counts from 1 and grows only after a refusal has been recorded,
        which the provider would repeat."""

    async def events_since(self, since: datetime, kinds: Sequence[str]) -> list[DatedEvent]:
        """The events of these kinds (20 at most) that the provider has made from then on, oldest first,
        whether or not it could deliver them. It keeps them for 30 days."""

    async def intents_since(self, since: datetime) -> dict[str, str]:
        """The references of the intents that were prepared from then on, by the number of their invoice."""

    async def entries_since(self, since: datetime | None) -> list[ProviderEntry]:
        """What moved our euro balance from then on, or ever; oldest first."""

    async def balance_cents(self) -> int:
        """Our euro balance at the provider, the part that is not available yet included."""
