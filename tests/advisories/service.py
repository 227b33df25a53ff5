"""Plays a service of advisories: the questions and answers of https://google.github.io/osv.dev/post-v1-query/."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Service:
    """`known` are the advisories by package. `asked` is what it was asked about: package and version."""

    known: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""


def an_advisory(package: str, name: str, *aliases: str, fixed_in: str | None = None) -> dict[str, Any]:
    events = [{"introduced": "0"}, *([{"fixed": fixed_in}] if fixed_in else [])]
    return {
        "id": name,
        "aliases": list(aliases),
        "summary": "Reads beyond the end of a picture.",
        "affected": [
            {
                "package": {"name": package, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
    }


@contextmanager
def running_service() -> Iterator[Service]:
    service = Service()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            package = question["package"]["name"]
            service.asked.append((package, question["version"]))
            known = service.known.get(package)
            content = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(service.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Said to nobody."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    service.url = f"http://127.0.0.1:{server.server_port}/v1/query"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
