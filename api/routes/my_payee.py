"""A technician's own part in being paid: what holds their money, the mandate they sign, their bank, the page
on which they complete their account."""

from fastapi import APIRouter

from api import mandate_text, payees
from api.auth import AnyTechnician
from api.codes import ApiCode
from api.dependencies import Given, GivenWorkflows
from api.documentation import COMMAND, SIGNED_IN, THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.idempotency import IdempotencyKey, asking, update_id_of
from api.routes.account_pages import EXPIRED, RETURNED
from api.routes.texts import VersionedText
from api.shapes.payees import AccountPage, BankAsked, MandateSigned, PayeeView
from db.models.payees import Payee
from db.stores.payees import ask_for_bank, sign_mandate
from db.stores.requests import remember
from domain.errors import Refusal
from domain.payees import MANDATE, AccountPageRequest, Rail

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/payee", summary="What I am paid on", responses=problems(*SIGNED_IN))
async def read_my_payee(person: AnyTechnician, given: Given) -> PayeeView:
    """With all that holds my money back now."""
    return await payees.shown(given, person.id)


@router.get("/mandate-text", summary="What a technician signs", responses=problems(*SIGNED_IN))
async def read_mandate_text(_: AnyTechnician) -> VersionedText:
    """The mandate in force, to show before it is signed, and its version, to send with that."""
    return VersionedText(version=MANDATE, text=mandate_text.TEXTS[MANDATE])


@router.put(
    "/payee/mandate",
    summary="Sign the mandate of self-billing",
    responses=problems(*COMMAND, ApiCode.MANDATE_OUTDATED),
)
async def sign(person: AnyTechnician, body: MandateSigned, key: IdempotencyKey, given: Given) -> PayeeView:
    """Without it no statement is written, and nothing is paid."""
    if body.version != MANDATE:
        raise Problem(ApiCode.MANDATE_OUTDATED)
    asked, now = asking(person, key, "payee_mandate", body), given.clock()
    return await payees.change(given, asked, person.id, lambda payee: sign_mandate(payee, MANDATE, now))


@router.put(
    "/payee/bank",
    summary="Ask for another bank account",
    responses=problems(*COMMAND, Refusal.INVALID_IBAN),
)
async def ask_my_bank(person: AnyTechnician, body: BankAsked, key: IdempotencyKey, given: Given) -> PayeeView:
    """The team calls to confirm it; until then nothing is paid."""
    asked, now = asking(person, key, "payee_bank", body), given.clock()
    return await payees.change(
        given, asked, person.id, lambda payee: ask_for_bank(payee, body.rail, body.iban, now)
    )


@router.post(
    "/payee/account-page",
    status_code=201,
    summary="Open the page to complete my account",
    responses=problems(
        *THROUGH_TEMPORAL,
        Refusal.PROVIDER_AWAY,
        ApiCode.ACCOUNT_NOT_NEEDED,
        ApiCode.ACCOUNT_PAGE_CLOSED,
    ),
)
async def open_account_page(
    person: AnyTechnician, key: IdempotencyKey, given: Given, workflows: GivenWorkflows
) -> AccountPage:
    """A link to a page of the payment provider, which asks for what it still has to know. For who has no
    account one is opened first. Asked with the same key the link is the same, used or not; with another key
    it is another link."""
    asked = asking(person, key, "account_page", None)
    async with given.sessions.begin() as session:
        if (await session.get_one(Payee, person.id)).rail is not Rail.STRIPE:
            raise Problem(ApiCode.ACCOUNT_NOT_NEEDED)
        await remember(session, asked)
    request = AccountPageRequest(
        person.id, return_url=given.public_url + RETURNED, refresh_url=given.public_url + EXPIRED
    )
    page = await workflows.open_account_page(request, update_id_of(asked))
    if page.expires_at <= given.clock():
        raise Problem(ApiCode.ACCOUNT_PAGE_CLOSED)
    return AccountPage(url=page.url, expires_at=page.expires_at)
