"""Where the payouts of a month stand, and what finance must do now, the most pressing first."""

from dataclasses import dataclass

from api.desks.finance import words
from api.desks.finance.months import ShownMonth
from api.desks.finance.stages import Stage
from db.models.payouts import PayoutStatus
from db.reads.month_figures import Standing


@dataclass(frozen=True)
class Duty:
    """`path` leads to where it is done."""

    what: str
    path: str


def stage_of(standing: Standing, month: ShownMonth) -> Stage:
    if standing.is_open:
        return Stage.RUNNING
    if standing.of(PayoutStatus.FAILED).statements or standing.of(PayoutStatus.TO_SEND).statements:
        return Stage.INCOMPLETE
    if standing.of(PayoutStatus.ORDERED).statements:
        return Stage.AT_THE_BANK
    if not month.is_over:
        return Stage.GOES_ON
    return Stage.PAID if standing.runs else Stage.TO_RUN


def duties(standing: Standing, month: ShownMonth) -> list[Duty]:
    """For the month of the page and whatever the month."""
    stage = stage_of(standing, month)
    found = [
        (standing.broken, words.BROKEN, "/controles"),
        (standing.contests, words.CONTESTS, "/contestations"),
        (standing.refused, words.REFUSED, f"/virements/{standing.refused_in}"),
        (standing.bank_changes, words.BANK_CHANGES, "/retenues"),
        (standing.at_the_bank, words.AT_THE_BANK, "/banque"),
    ]
    asked = [Duty(words.counted(count, said), path) for count, said, path in found if count]
    if stage is Stage.TO_RUN:
        asked.insert(0, Duty(words.TO_RUN, f"/virements/{month}"))
    return asked
