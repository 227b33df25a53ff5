"""Which technicians may be given clients; the rule is `domain/vetting.py`."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from db.models.payees import Payee
from db.models.people import Technician


def may_be_given_clients(day: date) -> tuple[ColumnElement[bool], ...]:
    """To filter `Technician` and `Payee` by: vetted, and with papers that are good on that day. Those of
    before there was any vetting gave no papers until their sums wanted them."""
    without_papers = and_(Payee.vigilance_until.is_(None), Technician.vetted_by.is_(None))
    return Technician.vetted_at.is_not(None), or_(Payee.vigilance_until >= day, without_papers)
