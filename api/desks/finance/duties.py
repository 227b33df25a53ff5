"""Where the payouts of a month stand, and what finance must do now, the most pressing first."""

from dataclasses import dataclass
from enum import StrEnum

from api.desks.finance.months import ShownMonth
from db.models.payouts import PayoutStatus
from db.reads.month_figures import Standing


class Stage(StrEnum):
    """Of a month's payouts: the month goes on, they are not run yet, a run is open, something is not paid
    yet, all is."""

    GOES_ON = "goes_on"
    TO_RUN = "to_run"
    RUNNING = "running"
    INCOMPLETE = "incomplete"
    AT_THE_BANK = "at_the_bank"
    PAID = "paid"


# As a page says it, and how it is coloured.
STAGES: dict[Stage, tuple[str, str]] = {
    Stage.GOES_ON: ("Mois en cours", "wait"),
    Stage.TO_RUN: ("Virements à lancer", "act"),
    Stage.RUNNING: ("Virements en cours", "live"),
    Stage.INCOMPLETE: ("Virements incomplets", "act"),
    Stage.AT_THE_BANK: ("Chez la banque", "wait"),
    Stage.PAID: ("Tout est viré", "done"),
}


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
        (standing.broken, "contrôle qui ne tient plus", "contrôles qui ne tiennent plus", "/controles"),
        (
            standing.contests,
            "relevé contesté attend votre réponse",
            "relevés contestés attendent votre réponse",
            "/contestations",
        ),
        (
            standing.refused,
            "virement non abouti est à relancer",
            "virements non aboutis sont à relancer",
            f"/virements/{standing.refused_in}",
        ),
        (
            standing.bank_changes,
            "changement de compte bancaire attend l’appel de l’équipe",
            "changements de compte bancaire attendent l’appel de l’équipe",
            "/retenues",
        ),
        (
            standing.at_the_bank,
            "virement remis à la banque attend sa réponse : apportez-la",
            "virements remis à la banque attendent sa réponse : apportez-la",
            "/banque",
        ),
    ]
    asked = [
        Duty(f"{count} {one if count == 1 else many}", path) for count, one, many, path in found if count
    ]
    if stage is Stage.TO_RUN:
        asked.insert(0, Duty("Les virements du mois ne sont pas encore lancés", f"/virements/{month}"))
    return asked
