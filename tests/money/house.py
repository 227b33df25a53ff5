"""The steps of the worker, on a real database and the Stripe sandbox, played in any order."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.billing import BillingActivities
from activities.chargebacks import ChargebackActivities
from activities.gateways.stripe_chargebacks import StripeChargebacks
from activities.gateways.stripe_payments import StripePayments
from activities.reconciliation import ReconciliationActivities
from activities.refunds import RefundActivities
from db.engine import Sessions, create_engine, sessions
from db.reads.invariants.looking import look
from domain.billing_steps import Accept, ChargeInvoice, CheckPayment, PaymentState, Resettle, WriteOff
from domain.chargebacks import AnswerChargeback, LookAtChargeback
from domain.invariants import Invariant, Patience, Row
from domain.messages import Actor
from domain.provider_entries import Read
from domain.refunds import (
    CheckRefund,
    LookAtExcess,
    OpenRefund,
    RefundKind,
    RefundRuled,
    RuleRefund,
    SendRefund,
    SettleRefund,
)
from domain.rulings import Bill, EarnedGain, GainKind, GainRuling, RulingKind
from domain.tariff import Tariff
from domain.ticket_steps import Act, Rule
from domain.tickets import Role
from tests.money.lives import ChargedBack, Refunded
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Cluster, Database
from tests.support.stripe_sandbox import API_KEY, StripeSandbox
from tests.support.tickets import a_number

TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)
KEYS = count(1)
AT_REST = Patience(money=timedelta(0), listing=timedelta(0))
NOBODY = Actor("system", Role.SYSTEM)


@dataclass
class Ticket:
    """`notices` are the steps that the provider's notices lead to, each at any time and again."""

    number: str
    invoice: str
    client: str
    notices: list[str]
    chargeback: str | None = None
    refunds: int = 0
    attempts: int = 0


