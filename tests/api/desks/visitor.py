"""Somebody with a browser and no script: reads pages, fills in forms as they are on the page."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from lxml import html
from sqlalchemy import event

from api import cookies
from domain.french import NBSP
from domain.sign_ins import fingerprint
from tests.api.browsers import OURS, SIGN_IN
from tests.api.frontend import Frontend
from tests.support.people import a_sign_in

ACCEPTS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Signing in is one of them.
MOST_QUERIES = 5


@dataclass
class Visitor:
    """`answer` is that of the last request, redirections followed."""

    api: Frontend
    cookie: str | None
    answer: httpx.Response

    async def open(self, path: str) -> "Visitor":
        return await self._ask("GET", path)

    async def send(
        self, action: str, images: Sequence[tuple[str, bytes, str]] = (), /, **typed: str
    ) -> "Visitor":
        """The form of the page that leads there, with these fields typed over what is in it. An image is its
        name, its content and its type."""
        return await self._ask("POST", action, self.form(action) | typed, images)

    def form(self, action: str) -> dict[str, str]:
        """What that form of the page would send as it is."""
        found = [one for one in self._page().forms if one.get("action", self.path) == action]
        assert found, f"no form leads to {action} from {self.path}: {self.text}"
        return {name: str(value).removeprefix("\n") for name, value in found[0].form_values()}

    async def _ask(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        images: Sequence[tuple[str, bytes, str]] = (),
    ) -> "Visitor":
        self.api.http.cookies.clear()
        headers = {"Accept": ACCEPTS, **(OURS if method == "POST" else {})}
        if self.cookie is not None:
            headers["Cookie"] = f"{SIGN_IN}={self.cookie}"
        files = [("images", image) for image in images]
        self.answer = await self.api.http.request(method, path, data=fields, files=files, headers=headers)
        target = self.answer.headers.get("location", "")
        if self.answer.status_code == 303 and target.startswith("/"):
            return await self._ask("GET", target)
        return self

    @property
    def path(self) -> str:
        return self.answer.url.path

    @property
    def text(self) -> str:
        """What is read on the page, spaces as one types them."""
        page = self._page()
        for block in page.xpath(
            "//main//*[not(self::a or self::b or self::strong or self::span or self::time)]"
        ):
            block.tail = f" {block.tail or ''}"
        words = page.xpath("string(//main)")
        return re.sub(r"\s+", " ", words.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ")).strip()

    @property
    def title(self) -> str:
        return str(self._page().xpath("string(//h1)")).strip()

    def wrong(self) -> dict[str, str]:
        """The sentence beside each field that has one."""
        found = self._page().xpath("//*[@class='wrong']")
        return {one.get("id").removesuffix("-erreur"): one.text.replace(NBSP, " ") for one in found}

    def choices(self, name: str) -> list[str]:
        """The values that may be chosen there."""
        return [str(one) for one in self._page().xpath(f"//input[@type='radio'][@name='{name}']/@value")]

    def options(self, name: str) -> list[str]:
        """The values of that list."""
        return [str(one) for one in self._page().xpath(f"//select[@name='{name}']/option/@value")]

    def button(self, words: str) -> str:
        """The value of the one button that says so."""
        [value] = self._page().xpath(f"//main//button[contains(., '{words}')]/@value")
        return str(value)

    def links(self) -> list[str]:
        return [str(one) for one in self._page().xpath("//main//a/@href")]

    def actions(self) -> list[str]:
        return [str(one) for one in self._page().xpath("//main//form/@action")]

    def _page(self) -> Any:
        return html.document_fromstring(self.answer.text)


def a_visitor(api: Frontend, person: str | None) -> Visitor:
    """Signed in, unless nobody is named."""
    secret = None
    if person is not None:
        secret = cookies.new_secret()
        sign_in = a_sign_in(api.database, person, api.clock())
        api.database.execute(
            "UPDATE sign_ins SET secret_hash = %s WHERE id = %s", fingerprint(secret), sign_in
        )
    return Visitor(api, secret, httpx.Response(200))


@contextmanager
def counted_queries(api: Frontend, asked: list[str] | None = None) -> Iterator[list[str]]:
    """What the API asks of Postgres meanwhile, but for its transactions and for saying who asks. It is added
    to those `asked`, if they are given."""
    asked = [] if asked is None else asked

    def saw(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "set_config" not in statement and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(statement)

    engine = api.given.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", saw)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", saw)


async def page_of(api: Frontend, person: str, path: str) -> Visitor:
    """The page, which must be whole, in French, and found with few questions."""
    visitor = a_visitor(api, person)
    with counted_queries(api) as asked:
        await visitor.open(path)
    assert visitor.answer.status_code == 200, visitor.answer.text
    assert len(asked) <= MOST_QUERIES, asked
    looks_right(visitor.answer)
    return visitor


def tells_its_zone(words: str) -> bool:
    """Whether the zone of the hours is said, where there is one, or a length that could be taken for one."""
    return not re.search(r"\d\s(?:h|heures?)\b", words) or bool(re.search(r"heure\sde\sParis", words))


def looks_right(answer: httpx.Response) -> None:
    """What every page owes: one title, fields with labels, no id to read, nothing that its policy forbids."""
    page = html.document_fromstring(answer.text)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("string(/html/@lang)") == "fr"
    assert not page.xpath("//style | //*[@style] | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), ids
    # The same form may be there twice.
    forms = {(one.get("action"), tuple(one.form_values())) for one in page.forms if "key" in one.fields}
    commands = [(action, dict(fields)["key"]) for action, fields in forms]
    assert len(commands) == len(set(commands)), "two forms that would be one command"
    for described in page.xpath("//@aria-describedby | //@aria-labelledby"):
        assert set(described.split()) <= set(ids), described
    for field in page.xpath("//input[not(@type='hidden')] | //textarea | //select"):
        assert field.get("id") in page.xpath("//label/@for") or field.xpath("ancestor::label"), html.tostring(
            field
        )
    words = page.xpath("string(//body)")
    assert "'" not in words, words
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", words)
    assert tells_its_zone(words), words
    assert not re.search(r"[\w»] [:;?!»]|« ", words), re.search(r".{20}(?:[\w»] [:;?!»]|« ).{20}", words)
