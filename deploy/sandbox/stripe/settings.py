"""The switches of the sandbox, kept in its file: webhooks misbehave, keys expire, money settles."""

import json
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from deploy.sandbox.stripe.store import Store

DAY_SECONDS = 86_400

Cents = Annotated[int, Field(ge=0, le=100_000)]
Seconds = Annotated[float, Field(ge=0, le=30 * DAY_SECONDS)]


class Switches(BaseModel):
    """A group of switches: absent ones keep their value, unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def read(cls, store: Store) -> Self:
        rows = store.connection.execute("SELECT name, value FROM settings")
        known = {row["name"]: json.loads(row["value"]) for row in rows if row["name"] in cls.model_fields}
        return cls(**known)

    def write(self, store: Store) -> None:
        store.connection.executemany(
            "INSERT INTO settings (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [(name, json.dumps(getattr(self, name))) for name in self.model_fields_set],
        )


class WebhookSwitches(Switches):
    # Extra copies of each delivery: Stripe promises at least once, not once.
    duplicate: Annotated[int, Field(ge=0, le=20)] = 0
    delay_seconds: Seconds = 0
    reorder: bool = False
    # The event is recorded and never delivered: only a poller can see it.
    drop: bool = False
    # The switches above are for these types only (`charge.*` names a family); empty: for all.
    only: tuple[str, ...] = ()


class Settings(Switches):
    idempotency_lifetime_seconds: Seconds = DAY_SECONDS
    settlement_delay_seconds: Seconds = 0
    # How long a request with an effect takes, as a card network does: the window for a second click.
    processing_seconds: Seconds = 0
    # Answers to this many requests with an effect are lost on the way back: done, but nobody knows.
    lose_answers: Annotated[int, Field(ge=0, le=1000)] = 0
    # This many requests with an effect are refused for now, as beyond the rate limit: nothing is done.
    refuse_for_rate: Annotated[int, Field(ge=0, le=1000)] = 0
    # How long a second request on an object waits for the first before it is told `lock_timeout`.
    lock_wait_seconds: Seconds = 10
    # How long a bank takes: to decide a dispute, to return a refund, to receive a payout.
    bank_seconds: Seconds = 2
    # How long a link to the page that completes an account is good, unless it was followed before.
    account_link_seconds: Seconds = 300
    # What Stripe takes in France for a dispute, and again for answering it (given back if it is won).
    # https://support.stripe.com/questions/june-2025-pricing-updates-for-disputes
    dispute_fee_cents: Cents = 2_000
    dispute_countered_fee_cents: Cents = 2_000
    # Whether a refund that the balance cannot pay waits for money, as Stripe's support describes, or is
    # refused at once, as in its test mode.
    refunds_wait_for_funds: bool = True
