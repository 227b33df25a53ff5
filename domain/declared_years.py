"""A year's declaration as it stands on a day: who is in it, who holds it up, and the message it becomes."""

from dataclasses import dataclass
from datetime import date, datetime, time

from domain.dac7 import Declaration, SellerYear, is_declared, missing
from domain.documents import Company
from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS
from domain.payouts import Month


@dataclass(frozen=True)
class NamedFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class DeclaredYear:
    """Whoever was paid in the calendar year, by id, as it is known on `day`, Paris time.

    `erased` are the ids of those who have left since, in order, and are no `sellers` any more: nobody is
    erased before their part was due, and who they were is in the archive only.
    """

    year: int
    day: date
    sellers: tuple[SellerYear, ...]
    erased: tuple[str, ...] = ()

    @property
    def made_at(self) -> datetime:
        """The beginning of the day: made twice in one day, a file says the same."""
        return datetime.combine(self.day, time(), PARIS)

    @property
    def due_on(self) -> date:
        """To the tax office and to the sellers alike (CGI, art. 1649 ter A, III and 1649 ter D, III)."""
        return date(self.year + 1, 1, 31)

    @property
    def is_provisional(self) -> bool:
        """Whether more may still be paid in it."""
        return self.day.year <= self.year

    @property
    def declared(self) -> tuple[SellerYear, ...]:
        return tuple(one for one in self.sellers if is_declared(one))

    @property
    def incomplete(self) -> list[str]:
        """The ids of those who are declared and of whom something is missing."""
        return [one.seller.id for one in self.declared if missing(one.seller)]

    def declaration(self, operator: Company, sequence: int = 1) -> Declaration:
        """The message of those declared; `sequence` counts the files of the year, 1 to 999. Raises
        `Refused(DECLARATION_INCOMPLETE)`."""
        if self.incomplete:
            raise Refused(Refusal.DECLARATION_INCOMPLETE)
        return Declaration(
            self.year, operator, f"{self.day:%Y%m%d}-{sequence:03d}", self.made_at, self.declared
        )


def check_begun(year: int, now: datetime) -> None:
    """Raises `Refused(FUTURE_YEAR)`."""
    if now < Month(year, 1).start:
        raise Refused(Refusal.FUTURE_YEAR)
