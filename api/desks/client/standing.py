"""Where a request stands, what happens next, who must act and by when: what its page says before all else."""

from dataclasses import dataclass
from datetime import datetime

from api.desks import words as desks
from api.desks.client import words
from api.shapes.tickets import TicketView
from domain import french
from domain.tickets import Command, Outcome, Role, Status


@dataclass(frozen=True)
class Step:
    """`state` is done, now or to come."""

    label: str
    state: str


@dataclass(frozen=True)
class Standing:
    """`who` must do `what`, `by` then; `otherwise` is what happens if not. If nobody must, `what` says why.
    `mine` when it is the client's turn, and `path` where they do it."""

    label: str
    tone: str
    title: str
    who: str | None
    what: str | None
    by: datetime | None
    otherwise: str | None
    mine: bool
    path: str | None
    steps: tuple[Step, ...]


def standing(view: TicketView, now: datetime) -> Standing:
    status = Status(view.status.code)
    label, tone = words.state(view.status.code, view.outcome.code if view.outcome else None)
    following = view.next
    command = Command(following.command.code) if following and following.command else None
    mine = following is not None and following.who.code == Role.CLIENT
    return Standing(
        label=label,
        tone=tone,
        title=_title(view, status, now),
        who=_who(view, Role(following.who.code)) if following else None,
        what=words.ACTS.get(command, words.AWAITED.get(status)) if command else words.AWAITED.get(status),
        by=following.by if following else None,
        otherwise=following.otherwise.label if following else None,
        mine=mine,
        path=words.PATHS.get(command) if mine and command else None,
        steps=_steps(view, status),
    )


def _title(view: TicketView, status: Status, now: datetime) -> str:
    if view.outcome is not None:
        return words.ENDED[Outcome(view.outcome.code)]
    if status is Status.SCHEDULED:
        return words.STANDS[status].format(when=french.when(view.start, now))
    return words.STANDS[status]


def _who(view: TicketView, role: Role) -> str | None:
    match role:
        case Role.CLIENT:
            return desks.YOU
        case Role.TECHNICIAN:
            return view.technician.name if view.technician else desks.TECHNICIAN
        case Role.SYSTEM:
            return None
        case _:
            return desks.TEAM


def _steps(view: TicketView, status: Status) -> tuple[Step, ...]:
    """None for a request that ended before it was helped with. One that ended without a report, an opinion or
    an invoice had no such step."""
    if view.outcome is not None and Outcome(view.outcome.code) in words.ENDED_OTHERWISE:
        return ()
    place = len(words.STEPS) if status is Status.CLOSED else words.PLACES[status]
    labels: tuple[str, ...] = words.STEPS
    if status is Status.CLOSED:
        last = zip(words.STEPS[-3:], (view.report, view.review, view.invoice), strict=True)
        labels = (*words.STEPS[:-3], *(label for label, made in last if made is not None))
    return tuple(
        Step(label, "done" if at < place else "now" if at == place else "later")
        for at, label in enumerate(labels)
    )
