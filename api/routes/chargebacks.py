"""Chargebacks: what banks take back, and what the team answers them."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from api import french
from api.auth import AnyBackOffice, BackOfficeOrFinance, actor
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.idempotency import IdempotencyKey, Key, asking, update_id_of
from api.processes import Workflows
from api.recording import recorded
from api.shapes.chargebacks import ChargebackAnswered, ChargebackConceded, Chargebacks, ChargebackView
from api.shapes.common import Labelled
from db.models.chargebacks import Chargeback
from db.models.tickets import SubmissionKind
from db.reads.chargebacks import chargeback_of, newest_chargebacks
from db.reads.people import KnownPerson
from db.stores import submissions
from db.stores.requests import attach, remember
from domain.accesses import Act, Reading
from domain.chargebacks import ChargebackAct
from domain.errors import Refusal

router = APIRouter(prefix="/v1/chargebacks", tags=["chargebacks"])

Reference = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_]{1,64}$", description="The provider's.", examples=["du_1QxYz"])
]
SHOWN = 200
ON_ONE = (
    *THROUGH_TEMPORAL,
    ApiCode.CHARGEBACK_NOT_FOUND,
    Refusal.CHARGEBACK_CLOSED,
)


@router.get(
    "",
    summary="Read the chargebacks",
    dependencies=[recorded(Reading.CHARGEBACKS)],
    responses=problems(*SIGNED_IN),
)
async def read_chargebacks(_: BackOfficeOrFinance, given: Given) -> Chargebacks:
    """Those to answer first, then the newest."""
    async with given.sessions() as session:
        found = await newest_chargebacks(session, limit=SHOWN)
    return Chargebacks(chargebacks=[_seen(one) for one in found])


@router.post(
    "/{reference}/answer",
    summary="Answer the bank",
    dependencies=[recorded(Act.CHARGEBACK_ANSWERED, "reference")],
    responses=problems(*ON_ONE),
)
async def answer(
    person: AnyBackOffice,
    reference: Reference,
    body: ChargebackAnswered,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
) -> ChargebackView:
    """Sends what we know of the ticket (consent, stamps, report, invoice) with what you add to it. A bank
    reads one answer."""
    return await _act(person, reference, "answer", body, body.text, key, given, workflows)


@router.post(
    "/{reference}/concession",
    summary="Give in to the bank",
    dependencies=[recorded(Act.CHARGEBACK_CONCEDED, "reference")],
    responses=problems(*ON_ONE),
)
async def concede(
    person: AnyBackOffice,
    reference: Reference,
    body: ChargebackConceded,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
) -> ChargebackView:
    """The money is lost, and the gains of the ticket are taken back."""
    return await _act(person, reference, "concede", body, body.reason, key, given, workflows)


async def _act(
    person: KnownPerson,
    reference: str,
    command: str,
    body: BaseModel,
    text: str | None,
    key: Key,
    given: Dependencies,
    workflows: Workflows,
) -> ChargebackView:
    """What is written is kept with the key in one transaction, so that a retry says the same thing."""
    asked = asking(person, key, f"chargeback {command} {reference}", body)
    async with given.sessions.begin() as session:
        if await chargeback_of(session, reference) is None:
            raise Problem(ApiCode.CHARGEBACK_NOT_FOUND)
        known = await remember(session, asked)
        submission_id = known.submission_id
        if known.is_new and text is not None:
            kind = SubmissionKind.CHARGEBACK
            submission_id = await submissions.keep(session, person.id, kind, text=text)
            await attach(session, asked, submission_id=submission_id)
    await workflows.act_on_chargeback(
        reference, command, ChargebackAct(actor(person), submission_id), update_id_of(asked)
    )
    async with given.sessions() as session:
        found = await chargeback_of(session, reference)
    if found is None:
        raise Problem(ApiCode.CHARGEBACK_NOT_FOUND)
    return _seen(found)


def _seen(one: Chargeback) -> ChargebackView:
    return ChargebackView(
        reference=one.reference,
        ticket=one.ticket,
        invoice=one.invoice,
        status=Labelled(code=one.status, label=french.CHARGEBACKS[one.status]),
        is_inquiry=one.is_inquiry,
        reason=one.reason,
        amount_cents=one.amount_cents,
        withdrawn_cents=one.withdrawn_cents,
        returned_cents=one.returned_cents,
        fee_cents=one.fee_cents,
        opened_at=one.opened_at,
        answer_by=one.answer_by,
        answered_at=one.answered_at,
        closed_at=one.closed_at,
    )
