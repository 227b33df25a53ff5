"""Random people, silences and crashes on one or two tickets, followed by the model."""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.machine.ending import end_all
from tests.machine.invariants import check_histories, check_run, check_step
from tests.machine.model import ACTORS, ALLOWED, COMMANDS, MAY, Gain, Given
from tests.machine.servers import Servers
from tests.machine.world import Player, World, a_world

MINUTES = st.sampled_from([1, 5, 16, 20, 45, 61, 130])
SILENCES = [
    *(timedelta(minutes=m) for m in (1, 6, 16, 65)),
    *(timedelta(hours=h) for h in (3, 13, 25, 49, 73)),
    *(timedelta(days=d) for d in (8, 15)),
]
# Two of these meet where it matters which was first.
RIVALS = {
    "to_assign": ["cancel", "reschedule", "reassign", "withdraw"],
    "scheduled": ["cancel", "decline", "reschedule", "reassign", "start", "withdraw", "absent"],
    "in_session": ["end", "stop", "dispute", "withdraw", "extend"],
    "to_report": ["report", "dispute"],
    "in_review": ["review", "dispute"],
    "suspended": ["ruling", "dispute", "take_over", "review"],
    "invoiced": ["review", "dispute"],
    "unpaid": ["review", "dispute"],
}


@dataclass(frozen=True)
class Words:
    """What may be said with a command, whether it fits or not; each command takes what concerns it.

    All is drawn before anything of the ticket is known: an example must be the same when it is tried again,
    and whom chance gave a ticket to must not matter.
    """

    hours: int
    minutes: int
    ceiling: int
    technician: int
    yes: bool
    kind: str
    gains: tuple[str, ...]
    forgets: int


WORDS = st.builds(
    Words,
    hours=st.sampled_from([1, 3, 26, 50, 24 * 7, -1]),
    minutes=st.sampled_from([1, 10, 16, 20, 31, 75]),
    ceiling=st.sampled_from([60, 75, 90, 300]),
    technician=st.integers(0, 3),
    yes=st.booleans(),
    kind=st.sampled_from(["bill", "reduce", "waive", "rework"]),
    gains=st.tuples(*[st.sampled_from(["none", "full", "reduced"])] * 3),
    forgets=st.sampled_from([0, 0, 0, 0, 1]),
)


