"""Where an intervention stands, what happens next, who must act and by when, as its technician reads it."""

from dataclasses import dataclass
from datetime import datetime

from api.desks import words as desks
from api.desks.technician import words
from api.shapes.tickets import Next
from domain import french
from domain.tickets import Command, Outcome, Role, Status

BY_PHONE = frozenset({Command.CALL, Command.START})


@dataclass(frozen=True)
class Step:
    """`state` is done, now or to come."""

    label: str
    state: str


@dataclass(frozen=True)
class Standing:
    """`who` must do `what`, `by` then; `otherwise` is what happens if not. If nobody must, `what` says why.
    `mine` when it is the technician's turn, with `command`."""

    label: str
    tone: str
    title: str
    who: str | None
    what: str | None
    by: datetime | None
    otherwise: str | None
    mine: bool
    command: Command | None
    steps: tuple[Step, ...]


def standing(
    status: Status,
    outcome: Outcome | None,
    following: Next | None,
    start: datetime,
    now: datetime,
    *,
    confirmed: bool,
    reachable_at: datetime,
) -> Standing:
    """`reachable_at` is from when on the client may be called: until then nothing is to be done."""
    command = Command(following.command.code) if following and following.command else None
    role = Role(following.who.code) if following else None
    if command in BY_PHONE and now < reachable_at:
        following = command = role = None
    to_confirm = status is Status.SCHEDULED and command is Command.ACKNOWLEDGE
    label, tone = words.OUTCOMES[outcome] if outcome else words.STATES[status]
    if status is Status.SCHEDULED and not confirmed:
        label, tone = words.TO_CONFIRM
    elif command in words.TO_DO:
        label, tone = words.TO_DO[command]
    if outcome is not None:
        title = words.ENDED[outcome]
    else:
        title = words.TO_CONFIRM_STANDS if to_confirm else words.STANDS[status]
    mine = role is Role.TECHNICIAN
    return Standing(
        label=label,
        tone="act" if mine and status is not Status.IN_SESSION else tone,
        title=title.format(when=french.when(start, now)),
        who=_who(role),
        what=words.ACTS[command] if command else _awaited(status, reachable_at, now),
        by=following.by if following else None,
        otherwise=following.otherwise.label if following else None,
        mine=mine,
        command=command,
        steps=_steps(status, outcome, confirmed=confirmed),
    )


def _awaited(status: Status, reachable_at: datetime, now: datetime) -> str | None:
    found = words.AWAITED.get(status)
    return found.format(when=french.when(reachable_at, now)) if found is not None else None


def _who(role: Role | None) -> str | None:
    match role:
        case None | Role.SYSTEM:
            return None
        case Role.TECHNICIAN:
            return desks.YOU
        case Role.CLIENT:
            return desks.CLIENT
        case _:
            return desks.TEAM


def _steps(status: Status, outcome: Outcome | None, *, confirmed: bool) -> tuple[Step, ...]:
    """None for what ended without a gain to come."""
    if outcome not in (None, Outcome.PAID):
        return ()
    place = words.PLACES.get(status, len(words.STEPS))
    if status is Status.SCHEDULED and not confirmed:
        place = 0
    return tuple(
        Step(label, "done" if at < place else "now" if at == place else "later")
        for at, label in enumerate(words.STEPS)
    )
