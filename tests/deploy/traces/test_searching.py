"""The search finds each kind of thing however it is written, and nothing in what says nothing of anybody."""

import os

import pytest

from deploy.demo.scenes import read_scenes
from deploy.demo.traces.after import problems
from deploy.demo.traces.looked_for import code_needles, different, link_secrets, person_needles, scene_needles
from deploy.demo.traces.needles import Needle, Words, words_of
from deploy.demo.traces.searched import Search
from deploy.demo_people import PEOPLE
from tests.deploy.traces.planted import CODE, LINK, NEEDLES, PLANTED, WRITINGS


def kinds_in(content: str | bytes, where: str = "var/log/worker.log") -> set[str]:
    search = Search(NEEDLES)
    search.look(where, content)
    return set().union(*search.found.values())


@pytest.mark.parametrize("kind", PLANTED)
def test_each_kind_of_thing_is_found_however_it_is_written(kind: str) -> None:
    missed = [
        (writing, text)
        for writing, write in WRITINGS.items()
        for text in PLANTED[kind]
        if kind not in kinds_in(write(text))
    ]
    assert missed == []


@pytest.mark.parametrize("kind", PLANTED)
def test_each_kind_of_thing_is_found_between_bytes_that_are_no_text(kind: str) -> None:
    """As in the file of a database, after the length of what follows."""
    for text in PLANTED[kind]:
        noise = b"\xff\xfe\x00\x9d\x12\x81"
        assert kind in kinds_in(noise + f'"{text}"'.encode() + noise), text


def test_every_needle_belongs_to_a_kind_that_is_planted() -> None:
    assert {needle.kind for needle in NEEDLES} == set(PLANTED)


@pytest.mark.parametrize(
    "innocent",
    [
        "2026-11-27 17:42:09.975 UTC [4071] LOG:  listening on port 4071, 4071 connections",
        'service_latency{operation="AddTask",status="4071ms"} 4071',
        "ticket/00000017 card/01a21e19-bddf-7072-948b-05b64356b7c8 tr_9UaMHyVR6NO9h9hBakYy7m92",
        "la châtelaine : non ; pilote de l'imprimante ; 9 allée des Érables",
        "061234569 0612345690 91234567891 14242424242424242",
        "2026-08-23 23/08/1992",
        "https://omea.example/v1/tickets/00000017?lang=fr",
    ],
)
def test_nothing_is_found_where_nobody_is_meant(innocent: str) -> None:
    for write in WRITINGS.values():
        assert kinds_in(write(innocent)) == set()


def test_noise_says_nothing_of_anybody() -> None:
    assert kinds_in(os.urandom(300_000)) == set()


def test_a_code_is_looked_for_beside_its_name_on_the_same_line_only() -> None:
    assert kinds_in(f"code: ok\nport {CODE}") == set()
    assert kinds_in(f"{CODE} is not the code") == {"code de séance"}


def test_what_opens_something_in_a_link_is_its_long_parts_and_no_identifier() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.Lx9_-QmZ"
    person = "01a21e19-bddf-7072-948b-05b64356b7c8"
    assert list(link_secrets(f'<a href="{LINK}">, http://a.example/people/{person}')) == [token]
    assert list(link_secrets(f"(https://a.example/x?ticket=17&token={token}#{token}).")) == [token, token]


def test_the_place_is_told_and_the_thing_is_not() -> None:
    search = Search(NEEDLES)
    search.look("var/log/worker.log", "Zélie Château, 06 12 34 56 99")
    search.look("var/log/zelie.log", "")
    search.look("var/log/api.log", "nothing")
    assert search.problems() == [
        "un nom ou un identifiant qui dit : nom : nom",
        "var/log/worker.log : nom, téléphone",
    ]


def test_a_search_that_has_read_nothing_proves_nothing() -> None:
    ticket = Words.of("demande", "00000017")
    search = Search(NEEDLES, landmarks=[ticket])
    assert len(problems(search, ["00000017"])) == 6
    assert len(problems(search, ["00000017"], with_metrics=False)) == 5
    search.look("historique Temporal, ticket/00000017", 'workflow_id: "ticket/00000017"')
    for sort in ("bytes", "events", "sealed payloads", "schedules", "metrics"):
        search.counts[sort] += 1
    assert problems(search, ["00000017"]) == []
    assert problems(search, ["00000029"]) == [
        "traces : la demande 00000029 n'est dans aucun des historiques relus"
    ]
    search.look("var/log/api.log", "Château")
    assert problems(search, ["00000017"]) == ["trace laissée, var/log/api.log : nom"]


def test_the_people_of_the_demonstration_can_be_told_from_the_words_of_the_service() -> None:
    names = {word for person in PEOPLE for word in words_of(person.name)}
    # Shorter ones come about by chance in what is encrypted.
    assert all(len(name) >= 5 for name in names)
    assert names.isdisjoint(words_of("Omea OmeaSupport client technician Temporal worker payload example"))


def test_all_that_the_demonstration_knows_of_its_people_is_looked_for() -> None:
    needles = different(
        [
            *(needle for person in PEOPLE for needle in person_needles(person)),
            *(needle for scene in read_scenes() for needle in scene_needles(scene)),
            *code_needles(["4071"]),
        ]
    )
    for person in PEOPLE:
        known = [person.name, person.mail, person.siren, person.tax_number]
        if person.details is not None:
            details = person.details
            known += [details.phone, details.iban, details.street, details.birth_date.isoformat()]
        _each_is_found(needles, [value for value in known if value])
    for scene in read_scenes():
        texts = [scene.description, scene.report, scene.phone, scene.anydesk_id, scene.card, scene.words]
        _each_is_found(needles, [text for text in texts if text])


def _each_is_found(needles: list[Needle], values: list[str]) -> None:
    for value in values:
        search = Search(needles)
        search.look("var/log/worker.log", f"before {value} after")
        assert search.found, value
