"""Technicians as those who are paid: what the team records, and the change of bank that it confirms."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.exc import IntegrityError

from api import payees
from api.auth import AnyBackOffice, BackOfficeOrFinance
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.errors import Problem
from api.formats import Id
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.shapes.payees import BankAsked, IdentityAsked, PapersAsked, PayeeView
from db.models.payees import Payee
from db.stores.payees import (
    ask_for_bank,
    confirm_bank,
    declare,
    hold_papers,
    identify,
    refuse_bank,
)
from domain.accesses import Act, Reading
from domain.errors import Refusal

router = APIRouter(prefix="/v1/technicians/{technician}/payee", tags=["back office"])

InPath = Annotated[Id, Path()]
SETTING = (*COMMAND, ApiCode.TECHNICIAN_NOT_FOUND)


@router.get(
    "",
    summary="Read what a technician is paid on",
    dependencies=[recorded(Reading.PAYEE, "technician")],
    responses=problems(*SIGNED_IN, ApiCode.TECHNICIAN_NOT_FOUND, ApiCode.INVALID_INPUT),
)
async def read_payee(_: BackOfficeOrFinance, technician: InPath, given: Given) -> PayeeView:
    """Identity, mandate, papers and bank, with all that holds their money back now."""
    return await payees.shown(given, technician)


@router.put(
    "/identity",
    summary="Set a technician's identity as a business",
    dependencies=[recorded(Act.IDENTITY_SET, "technician")],
    responses=problems(*SETTING, ApiCode.SIREN_TAKEN),
)
async def set_identity(
    person: AnyBackOffice, technician: InPath, body: IdentityAsked, key: IdempotencyKey, given: Given
) -> PayeeView:
    """What the statements to come, and the yearly declaration, say of them; statements before stay as they
    are."""
    asked = asking(person, key, f"payee_identity {technician}", body)
    try:
        return await payees.change(given, asked, technician, lambda payee: _identify(payee, body))
    except IntegrityError:
        raise Problem(ApiCode.SIREN_TAKEN) from None


@router.put(
    "/papers",
    summary="Record a technician's papers",
    dependencies=[recorded(Act.PAPERS_RECORDED, "technician")],
    responses=problems(*SETTING),
)
async def set_papers(
    person: AnyBackOffice, technician: InPath, body: PapersAsked, key: IdempotencyKey, given: Given
) -> PayeeView:
    """Asked of whoever bills 5,000 euros and more; good for six months."""
    asked = asking(person, key, f"payee_papers {technician}", body)
    return await payees.change(
        given, asked, technician, lambda payee: hold_papers(payee, body.vigilance_until)
    )


@router.put(
    "/bank",
    summary="Ask for a technician's change of bank",
    dependencies=[recorded(Act.BANK_ASKED, "technician")],
    responses=problems(*SETTING, Refusal.INVALID_IBAN),
)
async def ask_bank(
    person: AnyBackOffice, technician: InPath, body: BankAsked, key: IdempotencyKey, given: Given
) -> PayeeView:
    """Their payments are held until it is confirmed, by whoever has called them."""
    asked, now = asking(person, key, f"payee_bank {technician}", body), given.clock()
    return await payees.change(
        given, asked, technician, lambda payee: ask_for_bank(payee, body.rail, body.iban, now)
    )


@router.post(
    "/bank/confirmation",
    summary="Confirm a technician's change of bank",
    dependencies=[recorded(Act.BANK_CONFIRMED, "technician")],
    responses=problems(*SETTING, ApiCode.NO_BANK_CHANGE),
)
async def confirm(person: AnyBackOffice, technician: InPath, key: IdempotencyKey, given: Given) -> PayeeView:
    """After a call to the number that we know, never to one that came with the change."""
    asked = asking(person, key, f"payee_bank_confirmation {technician}", None)
    return await payees.change(given, asked, technician, _confirm)


@router.post(
    "/bank/refusal",
    summary="Refuse a technician's change of bank",
    dependencies=[recorded(Act.BANK_REFUSED, "technician")],
    responses=problems(*SETTING, ApiCode.NO_BANK_CHANGE),
)
async def refuse(person: AnyBackOffice, technician: InPath, key: IdempotencyKey, given: Given) -> PayeeView:
    """What was in force stays."""
    asked = asking(person, key, f"payee_bank_refusal {technician}", None)
    return await payees.change(given, asked, technician, _refuse)


def _identify(payee: Payee, body: IdentityAsked) -> None:
    identify(payee, body.identity)
    declare(payee, body.declared)


def _confirm(payee: Payee) -> None:
    if not confirm_bank(payee):
        raise Problem(ApiCode.NO_BANK_CHANGE)


def _refuse(payee: Payee) -> None:
    if not refuse_bank(payee):
        raise Problem(ApiCode.NO_BANK_CHANGE)
