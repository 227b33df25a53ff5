"""Making, by hand, the documents that invoices and credit notes do not have yet."""

from datetime import UTC, datetime

from activities.issuing import DocumentActivities
from db.engine import Sessions
from db.reads.documents import not_made
from domain.billing_steps import MakeDocument
from domain.documents import Company


async def make_missing(database: Sessions, company: Company) -> list[str]:
    """Those issued before documents were made, or whose ticket waits for a mended page. Answers their
    numbers. Safe to repeat, and beside the worker: the first one kept stays."""
    async with database.begin() as session:
        numbers = await not_made(session)
    activities = DocumentActivities(database, company)
    for number in numbers:
        await activities.make_document(MakeDocument(number, datetime.now(UTC)))
    return numbers
