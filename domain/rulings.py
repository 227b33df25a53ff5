"""Rulings: how a suspension ends, for the client and, separately, for the technician of each session."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Refusal, Refused
from domain.tariff import Tariff

# Free sessions after the first one, at most.
LARGEST_NUMBER_OF_REWORKS = 2


class RulingKind(StrEnum):
    """What the client owes: what was reported, less, or nothing; or a free session comes first."""

    BILL = "bill"
    REDUCE = "reduce"
    WAIVE = "waive"
    REWORK = "rework"


class GainKind(StrEnum):
    """What the technician of one session earns: what the report says, less, or nothing."""

    FULL = "full"
    REDUCED = "reduced"
    NONE = "none"


@dataclass(frozen=True)
class GainRuling:
    """`minutes` only with `reduced`."""

    session: int
    kind: GainKind
    minutes: int | None = None


@dataclass(frozen=True)
class Bill:
    """What an intervention comes to. Zero slices bill nothing."""

    minutes: int
    slices: int


@dataclass(frozen=True)
class Earnable:
    """What one session may earn: the slices of its report, None without one, and at the most so many minutes
    (those reported or, where they were not credible, declared; without a report, the ceiling)."""

    reported_slices: int | None
    most_minutes: int


@dataclass(frozen=True)
class EarnedGain:
    """The slices that one session earns its technician."""

    session: int
    technician_id: str
    slices: int


def ruled_bill(
    kind: RulingKind,
    minutes: int | None,
    *,
    reported: Bill | None,
    most_minutes: int,
    tariff: Tariff,
    ceiling: int,
) -> Bill | None:
    """What is billed after the ruling; None for nothing.

    `reported` is what the rule of duration made of the report, None without one; `most_minutes` what may be
    billed at the most: as much as that or, where it was not credible, as the technician declared. Raises
    `Refused(REPORT_MISSING)` when there is nothing to bill as reported, `Refused(RULING_MINUTES)` when
    minutes are missing, superfluous or too many.
    """
    if kind is RulingKind.REDUCE:
        if minutes is None or not 1 <= minutes <= most_minutes:
            raise Refused(Refusal.RULING_MINUTES, most=most_minutes)
        return Bill(minutes, min(tariff.slices(minutes), ceiling // tariff.slice_minutes))
    if minutes is not None:
        raise Refused(Refusal.RULING_MINUTES)
    if kind is RulingKind.BILL and reported is None:
        raise Refused(Refusal.REPORT_MISSING)
    return None if kind is RulingKind.WAIVE else reported


def check_gain_rulings(rulings: Collection[GainRuling], unruled: Mapping[int, Earnable]) -> None:
    """Each session that has begun and is not ruled yet, in `unruled` by number, needs exactly one ruling.

    Raises `Refused(GAIN_RULINGS)` for a session too many or too few, or minutes missing, superfluous or
    impossible; `Refused(REPORT_MISSING)` for a full gain without a report.
    """
    if sorted(ruling.session for ruling in rulings) != sorted(unruled):
        raise Refused(Refusal.GAIN_RULINGS)
    for ruling in rulings:
        earnable = unruled[ruling.session]
        if ruling.kind is GainKind.FULL and earnable.reported_slices is None:
            raise Refused(Refusal.REPORT_MISSING, session=ruling.session)
        with_minutes = ruling.kind is GainKind.REDUCED
        if with_minutes != (ruling.minutes is not None):
            raise Refused(Refusal.GAIN_RULINGS, session=ruling.session)
        if ruling.minutes is not None and not 1 <= ruling.minutes <= earnable.most_minutes:
            raise Refused(Refusal.GAIN_RULINGS, session=ruling.session, most=earnable.most_minutes)


def ruled_slices(ruling: GainRuling, *, reported: int | None, tariff: Tariff) -> int:
    """The slices that a ruling lets a session earn."""
    match ruling.kind:
        case GainKind.FULL:
            return reported or 0
        case GainKind.REDUCED:
            return tariff.slices(ruling.minutes or 0)
        case GainKind.NONE:
            return 0
