"""What the pages of one's account say: what was just done, and on what device one is signed in."""

import re

DONE: dict[str, str] = {
    "nom": "Votre nom est changé pour les messages et les factures à venir.",
    "textes": "C’est noté : vous avez accepté les conditions en vigueur.",
    "messages": "Vos choix sont enregistrés.",
    "deconnecte": "Cet appareil est déconnecté.",
    "dissocie": "Ce compte ne sert plus à vous connecter.",
    "depart": "Votre demande de suppression est enregistrée. Un courriel vous le confirme.",
    "reste": "Vous restez : la suppression de votre compte est abandonnée.",
}

# As browsers call themselves, the more particular first: many claim to be one of the others too.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X", "Mac"),
    (r"CrOS", "Chromebook"),
    (r"Linux", "Linux"),
)


def device(said: str) -> str:
    """`Firefox sur Windows`, of what a browser says of itself."""
    browser, system = _first(BROWSERS, said), _first(SYSTEMS, said)
    if browser is None:
        return "Appareil inconnu"
    return f"{browser} sur {system}" if system else browser


def _first(kinds: tuple[tuple[str, str], ...], said: str) -> str | None:
    return next((name for pattern, name in kinds if re.search(pattern, said)), None)
