"""The tables, a file a subject. Importing this package registers them all."""

from db.models import (
    attachments,
    availability,
    chargebacks,
    disputes,
    documents,
    invariants,
    money,
    notifications,
    payouts,
    people,
    provider,
    refunds,
    requests,
    session_logs,
    tickets,
    webhooks,
)

__all__ = [
    "attachments",
    "availability",
    "chargebacks",
    "disputes",
    "documents",
    "invariants",
    "money",
    "notifications",
    "payouts",
    "people",
    "provider",
    "refunds",
    "requests",
    "session_logs",
    "tickets",
    "webhooks",
]
