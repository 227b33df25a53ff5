"""Of the export of one's own data: what a technician earned and was paid."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from db.models.bank import BankOrder
from db.models.contests import StatementContest
from db.models.disputes import GainRuling
from db.models.money import Gain
from db.models.payees import Payee
from db.models.payouts import GainClaim, Payout, Statement
from db.models.people import Technician
from db.models.refunds import RefundCase, RefundGainRuling
from db.models.reversals import TransferReversal
from db.models.tickets import Session, Submission
from db.reads.export_account import Query
from db.reads.people import KnownPerson

PAYEE = [
    *(Payee.series, Payee.legal_name, Payee.siren, Payee.vat_number, Payee.street, Payee.postal_code),
    *(Payee.city, Payee.is_company, Payee.first_name, Payee.last_name, Payee.birth_date, Payee.tax_number),
    *(Payee.mandate, Payee.mandate_signed_at, Payee.vigilance_until, Payee.rail, Payee.iban),
    *(Payee.wanted_rail, Payee.wanted_iban, Payee.wanted_at),
    *(Payee.account_ready, Payee.account_missing, Payee.account_asked_at),
]


def earnings(person: KnownPerson) -> dict[str, Query]:
    me = person.id
    own = select(Statement.key).where(Statement.technician_id == me)
    numbers = select(Statement.number).where(Statement.technician_id == me)
    asked, answered = aliased(Submission), aliased(Submission)
    return {
        "payee": select(Technician.account_reference, Technician.vetted_at, Technician.suspended_at, *PAYEE)
        .select_from(Technician)
        .outerjoin(Payee, Payee.technician_id == Technician.id)
        .where(Technician.id == me),
        "gains": select(
            Gain.ticket,
            Gain.session,
            Gain.number,
            Gain.slices,
            Gain.amount_cents,
            Gain.month,
            Gain.accepted_at,
            Statement.number.label("statement"),
        )
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .outerjoin(Statement, Statement.key == GainClaim.statement)
        .where(Gain.technician_id == me)
        .order_by(Gain.accepted_at, Gain.id),
        "gain_rulings": select(GainRuling.ticket, GainRuling.session, GainRuling.kind, GainRuling.minutes)
        .join(Session, and_(Session.ticket == GainRuling.ticket, Session.number == GainRuling.session))
        .where(Session.technician_id == me)
        .order_by(GainRuling.ticket, GainRuling.session),
        "refund_gain_rulings": select(
            RefundCase.ticket, RefundGainRuling.session, RefundGainRuling.kind, RefundGainRuling.minutes
        )
        .join(
            RefundCase,
            and_(RefundCase.invoice == RefundGainRuling.invoice, RefundCase.n == RefundGainRuling.n),
        )
        .join(
            Session,
            and_(Session.ticket == RefundCase.ticket, Session.number == RefundGainRuling.session),
        )
        .where(Session.technician_id == me)
        .order_by(RefundCase.ticket, RefundGainRuling.session),
        "statements": select(
            Statement.number,
            Statement.month,
            Statement.issued_at,
            Statement.total_cents,
            Statement.vat_bp,
            Statement.vat_cents,
            Payout.status,
            Payout.rail,
            Payout.transfer,
            Payout.paid_at,
        )
        .outerjoin(Payout, Payout.key == Statement.key)
        .where(Statement.technician_id == me)
        .order_by(Statement.sequence),
        "bank_orders": select(
            BankOrder.reference,
            BankOrder.name,
            BankOrder.iban,
            BankOrder.amount_cents,
            BankOrder.state,
            BankOrder.ordered_at,
            BankOrder.settled_on,
            BankOrder.closed_at,
        )
        .where(BankOrder.payout.in_(own))
        .order_by(BankOrder.ordered_at),
        "transfer_reversals": select(
            TransferReversal.transfer, TransferReversal.amount_cents, TransferReversal.at
        )
        .where(TransferReversal.payout.in_(own))
        .order_by(TransferReversal.at),
        "contests": select(
            StatementContest.statement,
            StatementContest.tickets,
            asked.body["text"].astext.label("text"),
            StatementContest.asked_at,
            answered.body["text"].astext.label("answer"),
            StatementContest.outcome,
            StatementContest.answered_at,
        )
        .join(asked, asked.id == StatementContest.submission_id)
        .outerjoin(answered, answered.id == StatementContest.answer_id)
        .where(StatementContest.statement.in_(numbers))
        .order_by(StatementContest.asked_at),
    }
