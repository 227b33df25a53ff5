"""Known vulnerabilities of what the locks name: pip-audit asks a service; what was accepted is left out."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# To connect, and to wait for one answer.
SECONDS_TO_ANSWER = 5
# For all of them; there is a question for each package, one after the other.
SECONDS_FOR_ALL = 90
# Raised by the client or by what reads the answers: nothing was learnt. Anything else is a fault of ours.
NO_ANSWER = re.compile(
    r"^(?:requests\.exceptions\.|pip_audit\._service\.interface\.|ERROR:pip_audit\._cli:Could not connect).*",
    re.MULTILINE,
)


class Unreachable(Exception):
    """No service of advisories answered; its text is why, in one line."""


@dataclass(frozen=True)
class Advisory:
    """`names` are all its identifiers; `fixed_in` is empty while no version is known to be sound."""

    package: str
    version: str
    names: frozenset[str]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "not fixed yet"
        return f"{self.package} {self.version}: {', '.join(sorted(self.names))}, {fixed}"


@dataclass(frozen=True)
class Accepted:
    """An advisory that does not concern us, and why; `until` is the last day on which we say so."""

    name: str
    reason: str
    until: date


def audit(locks: Sequence[Path], kept_in: Path, service: str | None = None) -> list[Advisory]:
    """`kept_in` is an empty folder, `service` the address of another service than pip-audit's own. Raises
    `Unreachable`."""
    said = kept_in / "audit.json"
    command = [sys.executable, "-m", "pip_audit", *(f"--requirement={lock}" for lock in locks)]
    command += ["--require-hashes", "--disable-pip", "--vulnerability-service=osv", "--progress-spinner=off"]
    command += [f"--timeout={SECONDS_TO_ANSWER}", f"--cache-dir={kept_in / 'cache'}", "--format=json"]
    command += [f"--output={said}", *([f"--osv-url={service}"] if service else [])]
    environment = {**os.environ, "NO_PROXY": f"127.0.0.1,{os.environ.get('NO_PROXY', '')}"}
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS_FOR_ALL, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreachable(f"the service of advisories took more than {SECONDS_FOR_ALL} seconds") from None
    if said.exists():
        return [
            Advisory(
                one["name"],
                one["version"],
                frozenset({known["id"], *known["aliases"]}),
                tuple(known["fix_versions"]),
            )
            for one in json.loads(said.read_text())["dependencies"]
            for known in one.get("vulns", [])
        ]
    why = NO_ANSWER.search(ran.stderr)
    if why is None:
        raise RuntimeError(f"pip-audit ended with {ran.returncode}:\n{ran.stderr}")
    raise Unreachable(f"the service of advisories does not answer: {why.group()}")


def accepted_in(file: Path) -> list[Accepted]:
    said = tomllib.loads(file.read_text())
    return [Accepted(one["name"], one["reason"], one["until"]) for one in said.get("accepted", [])]


def not_accepted(found: Sequence[Advisory], accepted: Collection[Accepted], today: date) -> list[Advisory]:
    names = {one.name for one in accepted if today <= one.until}
    return [one for one in found if not one.names & names]