class Tickets(RuleBasedStateMachine):
    servers: ClassVar[Servers]
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.broken = False

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self.servers.run(work)
        except BaseException:
            self.broken = True
            raise

    @initialize(
        technicians=st.integers(1, 3),
        card=st.sampled_from(["pm_card_visa", "pm_card_visa", "pm_card_chargeCustomerFail"]),
        ahead=st.sampled_from([timedelta(minutes=90), timedelta(hours=26), timedelta(days=3)]),
        second=st.sampled_from([None, "beside", "next", "flexible"]),
        reached=st.integers(0, 4),
    )
    def open(self, technicians: int, card: str, ahead: timedelta, second: str | None, reached: int) -> None:
        """One ticket or two; the first has already come to its session, its report, its review or
        its invoice."""
        self.world = self.run(a_world(self.servers, check_step, technicians=technicians, card=card))
        able = self.world.technicians
        self.run(self.world.open_ticket(ahead, able[0]))
        if second == "beside" and len(able) > 1:
            self.run(self.world.open_ticket(ahead, able[1]))
        elif second in ("beside", "next"):
            self.run(self.world.open_ticket(ahead + timedelta(hours=1), able[0]))
        elif second == "flexible":
            self.run(self.world.open_ticket(timedelta(hours=1), None))
        for _ in range(reached):
            self.run(self._go_on(self.world.players[0], 20))

    def player(self, number: int) -> Player:
        """An open ticket; the client has another problem when there is none."""
        among = [player for player in self.world.players if player.open]
        if among:
            return among[number % len(among)]
        technicians = self.world.technicians
        self.run(self.world.open_ticket(timedelta(hours=3), technicians[number % len(technicians)]))
        return self.world.players[-1]

    def now(self, player: Player) -> datetime:
        found: datetime = self.run(player.ticket.now())
        return found

    def given(self, player: Player, command: str, who: str, words: Words) -> Given:
        start = self.now(player).replace(second=0, microsecond=0) + timedelta(hours=words.hours)
        technician = ([None, *self.world.technicians] * 4)[words.technician]
        match command:
            case "reschedule":
                return Given(command, who, start)
            case "report":
                return Given(command, who, minutes=words.minutes)
            case "extend":
                return Given(command, who, minutes=words.ceiling)
            case "reassign":
                return Given(command, who, technician=technician)
            case "review" | "start":
                return Given(command, who, satisfied=words.yes, right=words.yes)
            case "ruling":
                gains = tuple(
                    Gain(number, kind, words.minutes if kind == "reduced" else None)
                    for number, kind in zip(
                        player.model.unruled()[words.forgets :], words.gains, strict=False
                    )
                )
                minutes = words.minutes if words.kind == "reduce" else None
                return Given(
                    command, who, start, minutes, kind=words.kind, gains=gains, technician=technician
                )
            case _:
                return Given(command, who)

    @rule(
        number=st.integers(0, 3),
        command=st.sampled_from(COMMANDS),
        who=st.sampled_from(ACTORS),
        words=WORDS,
    )
    def ask(self, number: int, command: str, who: str, words: Words) -> None:
        """Anybody asks for anything, of any ticket."""
        player = self.world.players[number % len(self.world.players)]
        self.run(self.world.act(player, self.given(player, command, who, words)))

    @rule(number=st.integers(0, 1), choice=st.integers(0, 99), words=WORDS)
    def ask_well(self, number: int, choice: int, words: Words) -> None:
        """Something that the status allows, by somebody who may."""
        player = self.player(number)
        self.run(
            self.world.act(player, self.allowed(player, MAY[player.model.status].split(), choice, words))
        )

    def allowed(self, player: Player, commands: Sequence[str], choice: int, words: Words) -> Given:
        command = commands[choice % len(commands)]
        who = ALLOWED[command][choice % len(ALLOWED[command])]
        return self.given(player, command, who, words)

    @rule(number=st.integers(0, 1), minutes=MINUTES, steps=st.integers(2, 5))
    def go_on(self, number: int, minutes: int, steps: int) -> None:
        """What usually comes next, up to the money."""
        player = self.player(number)
        for _ in range(steps):
            self.run(self._go_on(player, minutes))

    @rule(number=st.integers(0, 1), words=WORDS)
    def rule_on_it(self, number: int, words: Words) -> None:
        """Suspended at once, if it may be, and ruled."""
        player = self.player(number)
        if player.model.status in ("in_session", "to_report", "in_review", "invoiced", "unpaid"):
            self.run(self.world.act(player, Given("dispute", "on_behalf")))
        if player.model.status == "suspended":
            self.run(self.world.act(player, self.given(player, "ruling", "back_office", words)))

    async def _go_on(self, player: Player, minutes: int) -> None:
        world, model = self.world, player.model
        match model.status:
            case "scheduled":
                await world.act(player, Given("acknowledge", "technician"))
                left = model.start - await player.ticket.now()
                if left > timedelta(0):
                    await world.pass_time(left)
                for command, who in (("consent", "client"), ("call", "technician"), ("start", "technician")):
                    await world.act(player, Given(command, who))
            case "to_assign":
                await world.act(player, Given("reassign", "back_office"))
            case "in_session":
                await world.pass_time(timedelta(minutes=minutes))
                await world.act(player, Given("end", "technician"))
            case "to_report":
                await world.act(player, Given("report", "technician", minutes=minutes))
            case "in_review" if minutes >= 45:
                await world.act(player, Given("dispute", "client"))
            case "in_review":
                await world.act(player, Given("review", "client", satisfied=True))
            case "suspended":
                await world.act(player, Given("take_over", "back_office"))
            case "invoiced":
                await world.pass_time(timedelta(minutes=11))

    @rule(length=st.sampled_from(SILENCES))
    def silence(self, length: timedelta) -> None:
        self.player(0)
        self.run(self.world.pass_time(length))

    @rule(number=st.integers(0, 1), before=st.sampled_from([121, 61, 14, 0]))
    def wait_for_the_hour(self, number: int, before: int) -> None:
        player = self.player(number)
        left = player.model.start - timedelta(minutes=before) - self.now(player)
        if player.model.status == "scheduled" and left > timedelta(0):
            self.run(self.world.pass_time(left))

    @rule(number=st.integers(0, 1))
    def nobody_answers(self, number: int) -> None:
        """Three calls over a quarter of an hour."""
        player = self.player(number)
        if player.model.status == "scheduled" and player.model.start <= self.now(player):
            for minutes in (8, 8, 0):
                self.run(self.world.act(player, Given("call", "technician")))
                self.run(self.world.pass_time(timedelta(minutes=minutes))) if minutes else None

    @rule(
        number=st.integers(0, 1),
        choices=st.lists(st.tuples(st.integers(0, 99), WORDS), min_size=2, max_size=3),
    )
    def ask_several_things_at_once(self, number: int, choices: list[tuple[int, Words]]) -> None:
        player = self.player(number)
        rivals = RIVALS[player.model.status]
        acts = [(player, self.allowed(player, rivals, choice, words)) for choice, words in choices]
        self.run(self.world.at_once(*acts))

    @rule(hours=st.sampled_from([2, 3, 26]))
    def want_the_same_hour(self, hours: int) -> None:
        start = self.now(self.player(0)).replace(second=0, microsecond=0) + timedelta(hours=hours)
        asked = Given("reschedule", "on_behalf", start)
        self.run(self.world.at_once(*((player, asked) for player in self.world.players if player.open)))

    @rule(when=st.sampled_from(["before", "after"]))
    def crash_soon(self, when: Any) -> None:
        self.world.crashes.armed = when

    @rule()
    def restart(self) -> None:
        self.run(self.world.restart_worker())

    @rule(number=st.integers(0, 2), active=st.booleans())
    def come_or_go(self, number: int, active: bool) -> None:
        """A technician is suspended or back; the tickets are told."""
        technician = self.world.technicians[number % len(self.world.technicians)]
        self.world.connection.execute("UPDATE people SET active = %s WHERE id = %s", [active, technician])
        self.run(self.world.signal("capacity_returned" if active else "technician_unavailable"))

    @rule(name=st.sampled_from(["capacity_returned", "technician_unavailable", "payment_news"]))
    def hint(self, name: str) -> None:
        self.run(self.world.signal(name))

    @rule()
    def change_card(self) -> None:
        self.world.connection.execute("DELETE FROM cards")
        self.run(self.world.office.save_card("pm_card_visa"))

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            if not self.broken:
                self.run(check_run(self.world))
                self.run(end_all(self.world))
                self.run(check_run(self.world))
                self.run(check_histories(self.world))
        finally:
            self.servers.run(self.world.close())
