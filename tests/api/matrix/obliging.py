"""Processes that do what they are asked and change nothing: what is refused, the API has refused.

What the workflows themselves refuse is looked at where they run.
"""

from datetime import timedelta
from typing import Any

from api.dependencies import Dependencies
from api.processes import RunStarted, Workflows
from api.temporal import Temporal
from domain.bank_steps import BankMessageApplied
from domain.cards import CardPageOpened
from domain.chargebacks import ChargebackAnswer, ChargebackStatus
from domain.dac7 import SellerYear
from domain.declared_years import DeclaredYear, NamedFile
from domain.messages import Answer
from domain.payees import AccountPageOpened
from domain.payouts import PayoutRunProgress
from domain.refunds import RefundAnswer, RefundStatus
from domain.tickets import Status
from tests.api.frontend import MORNING


class Obliging(Workflows):
    def __init__(self, given: Dependencies) -> None:
        super().__init__(Temporal(given.temporal), given.task_queue, given.public_url)

    async def temporal_answers(self) -> bool:
        return True

    async def has_worker(self) -> bool:
        return True

    async def act(self, *_: Any, **__: Any) -> Answer:
        return Answer(Status.SCHEDULED)

    async def act_on_refund(self, *_: Any, **__: Any) -> RefundAnswer:
        return RefundAnswer(RefundStatus.OPEN)

    async def act_on_chargeback(self, *_: Any, **__: Any) -> ChargebackAnswer:
        return ChargebackAnswer(ChargebackStatus.TO_ANSWER)

    async def answer_contest(self, *_: Any, **__: Any) -> None:
        pass

    async def open_card_page(self, *_: Any, **__: Any) -> CardPageOpened:
        return CardPageOpened("cs_1", "https://checkout.example/cs_1")

    async def open_account_page(self, *_: Any, **__: Any) -> AccountPageOpened:
        return AccountPageOpened("https://connect.example/1", MORNING + timedelta(minutes=5))

    async def run_payouts(self, *_: Any, **__: Any) -> RunStarted:
        return RunStarted(None)

    async def payout_progress(self, *_: Any, **__: Any) -> PayoutRunProgress:
        return PayoutRunProgress(1, 2, ())

    async def apply_bank_message(self, *_: Any, **__: Any) -> BankMessageApplied:
        return BankMessageApplied()

    async def take_back(self, *_: Any, **__: Any) -> None:
        pass

    async def send_sign_in_link(self, *_: Any, **__: Any) -> None:
        pass

    async def open_erasure(self, *_: Any, **__: Any) -> None:
        pass

    async def withdraw_erasure(self, *_: Any, **__: Any) -> None:
        pass

    async def send_admission_letter(self, *_: Any, **__: Any) -> None:
        pass


class BlankPapers:
    """Setting a page takes a second, and says nothing of who may have it."""

    def declaration(self, declared: DeclaredYear, sequence: int) -> NamedFile:
        return NamedFile(f"{declared.year}-{sequence}.xml", b"<x/>")

    def statement(self, declared: DeclaredYear, one: SellerYear) -> NamedFile:
        return NamedFile(f"{declared.year}.pdf", b"%PDF-1.7")