class House:
    def __init__(
        self, database: Database, worker: Sessions, payments: StripePayments, stripe: StripeSandbox
    ) -> None:
        self.database = database
        self.worker = worker
        self.payments = payments
        self.stripe = stripe
        self.technician = a_technician(database)
        self.back_office = Actor(a_person(database, "back_office"), Role.BACK_OFFICE)
        self.billing = BillingActivities(worker, payments)
        self.refunds = RefundActivities(worker, payments)
        self.chargebacks = ChargebackActivities(worker, StripeChargebacks(payments.connection))
        self.reading = ReconciliationActivities(worker, payments)
        self.now = datetime.now(UTC) - timedelta(days=20)

    def act(self, ticket: str, key: str | None = None, actor: Actor = NOBODY) -> Act:
        self.now += timedelta(minutes=1)
        return Act(ticket, key or f"key-{next(KEYS)}", self.now, actor)

    async def run(self, step: Any, message: Any) -> Any:
        return await ActivityEnvironment().run(step, message)

    # Before the money.

    async def accepted(self, slices: int) -> Ticket:
        client, number = a_client(self.database), a_number(self.database)
        request = a_submission(self.database, client, "request")
        start = self.now - timedelta(hours=1)
        self.database.execute(
            "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
            "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at) "
            "VALUES (%s, %s, %s, 'internet', 'in_review', %s, %s, 60, '2026-01', %s, %s)",
            *(number, client, self.technician, start, start + timedelta(hours=1), request, start),
        )
        self.database.execute(
            "INSERT INTO sessions (ticket, number, technician_id, started_at, ended_at, ended_by) "
            "VALUES (%s, 1, %s, %s, %s, 'technician')",
            *(number, self.technician, start, start + timedelta(minutes=40)),
        )
        customer = await self.payments.open_customer(client)
        self.database.execute(
            "INSERT INTO cards (client_id, customer_reference, card_reference, label, saved_at) "
            "VALUES (%s, %s, 'pm_card_chargeCustomerFail', 'visa 0341', now())",
            *(client, customer),
        )
        gain = EarnedGain(1, self.technician, slices)
        message = Accept(self.act(number), TARIFF, Bill(slices * 15, slices), (gain,))
        accepted = await self.run(self.billing.accept, message)
        again = await self.run(self.billing.accept, message)
        assert again == accepted
        return Ticket(number, accepted.invoice, client, [])

    async def reduced(self, ticket: Ticket, slices: int, earned: int) -> None:
        self.database.execute("UPDATE tickets SET status = 'suspended' WHERE number = %s", ticket.number)
        written = a_submission(self.database, self.back_office.id, "ruling")
        act = self.act(ticket.number, actor=self.back_office)
        rule = Rule(act, RulingKind.REDUCE, written, slices * 15, ())
        gains = (EarnedGain(1, self.technician, slices - earned),)
        message = Resettle(act, "ruling", TARIFF, Bill(slices * 15, slices), gains, None, rule)
        await self.twice(self.billing.resettle, message)

    async def tried(self, ticket: Ticket, card: str) -> None:
        self.database.execute(
            "UPDATE cards SET card_reference = %s WHERE client_id = %s", card, ticket.client
        )
        ticket.attempts += 1
        message = ChargeInvoice(self.act(ticket.number), ticket.invoice, ticket.attempts)
        await self.twice(self.billing.charge_invoice, message)

    async def paid(self, ticket: Ticket) -> None:
        await self.tried(ticket, "pm_card_bypassPending")
        ticket.notices.append("payment")

    async def written_off(self, ticket: Ticket) -> None:
        self.database.execute("UPDATE tickets SET status = 'unpaid' WHERE number = %s", ticket.number)
        written = a_submission(self.database, self.back_office.id, "write_off")
        charge = await self.run(self.billing.cancel_charge, ticket.invoice)
        act = self.act(ticket.number, actor=self.back_office)
        message = WriteOff(act, ticket.invoice, written, charge.intent)
        assert (await self.run(self.billing.write_off, message)).state is PaymentState.WRITTEN_OFF

    # After it.

    async def refunded(self, ticket: Ticket, one: Refunded, left: int, gain: int) -> None:
        ticket.refunds += 1
        n, invoice = ticket.refunds, ticket.invoice
        client = Actor(ticket.client, Role.CLIENT)
        reason = a_submission(self.database, ticket.client, "refund")
        opened = OpenRefund(self.act(ticket.number, actor=client), invoice, n, reason)
        await self.twice(self.refunds.open_refund, opened)
        kind = {left: RefundKind.NONE, 0: RefundKind.WHOLE}.get(one.left, RefundKind.PARTIAL)
        written = a_submission(self.database, self.back_office.id, "refund_ruling")
        ruled = RefundRuled(
            self.back_office,
            kind,
            written,
            tuple(self.gains(one.gain, gain)),
            one.left * 15 if kind is RefundKind.PARTIAL else None,
        )
        message = RuleRefund(self.act(ticket.number, actor=self.back_office), invoice, n, ruled)
        found = await self.twice(self.refunds.rule_refund, message)
        if not found.amount_cents:
            return
        if one.disputed is not None:
            # The bank has the money: neither the provider nor our own bank gives it back meanwhile.
            await self.charged_back(ticket, ChargedBack("none"))
            await self.notice(ticket, "chargeback")
            held = await self.twice(
                self.refunds.send_refund, SendRefund(self.act(ticket.number), invoice, n, 1)
            )
            assert held.failure == "charge_disputed"
            settle = SettleRefund(self.act(ticket.number, actor=self.back_office), invoice, n, written)
            with pytest.raises(ApplicationError, match="charged_back"):
                await self.run(self.refunds.settle_refund, settle)
            self.stripe.play("decide_dispute", dispute=ticket.chargeback, outcome=one.disputed)
            await self.notice(ticket, "chargeback")
            again = SendRefund(self.act(ticket.number), invoice, n, 2)
            sent = await self.twice(self.refunds.send_refund, again)
            assert sent.needless is (one.disputed == "lost")
            return
        for attempt in range(1, one.returns + 2):
            await self.twice(
                self.refunds.send_refund, SendRefund(self.act(ticket.number), invoice, n, attempt)
            )
            last = attempt == one.returns + 1
            if not last or one.by_bank:
                self._comes_back(invoice, n, attempt)
            ticket.notices.append(f"refund:{n}:{attempt}")
            if not last or one.by_bank:
                await self.notice(ticket, f"refund:{n}:{attempt}")
        if one.by_bank:
            settle = SettleRefund(self.act(ticket.number, actor=self.back_office), invoice, n, written)
            await self.twice(self.refunds.settle_refund, settle)

    async def excess_returned(self, ticket: Ticket, gain: int) -> None:
        """The client's bank gives back what the ticket sent back. A refund that grants nothing sends it."""
        self._comes_back(ticket.invoice, 0, 1)
        await self.notice(ticket, "excess")
        ticket.refunds += 1
        n, invoice = ticket.refunds, ticket.invoice
        client = Actor(ticket.client, Role.CLIENT)
        reason = a_submission(self.database, ticket.client, "refund")
        opened = OpenRefund(self.act(ticket.number, actor=client), invoice, n, reason)
        await self.twice(self.refunds.open_refund, opened)
        written = a_submission(self.database, self.back_office.id, "refund_ruling")
        gains = tuple(self.gains(gain, gain))
        ruled = RefundRuled(self.back_office, RefundKind.NONE, written, gains)
        message = RuleRefund(self.act(ticket.number, actor=self.back_office), invoice, n, ruled)
        found = await self.twice(self.refunds.rule_refund, message)
        assert found.amount_cents > 0
        await self.twice(self.refunds.send_refund, SendRefund(self.act(ticket.number), invoice, n, 1))
        ticket.notices.append(f"refund:{n}:1")

    def gains(self, now: int, before: int) -> Iterator[GainRuling]:
        if before == 0:
            return
        if now == before:
            yield GainRuling(1, GainKind.FULL)
        elif now == 0:
            yield GainRuling(1, GainKind.NONE)
        else:
            yield GainRuling(1, GainKind.REDUCED, now * 15)

    def _comes_back(self, invoice: str, n: int, attempt: int) -> None:
        [(reference,)] = self.database.rows(
            "SELECT reference FROM refunds WHERE invoice = %s AND n = %s AND attempt = %s",
            invoice,
            n,
            attempt,
        )
        self.stripe.play("fail_refund", refund=reference)

    async def charged_back(self, ticket: Ticket, one: ChargedBack) -> None:
        intent = self._intent(ticket)
        ticket.chargeback = self.stripe.play("dispute", payment=intent, inquiry=one.inquiry)["id"]
        ticket.notices.append("chargeback")
        if one.answered:
            await self.notice(ticket, "chargeback")
            answer = AnswerChargeback(self.act(ticket.number), ticket.chargeback)
            await self.twice(self.chargebacks.answer_chargeback, answer)
        if one.outcome == "overturned":
            self.stripe.play("decide_dispute", dispute=ticket.chargeback, outcome="lost")
            if one.loss_seen:
                await self.notice(ticket, "chargeback")
        if one.outcome != "none":
            self.stripe.play("decide_dispute", dispute=ticket.chargeback, outcome=one.outcome)
        ticket.notices.append("chargeback")

    # What the provider's notices lead to.

    async def notice(self, ticket: Ticket, what: str) -> None:
        self.now += timedelta(minutes=1)
        if what == "payment":
            act = self.act(ticket.number, f"paid:{ticket.invoice}")
            await self.run(self.billing.check_payment, CheckPayment(act, ticket.invoice))
        elif what == "chargeback":
            assert ticket.chargeback is not None
            look = LookAtChargeback(ticket.chargeback, self._intent(ticket), self.now)
            await self.run(self.chargebacks.look_at_chargeback, look)
        elif what == "excess":
            await self.run(self.refunds.look_at_excess, LookAtExcess(ticket.invoice, self.now))
        else:
            _, n, attempt = what.split(":")
            key = f"refund_seen:{ticket.invoice}:{n}:{attempt}"
            check = CheckRefund(self.act(ticket.number, key), ticket.invoice, int(n), int(attempt))
            await self.run(self.refunds.check_refund, check)

    async def read_at_the_provider(self) -> None:
        await self.run(self.reading.read_entries, Read(datetime.now(UTC)))

    async def twice(self, step: Any, message: Any) -> Any:
        """A step may be killed after its work and before its answer: it is run again."""
        first = await self.run(step, message)
        assert await self.run(step, message) == first
        return first

    def _intent(self, ticket: Ticket) -> str:
        [(intent,)] = self.database.rows("SELECT intent FROM payments WHERE invoice = %s", ticket.invoice)
        return str(intent)

    # What it all comes to.

    def balances(self) -> dict[str, int]:
        """By account, without the people in them and without what the provider takes of each payment."""
        rows = self.database.rows(
            "SELECT split_part(account, ':', 1), sum(amount_cents)::int FROM ledger_lines "
            "WHERE transaction NOT LIKE 'fee:%%' GROUP BY 1 ORDER BY 1"
        )
        return {account: cents for account, cents in rows if cents}

    async def violations(self) -> dict[Invariant, list[Row]]:
        """Of every invariant; nothing is under way any more."""
        running = dict(self.database.rows("SELECT number, opened_at FROM tickets WHERE status <> 'closed'"))
        async with self.worker() as session:
            found = await look(session, datetime.now(UTC), running, AT_REST)
        return {one.name: list(one.rows) for one in found if not one.ok}


@asynccontextmanager
async def a_house(cluster: Cluster, stripe: StripeSandbox) -> AsyncIterator[House]:
    """On a database of its own, and an account of which everything else is forgotten."""
    stripe.forget_everything()
    with cluster.new_database() as database:
        engine = create_engine(database.url("omea_worker"))
        payments = StripePayments(API_KEY, stripe.url)
        try:
            yield House(database, sessions(engine), payments, stripe)
        finally:
            await payments.close()
            await engine.dispose()
