"""What an SMS says: one short sentence or two, of when and who, in the letters that every telephone has."""

import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from db.reads.notice_facts import NoticeFacts
from domain import french
from domain.ids import format_ticket_number
from domain.notices import Notice
from domain.tickets import Role

HERE = Path(__file__).parent / "sms"
# One message of that alphabet (3GPP 23.038) has 160 letters; with any other letter, 70, and each costs.
LETTERS = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
LONGEST = 160
# A name may be any length, and the hour must be read.
LONGEST_NAME = 20
# What the Temporal UI shows of the process that sends it.
SUMMARY = "Message par SMS"
DETAILS = "Envoyé entre 8 h et 21 h (heure de Paris), puis abandonné à l’heure du rendez-vous."


def text_of(notice: Notice, role: Role, facts: NoticeFacts) -> str:
    """At most `LONGEST` letters. Names nobody but the technician to the client, by first name."""
    name = french.first_name(french.one_line(facts.technician.name)) if facts.technician else ""
    words = {
        "appointment_start": facts.appointment_start,
        "first_name": name[:LONGEST_NAME],
        "ticket": format_ticket_number(facts.ticket),
    }
    return in_letters(_environment().get_template(f"{notice}.{role}.j2").render(words))


def in_letters(text: str) -> str:
    """With what is not in that alphabet replaced by the nearest."""
    return "".join(letter if letter in LETTERS else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    if letter == "’":
        return "'"
    bare = unicodedata.normalize("NFKD", letter)[:1]
    return bare if bare in LETTERS else "?"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=False,  # noqa: S701  # plain text
        undefined=StrictUndefined,
    )
    environment.filters.update({"hour": french.hour, "short_moment": french.short_moment})
    return environment
