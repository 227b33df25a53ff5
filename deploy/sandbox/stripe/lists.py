"""Lists of objects, newest first, a page at a time."""

from typing import Any

from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.store import Condition

DEFAULT_LIMIT = 10
MAXIMUM_LIMIT = 100
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def page(call: Call, object_: str, url: str, *filters: Condition, **fields: Any) -> StripeObject:
    """The page that `limit`, `starting_after`, `ending_before` and `created` ask for.

    `fields` are equalities; those that are None do not filter.
    """
    conditions = [*filters, *_created(call.get("created"))]
    conditions += [(f"body ->> '$.{name}' = ?", value) for name, value in fields.items() if value is not None]
    limit = _limit(call.get("limit", DEFAULT_LIMIT))
    backwards = "ending_before" in call.parameters
    if backwards:
        conditions.append(("sequence > ?", _sequence(call, object_, "ending_before")))
    if "starting_after" in call.parameters:
        conditions.append(("sequence < ?", _sequence(call, object_, "starting_after")))
    found = call.store.select_where(object_, conditions, oldest_first=backwards, limit=limit + 1)
    shown = found[:limit]
    return list_of(shown[::-1] if backwards else shown, url, has_more=len(found) > limit)


def list_of(objects: list[StripeObject], url: str, *, has_more: bool = False) -> StripeObject:
    return {"object": "list", "data": objects, "has_more": has_more, "url": url}


def _limit(limit: int) -> int:
    if not 1 <= limit <= MAXIMUM_LIMIT:
        bound = "greater than or equal to 1" if limit < 1 else f"less than or equal to {MAXIMUM_LIMIT}"
        raise InvalidParameter(
            f"This value must be {bound}.", code="parameter_invalid_integer", param="limit"
        )
    return limit


def _sequence(call: Call, object_: str, param: str) -> int:
    row = call.store.connection.execute(
        "SELECT sequence FROM objects WHERE id = ? AND object = ?", (call.get(param), object_)
    ).fetchone()
    if row is None:
        raise InvalidParameter(
            f"No such {object_.replace('_', ' ')}: '{call.get(param)}'", code="resource_missing", param=param
        )
    sequence: int = row["sequence"]
    return sequence


def _created(created: Any) -> list[Condition]:
    """`created` is a moment, or bounds named gt, gte, lt, lte."""
    if created is None:
        return []
    if isinstance(created, int):
        return [("created = ?", created)]
    return [(f"created {_COMPARISONS[bound]} ?", moment) for bound, moment in created.items()]
