"""Refund cases: what the database and the provider do for them."""

from temporalio import activity

from activities.failures import refusals
from activities.gateways.payments import Payments, RefundRefused
from db.engine import Sessions
from db.reads.refunds import excess_sent, refund_to_send
from db.stores.money import excess, refund_cases
from domain.ids import refund_key
from domain.refunds import (
    DISPUTED,
    CheckRefund,
    ExcessSeen,
    LookAtExcess,
    OpenRefund,
    RefundRuling,
    RefundSeen,
    RefundSentAnswer,
    RuleRefund,
    SendRefund,
    SentBack,
    SettleRefund,
)


class RefundActivities:
    def __init__(self, database: Sessions, provider: Payments) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def open_refund(self, message: OpenRefund) -> None:
        """From now on the gains of the ticket are held."""
        with refusals():
            async with self._database.begin() as session:
                await refund_cases.open_case(session, message)

    @activity.defn
    async def rule_refund(self, message: RuleRefund) -> RefundRuling:
        """Credit note, gains and ruling, in one transaction."""
        with refusals():
            async with self._database.begin() as session:
                return await refund_cases.rule_case(session, message)

    @activity.defn
    async def send_refund(self, message: SendRefund) -> RefundSentAnswer:
        """Send back what was ruled, once for this attempt: killed between any two lines, the step finds what
        it sent before."""
        async with self._database.begin() as session:
            owed = await refund_to_send(session, message.invoice, message.n)
            amount_cents = await refund_cases.amount_to_send(session, message.invoice, message.n)
        key = refund_key(message.invoice, message.n, message.attempt)
        # A bank may have given the money back since: then only what is on its way already counts.
        sent: SentBack | RefundRefused | None = await self._provider.known_refund(owed.intent, key)
        if sent is None and amount_cents is None:
            sent = RefundRefused(DISPUTED)
        elif sent is None and amount_cents:
            sent = await self._provider.refund(
                intent=owed.intent, key=key, invoice=message.invoice, amount_cents=amount_cents
            )
        async with self._database.begin() as session:
            match sent:
                case None:
                    await refund_cases.record_needless(session, message)
                case RefundRefused():
                    await refund_cases.record_refused(session, message, sent.code)
                    return RefundSentAnswer(sent.code)
                case SentBack():
                    await refund_cases.record_sent(session, message, sent)
        return RefundSentAnswer(needless=sent is None, waiting=sent is not None and not sent.moved)

    @activity.defn
    async def check_refund(self, message: CheckRefund) -> RefundSeen:
        """What has become of the money since, which is entered then."""
        async with self._database.begin() as session:
            owed = await refund_to_send(session, message.invoice, message.n, message.attempt)
        if owed.reference is None:
            raise LookupError(f"{message.invoice}: nothing was sent as {message.n}:{message.attempt}")
        sent = await self._provider.sent_back(owed.reference)
        async with self._database.begin() as session:
            return await refund_cases.record_seen(session, message, sent)

    @activity.defn
    async def look_at_excess(self, message: LookAtExcess) -> ExcessSeen:
        """What has become of the excess that was sent back, which is entered, and what is owed again."""
        async with self._database.begin() as session:
            known = await excess_sent(session, message.invoice)
        sent = {one.attempt: await self._provider.sent_back(one.reference) for one in known}
        async with self._database.begin() as session:
            return await excess.record_seen(session, message, sent)

    @activity.defn
    async def settle_refund(self, message: SettleRefund) -> None:
        """The team gave the money back from our bank."""
        with refusals():
            async with self._database.begin() as session:
                await refund_cases.settle_by_bank(session, message)
