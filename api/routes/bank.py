"""Paying through our bank, as finance does it: take the file to the bank, bring back what it says."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.auth import AnyFinance
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.document_files import IfNoneMatch, handed_over
from api.documentation import KEYED, SIGNED_IN, Responses, problems
from api.errors import Problem
from api.idempotency import IdempotencyKey, Key, asking_file
from api.processes import Workflows
from api.recording import recorded
from api.routes.payouts import MONTH, MonthInPath
from api.shapes.bank import BankMessageView, TransferFiles, bank_message_view, transfer_files
from db.reads.bank import files_of, message_of, written_file
from db.reads.people import KnownPerson
from db.stores import bank_messages
from db.stores.requests import remember
from domain.accesses import Act, Reading
from domain.bank_steps import BankMessageApplied, BankMessageRequest
from domain.errors import Refusal, Refused
from domain.payouts import parse_month

router = APIRouter(prefix="/v1", tags=["finance"])

MEDIA_TYPE = "application/xml"
XML = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
FILE: Responses = {
    200: {
        "description": "pain.001.001.09, as banks take it.",
        "content": XML,
        "headers": {
            "ETag": {"description": "The SHA-256 of the file, quoted.", "schema": {"type": "string"}}
        },
    },
    304: {"description": "Unchanged: it never changes once it is written."},
}


@router.get(
    "/payouts/{month}/transfer-files",
    summary="A month's files of transfers",
    dependencies=[recorded(Reading.PAYOUTS, "month")],
    responses=problems(*MONTH),
)
async def read_files(_: AnyFinance, month: MonthInPath, given: Given) -> TransferFiles:
    """Each file that a run has made for the bank, and what the bank has said of its transfers."""
    wanted = str(parse_month(month))
    async with given.sessions() as session:
        return transfer_files(wanted, await files_of(session, wanted))


@router.get(
    "/transfer-files/{message_id}.xml",
    summary="Download a file of transfers",
    response_class=Response,
    dependencies=[recorded(Reading.TRANSFER_FILE, "message_id")],
    responses=problems(*SIGNED_IN, ApiCode.TRANSFER_FILE_NOT_FOUND, ApiCode.INVALID_INPUT) | FILE,
)
async def download_file(
    _: AnyFinance,
    message_id: Annotated[str, Path(description="`OMEA-2026-11-1`.", max_length=40)],
    given: Given,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Always the same bytes. A bank that is given them twice makes the transfers once."""
    async with given.sessions() as session:
        file = await written_file(session, message_id)
    if file is None or file.xml is None or file.sha256 is None:
        raise Problem(ApiCode.TRANSFER_FILE_NOT_FOUND)
    return handed_over(file.xml, file.sha256, MEDIA_TYPE, f"{file.message_id}.xml", if_none_match)


@router.post(
    "/bank-messages",
    status_code=201,
    summary="Bring a message of the bank",
    dependencies=[recorded(Act.BANK_MESSAGE_BROUGHT)],
    responses={
        202: {"model": BankMessageView, "description": "Kept; sent again later, it tells its outcome"},
        **problems(
            *SIGNED_IN,
            *KEYED,
            ApiCode.CROSS_SITE_REQUEST,
            ApiCode.BANK_MESSAGE_TOO_LARGE,
            ApiCode.NO_WORKER,
            ApiCode.TEMPORAL_UNAVAILABLE,
            Refusal.NOT_A_BANK_MESSAGE,
        ),
    },
    openapi_extra={"requestBody": {"required": True, "content": XML}},
)
async def bring_message(
    person: AnyFinance,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
    request: Request,
    response: Response,
) -> BankMessageView:
    """The body is the message itself, as the bank gave it: pain.002, pacs.004, camt.053 or camt.054, up to
    5 MB. It says what has become of our transfers, and settles, fails or reopens their payouts. The same
    message again is answered the same, and so are several in any order."""
    view = await apply_message(person, key, given, workflows, await request.body())
    response.status_code = 201 if view.outcome is not None else 202
    return view


async def apply_message(
    person: KnownPerson, key: Key, given: Dependencies, workflows: Workflows, content: bytes
) -> BankMessageView:
    """Keep a message of the bank and have it read. Raises `Refused(NOT_A_BANK_MESSAGE)`."""
    asked = asking_file(person, key, "bank_message", MEDIA_TYPE, content)
    if not await asyncio.to_thread(given.is_bank_message, content):
        raise Refused(Refusal.NOT_A_BANK_MESSAGE)
    async with given.sessions.begin() as session:
        await remember(session, asked)
        digest = await bank_messages.keep(session, content, given.clock(), person.id)
        message = await message_of(session, digest)
    if message is None:
        raise AssertionError("a message can neither be kept nor found")
    if message.outcome is not None:
        return bank_message_view(message, BankMessageApplied(**message.outcome))
    return bank_message_view(message, await workflows.apply_bank_message(BankMessageRequest(digest)))
