"""Whether the database remembers what a step has done."""

from collections.abc import Iterable

from activities.billing import NO_CARD
from db.models.payouts import HANDED_OVER
from db.reads.recovery import Memory
from db.stores.payouts.transfers import NOTHING_SENT
from deploy.recovery.histories import Step
from domain.billing_steps import PaymentState
from domain.ids import ticket_of_workflow
from domain.ledger import transfer_sent
from domain.refunds import TransferState
from domain.ticket_steps import Act
from domain.tickets import Status

# Those whose act is journalled under its key whenever they have answered.
JOURNALLED = frozenset(
    {
        *("book", "record_consent", "record_reason", "start_session", "end_session", "file_report"),
        *("record_review", "suspend", "suspend_without_dispute", "resume", "close", "change_status"),
        *("accept", "resettle", "open_refund", "rule_refund", "send_refund", "settle_refund"),
        *("acknowledge", "record_call", "take_over", "answer_chargeback", "concede_chargeback"),
    }
)

# They enter whatever the provider tells of something; whether there was anything new no answer says.
LOOKS = frozenset({"look_at_transfers", "look_at_excess", "look_at_account"})


def act_of(step: Step) -> Act | None:
    """The act that a step was asked to do, if it is one."""
    message = step.message
    if isinstance(message, Act):
        return message
    act = getattr(message, "act", None)
    return act if isinstance(act, Act) else None


def is_remembered(step: Step, memory: Memory) -> bool:
    """True as well for what was never to be remembered: a look, a mail, a refusal that changed nothing."""
    message, result, act = step.message, step.result, act_of(step)
    match step.name:
        case name if name in JOURNALLED:
            return act is not None and _did(act, memory)
        case "find_technician":
            return not result.changed or _did(message.act, memory)
        case "extend":
            return not result.extended or _did(message.act, memory)
        case "charge_invoice":
            return result.withheld or result.refusal == NO_CARD or _did(message.act, memory)
        case "check_payment" | "drop_charge" | "write_off":
            ended = result.state in {PaymentState.PAID, PaymentState.WAIVED, PaymentState.WRITTEN_OFF}
            return not ended or memory.tickets.get(message.act.ticket) is Status.CLOSED
        case "check_refund":
            sent = f"{message.invoice}:{message.n}:{message.attempt}"
            later = {TransferState.SENT: ("sent", "failed"), TransferState.FAILED: ("failed",)}
            states = later.get(result.state)
            return states is None or any(memory.knows("refunds", f"{sent}:{state}") for state in states)
        case "read_session_log":
            about = f"{message.act.ticket}:{message.session}"
            return result.minutes is None or memory.knows("logged", about)
        case "make_document":
            return memory.knows("documents", message.number)
        case "look_at_chargeback":
            seen = (result.ticket, f"chargeback:{message.chargeback}:{result.status.value}")
            known = memory.knows("chargebacks", message.chargeback)
            return result.ticket is None or (known and (not result.is_settled or seen in memory.acts))
        case "open_card_page":
            return memory.knows("customers", message.client_id)
        case "save_card":
            # Of whom the provider was asked to forget no card is known, and rightly.
            saved_at = memory.cards.get(message.client_id)
            gone = memory.knows("gone", message.client_id)
            return not result or gone or (saved_at is not None and saved_at >= step.began)
        case _:
            return _of_payouts(step, memory) and _of_people(step, memory)


def forgotten(steps: Iterable[Step], memory: Memory) -> list[Step]:
    """In the order in which they were done. Of the time of which other steps are forgotten the last look at
    each thing is among them: taken again it enters what is missing, or changes nothing. An earlier one would
    see what came after it, and before what was asked meanwhile."""
    done = [step for step in steps if step.done]
    lost = [step for step in done if not is_remembered(step, memory)]
    since = min((step.at for step in lost), default=None)
    if since is not None:
        looks = sorted((one for one in done if one.name in LOOKS and one.at >= since), key=lambda one: one.at)
        last = {(one.name, one.workflow): one for one in looks}
        lost += [one for one in last.values() if not _looked_again(one, memory)]
    return sorted(lost, key=lambda step: (step.at, step.workflow, step.event))


def _looked_again(step: Step, memory: Memory) -> bool:
    at = memory.done_again.get(f"{step.workflow} {step.name} {step.event}")
    return at is not None and at > step.at


def _did(act: Act, memory: Memory) -> bool:
    return (act.ticket, act.key) in memory.acts


def _of_payouts(step: Step, memory: Memory) -> bool:
    message, result = step.message, step.result
    match step.name:
        case "open_run":
            return memory.knows("runs", message.request.key)
        case "finish_run":
            return memory.knows("finished_runs", message.key)
        case "claim":
            return all(payout.key in memory.payouts for payout in result.payouts)
        case "record_transfer":
            sent = message.payout
            known = memory.payouts.get(sent.key)
            posting = transfer_sent(sent.key, message.transfer, sent.technician_id, sent.amount_cents)
            return known is not None and posting.key in known.transfers
        case "record_transfer_refusal":
            known = memory.payouts.get(message.payout.key)
            return message.refusal in NOTHING_SENT or (
                known is not None
                and (known.status in HANDED_OVER or known.attempts >= message.payout.attempt)
            )
        case "order_transfer":
            return result.ordered is None or memory.knows("orders", result.ordered)
        case "make_transfer_file":
            return result.message_id is None or memory.knows("files", result.message_id)
        case "apply_bank_message":
            return memory.knows("bank_messages", message.sha256)
        case "take_back_transfer":
            return memory.knows("reversals", message.key)
        case _:
            return True


def _of_people(step: Step, memory: Memory) -> bool:
    message = step.message
    match step.name:
        case "open_account":
            return memory.knows("accounts", step.result)
        case "open_erasure":
            return memory.knows("erasures", step.result.key)
        case "withdraw_erasure":
            return memory.knows("withdrawn", message.key)
        case "erase_person":
            return bool(step.result.outstanding) or memory.knows("erased", message.key)
        case "record_contest":
            return memory.knows("contests", message.statement)
        case "answer_contest":
            return memory.knows("answered", message.statement)
        case _:
            return True


def ticket_of(step: Step) -> str | None:
    """The ticket that a step is about, if one."""
    act = act_of(step)
    if act is not None:
        return act.ticket
    if step.name == "look_at_chargeback" and step.done:
        return step.result.ticket if step.result.ticket else None
    return ticket_of_workflow(step.workflow) if step.workflow.startswith("ticket/") else None
