"""Transfers to connected accounts, and their reversals."""

from deploy.sandbox.stripe import lists, metadata
from deploy.sandbox.stripe.amounts import currency, euros, positive_amount
from deploy.sandbox.stripe.balance import record_transaction, require_available
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import (
    InvalidParameter,
    RequestRefused,
    StripeObject,
    missing_parameter,
    no_such,
)
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id

SIMULATED = (
    "amount",
    "currency",
    "description",
    "destination",
    "expand",
    "metadata",
    "source_transaction",
    "transfer_group",
)
SIMULATED_FOR_REVERSALS = ("amount", "description", "expand", "metadata")
# Stripe shows the ten latest reversals on the transfer itself.
REVERSALS_SHOWN = 10


def create(call: Call) -> StripeObject:
    if "amount" not in call.parameters:
        raise missing_parameter("amount")
    amount = positive_amount(call.get("amount"))
    money = currency(call.get("currency"))
    account = call.store.find("account", call.get("destination"))
    if account is None:
        refusal = no_such("destination", call.get("destination"), "destination")
        raise InvalidParameter(refusal.message, code=refusal.code, param=refusal.param)
    if account["capabilities"].get("transfers") != "active":
        raise RequestRefused(
            "Your destination account needs to have at least one of the following capabilities enabled: "
            "transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    charge = call.given("charge", "source_transaction")
    available_on = call.now
    if charge is None:
        require_available(call, amount)
    else:
        available_on = _require_left_on_charge(call, charge, amount)
    transfer = _new_transfer(call, amount, money, account["id"], charge)
    transaction = record_transaction(
        call,
        "transfer",
        -amount,
        transfer["id"],
        available_on=available_on,
        description=transfer["description"],
    )
    transfer["balance_transaction"] = transaction["id"]
    call.store.insert(transfer)
    record_event(call, "transfer.created", transfer)
    return transfer


def retrieve(call: Call) -> StripeObject:
    return call.named("transfer", "transfer")


def update(call: Call) -> StripeObject:
    transfer = call.named("transfer", "transfer")
    if "description" in call.parameters:
        transfer["description"] = call.text("description")
    transfer["metadata"] = metadata.merged(transfer["metadata"], call.get("metadata"))
    call.store.save(transfer)
    record_event(call, "transfer.updated", transfer)
    return transfer


def list_transfers(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("destination", "transfer_group")}
    return lists.page(call, "transfer", "/v1/transfers", **fields)


def create_reversal(call: Call) -> StripeObject:
    transfer = call.named("transfer", "transfer")
    left = transfer["amount"] - transfer["amount_reversed"]
    if left == 0:
        raise RequestRefused(f"Transfer {transfer['id']} is already fully reversed.", param="id")
    amount = positive_amount(call.get("amount", left))
    if amount > left:
        raise RequestRefused(
            f"Reversal amount ({euros(amount)}) is greater than unreversed amount on transfer "
            f"({euros(left)})",
            param="amount",
        )
    reversal = _new_reversal(call, transfer, amount)
    transaction = record_transaction(
        call, "transfer_refund", amount, reversal["id"], description=call.get("description")
    )
    reversal["balance_transaction"] = transaction["id"]
    call.store.insert(reversal)
    _note_reversal(call, transfer, amount)
    return reversal


def retrieve_reversal(call: Call) -> StripeObject:
    transfer = call.named("transfer", "transfer")
    reversal = call.named("transfer_reversal", "id")
    if reversal["transfer"] != transfer["id"]:
        raise no_such("transfer reversal", reversal["id"])
    return reversal


def list_reversals(call: Call) -> StripeObject:
    transfer = call.named("transfer", "transfer")
    url = f"/v1/transfers/{transfer['id']}/reversals"
    return lists.page(call, "transfer_reversal", url, transfer=transfer["id"])


def _require_left_on_charge(call: Call, charge: StripeObject, amount: int) -> int:
    """A transfer tied to a charge needs no available balance, and becomes final with the charge."""
    if charge["status"] != "succeeded":
        raise RequestRefused(
            f"The charge {charge['id']} is not in a state that allows a transfer.", param="source_transaction"
        )
    earlier = call.store.select("transfer", source_transaction=charge["id"])
    sent = sum(transfer["amount"] for transfer in earlier)
    if sent + amount > charge["amount"]:
        raise RequestRefused(
            "Transfers using this transaction as a source must not exceed the source amount of "
            f"{euros(charge['amount'])}. (There is already a total of {euros(sent)} transferred)",
            param="amount",
        )
    transaction = call.store.find("balance_transaction", charge["balance_transaction"])
    return call.now if transaction is None else max(call.now, transaction["available_on"])


def _new_transfer(
    call: Call, amount: int, money: str, destination: str, charge: StripeObject | None
) -> StripeObject:
    transfer_id = new_id("tr")
    charge_group = charge["transfer_group"] if charge else None
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": call.now,
        "currency": money,
        "description": call.get("description"),
        "destination": destination,
        "destination_payment": new_id("py"),
        "livemode": False,
        "metadata": metadata.merged(None, call.get("metadata")),
        "reversals": lists.list_of([], f"/v1/transfers/{transfer_id}/reversals"),
        "reversed": False,
        "source_transaction": charge["id"] if charge else None,
        "source_type": "card",
        "transfer_group": call.get("transfer_group") or charge_group,
    }


def _new_reversal(call: Call, transfer: StripeObject, amount: int) -> StripeObject:
    return {
        "id": new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": call.now,
        "currency": transfer["currency"],
        "destination_payment_refund": new_id("pyr"),
        "metadata": metadata.merged(None, call.get("metadata")),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _note_reversal(call: Call, transfer: StripeObject, amount: int) -> None:
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    reversals = call.store.select("transfer_reversal", transfer=transfer["id"])
    transfer["reversals"] |= {
        "data": reversals[:REVERSALS_SHOWN],
        "has_more": len(reversals) > REVERSALS_SHOWN,
    }
    call.store.save(transfer)
    record_event(call, "transfer.reversed", transfer)
