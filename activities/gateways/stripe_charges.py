"""What clients pay by card, and what they get back; see `stripe_payments` for how keys are made."""

from datetime import UTC, datetime

import stripe
from stripe.params import PaymentIntentConfirmParams

from activities.gateways.payments import (
    CardPage,
    Charged,
    ChargeRefused,
    Collected,
    PaymentsBroken,
    RefundRefused,
    SavedCard,
    ToConfirm,
)
from activities.gateways.stripe_client import LONGEST_PAGE, StripePart, breakdowns
from domain import ids
from domain.refunds import SentBack, TransferState

# Where the money is on its way or there; `processing` ends in one or the other, and its notice tells.
PAYING = ("succeeded", "processing")


class StripeCharges(StripePart):
    """Customers, cards, charges and refunds."""

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
            known = await self._stripe.refunds.list_async({"payment_intent": intent, "limit": LONGEST_PAGE})
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
