"""Which processes make a whole OmeaSupport on one machine, where each listens, and what each is told."""

import dataclasses
import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from deploy.demo_company import DEMO_COMPANY
from deploy.health import answers
from deploy.sandbox import postgres, temporal
from deploy.sandbox.oidc import CLIENT_ID
from deploy.sandbox.ports import LOOPBACK, free_port
from deploy.sandbox.secrets import SandboxSecrets, kept_secrets
from deploy.settings import OpeningHours, Pace, StackSettings, process_environment, read_stack_settings
from deploy.supervisor import Part

Role = Literal["owner", "worker", "api"]
ROLES: tuple[Role, ...] = ("owner", "worker", "api")
PARTS = (
    "postgres",
    "temporal",
    "stripe",
    "mailbox",
    "oidc",
    "setup",
    "seed",
    "codec",
    "worker",
    "api",
    "metrics",
)
PREFERRED_PORTS = {
    "api": 8000,
    "stripe": 8100,
    "mailbox": 8025,
    "smtp": 1025,
    "oidc": 8026,
    "temporal": 7233,
    "temporal_ui": 8233,
    "temporal_metrics": 8235,
    "codec": 8234,
    "metrics": 9464,
    "worker_metrics": 9465,
    "api_metrics": 9466,
}
# Where each process of ours tells its figures: a second worker would have to have a port of its own.
METRICS = {"metrics": "metrics", "worker": "worker_metrics", "api": "api_metrics"}


