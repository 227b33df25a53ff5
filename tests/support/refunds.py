"""Playing a refund case against its workflow."""

from dataclasses import dataclass
from typing import Any

from domain.messages import Actor
from domain.refunds import RefundAnswer, RefundAsked, RefundKind, RefundRequest, RefundRuled
from domain.rulings import GainRuling
from tests.support.people import a_submission
from tests.support.played import Played
from tests.support.tickets import PlayedTicket
from workflows.refund.starting import start_options
from workflows.refund.workflow import RefundWorkflow


@dataclass
class PlayedRefund(Played[RefundAnswer]):
    answer_type = RefundAnswer
    request: RefundRequest
    as_back_office: Actor

    def ruled(self, kind: str, *gains: GainRuling, minutes: int | None = None) -> RefundRuled:
        reason = self.written(self.as_back_office.id, "refund_ruling")
        return RefundRuled(self.as_back_office, RefundKind(kind), reason, gains, minutes)

    def case(self, columns: str) -> tuple[Any, ...]:
        [row] = self.database.rows(
            f"SELECT {columns} FROM refund_cases WHERE invoice = %s AND n = %s",
            self.request.invoice,
            self.request.n,
        )
        return row


async def a_refund(
    ticket: PlayedTicket, task_queue: str, *, n: int = 1, wait: bool = True, actor: Actor | None = None
) -> PlayedRefund:
    """Asked by the client of a paid ticket, unless somebody else asks; `wait` until it is open."""
    [(invoice,)] = ticket.database.rows("SELECT number FROM invoices WHERE ticket = %s", ticket.number)
    client = ticket.request.client_id
    request = RefundRequest(
        invoice=str(invoice),
        n=n,
        ticket=ticket.number,
        client_id=client,
        actor=actor or ticket.as_client,
        submission_id=a_submission(ticket.database, client, "refund", reason="Toujours en panne."),
        deadlines=ticket.request.deadlines,
        hours=ticket.request.hours,
    )
    handle = await ticket.environment.client.start_workflow(
        RefundWorkflow.run, request, task_queue=task_queue, **start_options(request)
    )
    refund = PlayedRefund(ticket.environment, ticket.database, handle, request, ticket.as_back_office)
    if wait:
        await refund.act("opened", RefundAsked(request.submission_id))
    return refund
