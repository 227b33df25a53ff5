"""A mailbox that is read over POP3 (RFC 1939), one reader at a time."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """`mails` by their lasting names. `hurt` is asked before each command is answered, and may raise.
    `commands` are those that came, without what follows them."""

    mails: dict[str, bytes] = field(default_factory=dict)
    password: str = "secret"
    hurt: Callable[[str], None] = lambda _: None
    commands: list[str] = field(default_factory=list)
    url: str = ""


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        mailbox = self.server.mailbox
        # The one before may have hung up without our having noticed yet.
        if not self.server.lock.acquire(timeout=5):
            self._say("-ERR [IN-USE] somebody else reads")
            return
        try:
            self._say("+OK")
            self._names, self._gone = list(mailbox.mails), set[str]()
            while line := self.rfile.readline().decode().split():
                command, *rest = line
                mailbox.commands.append(command)
                try:
                    mailbox.hurt(command)
                except ConnectionError:
                    return
                self._answer(command, rest)
                if command == "QUIT":
                    return
        finally:
            self.server.lock.release()

    def _answer(self, command: str, rest: list[str]) -> None:
        mailbox = self.server.mailbox
        match command, rest:
            case "PASS", [word] if word != mailbox.password:
                self._say("-ERR who are you?")
            case "LIST", []:
                self._say("+OK", *(f"{n} {len(mailbox.mails[name])}" for n, name in self._numbered()), ".")
            case "UIDL", []:
                self._say("+OK", *(f"{n} {name}" for n, name in self._numbered()), ".")
            case "RETR", [number]:
                lines = mailbox.mails[self._names[int(number) - 1]].decode("latin-1").split("\r\n")
                self._say("+OK", *(f".{line}" if line.startswith(".") else line for line in lines), ".")
            case "DELE", [number]:
                self._gone.add(self._names[int(number) - 1])
                self._say("+OK")
            case "QUIT", []:
                for name in self._gone:
                    mailbox.mails.pop(name)
                self._say("+OK")
            case _:
                self._say("+OK")

    def _numbered(self) -> list[tuple[int, str]]:
        return list(enumerate(self._names, 1))

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode("latin-1"))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mailbox, self.lock = mailbox, threading.Lock()


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with _Server(mailbox) as server:
        mailbox.url = f"pop3://omea:{mailbox.password}@127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
