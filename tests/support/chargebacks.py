"""Playing a chargeback against its workflow, as the dispatcher begins it."""

from dataclasses import dataclass
from typing import Any

from temporalio.testing import WorkflowEnvironment

from deploy.signals import begin
from domain.chargebacks import ChargebackAct, ChargebackAnswer, ChargebackRequest
from domain.deadlines import PRODUCTION
from domain.ids import chargeback_workflow_id
from domain.messages import Actor
from domain.opening_hours import ALWAYS
from tests.support.played import Played
from tests.support.postgres import Database


@dataclass
class PlayedChargeback(Played[ChargebackAnswer]):
    answer_type = ChargebackAnswer
    request: ChargebackRequest
    as_back_office: Actor

    def said(self, *, written: bool = True) -> ChargebackAct:
        text = self.written(self.as_back_office.id, "chargeback") if written else None
        return ChargebackAct(self.as_back_office, text)

    def row(self, columns: str) -> tuple[Any, ...]:
        [row] = self.database.rows(
            f"SELECT {columns} FROM chargebacks WHERE reference = %s", self.request.chargeback
        )
        return row


async def a_chargeback(
    environment: WorkflowEnvironment,
    database: Database,
    task_queue: str,
    *,
    reference: str,
    intent: str,
    as_back_office: Actor,
) -> PlayedChargeback:
    request = ChargebackRequest(reference, intent, PRODUCTION, ALWAYS)
    assert await begin(environment.client, task_queue, request, "chargeback_news")
    handle = environment.client.get_workflow_handle(chargeback_workflow_id(reference))
    return PlayedChargeback(environment, database, handle, request, as_back_office)
