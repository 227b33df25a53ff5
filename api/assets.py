"""The few files that our pages load: one stylesheet, one script, one icon. All are ours.

Their address has the fingerprint of what they hold, so that browsers keep them for ever and yet never use an
old one.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Asset:
    media_type: str
    content: bytes


ASSETS: dict[str, Asset] = {
    # Its parts, in the order of their names, are one file for browsers.
    "omea.css": Asset(
        "text/css; charset=utf-8",
        b"\n".join(part.read_bytes() for part in sorted((STATIC / "style").glob("*.css"))),
    ),
    "omea.js": Asset("text/javascript; charset=utf-8", (STATIC / "omea.js").read_bytes()),
    "omea.svg": Asset("image/svg+xml", (STATIC / "omea.svg").read_bytes()),
}
VERSION = hashlib.sha256(b"\n".join(asset.content for asset in ASSETS.values())).hexdigest()[:16]


def address_of(name: str) -> str:
    """As `asset_of` understands it."""
    stem, ending = name.split(".")
    return f"/static/{stem}.{VERSION}.{ending}"


def asset_of(address: str) -> tuple[Asset | None, bool]:
    """What is at the end of an address, and whether it is what its fingerprint says. A page of another
    release than this process's, while they are replaced, gets what there is here."""
    stem, _, rest = address.partition(".")
    version, _, ending = rest.partition(".")
    return ASSETS.get(f"{stem}.{ending}"), version == VERSION
