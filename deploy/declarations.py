"""The yearly declaration at a terminal: who was paid what, what is missing, and the tax office's file."""

from datetime import UTC, datetime
from pathlib import Path

from activities.exports.yearly_papers import YearlyPapers
from api.french import DECLARED_FACTS
from db.reads.declared_years import declared_year
from deploy.accounts import reading
from deploy.amounts import euros
from deploy.settings import Settings
from domain.dac7 import QuarterTotals, SellerYear, is_declared, missing
from domain.declared_years import DeclaredYear, check_begun

NAME_WIDTH, WIDTH, COUNT_WIDTH = 38, 14, 8
# A seller's address and tax number are in the file: it is its owner's alone.
OWNER_ONLY = 0o600


async def read(settings: Settings, year: int) -> DeclaredYear:
    """As it is known now. Raises `Refused(FUTURE_YEAR)`."""
    now = datetime.now(UTC)
    check_begun(year, now)
    async with reading(settings) as session:
        return await declared_year(session, year, now)


def report(declared: DeclaredYear) -> list[str]:
    """Technicians are ids here; what is missing of each stands below them."""
    state = f"provisoire, au {declared.day:%d/%m/%Y}" if declared.is_provisional else "terminée"
    headings = ("1er trim.", "2e trim.", "3e trim.", "4e trim.", "total", "déclaré")
    lines = [
        f"année {declared.year} ({state}), à déclarer au plus tard le {declared.due_on:%d/%m/%Y}",
        "",
        f"{'technicien':<{NAME_WIDTH}}"
        + "".join(f"{heading:>{WIDTH}}" for heading in headings)
        + f"{'séances':>{COUNT_WIDTH}}",
    ]
    for one in declared.sellers:
        lines += _seller(one)
    count = len(declared.incomplete)
    if declared.erased:
        lines += ["", f"effacés depuis, absents du fichier (voir omea archive) : {len(declared.erased)}"]
        lines += [f"  {technician}" for technician in declared.erased]
    return [*lines, "", f"à déclarer : {len(declared.declared)}, dont {count} à compléter"]


def write_file(settings: Settings, declared: DeclaredYear, path: Path, sequence: int) -> Path:
    """Byte for byte what the API answers that day; in a folder, under the name that the tax office wants.
    Raises `Refused(DECLARATION_INCOMPLETE)`."""
    file = YearlyPapers(settings.company).declaration(declared, sequence)
    written = path / file.name if path.is_dir() else path
    written.touch(OWNER_ONLY)
    written.write_bytes(file.content)
    return written


def _seller(one: SellerYear) -> list[str]:
    amounts = [_paid(quarter) for quarter in (*one.quarters, one.total)]
    said = f"{one.declared_euros:,} €".replace(",", " ") if is_declared(one) else "non"
    cells = "".join(f"{cell:>{WIDTH}}" for cell in (*amounts, said))
    line = f"{one.seller.id:<{NAME_WIDTH}}{cells}{one.total.activities:>{COUNT_WIDTH}}"
    lacks = [DECLARED_FACTS[code] for code in missing(one.seller)]
    return [line, f"  manque : {', '.join(lacks)}"] if lacks else [line]


def _paid(totals: QuarterTotals) -> str:
    return euros(totals.consideration_cents)