class Composition:
    """Every port is chosen before anything starts: Stripe has to know where to send its webhooks."""

    def __init__(
        self,
        var: Path,
        pace: Pace,
        opening_hours: OpeningHours,
        any_ports: bool,
        durable: bool,
        given: StackSettings | None,
        modules: Mapping[str, Sequence[str]],
    ) -> None:
        self.var = var
        self.pace = pace
        self.opening_hours = opening_hours
        self.durable = durable
        self.given = given if given is not None else read_stack_settings()
        # The module of each process of ours, and its arguments.
        ours = {"worker": ["deploy.worker"], "api": ["deploy.server"], "metrics": ["deploy.metrics"]}
        self.modules = {**ours, **modules}
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
        secret, previous = self.given.stripe_webhook_secret, self.given.previous_stripe_webhook_secret
        of_accounts = self.given.stripe_connect_webhook_secret
        return {
            "STRIPE_API_KEY": self.given.stripe_api_key.get_secret_value(),
            "STRIPE_API_BASE": self.given.stripe_api_base or "",
            "STRIPE_WEBHOOK_SECRET": secret.get_secret_value() if secret else "",
            "PREVIOUS_STRIPE_WEBHOOK_SECRET": previous.get_secret_value() if previous else "",
            "STRIPE_CONNECT_WEBHOOK_SECRET": of_accounts.get_secret_value() if of_accounts else "",
        }

    def _anydesk(self) -> dict[str, str]:
        key = self.given.anydesk_api_key
        return {
            "ANYDESK_API_BASE": self.given.anydesk_api_base or "",
            "ANYDESK_LICENSE": self.given.anydesk_license or "",
            "ANYDESK_API_KEY": key.get_secret_value() if key else "",
        }

    def _oidc(self) -> dict[str, str]:
        if self.given.oidc_issuers is not None:
            secrets = self.given.oidc_client_secrets
            return {
                "OIDC_ISSUERS": self.given.oidc_issuers,
                "OIDC_CLIENT_SECRETS": secrets.get_secret_value() if secrets else "",
            }
        issuer = {
            "key": "sandbox",
            "name": "Sésame (essai)",
            "issuer": self._local("oidc"),
            "client_id": CLIENT_ID,
            "client_secret": "sandbox",
            "roles": ["client", "technician", "back_office", "finance"],
            "trusted_for_addresses": True,
        }
        return {
            "OIDC_ISSUERS": json.dumps([issuer], ensure_ascii=False),
            "OIDC_CLIENT_SECRETS": json.dumps({"sandbox": self.secrets.oidc_client_secret}),
        }

    def urls(self) -> dict[str, str]:
        urls = {name: self._local(name) for name in ("api", "codec", *METRICS.values())}
        if self.given.temporal_address is None:
            urls |= {name: self._local(name) for name in ("temporal_ui", "temporal_metrics")}
        if self.given.stripe_api_key is None:
            urls["stripe"] = self._local("stripe")
        if self.given.smtp_url is None:
            urls["mailbox"] = self._local("mailbox")
        if self.given.oidc_issuers is None:
            urls["oidc"] = self._local("oidc")
        return urls

    def environment(self, role: Role) -> dict[str, str]:
        smtp, bounces, sms = self.given.smtp_url, self.given.bounces_url, self.given.sms_url
        everything = {
            "OMEA_ENVIRONMENT": "sandbox",
            "DATABASE_URL": self._database_url(role),
            "TEMPORAL_ADDRESS": self._temporal_address,
            "TEMPORAL_NAMESPACE": self.given.temporal_namespace,
            "TASK_QUEUE": self.given.task_queue,
            "OMEA_BUILD_ID": self.given.build_id or "",
            **self._stripe(),
            **self._anydesk(),
            **self._oidc(),
            "SMTP_URL": smtp.get_secret_value() if smtp else f"smtp://{LOOPBACK}:{self.ports['smtp']}",
            # The sandbox's mailbox takes every mail at once, and none comes back.
            "BOUNCES_URL": bounces.get_secret_value() if bounces else "",
            # No part of the sandbox takes SMS: they are sent, and spoken of, where somebody names a provider.
            "SMS_URL": sms.get_secret_value() if sms else "",
            "MAIL_FROM": "OmeaSupport <bonjour@omeasupport.example>",
            "BACK_OFFICE_MAIL": "equipe@omeasupport.example",
            **DEMO_COMPANY,
            "PAYLOAD_KEY": self.secrets.payload_key,
            "TOKEN_KEY": self.secrets.token_key,
            "PUBLIC_URL": self._local("api"),
            "TEMPORAL_UI_URL": self.urls().get("temporal_ui", ""),
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.given.otlp_endpoint or "",
            "API_HOST": LOOPBACK,
            "API_PORT": str(self.ports["api"]),
            "PACE": self.pace,
            "OPENING_HOURS": self.opening_hours,
        }
        return {name: value for name, value in everything.items() if value}

    def outside_world(self) -> Iterator[Part]:
        """Those that exist elsewhere are left out."""
        if self.given.database_url is None:
            yield self._postgres()
        if self.given.temporal_address is None:
            yield self._temporal()
        if self.given.stripe_api_key is None:
            yield self._stripe_sandbox()
        if self.given.smtp_url is None:
            yield self._mailbox()
        if self.given.oidc_issuers is None:
            yield self._issuer()

    def steps(self) -> Iterator[Part]:
        """What is run to its end, before anything of ours can work."""
        yield self._ours("setup", "owner", "deploy.cli", "setup", "--release")
        yield self._ours("seed", "owner", "deploy.cli", "seed")

    def our_processes(self) -> Iterator[Part]:
        yield self._codec()
        worker = self._ours("worker", "worker", *self.modules["worker"])
        yield dataclasses.replace(worker, ready=self._is_polling)
        api = self._ours("api", "api", *self.modules["api"])
        yield dataclasses.replace(api, ready=lambda _: answers(f"{self._local('api')}/readyz"))
        metrics = self._ours("metrics", "worker", *self.modules["metrics"])
        yield dataclasses.replace(metrics, ready=lambda _: answers(f"{self._local('metrics')}/healthz"))

    def _ours(self, name: str, role: Role, module: str, *arguments: str) -> Part:
        command = [sys.executable, "-m", module, *arguments]
        environment = process_environment() | self.environment(role)
        if name in METRICS:
            environment["METRICS_PORT"] = str(self.ports[METRICS[name]])
        # Longer than the 15 s that our processes give what they have under way.
        return Part(name, command, environment, grace_seconds=20)

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
        return self._outside("stripe", command, lambda _: answers(f"{self._local('stripe')}/dashboard"))

    def _mailbox(self) -> Part:
        command = [
            *(sys.executable, "-m", "deploy.sandbox.mailbox"),
            *("--smtp-port", str(self.ports["smtp"]), "--http-port", str(self.ports["mailbox"])),
            *("--data", str(self.var / "mailbox")),
        ]
        return self._outside("mailbox", command, lambda _: answers(f"{self._local('mailbox')}/"))

    def _issuer(self) -> Part:
        command = [
            *(sys.executable, "-m", "deploy.sandbox.oidc", "--port", str(self.ports["oidc"])),
            *("--client-secret", self.secrets.oidc_client_secret),
            *("--back", f"{self._local('api')}/v1/sign-in/with/sandbox/back"),
        ]
        return self._outside("oidc", command, lambda _: answers(f"{self._local('oidc')}/jwks"))

    def _codec(self) -> Part:
        settings = {
            "OMEA_ENVIRONMENT": "sandbox",
            "PAYLOAD_KEY": self.secrets.payload_key,
            "CODEC_PORT": str(self.ports["codec"]),
            "CODEC_UI_ORIGIN": self._local("temporal_ui"),
            "CODEC_API_URL": self._local("api"),
        }
        part = self._outside(
            "codec",
            [sys.executable, "-m", "deploy.codec_server"],
            lambda _: answers(f"{self._local('codec')}/healthz"),
        )
        return dataclasses.replace(part, environment=process_environment() | settings)

    def _is_polling(self, pid: int) -> bool:
        given = self.given
        return temporal.is_polled_by(self._temporal_address, given.temporal_namespace, given.task_queue, pid)
