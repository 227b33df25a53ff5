"""The whole of OmeaSupport on one machine: which parts, in which order, told what.

`with running_stack(var) as stack:` starts one; `attach(var)` finds one that is already up. Several
run side by side in different `var` directories. A part whose setting is given is not started.
"""

import dataclasses
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from deploy.sandbox import postgres, temporal
from deploy.sandbox.ports import LOOPBACK, free_port
from deploy.sandbox.secrets import SandboxSecrets, kept_secrets
from deploy.settings import (
    OpeningHours,
    Pace,
    Settings,
    StackSettings,
    process_environment,
    read_settings,
    read_stack_settings,
)
from deploy.stack_record import StackRecord, read_record
from deploy.supervisor import Part, Supervisor

Role = Literal["owner", "worker", "api"]
ROLES: tuple[Role, ...] = ("owner", "worker", "api")
PARTS = ("postgres", "temporal", "stripe", "mailbox", "setup", "seed", "codec", "worker", "api")
PREFERRED_PORTS = {
    "api": 8000,
    "stripe": 8100,
    "mailbox": 8025,
    "smtp": 1025,
    "temporal": 7233,
    "temporal_ui": 8233,
    "temporal_metrics": 8235,
    "codec": 8234,
}


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
        """One of: api, temporal_ui, temporal_metrics, mailbox, stripe, codec."""
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
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Stack]:
    """Starts `parts` in order and stops them in reverse, whatever happens in between.

    `any_ports` for stacks side by side; `durable=False` for one thrown away after a test. `tell` hears
    the name of each part that starts. Raises StackHeld, PartFailed, NoFreePort.
    """
    supervisor = Supervisor(var)
    try:
        composition = _Composition(supervisor.var, pace, opening_hours, any_ports, durable, given)
        supervisor.publish(composition.urls(), {role: composition.environment(role) for role in ROLES})
        for part in composition.parts():
            if part.name not in parts:
                continue
            tell(part.name)
            (supervisor.run if part.name in {"setup", "seed"} else supervisor.start)(part)
        supervisor.announce_ready()
        yield Stack(supervisor.var, supervisor)
    finally:
        supervisor.stop()


