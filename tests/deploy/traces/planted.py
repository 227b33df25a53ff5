"""Somebody who exists nowhere else, and each thing known of her in the ways in which it gets written."""

import base64
import html
import json
import quopri
import unicodedata
import urllib.parse
from collections.abc import Callable
from datetime import UTC, date, datetime

from activities.gateways.payments import ReceivingDetails
from deploy.demo.scenes import Ending, Scene
from deploy.demo.traces.looked_for import (
    code_needles,
    different,
    link_secrets,
    person_needles,
    scene_needles,
    secret_needles,
)
from deploy.demo.traces.needles import Needle
from deploy.demo_people import DemoPerson
from domain.tickets import Role

SOMEBODY = DemoPerson(
    Role.TECHNICIAN,
    "Zélie Château",
    "zelie.chateau@example.fr",
    details=ReceivingDetails(
        first_name="Zélie",
        last_name="Château",
        mail="zelie.chateau@example.fr",
        phone="+33612345699",
        birth_date=date(1991, 8, 23),
        street="7 allée des Érables",
        postal_code="69003",
        city="Lyon",
        iban="FR1420041010050500013M02606",
        terms_accepted_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        terms_accepted_from="192.0.2.10",
    ),
    siren="000000034",
    tax_number="0000000003003",
)
SCENE = Scene(
    client=SOMEBODY.mail,
    technician=SOMEBODY.mail,
    skill="internet",
    description="L'écran s'éteint dès que ma fille branche sa clé rouge, et rien n'y fait.",
    phone="06 12 34 56 99",
    anydesk_id="1 234 567 891",
    card="4242424242424242",
    ceiling_minutes=30,
    worked_minutes=10,
    declared_minutes=10,
    report="Pilote de l'écran réinstallé ; câble à changer.",
    ending=Ending.SATISFIED,
)
LINK = "https://omea.example/v1/reviews/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.Lx9_-QmZ?lang=fr"
BEARER = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5In0.aQ-_27xWv"
CODE = "4071"
NEEDLES: list[Needle] = different(
    [
        *person_needles(SOMEBODY),
        *scene_needles(SCENE),
        *code_needles([CODE]),
        *secret_needles("jeton ou cookie de connexion", [BEARER]),
        *secret_needles("jeton d'un lien", link_secrets(f"Ouvrir : {LINK}.")),
    ]
)

# Each kind of thing, and the ways in which people and programs write it.
PLANTED: dict[str, tuple[str, ...]] = {
    "nom": (
        "Zélie",
        "Château",
        "Zélie Château",
        "CHÂTEAU Zélie",
        "zelie_chateau",
        "zeliechateau",
        "M. Chateau",
    ),
    "adresse mail": ("zelie.chateau@example.fr", "Zelie.Chateau@Example.fr", "<zelie.chateau@example.fr>"),
    "téléphone": (
        *(
            "0612345699",
            "06 12 34 56 99",
            "06.12.34.56.99",
            "06-12-34-56-99",
            "06\u00a012\u00a034\u00a056\u00a099",
        ),
        *("+33612345699", "+33 6 12 34 56 99", "+33 (0)6 12 34 56 99", "0033612345699", "tel:612345699"),
    ),
    "identifiant AnyDesk": ("1234567891", "1 234 567 891", "1-234-567-891"),
    "adresse": ("7 allée des Érables", "7, allee des erables", "7_ALLÉE_DES_ÉRABLES"),
    "date de naissance": ("1991-08-23", "23/08/1991", "19910823"),
    "IBAN": (
        "FR1420041010050500013M02606",
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr14-2004-1010-0505-0001-3m02-606",
    ),
    "SIREN": ("000000034", "000 000 034"),
    "numéro fiscal": ("0000000003003", "00 00 000 003 003"),
    "carte": ("4242424242424242", "4242 4242 4242 4242"),
    "texte libre": (
        SCENE.description,
        "… dès que ma fille branche sa clé rouge…",
        "PILOTE DE L’ÉCRAN RÉINSTALLÉ",
        SCENE.report[:30],
    ),
    "code de séance": (
        f"code {CODE}",
        f'{{"client_code": "{CODE}"}}',
        f"the codes read were 2958 and {CODE}",
        f"'{CODE}'",
    ),
    "jeton ou cookie de connexion": (BEARER, f"Authorization: Bearer {BEARER}"),
    "jeton d'un lien": (LINK, "GET /v1/reviews/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.Lx9_-QmZ 404"),
}


def _in_line(text: str, before: str) -> str:
    return base64.b64encode(f"{before}{text}, et la suite".encode()).decode()


# How something gets written where it was not meant to be seen.
WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in the middle of a line": lambda text: (
        f"2026-11-27 17:42:15,860 WARNING worker: «{text}» refused [9436]"
    ),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "JSON": lambda text: json.dumps({"said": text}),
    "JSON in JSON": lambda text: json.dumps({"inside": json.dumps({"said": text})}),
    "JSON that is UTF-8": lambda text: json.dumps([text], ensure_ascii=False),
    "Python's bytes": lambda text: repr(text.encode()),
    "Python's ascii": ascii,
    "octal": lambda text: "".join(chr(b) if 32 <= b < 127 else f"\\{b:03o}" for b in text.encode()),
    "URL": urllib.parse.quote,
    "URL's form": urllib.parse.quote_plus,
    "URL in full": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "URL, Latin-1": lambda text: urllib.parse.quote(text, encoding="latin-1", errors="replace"),
    "HTML": html.escape,
    "HTML by number": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "a mail's quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "a mail's base64": lambda text: base64.encodebytes(
        f"{'Bonjour. ' * 20}{text}{' Merci.' * 20}".encode()
    ).decode(),
    "read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "read as Windows does": lambda text: text.encode().decode("cp1252", errors="ignore"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, one further": lambda text: _in_line(text, "; "),
    "base64, two further": lambda text: _in_line(text, ": "),
    "base64 after a path": lambda text: f"payload/{base64.b64encode(text.encode()).decode()}",
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"?>~{text}".encode()).decode().rstrip("="),
    "base64 of JSON": lambda text: json.dumps(
        {"data": base64.b64encode(json.dumps({"a": text}).encode()).decode()}
    ),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(f"({text})".encode())).decode(),
    "hexadecimal": lambda text: "\\x" + text.encode().hex(),
    "hexadecimal, capitals": lambda text: f"0x{text.encode().hex().upper()}",
}
