"""What every desk stands on: the stylesheet, the way home, the live events."""

from typing import Any

import pytest
from lxml import html

from api.assets import ASSETS, VERSION, address_of
from api.desks import live
from api.pages import _environment
from tests.api.desks.visitor import ACCEPTS, a_visitor, page_of
from tests.api.frontend import Frontend
from tests.api.rows import a_ticket, insert
from tests.support.people import a_client, a_person, a_technician


async def test_what_pages_load_is_kept_for_ever_under_its_fingerprint(api: Frontend) -> None:
    for name, asset in ASSETS.items():
        answer = await api.http.get(address_of(name))
        assert answer.content == asset.content
        assert answer.headers["content-type"] == asset.media_type
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        other = await api.http.get(address_of(name).replace(VERSION, "0" * len(VERSION)))
        assert (other.content, other.headers["cache-control"]) == (asset.content, "no-store")
    assert (await api.http.get(f"/static/page.{VERSION}.css")).status_code == 404


async def test_the_first_page_is_that_of_ones_role(api: Frontend) -> None:
    for person, home in (
        (a_client(api.database), "/demandes"),
        (a_technician(api.database), "/agenda"),
        (a_person(api.database, "back_office"), "/files"),
    ):
        answer = await api.http.get("/", headers=api.signed_in(person))
        assert (answer.status_code, answer.headers["location"]) == (303, home)


async def test_a_live_page_may_run_our_script_and_no_other(api: Frontend) -> None:
    shown = await page_of(api, a_client(api.database), "/demandes")
    assert shown.answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert f'<script src="{address_of("omea.js")}" defer></script>' in shown.answer.text


async def events(api: Frontend, path: str, person: str, last: str = "") -> list[str]:
    """All of the stream, until it ends by itself."""
    headers = {**api.signed_in(person), **({"Last-Event-ID": last} if last else {})}
    answer = await api.http.get(path, headers=headers)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    return answer.text.split("\n\n")[:-1]


@pytest.fixture
def three_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LASTS", 3 * live.LOOKS_EVERY)
    monkeypatch.setattr(live, "LOOKS_EVERY", live.LOOKS_EVERY / 1000)
    monkeypatch.setattr(live, "LASTS", 3 * live.LOOKS_EVERY)


@pytest.mark.usefixtures("three_looks")
async def test_what_has_changed_is_told_once(api: Frontend, monkeypatch: pytest.MonkeyPatch) -> None:
    client = a_client(api.database)
    number = a_ticket(api.database, client, a_technician(api.database))
    looked: list[Any] = []
    look = live._look

    async def acting(*asked: Any) -> str | None:
        """Something happens before the third look."""
        looked.append(asked)
        if len(looked) == 3:
            entry = {"ticket": number, "key": "k", "at": api.clock(), "actor_id": client, "act": "cancel"}
            roles = {"actor_role": "client", "before": "scheduled", "after": "closed"}
            insert(api.database, "journal", **entry, **roles)
        return await look(*asked)

    monkeypatch.setattr(live, "_look", acting)
    retry, first, second = await events(api, "/demandes/suivi", client)
    assert retry == "retry: 2000"
    assert first == "id: 0.000000\nevent: version\ndata: 0.000000"
    version = second.removeprefix("id: ").partition("\n")[0]
    assert second == f"id: {version}\nevent: version\ndata: {version}"
    assert len(looked) == 3
    assert await events(api, "/demandes/suivi", client, last=version) == ["retry: 2000"]


@pytest.mark.usefixtures("three_looks")
async def test_it_ends_with_the_sign_in(api: Frontend, monkeypatch: pytest.MonkeyPatch) -> None:
    client, look = a_client(api.database), live._look

    async def after_signing_out(*asked: Any) -> str | None:
        api.database.execute("UPDATE sign_ins SET revoked_at = now() WHERE person_id = %s", client)
        return await look(*asked)

    monkeypatch.setattr(live, "_look", after_signing_out)
    assert await events(api, "/demandes/suivi", client) == ["retry: 2000", "event: over\ndata: "]


def test_the_components_escape_what_they_show_and_a_table_folds_by_its_labels() -> None:
    """Those that no page of the client needs."""
    shown = _environment.from_string(
        '{% import "desk/parts.html.j2" as parts %}'
        '{{ parts.table("Les gains", [("Demande", ""), ("Montant", "right")], lines) }}'
        '{{ parts.badge("<retenu>", "stop") }}'
    ).render(lines=[["4829 1573", "<b>8,00 €</b>"]])
    page = html.document_fromstring(shown)
    assert page.xpath("//caption/text()") == ["Les gains"]
    assert page.xpath("//td/@data-label") == ["Demande", "Montant"]
    assert page.xpath("//td[@class='right']/text()") == ["<b>8,00 €</b>"]
    assert page.xpath("//span[@class='badge stop']/text()") == ["<retenu>"]


@pytest.mark.usefixtures("three_looks")
async def test_a_page_that_is_left_open_is_no_use_of_a_sign_in(api: Frontend) -> None:
    """Or a colleague's would never end by itself."""
    visitor = a_visitor(api, a_client(api.database))
    cookie = {"Cookie": f"__Host-sign_in={visitor.cookie}"}
    api.clock.advance(minutes=10)
    seen = "SELECT seen_at FROM sign_ins"
    for by_itself in ({"Accept": "text/event-stream"}, {"Accept": ACCEPTS, "X-Omea-Live": "1"}):
        before = api.database.rows(seen)
        assert (await api.http.get("/demandes/suivi", headers=cookie | by_itself)).status_code == 200
        assert api.database.rows(seen) == before
    await visitor.open("/demandes")
    assert api.database.rows(seen) == [(api.clock(),)]


async def test_an_empty_list_says_how_to_begin(api: Frontend) -> None:
    visitor = await page_of(api, a_client(api.database), "/demandes")
    assert "Aucune demande pour l’instant" in visitor.text
    assert "/demandes/nouvelle" in visitor.links()


async def test_a_key_is_that_of_one_command_for_each_place_to_which_it_is_sent(api: Frontend) -> None:
    """A page that comes back has it in each of its forms."""
    client = a_client(api.database)
    visitor = await a_visitor(api, client).open("/compte")
    await visitor.send("/compte/nom", name="Claire Petit-Martin", key="a key")
    assert (visitor.answer.status_code, visitor.path) == (200, "/compte")
    await visitor.send("/compte/nom", name="Claire Martin", key="a key")
    assert "Ce formulaire a déjà été envoyé avec d’autres réponses." in visitor.text
    await visitor.open("/compte/messages")
    await visitor.send("/compte/messages", key="a key")
    assert (visitor.answer.status_code, visitor.path) == (200, "/compte/messages")
    assert api.database.rows("SELECT name FROM people WHERE id = %s", client) == [("Claire Petit-Martin",)]
    assert api.database.rows("SELECT count(*) FROM message_preferences") == [(1,)]