class _Composition:
    """Every port is chosen before anything starts: Stripe has to know where to send its webhooks."""

    def __init__(
        self,
        var: Path,
        pace: Pace,
        opening_hours: OpeningHours,
        any_ports: bool,
        durable: bool,
        given: StackSettings | None,
    ) -> None:
        self.var = var
        self.pace = pace
        self.opening_hours = opening_hours
        self.durable = durable
        self.given = given if given is not None else read_stack_settings()
        self.secrets: SandboxSecrets = kept_secrets(var / "secrets.json")
        self.ports: dict[str, int] = {}
        for name, preferred in PREFERRED_PORTS.items():
            self.ports[name] = free_port(0 if any_ports else preferred, self.ports.values())

    def _local(self, name: str) -> str:
        return f"http://{LOOPBACK}:{self.ports[name]}"

    @property
    def _data(self) -> Path:
        return self.var / "postgres" / "data"

    def _database_url(self, role: Role) -> str:
        own = {
            "owner": self.given.database_url,
            "worker": self.given.database_url_worker,
            "api": self.given.database_url_api,
        }[role]
        if (url := own or self.given.database_url) is not None:
            return url.get_secret_value()
        return postgres.database_url(self._data, f"omea_{role}")

    @property
    def _temporal_address(self) -> str:
        return self.given.temporal_address or f"{LOOPBACK}:{self.ports['temporal']}"

    def _stripe(self) -> dict[str, str]:
        if self.given.stripe_api_key is None:
            return {
                "STRIPE_API_KEY": self.secrets.stripe_api_key,
                "STRIPE_API_BASE": self._local("stripe"),
                "STRIPE_WEBHOOK_SECRET": self.secrets.stripe_webhook_secret,
            }
        secret = self.given.stripe_webhook_secret
        return {
            "STRIPE_API_KEY": self.given.stripe_api_key.get_secret_value(),
            "STRIPE_API_BASE": self.given.stripe_api_base or "",
            "STRIPE_WEBHOOK_SECRET": secret.get_secret_value() if secret else "",
        }

    def urls(self) -> dict[str, str]:
        urls = {"api": self._local("api"), "codec": self._local("codec")}
        if self.given.temporal_address is None:
            urls |= {name: self._local(name) for name in ("temporal_ui", "temporal_metrics")}
        if self.given.stripe_api_key is None:
            urls["stripe"] = self._local("stripe")
        if self.given.smtp_url is None:
            urls["mailbox"] = self._local("mailbox")
        return urls

    def environment(self, role: Role) -> dict[str, str]:
        smtp = self.given.smtp_url
        everything = {
            "OMEA_ENVIRONMENT": "sandbox",
            "DATABASE_URL": self._database_url(role),
            "TEMPORAL_ADDRESS": self._temporal_address,
            "TEMPORAL_NAMESPACE": self.given.temporal_namespace,
            "TASK_QUEUE": self.given.task_queue,
            **self._stripe(),
            "SMTP_URL": smtp.get_secret_value() if smtp else f"smtp://{LOOPBACK}:{self.ports['smtp']}",
            "MAIL_FROM": "OmeaSupport <bonjour@omeasupport.example>",
            "BACK_OFFICE_MAIL": "equipe@omeasupport.example",
            "PAYLOAD_KEY": self.secrets.payload_key,
            "TOKEN_KEY": self.secrets.token_key,
            "PUBLIC_URL": self._local("api"),
            "API_HOST": LOOPBACK,
            "API_PORT": str(self.ports["api"]),
            "PACE": self.pace,
            "OPENING_HOURS": self.opening_hours,
        }
        return {name: value for name, value in everything.items() if value}

    def parts(self) -> Iterator[Part]:
        if self.given.database_url is None:
            yield self._postgres()
        if self.given.temporal_address is None:
            yield self._temporal()
        if self.given.stripe_api_key is None:
            yield self._stripe_sandbox()
        if self.given.smtp_url is None:
            yield self._mailbox()
        yield self._ours("setup", "owner", "deploy.cli", "setup")
        yield self._ours("seed", "owner", "deploy.cli", "seed")
        yield self._codec()
        yield dataclasses.replace(self._ours("worker", "worker", "deploy.worker"), ready=self._is_polling)
        api = self._ours("api", "api", "deploy.server")
        yield dataclasses.replace(api, ready=lambda _: _answers(f"{self._local('api')}/readyz"))

    def _ours(self, name: str, role: Role, module: str, *arguments: str) -> Part:
        command = [sys.executable, "-m", module, *arguments]
        return Part(name, command, process_environment() | self.environment(role), grace_seconds=15)

    def _outside(self, name: str, command: list[str], ready: Callable[[int], bool]) -> Part:
        # The outside world is told nothing of our settings.
        return Part(name, command, process_environment(), ready)

    def _postgres(self) -> Part:
        command = [sys.executable, "-m", "deploy.sandbox.postgres", "--data", str(self._data)]
        if not self.durable:
            command.append("--throw-away")
        part = self._outside("postgres", command, lambda _: postgres.is_ready(self._data))
        # SIGTERM would wait for every client to leave; SIGINT ends their sessions and closes cleanly.
        return dataclasses.replace(part, stop_signal=signal.SIGINT)

    def _temporal(self) -> Part:
        command = temporal.command(
            self.var / "temporal.sqlite",
            port=self.ports["temporal"],
            ui_port=self.ports["temporal_ui"],
            metrics_port=self.ports["temporal_metrics"],
            codec_url=self._local("codec"),
            namespace=self.given.temporal_namespace,
            quick_timers=self.pace is Pace.DEMO,
        )
        return self._outside("temporal", command, lambda _: temporal.is_serving(self._temporal_address))

    def _stripe_sandbox(self) -> Part:
        command = [
            *(sys.executable, "-m", "deploy.sandbox.stripe"),
            *("--port", str(self.ports["stripe"])),
            *("--data", str(self.var / "stripe.sqlite")),
            *("--api-key", self.secrets.stripe_api_key),
            *("--webhook-url", f"{self._local('api')}/v1/webhooks/stripe"),
            *("--webhook-secret", self.secrets.stripe_webhook_secret),
        ]
        return self._outside("stripe", command, lambda _: _answers(f"{self._local('stripe')}/dashboard"))

    def _mailbox(self) -> Part:
        command = [
            *(sys.executable, "-m", "deploy.sandbox.mailbox"),
            *("--smtp-port", str(self.ports["smtp"]), "--http-port", str(self.ports["mailbox"])),
            *("--data", str(self.var / "mailbox")),
        ]
        return self._outside("mailbox", command, lambda _: _answers(f"{self._local('mailbox')}/"))

    def _codec(self) -> Part:
        settings = {
            "OMEA_ENVIRONMENT": "sandbox",
            "PAYLOAD_KEY": self.secrets.payload_key,
            "CODEC_PORT": str(self.ports["codec"]),
            "CODEC_UI_ORIGIN": self._local("temporal_ui"),
        }
        part = self._outside(
            "codec",
            [sys.executable, "-m", "deploy.codec_server"],
            lambda _: _answers(f"{self._local('codec')}/healthz"),
        )
        return dataclasses.replace(part, environment=process_environment() | settings)

    def _is_polling(self, pid: int) -> bool:
        given = self.given
        return temporal.is_polled_by(self._temporal_address, given.temporal_namespace, given.task_queue, pid)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback url
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
