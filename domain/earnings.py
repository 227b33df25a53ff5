"""What technicians are told of their money by mail: each gain, each statement, and what holds a transfer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# What is older has been on their page for long; so the first time, too, only what is new is told.
TOLD_WITHIN = timedelta(days=7)


class EarningsMail(StrEnum):
    """Of the notifications."""

    GAIN_EARNED = "gain_earned"
    STATEMENT_READY = "statement_ready"
    TRANSFER_HELD = "transfer_held"


@dataclass(frozen=True)
class FindEarnings:
    """Those who are to be told of their money, as of `at`."""

    at: datetime


@dataclass(frozen=True)
class Earnings:
    """One mail to one technician. `about` is the gain's id, the statement's number, or the month of the
    transfer and the `Hold`."""

    mail: EarningsMail
    technician_id: str
    about: str

    @property
    def key(self) -> str:
        """The mail's name, for ever."""
        return f"{self.mail}:{self.technician_id}:{self.about}"


@dataclass(frozen=True)
class TellOfEarnings:
    """Unless `at` that moment it is true no more."""

    earnings: Earnings
    at: datetime


@dataclass(frozen=True)
class EarningsDue:
    earnings: tuple[Earnings, ...]
