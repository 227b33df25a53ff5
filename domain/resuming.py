"""What a ticket's process goes on from, when Temporal has forgotten the one before."""

from dataclasses import dataclass
from datetime import datetime

from domain.rulings import Bill, GainRuling
from domain.tariff import Tariff


@dataclass(frozen=True)
class ResumedSession:
    """As `workflows.ticket.state.HeldSession`."""

    number: int
    technician_id: str
    started_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    logged_minutes: int | None
    slices: int | None
    most_minutes: int | None
    ruling: GainRuling | None
    born_slices: int


@dataclass(frozen=True)
class Resumed:
    """The ticket as the database has it. `journal` is the last line of its journal that is in here, `since`
    when it took its status (or its appointment), `told` the notices that have gone out since then.

    `tries` and `charges` are those of the card that were made, `charges` without those by hand, of which
    `refused_at` was the first refusal, and `refused_last` tells the outcome of the last. `undocumented` are
    invoice and credit notes without a document.
    """

    journal: str
    status: str
    since: datetime
    technician_id: str | None
    tariff: Tariff
    ceiling_minutes: int
    start: datetime
    end: datetime
    flexible: bool
    sequence: int
    acknowledged: bool
    consented: bool
    calls: tuple[datetime, ...]
    session: int
    sessions: tuple[ResumedSession, ...]
    bill: Bill | None
    suspensions: int
    disputed: bool
    withdrawn: bool
    taken_over_at: datetime | None
    invoice: str | None
    undocumented: tuple[str, ...]
    nothing_due: bool
    tries: int
    charges: int
    refused_at: datetime | None
    refused_last: bool
    told: tuple[str, ...] = ()
