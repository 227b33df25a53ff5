"""The check of the demonstration: silent on books that agree, and never on any that do not."""

import copy
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from deploy.demo.agreement import disagreements
from deploy.demo.evidence import Evidence
from deploy.demo.main import _result

PAID, OPEN, SUSPENDED = "00000017", "00000028", "00000039"
THOMAS, CLAIRE = "technician-thomas", "client-claire"
KEY = f"payout:2026-11:{THOMAS}:1"
ACCEPTED = "2026-11-24T11:05:00+01:00"

Path = tuple[str | int, ...]


def a_ticket(
    number: str, status: str, outcome: str | None = None, invoice: str | None = None
) -> dict[str, Any]:
    payment = "paid" if outcome else "refused"
    accepted = invoice is not None
    return {
        "number": number,
        "status": {"code": status},
        "outcome": {"code": outcome} if outcome else None,
        "client": {"id": CLAIRE},
        "technician": {"id": THOMAS},
        "prices": {"slice_price_ttc_cents": 1500, "slice_gain_ht_cents": 800},
        "report": {"billed_slices": 2} if accepted else None,
        "invoice": {"number": invoice, "total_ttc_cents": 3000, "payment": {"code": payment}}
        if accepted
        else None,
        "gain": {"session": 1, "amount_cents": 1600, "accepted_at": ACCEPTED} if accepted else None,
    }


def an_invoice(number: str, ticket: str, payment: str) -> dict[str, Any]:
    return {
        "number": number,
        "ticket": ticket,
        "slices": 2,
        "unit_ttc_cents": 1500,
        "vat_bp": 2000,
        "total_ht_cents": 2500,
        "total_vat_cents": 500,
        "total_ttc_cents": 3000,
        "payment": {"code": payment},
    }


def a_document(invoice: str) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "number": invoice,
        "total_ttc_cents": 3000,
        "sha256": "9f86d081",
        "stored_sha256": "9f86d081",
    }


def a_gain(ticket: str, state: str, statement: str | None) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "session": 1,
        "slices": 2,
        "amount_cents": 1600,
        "accepted_at": ACCEPTED,
        "technician_id": THOMAS,
        "state": {"code": state},
        "statement": statement,
    }


def an_intent(invoice: str, ticket: str, status: str, received: int) -> dict[str, Any]:
    return {
        "amount": 3000,
        "amount_received": received,
        "currency": "eur",
        "status": status,
        "metadata": {"invoice": invoice, "ticket": ticket},
    }


def books() -> Evidence:
    """One ticket paid, its gain transferred; one invoiced, its card refused; one suspended."""
    return Evidence(
        tickets=[
            a_ticket(PAID, "closed", "paid", "F2026-000001"),
            a_ticket(OPEN, "invoiced", None, "F2026-000002"),
            a_ticket(SUSPENDED, "suspended"),
        ],
        invoices=[an_invoice("F2026-000001", PAID, "paid"), an_invoice("F2026-000002", OPEN, "refused")],
        documents=[a_document("F2026-000001"), a_document("F2026-000002")],
        gains=[a_gain(PAID, "paid", KEY), a_gain(OPEN, "payable", None)],
        statements=[
            {
                "key": KEY,
                "technician": {"id": THOMAS},
                "month": "2026-11",
                "n": 1,
                "sequence": 1,
                "total_cents": 1600,
                "payout": {"status": {"code": "paid"}, "transfer": "tr_1"},
                "gains": [{"ticket": PAID, "session": 1, "slices": 2, "amount_cents": 1600}],
            }
        ],
        ledger={
            "5112": 3000 - 70 - 1600,
            "627": 70,
            "706": -5000,
            "44571": -500,
            "44574": -500,
            f"411:{CLAIRE}": 3000,
            "611": 3200,
            f"4081:{THOMAS}": -1600,
        },
        intents=[
            an_intent("F2026-000001", PAID, "succeeded", 3000),
            an_intent("F2026-000002", OPEN, "requires_payment_method", 0),
        ],
        balance_transactions=[
            {"id": "txn_1", "amount": 3000, "fee": 70, "net": 2930, "currency": "eur"},
            {"id": "txn_2", "amount": -1600, "fee": 0, "net": -1600, "currency": "eur"},
        ],
        transfers=[
            {
                "id": "tr_1",
                "amount": 1600,
                "amount_reversed": 0,
                "reversed": False,
                "currency": "eur",
                "transfer_group": KEY,
                "metadata": {"payout": KEY},
            }
        ],
    )


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field, and everything that may be missing altogether."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def everything() -> list[Path]:
    found = books()
    return [path for store in fields(found) for path, _ in leaves(getattr(found, store.name), (store.name,))]


