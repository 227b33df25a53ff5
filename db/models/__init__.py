"""The tables, a file a subject. Importing this package registers them all."""

from db.models import inbox, money, payouts, people, tickets

__all__ = ["inbox", "money", "payouts", "people", "tickets"]
