"""Random people, silences and crashes on one or two tickets, followed by the model."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.machine.ending import end_all
from tests.machine.invariants import check_run, check_step
from tests.machine.model import ACTORS, COMMANDS, MAY, Gain, Given
from tests.machine.mutants import Mutant
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
    "closed": ["review", "cancel"],
}


WHILE_OPEN = precondition(lambda self: any(player.open for player in self.world.players))


class Tickets(RuleBasedStateMachine):
    servers: ClassVar[Servers]
    mutant: ClassVar[Mutant | None] = None
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
    )
    def open(self, technicians: int, card: str, ahead: timedelta, second: str | None) -> None:
        self.world = self.run(a_world(self.servers, check_step, technicians=technicians, card=card))
        if self.mutant and self.mutant.statement:
            self.world.connection.execute(self.mutant.statement)
        able = self.world.technicians
        self.run(self.world.open_ticket(ahead, able[0]))
        if second == "beside" and len(able) > 1:
            self.run(self.world.open_ticket(ahead, able[1]))
        elif second in ("beside", "next"):
            self.run(self.world.open_ticket(ahead + timedelta(hours=1), able[0]))
        elif second == "flexible":
            self.run(self.world.open_ticket(timedelta(hours=1), None))

    def player(self, number: int) -> Player:
        """One of those still open, if there is one."""
        among = [player for player in self.world.players if player.open] or self.world.players
        return among[number % len(among)]

    @precondition(lambda self: not any(player.open for player in self.world.players))
    @rule(number=st.integers(0, 2), ahead=st.sampled_from([timedelta(hours=3), timedelta(days=2)]))
    def ask_again(self, number: int, ahead: timedelta) -> None:
        """The client has another problem."""
        technicians = self.world.technicians
        self.run(self.world.open_ticket(ahead, technicians[number % len(technicians)]))

    def now(self, player: Player) -> datetime:
        found: datetime = self.run(player.ticket.now())
        return found

    def given(self, data: st.DataObject, player: Player, command: str, who: str) -> Given:
        """The command with words that may or may not fit."""
        start = minutes = technician = None
        if command in ("reschedule", "ruling"):
            hours = data.draw(st.sampled_from([1, 3, 26, 50, 24 * 7, -1]), label="hours ahead")
            start = self.now(player).replace(second=0, microsecond=0) + timedelta(hours=hours)
        if command in ("report", "extend"):
            minutes = data.draw(
                st.sampled_from([1, 15, 20, 75, 90, 300][command == "extend" :]), label="minutes"
            )
        if command in ("reassign", "ruling"):
            technician = data.draw(st.sampled_from([None, *self.world.technicians]), label="technician")
        if command != "ruling":
            yes = data.draw(st.booleans(), label="yes") if command in ("review", "start") else True
            return Given(command, who, start, minutes, satisfied=yes, right=yes, technician=technician)
        kind = data.draw(st.sampled_from(["bill", "reduce", "waive", "rework"]), label="kind")
        gains = tuple(
            Gain(number, gain, 16 if gain == "reduced" else None)
            for number in player.model.unruled()
            for gain in [data.draw(st.sampled_from(["none", "full", "reduced"]), label="gain")]
        )
        if data.draw(st.integers(0, 9), label="forgotten") == 9:
            gains = gains[1:]
        return Given(
            command,
            who,
            start,
            data.draw(st.sampled_from([10, 31, 500]), label="minutes") if kind == "reduce" else None,
            kind=kind,
            gains=gains,
            technician=technician,
        )

    @rule(
        data=st.data(),
        number=st.integers(0, 1),
        command=st.sampled_from(COMMANDS),
        who=st.sampled_from(ACTORS),
    )
    def ask(self, data: st.DataObject, number: int, command: str, who: str) -> None:
        """Anybody asks for anything."""
        player = self.player(number)
        self.run(self.world.act(player, self.given(data, player, command, who)))

    @WHILE_OPEN
    @rule(data=st.data(), number=st.integers(0, 1))
    def ask_well(self, data: st.DataObject, number: int) -> None:
        """Something that the status allows, by somebody who may."""
        player = self.player(number)
        if player.model.status in MAY:
            command = data.draw(st.sampled_from(MAY[player.model.status].split()), label="command")
            self.run(self.world.act(player, self.given(data, player, command, self.rightful(data, command))))

    @staticmethod
    def rightful(data: st.DataObject, command: str) -> str:
        from tests.machine.model import ALLOWED

        return data.draw(st.sampled_from(ALLOWED[command]), label="who")

    @WHILE_OPEN
    @rule(number=st.integers(0, 1), minutes=MINUTES, steps=st.integers(1, 5))
    def go_on(self, number: int, minutes: int, steps: int) -> None:
        """What usually comes next, up to the money."""
        player = self.player(number)
        for _ in range(steps):
            self.run(self._go_on(player, minutes))

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
            case "in_review":
                await world.act(player, Given("review", "client", satisfied=minutes < 60))
            case "suspended":
                await world.act(player, Given("take_over", "back_office"))
            case "invoiced":
                await world.pass_time(timedelta(minutes=11))

    @WHILE_OPEN
    @rule(length=st.sampled_from(SILENCES))
    def silence(self, length: timedelta) -> None:
        self.run(self.world.pass_time(length))

    @WHILE_OPEN
    @rule(number=st.integers(0, 1), before=st.sampled_from([121, 61, 14, 0]))
    def wait_for_the_hour(self, number: int, before: int) -> None:
        player = self.player(number)
        left = player.model.start - timedelta(minutes=before) - self.now(player)
        if player.model.status == "scheduled" and left > timedelta(0):
            self.run(self.world.pass_time(left))

    @WHILE_OPEN
    @rule(number=st.integers(0, 1))
    def nobody_answers(self, number: int) -> None:
        """Three calls over a quarter of an hour."""
        player = self.player(number)
        if player.model.status == "scheduled" and player.model.start <= self.now(player):
            for minutes in (8, 8, 0):
                self.run(self.world.act(player, Given("call", "technician")))
                self.run(self.world.pass_time(timedelta(minutes=minutes))) if minutes else None

    @rule(data=st.data(), number=st.integers(0, 1))
    def ask_two_things_at_once(self, data: st.DataObject, number: int) -> None:
        player = self.player(number)
        rivals = RIVALS[player.model.status]
        commands = data.draw(st.lists(st.sampled_from(rivals), min_size=2, max_size=3), label="commands")
        acts = [
            (player, self.given(data, player, command, self.rightful(data, command))) for command in commands
        ]
        self.run(self.world.at_once(*acts))

    @precondition(lambda self: sum(player.open for player in self.world.players) > 1)
    @rule(hours=st.sampled_from([2, 3, 26]))
    def want_the_same_hour(self, hours: int) -> None:
        start = self.now(self.player(0)).replace(second=0, microsecond=0) + timedelta(hours=hours)
        asked = Given("reschedule", "on_behalf", start)
        self.run(self.world.at_once(*((player, asked) for player in self.world.players if player.open)))

    @WHILE_OPEN
    @rule(when=st.sampled_from(["before", "after"]))
    def crash_soon(self, when: Any) -> None:
        self.world.crashes.armed = when

    @WHILE_OPEN
    @rule()
    def restart(self) -> None:
        self.run(self.world.restart_worker())

    @WHILE_OPEN
    @rule(number=st.integers(0, 2), active=st.booleans())
    def come_or_go(self, number: int, active: bool) -> None:
        """A technician is suspended or back; the tickets are told."""
        technician = self.world.technicians[number % len(self.world.technicians)]
        self.world.connection.execute("UPDATE people SET active = %s WHERE id = %s", [active, technician])
        self.run(self.world.signal("capacity_returned" if active else "technician_unavailable"))

    @WHILE_OPEN
    @rule(name=st.sampled_from(["capacity_returned", "technician_unavailable", "payment_news"]))
    def hint(self, name: str) -> None:
        self.run(self.world.signal(name))

    @precondition(lambda self: any(one.model.status in ("invoiced", "unpaid") for one in self.world.players))
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
        finally:
            self.servers.run(self.world.close())
