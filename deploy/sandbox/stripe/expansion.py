"""What is shown of an object: fields that depend on the moment, and ids replaced by objects (`expand`)."""

import json

from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.evidence_fields import EVIDENCE_FILES
from deploy.sandbox.stripe.store import Store

# Field → the kinds of object that its id may name.
EXPANDABLE: dict[str, tuple[str, ...]] = {
    "balance_transaction": ("balance_transaction",),
    "charge": ("charge",),
    "customer": ("customer",),
    "default_payment_method": ("payment_method",),
    "destination": ("account",),
    "latest_charge": ("charge",),
    "payment_intent": ("payment_intent",),
    "payment_method": ("payment_method",),
    "setup_intent": ("setup_intent",),
    "failure_balance_transaction": ("balance_transaction",),
    "source": ("charge", "transfer", "transfer_reversal", "refund", "dispute", "payout"),
    "source_transaction": ("charge",),
    "transfer": ("transfer",),
} | dict.fromkeys(EVIDENCE_FILES, ("file",))
MAXIMUM_DEPTH = 4


def shown(store: Store, object_: StripeObject, now: int) -> StripeObject:
    """A copy with the fields that time or deliveries change."""
    copy: StripeObject = json.loads(json.dumps(object_))
    for part in _parts(copy):
        if part.get("object") == "balance_transaction":
            part["status"] = "available" if part["available_on"] <= now else "pending"
        if part.get("object") == "event":
            part["pending_webhooks"] = _pending(store, part["id"])
    return copy


def expand(store: Store, object_: StripeObject, paths: list[str], now: int) -> StripeObject:
    for index, path in enumerate(paths):
        steps = path.split(".")
        if len(steps) > MAXIMUM_DEPTH:
            raise InvalidParameter(
                f"You cannot expand more than {MAXIMUM_DEPTH} levels of a property. Property: {path}",
                code="property_expansion_max_depth",
                param=f"expand[{index}]",
            )
        _expand(store, object_, steps, path, f"expand[{index}]")
    return shown(store, object_, now)


def _expand(store: Store, object_: StripeObject, steps: list[str], path: str, param: str) -> None:
    step, *rest = steps
    if step not in object_ or (step not in EXPANDABLE and not isinstance(object_[step], dict | list)):
        raise InvalidParameter(f"This property cannot be expanded ({path}).", param=param)
    if isinstance(object_[step], str):
        object_[step] = _find(store, step, object_[step])
    if not rest:
        return
    value = object_[step]
    for inner in value if isinstance(value, list) else [value]:
        if isinstance(inner, dict):
            _expand(store, inner, rest, path, param)


def _find(store: Store, field: str, id_: str) -> StripeObject | str:
    for kind in EXPANDABLE[field]:
        if found := store.find(kind, id_):
            return found
    return id_


def _parts(value: object) -> list[StripeObject]:
    """The object and all that it contains."""
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    if not isinstance(value, dict):
        return []
    return [value, *(part for item in value.values() for part in _parts(item))]


def _pending(store: Store, event: str) -> int:
    row = store.connection.execute(
        "SELECT count(*) AS pending FROM deliveries WHERE event = ? AND state = 'waiting'", (event,)
    ).fetchone()
    pending: int = row["pending"]
    return pending
