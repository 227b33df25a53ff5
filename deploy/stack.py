"""A whole OmeaSupport on one machine, started, stopped, found again, and hurt on purpose by tests.

`with running_stack(var) as stack:` starts one; `attach(var)` finds one that is already up. Several
run side by side in different `var` directories. A part whose setting is given is not started.
"""

import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from deploy.composition import PARTS, ROLES, Composition, Role
from deploy.settings import (
    OpeningHours,
    Pace,
    Settings,
    StackSettings,
    process_environment,
    read_settings,
)
from deploy.stack_record import StackRecord, read_record
from deploy.supervisor import Part, Supervisor


class StackAbsent(Exception):
    """Nothing runs in this directory, or not any more."""


class Stack:
    """A stack that is up, ours or another process's. What it says is read from its record."""

    def __init__(self, var: Path, supervisor: Supervisor | None = None) -> None:
        self.var = var.resolve()
        self.supervisor = supervisor

    def environment(self, role: Role = "api") -> dict[str, str]:
        """The settings of a process of that database role, and nothing but them."""
        return self._record().environments[role]

    def process_environment(self, role: Role = "api") -> dict[str, str]:
        """What to start such a process with."""
        return process_environment() | self.environment(role)

    def settings(self, role: Role = "api") -> Settings:
        return read_settings(self.environment(role))

    def url(self, name: str) -> str:
        """One of: api, temporal_ui, temporal_metrics, mailbox, oidc, stripe, codec, metrics,
        worker_metrics, api_metrics."""
        return self._record().urls[name]

    @property
    def urls(self) -> dict[str, str]:
        return self._record().urls

    def pid(self, name: str) -> int:
        return self._record().processes[name].pid

    def kill(self, name: str) -> int:
        """`kill -9` of one part, which its supervisor then restarts. Returns the pid killed."""
        if self.supervisor is not None:
            return self.supervisor.kill(name)
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, name: str, killed: int, patience: float = 60) -> int:
        """Waits until another process than `killed` is that part, and ready. Returns its pid."""
        deadline = time.monotonic() + patience
        while (pid := self.pid(name)) == killed:
            if time.monotonic() > deadline:
                raise StackAbsent(f"{name} n'a pas redémarré en {patience:.0f} s")
            time.sleep(0.05)
        if self.supervisor is not None:
            self.supervisor.wait_ready(name)
            return self.supervisor.pid(name)
        return pid

    @contextmanager
    def outage(self, name: str) -> Iterator[None]:
        """One part away for the length of the block. Only by the process that runs the stack."""
        if self.supervisor is None:
            raise StackAbsent("seul le processus qui a démarré cet environnement peut en arrêter une partie")
        self.supervisor.hold_down(name)
        try:
            yield
        finally:
            self.supervisor.resume(name)

    def wait(self) -> None:
        """Stays until a signal (KeyboardInterrupt) or until a part gives up (PartFailed)."""
        while self.supervisor is not None:
            if self.supervisor.failure is not None:
                raise self.supervisor.failure
            time.sleep(0.2)

    def _record(self) -> StackRecord:
        record = read_record(self.var)
        if record is None:
            raise StackAbsent(f"aucun environnement ne tourne dans {self.var}")
        return record


def attach(var: Path) -> Stack:
    """The stack that another process keeps up in `var`. Raises StackAbsent when there is none."""
    record = read_record(var)
    if record is None or record.holder.process() is None:
        raise StackAbsent(f"aucun environnement ne tourne dans {var}")
    if not record.ready:
        raise StackAbsent(f"l'environnement de {var} n'est pas encore prêt")
    dead = [name for name, recorded in record.processes.items() if recorded.process() is None]
    if dead:
        raise StackAbsent(f"l'environnement de {var} a perdu : {', '.join(dead)}")
    return Stack(var)


@contextmanager
def running_stack(
    var: Path,
    *,
    parts: Collection[str] = PARTS,
    pace: Pace = Pace.DEMO,
    opening_hours: OpeningHours = OpeningHours.ALWAYS,
    any_ports: bool = False,
    durable: bool = True,
    given: StackSettings | None = None,
    modules: Mapping[str, Sequence[str]] = MappingProxyType({}),
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Stack]:
    """Starts `parts` in order and stops them in reverse, whatever happens in between.

    `any_ports` for stacks side by side; `durable=False` for one thrown away after a test. `modules` runs
    others, with their arguments, as `worker` or `api`. `tell` hears the name of each part that starts.
    Raises StackHeld, PartFailed, NoFreePort.
    """
    supervisor = Supervisor(var)
    try:
        composition = Composition(supervisor.var, pace, opening_hours, any_ports, durable, given, modules)
        supervisor.publish(composition.urls(), {role: composition.environment(role) for role in ROLES})

        def chosen(group: Iterator[Part]) -> list[Part]:
            kept = [part for part in group if part.name in parts]
            for part in kept:
                tell(part.name)
            return kept

        supervisor.start(*chosen(composition.outside_world()))
        for step in chosen(composition.steps()):
            supervisor.run(step)
        supervisor.start(*chosen(composition.our_processes()))
        supervisor.announce_ready()
        yield Stack(supervisor.var, supervisor)
    finally:
        supervisor.stop()
