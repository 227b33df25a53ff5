"""The files that a stack leaves in `var/`, and what its parts say of themselves in figures."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import httpx

from deploy.demo.frontend import patiently
from deploy.demo.traces.searched import Search

# The only things in `var/` that may know people: the databases of ours and of the outside world, its mailbox,
# and the sandbox's own keys. Whatever else appears there is read, whatever its name.
STORES = (
    "postgres/*",
    "stripe.sqlite*",
    "mailbox/*",
    "secrets.json",
    "stack.json*",
    "stack.lock",
)
# Read wherever it is, in a store as well.
LOGS = ("*.log", "*.log.*", "*/log/*", "*/pg_log/*")


def left_files(var: Path) -> Iterator[Path]:
    """Every file in `var` that is a log or no store."""
    for path in sorted(var.rglob("*")):
        name = path.relative_to(var).as_posix()
        is_store = any(fnmatch(name, store) for store in STORES)
        if (not is_store or any(fnmatch(name, log) for log in LOGS)) and path.is_file():
            yield path


def look_through_files(search: Search, var: Path, besides: Path | None = None) -> None:
    """Reads them one by one, all but `besides`. One that is gone by then is no trace. Raises OSError for
    one that cannot be read."""
    for path in left_files(var):
        if besides is not None and path.resolve() == besides.resolve():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        search.look(f"var/{path.relative_to(var).as_posix()}", content)
        search.counts["files"] += 1
        search.counts["bytes"] += len(content)


async def look_through_metrics(search: Search, urls: Mapping[str, str]) -> None:
    """Asks every part that listens for its metrics; those that have none say so."""
    async with httpx.AsyncClient(timeout=10) as http:
        for name, url in urls.items():
            answer = await patiently(http, "GET", f"{url}/metrics")
            if answer.status_code == httpx.codes.OK:
                labels = set(_labels(answer.text))
                search.look(f"métriques de {name}", "\n".join(sorted(labels)))
                search.counts["metrics"] += len(labels)


def _labels(text: str) -> Iterator[str]:
    """Each series without its value, and once for all the limits of a histogram: figures by themselves can be
    anybody's, and there are tens of thousands."""
    for line in text.splitlines():
        if line.startswith("#"):
            yield line
        else:
            yield re.sub(r',?le="[^"]*"', "", re.sub(r"(?:\s+[0-9.eE+-]+|\s+NaN|\s+[+-]Inf){1,2}$", "", line))