def at(found: Evidence, path: Path) -> Any:
    inner = getattr(found, str(path[0]))
    for key in path[1:]:
        inner = inner[key]
    return inner


def change(found: Evidence, path: Path, value: Any) -> Evidence:
    changed = copy.deepcopy(found)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def another(value: Any) -> Any:
    match value:
        case None:
            return {"code": "paid"}
        case bool():
            return not value
        case int():
            return value + 100
        case _:
            return f"{value}0"


def names(found: Evidence, path: Path) -> set[str]:
    """What a sentence about that row may call it."""
    store = str(path[0])
    if store == "ledger":
        return {str(path[1])}
    row = at(found, path[:2])
    known = {"number", "ticket", "key", "id", "statement", "transfer_group"} & row.keys()
    called = {str(row[key]) for key in known if isinstance(row[key], str)} | set(
        row.get("metadata", {}).values()
    )
    if store == "tickets":
        called |= {f"411:{row['client']['id']}"} | ({row["invoice"]["number"]} if row["invoice"] else set())
    return called | ({"5112", "627"} if store == "balance_transactions" else set())


# Only one store knows these: whose ticket it is once it is paid or while nothing is due for it, Stripe's own
# names of its entries, and a report that was not accepted.
KNOWN_ONCE: set[Path] = {
    ("tickets", 0, "client", "id"),
    *[("tickets", 2, *rest) for rest in (("number",), ("client", "id"), ("technician", "id"), ("report",))],
    *[("tickets", 2, "prices", price) for price in ("slice_price_ttc_cents", "slice_gain_ht_cents")],
    *[("balance_transactions", row, "id") for row in (0, 1)],
}


def test_books_that_agree_are_left_alone() -> None:
    assert disagreements(books()) == []


@pytest.mark.parametrize(
    "path",
    [one for one in everything() if one not in KNOWN_ONCE],
    ids=lambda path: ".".join(str(key) for key in path),
)
def test_any_field_that_is_changed_is_told(path: Path) -> None:
    before = books()
    value = at(before, path)
    corrupted = change(before, path, another(value) if value is not None else an_absent(path))
    told = disagreements(corrupted)
    called = names(before, path) | names(corrupted, path)
    assert any(name in sentence for sentence in told for name in called), told


def an_absent(path: Path) -> Any:
    """What stands where books that agree have nothing."""
    whole = a_ticket("00000017", "closed", "paid", "F2026-000001")
    return KEY if path[-1] == "statement" else whole[str(path[-1])]


REFERENCES: list[Path] = [
    *[("tickets", row, part) for row in (0, 1) for part in ("report", "invoice", "gain", "technician")],
    ("tickets", 0, "outcome"),
    ("tickets", 0, "invoice", "payment"),
    ("invoices", 0, "payment"),
    ("gains", 0, "statement"),
    ("statements", 0, "payout", "transfer"),
    ("statements", 0, "gains"),
    ("intents", 0, "metadata"),
    ("transfers", 0, "metadata"),
]


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: ".".join(str(key) for key in path))
def test_anything_that_is_missing_is_told(path: Path) -> None:
    before = books()
    empty: Any = type(at(before, path))() if path[-1] in {"gains", "metadata"} else None
    assert disagreements(change(before, path, empty)) != []


@pytest.mark.parametrize("store", [one.name for one in fields(Evidence) if one.name != "ledger"])
def test_a_row_that_is_lost_or_given_twice_is_told(store: str) -> None:
    rows = len(getattr(books(), store))
    for row in range(rows):
        if (store, row) == ("tickets", 2):
            continue  # a suspended ticket that nothing else names
        lost, twice = books(), books()
        del getattr(lost, store)[row]
        getattr(twice, store).append(copy.deepcopy(getattr(twice, store)[row]))
        assert disagreements(lost) != []
        assert disagreements(twice) != []


def test_what_is_written_is_this_demonstrations_and_the_whole_ledger() -> None:
    written = _result(books(), [OPEN, SUSPENDED], agree=True)
    assert {name: len(rows) for name, rows in written.items() if isinstance(rows, list)} == {
        "tickets": 2,
        "invoices": 1,
        "documents": 1,
        "charges": 1,
        "gains": 1,
        "transfers": 0,
    }
    assert (written["ledger"], written["agree"]) == (books().ledger, True)
    assert _result(books(), [PAID])["transfers"] == books().transfers


def test_an_account_that_is_lost_is_told() -> None:
    for account in books().ledger:
        found = books()
        del found.ledger[account]
        assert disagreements(found) == [f"compte {account} : 0 au lieu de {books().ledger[account]} centimes"]
