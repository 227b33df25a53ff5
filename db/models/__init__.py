"""The tables, a file a subject. Importing this package registers them all."""

from db.models import (
    availability,
    disputes,
    money,
    notifications,
    payouts,
    people,
    requests,
    tickets,
    webhooks,
)

__all__ = [
    "availability",
    "disputes",
    "money",
    "notifications",
    "payouts",
    "people",
    "requests",
    "tickets",
    "webhooks",
]
