"""Our bank at a terminal: its files of transfers, and its messages brought in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from activities.gateways.bank_answers import NotABankMessageError, read_bank_answers
from db.askers import COMMAND_LINE, asked_sessions
from db.engine import Sessions, create_engine
from db.reads.bank import files_of, written_file
from db.stores import bank_messages
from deploy.amounts import euros
from deploy.settings import Settings
from deploy.temporal import connect
from domain.bank_steps import BankMessageApplied, BankMessageRequest
from domain.errors import Refusal, Refused
from domain.payouts import parse_month
from workflows.bank.message import BankMessageWorkflow
from workflows.bank.starting import start_options
from workflows.bank.wording import applied


class TransferFileUnknown(Exception):
    """There is no file of that name, or it is not written yet."""


def is_bank_message(content: bytes) -> bool:
    """Whether it can be read, up to a third of a second for a large one."""
    try:
        read_bank_answers(content)
    except NotABankMessageError:
        return False
    return True


async def list_files(settings: Settings, month: str) -> list[str]:
    """A line for each file of the month. Raises `Refused(INVALID_MONTH)`."""
    wanted = str(parse_month(month))
    async with _database(settings) as database, database() as session:
        lines = await files_of(session, wanted)
    return [
        f"{line.file.message_id}  le {line.file.execution_date:%d/%m/%Y}  "
        f"{line.transfers.total()} virement(s)  {euros(line.file.total_cents)}"
        for line in lines
    ]


async def file_bytes(settings: Settings, message_id: str) -> bytes:
    """Raises `TransferFileUnknown`."""
    async with _database(settings) as database, database() as session:
        file = await written_file(session, message_id)
    if file is None or file.xml is None:
        raise TransferFileUnknown(f"aucun fichier de virements ne s'appelle {message_id}")
    return file.xml


async def bring_in(settings: Settings, content: bytes) -> str:
    """What it changed, as text. Raises `Refused(NOT_A_BANK_MESSAGE)`."""
    if not is_bank_message(content):
        raise Refused(Refusal.NOT_A_BANK_MESSAGE)
    client = await connect(settings)
    async with _database(settings) as database:
        return applied(await bring(client, database, settings.task_queue, content))


async def bring(client: Client, database: Sessions, task_queue: str, content: bytes) -> BankMessageApplied:
    """Keep a message, have it read, and answer what it changed; the same one again is answered the same."""
    async with database.begin() as session:
        digest = await bank_messages.keep(session, content, datetime.now(UTC), None)
    request = BankMessageRequest(digest)
    handle = await client.start_workflow(
        BankMessageWorkflow.run,
        request,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        **start_options(request),
    )
    told: BankMessageApplied = await handle.result()
    return told


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Sessions]:
    engine = create_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        yield asked_sessions(engine, COMMAND_LINE)
    finally:
        await engine.dispose()
