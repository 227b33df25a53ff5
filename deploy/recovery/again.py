"""Running a step of a process again, as it was asked, so that it does what the database has forgotten.

A step is safe to repeat, and does everything at the business time of its message. What it once chose (a
technician, a number) or was once answered (by a provider who would be asked for more) is not chosen or asked
again: its answer is in the history.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from activities.billing import unconfirmed
from activities.chargebacks import ChargebackActivities
from activities.gateways.chargebacks import ChargebackFound, Chargebacks, EvidenceText
from db.engine import Sessions
from db.models.tickets import Ticket
from db.stores.money import acceptance, payments, refund_cases
from db.stores.payouts import claims, reversals
from db.stores.tickets import booking, placing, sessions
from deploy.recovery.histories import Step
from domain.chargebacks import ChargebackStatus


class AnswersOtherwise(Exception):
    """Run again, a step answers something else than its process was told: for people to look into."""


class IntentNotFound(LookupError):
    """A card was tried, and the provider has no intent of that invoice: for people to look into."""


class AsItWas:
    """Chargebacks as the provider told of them then: money that came back since had not come back."""

    def __init__(self, provider: Chargebacks, status: ChargebackStatus) -> None:
        self._provider = provider
        self._status = status

    async def chargeback(self, reference: str) -> ChargebackFound:
        found = await self._provider.chargeback(reference)
        won = self._status is ChargebackStatus.WON
        moves = tuple(one for one in found.moves if won or one.amount_cents < 0)
        return replace(found, status=self._status, moves=moves)

    async def answer_chargeback(self, reference: str, evidence: EvidenceText) -> None:
        raise RuntimeError("it is only looked at as it was")

    async def concede_chargeback(self, reference: str) -> None:
        raise RuntimeError("it is only looked at as it was")


class Again:
    """`steps` are the activities by name; `intents` those of the provider, by invoice."""

    def __init__(
        self,
        database: Sessions,
        steps: Mapping[str, Callable[[Any], Awaitable[Any]]],
        intents: Mapping[str, str],
        chargebacks: Chargebacks,
    ) -> None:
        self._database = database
        self._steps = steps
        self._intents = intents
        self._chargebacks = chargebacks
        self._as_before: dict[str, Callable[[Step], Awaitable[None]]] = {
            "book": self._book,
            "find_technician": self._find_technician,
            "start_session": self._start_session,
            "accept": self._accept,
            "resettle": self._resettle,
            "rule_refund": self._rule_refund,
            "charge_invoice": self._charge_invoice,
            "claim": self._claim,
            "take_back_transfer": self._take_back,
            "look_at_chargeback": self._look_at_chargeback,
        }

    async def run(self, step: Step) -> None:
        """Raises `AnswersOtherwise`, and whatever the step raises."""
        as_before = self._as_before.get(step.name)
        if as_before is not None:
            await as_before(step)
            return
        answer = await self._steps[step.name](step.message)
        if step.name in DECIDING:
            _agree(step, answer)

    async def _book(self, step: Step) -> None:
        async with self._database.begin() as session:
            _agree(step, await booking.book(session, step.message, again=step.result))

    async def _find_technician(self, step: Step) -> None:
        async with self._database.begin() as session:
            _agree(step, await placing.find_technician(session, step.message, again=step.result))

    async def _start_session(self, step: Step) -> None:
        """The codes are other ones by now: what was said of the one that was typed counts."""
        async with self._database.begin() as session:
            ticket = await session.get_one(Ticket, step.message.act.ticket)
            code = (ticket.client_code or "") if step.result.started else ""
            answer = await sessions.start_session(session, replace(step.message, code=code))
            if answer.started is not step.result.started:
                raise AnswersOtherwise(step.name)

    async def _accept(self, step: Step) -> None:
        async with self._database.begin() as session:
            _agree(step, await acceptance.accept(session, step.message, step.result.invoice))

    async def _resettle(self, step: Step) -> None:
        async with self._database.begin() as session:
            _agree(step, await acceptance.resettle(session, step.message, step.result.credit_note))

    async def _rule_refund(self, step: Step) -> None:
        async with self._database.begin() as session:
            _agree(step, await refund_cases.rule_case(session, step.message, step.result.credit_note))

    async def _charge_invoice(self, step: Step) -> None:
        """The provider answered once, and is not asked again: after a day it has forgotten our key."""
        message, intent = step.message, self._intents.get(step.message.invoice)
        if intent is None:
            raise IntentNotFound(message.invoice)
        async with self._database.begin() as session:
            # It was there before the card was tried, though the ticket may have been suspended meanwhile.
            await payments.put_intent(session, message.invoice, intent)
            refusal = step.result.refusal or unconfirmed(step.result)
            await payments.record_attempt(session, message, refusal)

    async def _claim(self, step: Step) -> None:
        async with self._database.begin() as session:
            await claims.claim_as_before(session, step.message, step.result)

    async def _look_at_chargeback(self, step: Step) -> None:
        then = AsItWas(self._chargebacks, step.result.status)
        await ChargebackActivities(self._database, then).look_at_chargeback(step.message)

    async def _take_back(self, step: Step) -> None:
        """As for a card: what was taken back is entered by the look that came after it."""
        message = step.message
        async with self._database.begin() as session:
            await reversals.ask(session, message)
            if step.result.refusal is not None:
                await reversals.record_refusal(session, message.key, step.result.refusal)


# Those whose process goes on from what they answered. What the others answer is looked at again by itself.
DECIDING = frozenset(
    {
        "extend",
        "check_payment",
        "drop_charge",
        "write_off",
        "make_transfer_file",
        "order_transfer",
        "open_account",
    }
)


def _agree(step: Step, answer: object) -> None:
    if answer != step.result:
        raise AnswersOtherwise(step.name)
