"""Chargebacks: read at the provider, entered in the books, answered with what we know."""

from temporalio import activity

from activities.gateways.chargebacks import Chargebacks, EvidenceText
from activities.wording.evidence import evidence_text
from db.engine import Sessions
from db.reads.chargebacks import chargeback_of, charged_by, evidence_of
from db.stores.money import chargebacks
from db.stores.money.gains import technicians
from domain.chargebacks import (
    OPEN,
    AnswerChargeback,
    ChargebackSeen,
    ConcedeChargeback,
    LookAtChargeback,
)
from domain.chargebacks import ChargebackStatus as Status


class ChargebackActivities:
    def __init__(self, database: Sessions, provider: Chargebacks) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def look_at_chargeback(self, message: LookAtChargeback) -> ChargebackSeen:
        """Ask the provider, and enter whatever is new: one row, one posting for each entry of its books."""
        found = await self._provider.chargeback(message.chargeback)
        async with self._database.begin() as session:
            of = await charged_by(session, found.intent)
            if of is None:
                return ChargebackSeen(None, found.status)
            seen = chargebacks.Seen(
                status=found.status,
                is_inquiry=found.is_inquiry,
                reason=found.reason,
                amount_cents=found.amount_cents,
                opened_at=found.opened_at,
                answer_by=found.answer_by,
                moves=found.moves,
            )
            # What counts is what is entered now: this answer may be an older one.
            known = await chargebacks.record_seen(session, message, of, seen)
            changed = await chargebacks.changed_gains(session, of.ticket, known.reference, known.status)
            settled = known.status not in OPEN and changed is not None
            if known.status is Status.WON:
                settled = settled and known.returned_cents >= known.withdrawn_cents
            return ChargebackSeen(
                of.ticket, known.status, known.answer_by, settled, technicians(changed or ())
            )

    @activity.defn
    async def answer_chargeback(self, message: AnswerChargeback) -> None:
        """Send what we know to the bank, once: killed before our record, the step finds it answered."""
        await self._provider.answer_chargeback(message.chargeback, await self._evidence(message))
        async with self._database.begin() as session:
            await chargebacks.record_answered(session, message)

    @activity.defn
    async def concede_chargeback(self, message: ConcedeChargeback) -> None:
        """Give in."""
        await self._provider.concede_chargeback(message.chargeback)
        async with self._database.begin() as session:
            await chargebacks.record_conceded(session, message)

    async def _evidence(self, message: AnswerChargeback) -> EvidenceText:
        async with self._database.begin() as session:
            known = await chargeback_of(session, message.chargeback)
            if known is None:
                raise LookupError(message.chargeback)
            return evidence_text(await evidence_of(session, known, message.submission_id))
