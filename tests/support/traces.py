"""Everything that is kept of anybody: all rows as text, and all that Temporal has, decoded."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from tests.support.postgres import Database

ARCHIVE = "archived_records"


def dump(database: Database) -> dict[str, str]:
    """Each table's rows, as `pg_dump` would write them."""
    tables = database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {
        table: "\n".join(row for (row,) in database.rows(f"SELECT t::text FROM {table} AS t"))
        for (table,) in tables
    }


def tables_with(database: Database, values: Iterable[str]) -> dict[str, set[str]]:
    """In which tables each value is, also inside of bytes; the archive apart."""
    dumped = {table: rows for table, rows in dump(database).items() if table != ARCHIVE}
    return {
        value: {
            table
            for table, rows in dumped.items()
            if value.lower() in rows.lower() or value.encode().hex() in rows
        }
        for value in values
    }


def books(database: Database) -> list[Any]:
    """Totals and ledger, line by line."""
    return [
        database.rows("SELECT * FROM ledger_lines ORDER BY transaction, line"),
        database.rows("SELECT * FROM invoices ORDER BY number"),
        database.rows("SELECT * FROM gains ORDER BY id"),
        database.rows("SELECT * FROM statements ORDER BY key"),
    ]


async def decoded_histories(client: Client, task_queue: str) -> str:
    """What was ever said in the workflows of that queue."""
    told = []
    codec = client.data_converter.payload_codec
    async for found in client.list_workflows(f"TaskQueue = '{task_queue}'"):
        history = await client.get_workflow_handle(found.id, run_id=found.run_id).fetch_history()
        told.append(f"{found.id} {history.to_json()}")
        for event in history.events:
            payloads: Sequence[Payload] = list(_payloads(event))
            if codec is not None and payloads:
                payloads = await codec.decode(payloads)
            told += [payload.data.decode(errors="replace") for payload in payloads]
    return "\n".join(told)


def _payloads(message: Message) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = [one for one in value.values() if isinstance(one, Message)]
        else:
            inner = list(value) if field.is_repeated else [value]
        for one in inner:
            yield from _payloads(one)
