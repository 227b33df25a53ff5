"""What each person may see of a refund: a client what they asked and get, the team all of it."""

from api import french
from api.shapes.common import Labelled
from api.shapes.disputes import GainRuled
from api.shapes.refunds import RefundRuled, RefundView
from db.reads.refunds import CaseFile
from domain.tickets import Role


def seen_case(file: CaseFile, role: Role) -> RefundView:
    """Finance reads no texts: they are between the client and the back office."""
    case = file.case
    texts = role is not Role.FINANCE
    return RefundView(
        number=case.n,
        status=Labelled(code=case.status, label=french.REFUNDS[case.status]),
        reason=file.text(case.submission_id) if texts else None,
        asked_at=case.opened_at,
        ruling=_ruling(file, role),
        failure=case.failure if role is not Role.CLIENT else None,
        closed_at=case.closed_at,
    )


def _ruling(file: CaseFile, role: Role) -> RefundRuled | None:
    case = file.case
    if case.kind is None or case.ruled_at is None:
        return None
    return RefundRuled(
        kind=Labelled(code=case.kind, label=french.REFUND_RULINGS[case.kind]),
        minutes=case.minutes,
        amount_cents=case.amount_cents or 0,
        credit_note=case.credit_note,
        reason=file.text(case.ruling_id) if role is Role.BACK_OFFICE else None,
        gains=[
            GainRuled(
                session=one.session,
                kind=Labelled(code=one.kind, label=french.GAIN_RULINGS[one.kind]),
                minutes=one.minutes,
            )
            for one in file.gains
        ]
        if role is not Role.CLIENT
        else None,
        ruled_at=case.ruled_at,
    )
