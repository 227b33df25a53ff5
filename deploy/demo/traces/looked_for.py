"""All that is known of the people of the demonstration, and what opened doors while it was played."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from deploy.demo.scenes import Scene
from deploy.demo.traces.needles import (
    Needle,
    Secret,
    ShortCode,
    Words,
    name_needles,
    number_needle,
    phone_needle,
    text_needles,
)
from deploy.demo_people import DemoPerson

# Shorter, a part of an address is a word or the number of something.
SHORTEST_TOKEN = 20
# Names a row and opens nothing.
IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def person_needles(person: DemoPerson) -> Iterator[Needle]:
    yield from name_needles(person.name)
    yield Words.of("adresse mail", person.mail)
    for kind, number in (("SIREN", person.siren), ("numéro fiscal", person.tax_number)):
        if number is not None:
            yield number_needle(kind, number)
    if (details := person.details) is not None:
        yield from name_needles(f"{details.first_name} {details.last_name}")
        yield Words.of("adresse mail", details.mail)
        yield phone_needle(details.phone)
        yield number_needle("IBAN", details.iban)
        yield Words.of("adresse", details.street)
        yield from _date_needles(details.birth_date)


def _date_needles(day: date) -> Iterator[Needle]:
    for way in ("%Y-%m-%d", "%d/%m/%Y"):
        yield Words.of("date de naissance", day.strftime(way))


def scene_needles(scene: Scene) -> Iterator[Needle]:
    yield phone_needle(scene.phone)
    yield number_needle("identifiant AnyDesk", scene.anydesk_id)
    yield number_needle("carte", scene.card)
    for text in (scene.description, scene.report, scene.words):
        if text:
            yield from text_needles(text)


def code_needles(codes: Iterable[str]) -> Iterator[Needle]:
    """Those that the two people of a session read to each other."""
    return (ShortCode("code de séance", code) for code in codes)


def secret_needles(kind: str, secrets: Iterable[str]) -> Iterator[Needle]:
    return (Secret(kind, secret) for secret in secrets)


def link_secrets(text: str) -> Iterator[str]:
    """What makes the links of a text open something: the long parts of their paths and their parameters."""
    for url in re.findall(r"https?://[^\s<>\"']+", text):
        parts = urlsplit(url.rstrip(".,;:)"))
        pieces = [*parts.path.split("/"), parts.fragment, *(value for _, value in parse_qsl(parts.query))]
        for piece in pieces:
            if len(piece) >= SHORTEST_TOKEN and not IDENTIFIER.fullmatch(piece):
                yield piece


def different(needles: Iterable[Needle]) -> list[Needle]:
    """Each once: people share texts, and names are parts of names."""
    return list(dict.fromkeys(needles))
