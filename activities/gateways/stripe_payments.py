"""Stripe, behind our port. The only file that knows its SDK.

Idempotency: Stripe answers a repeated key with its first answer, refusals included, for at least a day.
So every key is made of business ids, a new attempt has a new key, and what may be older than a day (an
outage, a stopped worker) is read from Stripe before it is sent again.

Retries belong to Temporal: none here. Nothing is marked as not worth a retry either. A request that Stripe
does not understand, or a revoked key, is a fault of ours that a release or a new setting mends while the
step waits; giving up would end a ticket over it. Only a transfer says no for good to anything that Stripe
has examined and refused: no money moved, finance reads the code, and a rerun is the next attempt.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import stripe
from stripe.params import (
    AccountCreateParams,
    AccountUpdateParams,
    BalanceTransactionListParams,
    PaymentIntentConfirmParams,
)

from activities.gateways.payments import (
    CardPage,
    Charged,
    ChargeRefused,
    Collected,
    DatedEvent,
    KnownOfTechnician,
    PaymentsBroken,
    ProviderEntry,
    ReceivingDetails,
    RefundRefused,
    ReversalRefused,
    SavedCard,
    ToConfirm,
    TransferRefused,
    TransferSent,
)
from activities.gateways.stripe_account import account_parameters, account_to_complete, description_of
from activities.gateways.stripe_client import StripeConnection, breakdowns
from activities.gateways.stripe_ids import entry_of, event_of
from activities.gateways.stripe_reversals import take_back, transfers_of
from domain import ids
from domain.payees import AccountPageOpened, AccountState
from domain.refunds import SentBack, TransferState
from domain.reversals import SentTransfer

log = logging.getLogger(__name__)

# Where the money is on its way or there; `processing` ends in one or the other, and its notice tells.
PAYING = ("succeeded", "processing")
# Of a list; Stripe gives no more at once.
LONGEST_PAGE = 100


class StripePayments:
    """`api_base` is another server that speaks as Stripe does; None is Stripe itself."""

    def __init__(self, api_key: str, api_base: str | None = None) -> None:
        self.connection = StripeConnection(api_key, api_base)
        self._stripe = self.connection.v1

    async def close(self) -> None:
        await self.connection.close()

    async def open_customer(self, client_id: str) -> str:
        # Nothing about the person: the card page asks for what the card needs.
        with breakdowns():
            customer = await self._stripe.customers.create_async(
                {"metadata": {"client": client_id}}, {"idempotency_key": ids.customer_key(client_id)}
            )
        return customer.id

    async def delete_customer(self, customer: str) -> None:
        """Deleting has no key: what is gone is `resource_missing`, and stays gone."""
        with breakdowns():
            try:
                await self._stripe.customers.delete_async(customer)
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing":
                    raise

    async def open_card_page(self, *, customer: str, key: str, return_url: str) -> CardPage:
        with breakdowns():
            page = await self._stripe.checkout.sessions.create_async(
                {
                    "mode": "setup",
                    "allowed_payment_method_types": ["card"],
                    "currency": "eur",
                    "locale": "fr",
                    "customer": customer,
                    "success_url": return_url,
                    "cancel_url": return_url,
                    "metadata": {"card_page": key},
                },
                {"idempotency_key": key},
            )
        if page.url is None:
            raise PaymentsBroken(f"the card page {page.id} has no address")
        return CardPage(session=page.id, url=page.url)

    async def saved_card(self, session: str) -> SavedCard | None:
        with breakdowns():
            page = await self._stripe.checkout.sessions.retrieve_async(
                session, {"expand": ["setup_intent.payment_method"]}
            )
        setup = page.setup_intent
        if not isinstance(setup, stripe.SetupIntent) or setup.status != "succeeded":
            return None
        method = setup.payment_method
        if not isinstance(method, stripe.PaymentMethod) or method.card is None:
            return None
        return SavedCard(
            card=method.id,
            label=f"{method.card.brand} {method.card.last4}",
            given_at=datetime.fromtimestamp(method.created, UTC),
        )

    async def prepare_charge(
        self, *, invoice: str, ticket: str, amount_cents: int, customer: str, card: str
    ) -> str:
        # The card is left out: replaced between two tries of this step, it would make the second one
        # another request under the same key, which Stripe refuses.
        with breakdowns():
            intent = await self._stripe.payment_intents.create_async(
                {
                    "amount": amount_cents,
                    "currency": "eur",
                    "customer": customer,
                    "allowed_payment_method_types": ["card"],
                    "metadata": {"invoice": invoice, "ticket": ticket},
                },
                {"idempotency_key": ids.intent_key(invoice)},
            )
        return intent.id

    async def charge(
        self, *, intent: str, invoice: str, attempt: int, card: str, return_url: str | None = None
    ) -> Charged | ChargeRefused | ToConfirm:
        confirmation: PaymentIntentConfirmParams = {"payment_method": card}
        if return_url is None:
            confirmation["off_session"] = True
        else:
            confirmation["return_url"] = return_url
        with breakdowns():
            known = await self._stripe.payment_intents.retrieve_async(intent)
            if known.status in PAYING:
                return Charged()
            if known.status == "canceled":
                return ChargeRefused("payment_intent_canceled")
            try:
                confirmed = await self._stripe.payment_intents.confirm_async(
                    intent, confirmation, {"idempotency_key": ids.confirm_key(invoice, attempt)}
                )
            except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as error:
                return await self._charge_answer(intent, error)
        return Charged() if confirmed.status in PAYING else _to_confirm(confirmed)

    async def _charge_answer(
        self, intent: str, error: stripe.StripeError
    ) -> Charged | ChargeRefused | ToConfirm:
        """What an error on confirming means. One that says nothing of this charge is raised again."""
        if isinstance(error, stripe.CardError):
            return ChargeRefused(_refusal_of_card(error))
        known = await self._stripe.payment_intents.retrieve_async(intent)
        if known.status in PAYING:
            return Charged()
        if known.status == "requires_action":
            # The client has the bank's page open, from a try before this one: that is the one to finish.
            return _to_confirm(known)
        if isinstance(error, stripe.IdempotencyError):
            # This attempt was made with the card that the client has since replaced: it ended as it ended.
            if known.last_payment_error is not None:
                return ChargeRefused(known.last_payment_error.code or "card_declined")
        elif isinstance(error, stripe.InvalidRequestError) and error.param == "payment_method":
            return ChargeRefused(error.code or "payment_method_unusable")
        raise error

    async def set_amount(self, *, intent: str, invoice: str, amount_cents: int) -> None:
        with breakdowns():
            known = await self._stripe.payment_intents.retrieve_async(intent)
            if known.amount == amount_cents or known.status in PAYING or known.status == "canceled":
                return
            await self._stripe.payment_intents.update_async(
                intent,
                {"amount": amount_cents},
                {"idempotency_key": ids.amount_key(invoice, amount_cents)},
            )

    async def cancel_charge(self, *, intent: str, invoice: str) -> bool:
        with breakdowns():
            known = await self._stripe.payment_intents.retrieve_async(intent)
            if known.status == "canceled":
                return True
            if known.status in PAYING:
                return False
            await self._stripe.payment_intents.cancel_async(
                intent, {}, {"idempotency_key": ids.cancel_key(invoice)}
            )
            return True

    async def refund(
        self, *, intent: str, key: str, invoice: str, amount_cents: int
    ) -> SentBack | RefundRefused:
        if (known := await self.known_refund(intent, key)) is not None:
            return known
        with breakdowns():
            try:
                refund = await self._stripe.refunds.create_async(
                    {
                        "payment_intent": intent,
                        "amount": amount_cents,
                        "metadata": {"invoice": invoice, "refund": key},
                    },
                    {"idempotency_key": key},
                )
            except stripe.InvalidRequestError as error:
                return RefundRefused(error.code or "refund_refused")
        return _sent_back(refund)

    async def known_refund(self, intent: str, key: str) -> SentBack | None:
        with breakdowns():
            known = await self._stripe.refunds.list_async({"payment_intent": intent, "limit": 100})
        for refund in known.data:
            if refund.metadata is not None and refund.metadata.to_dict().get("refund") == key:
                return _sent_back(refund)
        return None

    async def sent_back(self, reference: str) -> SentBack:
        with breakdowns():
            return _sent_back(await self._stripe.refunds.retrieve_async(reference))

    async def collected(self, intent: str) -> Collected | ChargeRefused | None:
        with breakdowns():
            known = await self._stripe.payment_intents.retrieve_async(
                intent, {"expand": ["latest_charge.balance_transaction"]}
            )
        if known.status == "canceled":
            return ChargeRefused("payment_intent_canceled")
        if known.status == "requires_payment_method" and known.last_payment_error is not None:
            return ChargeRefused(known.last_payment_error.code or "card_declined")
        charge = known.latest_charge
        if known.status != "succeeded" or not isinstance(charge, stripe.Charge):
            return None
        entry = charge.balance_transaction
        # Stripe may enter the money in the balance a little after the card was accepted.
        if not isinstance(entry, stripe.BalanceTransaction):
            return None
        return Collected(amount_cents=entry.amount, fee_cents=entry.fee)

    async def transfer(
        self, *, payout: str, attempt: int, account: str, amount_cents: int
    ) -> TransferSent | TransferRefused:
        with breakdowns():
            if (known := await self._transfer_of(payout, amount_cents)) is not None:
                return known
            try:
                transfer = await self._stripe.transfers.create_async(
                    {
                        "amount": amount_cents,
                        "currency": "eur",
                        "destination": account,
                        "transfer_group": payout,
                        "metadata": {"payout": payout},
                    },
                    {"idempotency_key": f"{payout}:{attempt}"},
                )
            except (stripe.InvalidRequestError, stripe.PermissionError) as error:
                return TransferRefused(error.code or "transfer_refused")
            except stripe.IdempotencyError:
                # Sent with other words before, and not found above: for people to look into.
                return TransferRefused("idempotency_key_reused")
        return TransferSent(transfer.id)

    async def known_transfer(
        self, *, payout: str, amount_cents: int
    ) -> TransferSent | TransferRefused | None:
        with breakdowns():
            return await self._transfer_of(payout, amount_cents)

    async def _transfer_of(self, payout: str, amount_cents: int) -> TransferSent | TransferRefused | None:
        """The transfer that already pays this payout, to whichever account: a technician who has changed
        theirs since is not paid twice. One taken back pays nothing. One of another amount is for people."""
        known = await self._stripe.transfers.list_async({"transfer_group": payout, "limit": 100})
        standing = [transfer for transfer in known.data if not transfer.reversed]
        if any(transfer.amount != amount_cents for transfer in standing):
            return TransferRefused("transfer_of_another_amount")
        return TransferSent(standing[0].id) if standing else None

    async def transfers_of(self, payout: str) -> list[SentTransfer]:
        return await transfers_of(self.connection, payout)

    async def take_back(self, *, transfer: str, payout: str, attempt: int, n: int) -> ReversalRefused | None:
        return await take_back(self.connection, transfer, payout, ids.reversal_key(payout, attempt, n))

    async def open_account(self, technician_id: str, details: ReceivingDetails | None = None) -> str:
        told = account_parameters(technician_id, details) if details else account_to_complete(technician_id)
        with breakdowns():
            account = await self._stripe.accounts.create_async(
                cast(AccountCreateParams, told), {"idempotency_key": ids.account_key(technician_id)}
            )
        return account.id

    async def known_account(self, technician_id: str, since: datetime) -> str | None:
        # Accounts can be listed by their age and by nothing else.
        with breakdowns():
            newest = await self._stripe.accounts.list_async(
                {"created": {"gte": int(since.timestamp())}, "limit": LONGEST_PAGE}
            )
            found = [
                account.id
                async for account in newest.auto_paging_iter()
                if account.metadata is not None
                and account.metadata.to_dict().get("technician") == technician_id
            ]
        return found[-1] if found else None

    async def describe_account(self, *, account: str, key: str, known: KnownOfTechnician) -> None:
        with breakdowns():
            try:
                await self._stripe.accounts.update_async(
                    account, cast(AccountUpdateParams, description_of(known)), {"idempotency_key": key}
                )
            except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
                # Not to Stripe's taste, or sent already and corrected since: the page asks.
                log.warning("account %s is not described: %s %s", account, type(error).__name__, error.code)

    async def open_account_page(
        self, *, account: str, key: str, return_url: str, refresh_url: str
    ) -> AccountPageOpened:
        with breakdowns():
            link = await self._stripe.account_links.create_async(
                {
                    "account": account,
                    # Only what is asked for: a bank account that is there already cannot be changed here.
                    "type": "account_onboarding",
                    # What will be asked for later as well, so that nobody has to come back for it.
                    "collection_options": {"fields": "eventually_due", "future_requirements": "include"},
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                },
                {"idempotency_key": key},
            )
        return AccountPageOpened(link.url, datetime.fromtimestamp(link.expires_at, UTC))

    async def account_state(self, reference: str) -> AccountState:
        with breakdowns():
            account = await self._stripe.accounts.retrieve_async(reference)
        capabilities, asked = account.capabilities, account.requirements
        missing = [*(asked.past_due or ()), *(asked.currently_due or ())] if asked is not None else []
        return AccountState(
            ready=capabilities is not None and capabilities.transfers == "active",
            missing=tuple(dict.fromkeys(missing)),
        )

    async def events_since(self, since: datetime, kinds: Sequence[str]) -> list[DatedEvent]:
        with breakdowns():
            newest = await self._stripe.events.list_async(
                {"created": {"gte": int(since.timestamp())}, "types": list(kinds), "limit": LONGEST_PAGE}
            )
            found = [
                DatedEvent(event_of(event.to_dict()), datetime.fromtimestamp(event.created, UTC))
                async for event in newest.auto_paging_iter()
            ]
        return found[::-1]

    async def entries_since(self, since: datetime | None) -> list[ProviderEntry]:
        parameters: BalanceTransactionListParams = {
            "currency": "eur",
            "expand": ["data.source"],
            "limit": LONGEST_PAGE,
        }
        if since is not None:
            parameters["created"] = {"gte": int(since.timestamp())}
        with breakdowns():
            newest = await self._stripe.balance_transactions.list_async(parameters)
            found = [entry_of(one.to_dict()) async for one in newest.auto_paging_iter()]
        return found[::-1]

    async def balance_cents(self) -> int:
        with breakdowns():
            balance = await self._stripe.balance.retrieve_async()
        available = sum(part.amount for part in balance.available if part.currency == "eur")
        return available + sum(part.amount for part in balance.pending if part.currency == "eur")


def _sent_back(refund: stripe.Refund) -> SentBack:
    """Stripe has an entry of what has left the balance, and none while it waits for money."""
    moved = refund.balance_transaction is not None
    state = TransferState.SENT if moved else TransferState.WAITING
    if refund.status in {"failed", "canceled"}:
        state = TransferState.FAILED
    return SentBack(refund.id, refund.amount, state, moved)


def _to_confirm(intent: stripe.PaymentIntent) -> ToConfirm | ChargeRefused:
    """Off-session there is nobody to send to the page; it is the next try by hand that leads there."""
    action = intent.next_action
    page = action.redirect_to_url if action is not None else None
    if page is None or page.url is None:
        return ChargeRefused("authentication_required")
    return ToConfirm(page.url)


def _refusal_of_card(error: stripe.CardError) -> str:
    """The bank's own reason where it gives one that says more than Stripe's code."""
    reason = error.error.decline_code if error.error is not None else None
    if error.code == "card_declined" and reason not in (None, "generic_decline"):
        return str(reason)
    return error.code or "card_declined"
