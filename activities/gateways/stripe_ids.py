"""What is kept of a Stripe object: ids, its own and those of what it belongs to. Never the object itself."""

from datetime import UTC, datetime
from typing import Any

from activities.gateways.payments import ProviderEntry, ProviderEvent

# What we write on Stripe's objects, and the references between them. All are ids.
OURS = ("invoice", "ticket", "payout", "technician", "client", "card_page", "refund")
THEIRS = {"payment_intent": "intent", "charge": "charge", "transfer": "transfer"}


def ids_of(subject: dict[str, Any]) -> dict[str, str]:
    """Some objects have no id of their own: the balance is one."""
    found = {"object": str(subject["id"])} if subject.get("id") else {}
    metadata = subject.get("metadata") or {}
    found |= {name: str(metadata[name]) for name in OURS if name in metadata}
    return found | {
        ours: subject[name] for name, ours in THEIRS.items() if isinstance(subject.get(name), str)
    }


def event_of(event: dict[str, Any]) -> ProviderEvent:
    """The same whether Stripe sent it or was asked for it. Raises as a mapping does that is no event."""
    return ProviderEvent(str(event["id"]), str(event["type"]), ids_of(event["data"]["object"]))


def entry_of(entry: dict[str, Any]) -> ProviderEntry:
    """A balance transaction, whose `source` was expanded: one that Stripe cannot expand stays an id."""
    source = entry["source"]
    return ProviderEntry(
        id=entry["id"],
        # Of an adjustment the type says nothing; its category does.
        kind=entry["reporting_category"] if entry["type"] == "adjustment" else entry["type"],
        amount_cents=entry["amount"],
        fee_cents=entry["fee"],
        net_cents=entry["net"],
        subject=ids_of(source if isinstance(source, dict) else {"id": source}),
        created_at=datetime.fromtimestamp(entry["created"], UTC),
    )
