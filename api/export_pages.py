"""The export worded for reading: from its JSON shape, so that both say the same, to chapters of entries."""

from collections.abc import Iterator
from datetime import date, datetime, time

from pydantic import BaseModel

from api import french_export
from api.french_export import BODIES, FIELDS, FOR_BOTH, FOR_CLIENTS, FOR_TECHNICIANS, PARTS
from api.shapes.common import Labelled, Named
from api.shapes.export import PersonalData
from domain import french, titles
from domain.ids import format_ticket_number
from domain.own_data import Chapter, Entry, Explanation, Fact, OwnData
from domain.tickets import Role

# Of a ticket: said by others of its fields, or by the title.
NOT_WORDED = {"spoken_number", "dispute", "actions", "next", "who_calls", "taken_over", "wrong_codes"}
NOT_WORDED |= {"assignment"}


def own_data(data: PersonalData) -> OwnData:
    """Of what is empty nothing is said within an entry; a part without entries is named all the same."""
    return OwnData(
        person=data.account.name,
        mail=data.account.mail,
        made_at=data.made_at,
        explanations=tuple(Explanation(one.heading, tuple(one.paragraphs)) for one in data.explained),
        chapters=tuple(
            Chapter(PARTS[part], tuple(_entries(part, getattr(data, part))))
            for part in parts_of(Role(data.account.role.code))
        ),
    )


def parts_of(role: Role) -> list[str]:
    """The parts that may concern somebody of that role, in the order of the document."""
    match role:
        case Role.CLIENT:
            hidden = FOR_TECHNICIANS | {"own_accesses"}
        case Role.TECHNICIAN:
            hidden = FOR_CLIENTS
        case _:
            hidden = FOR_CLIENTS | FOR_TECHNICIANS | FOR_BOTH
    return [part for part in PARTS if part not in hidden]


def _entries(part: str, found: object) -> Iterator[Entry]:
    rows = found if isinstance(found, list) else [] if found is None else [found]
    for place, row in enumerate(rows, 1):
        yield Entry(_title(part, row, place), tuple(_facts(row)))


def _title(part: str, row: BaseModel, place: int) -> str:
    match part:
        case "account" | "payee":
            return ""
        case "tickets":
            return titles.request(getattr(row, "number"))  # noqa: B009
        case _:
            return french_export.numbered(place)


def _facts(row: BaseModel, within: str = "") -> Iterator[Fact]:
    for name, value in row:
        if name not in NOT_WORDED:
            yield from _fact(name, value, within)


def _fact(name: str, value: object, within: str) -> Iterator[Fact]:
    label = f"{within}{FIELDS[name]}" if name != "body" else within
    match value:
        case None | [] | "":
            return
        case Labelled() | Named() | bool() | int() | datetime() | date() | str():
            yield Fact(label, _worded(name, value))
        case dict():
            for key, text in value.items():
                yield Fact(BODIES.get(key) or f"{label} : {key}".removeprefix(" : "), str(text))
        case BaseModel():
            yield from _facts(value, f"{label} – ")
        case list() if all(isinstance(one, str) for one in value):
            yield Fact(label, ", ".join(_worded(name, one) for one in value))
        case list():
            for place, one in enumerate(value, 1):
                numbered = f"{label} {place}" if len(value) > 1 else label
                yield from _facts(one, f"{numbered} – ")
        case _:
            raise TypeError(name)


def _worded(name: str, value: object) -> str:
    match value:
        case Labelled():
            return value.label
        case Named():
            return value.name
        case bool():
            return "oui" if value else "non"
        case int() if name.endswith("_cents"):
            return french.euros(value)
        case int() if name == "vat_bp":
            return french.percent(value)
        case int() if name == "weekday":
            return french.DAYS[value]
        case datetime():
            return french.dated_moment(value)
        case date():
            return f"{value:%d/%m/%Y}"
        case str() if name in {"opens", "closes"}:
            return french.clock(time.fromisoformat(value))
        case str() if name in {"ticket", "tickets"}:
            return format_ticket_number(value)
        case _:
            return str(value)
