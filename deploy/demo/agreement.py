"""Whether everything that was read agrees: tickets, invoices, charges, gains, transfers and the ledger.

Each rule compares two stores that know nothing of each other. A disagreement is a French sentence with the
numbers concerned.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from deploy.demo.evidence import Evidence


def disagreements(found: Evidence) -> list[str]:
    """Empty when everything agrees."""
    rules = (_tickets, _invoices, _charges, _gains, _statements, _transfers, _ledger)
    return [sentence for rule in rules for sentence in rule(found)]


def _by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def _tickets(found: Evidence) -> Iterator[str]:
    """A paid ticket has an invoice and a gain; any other that was never accepted has neither."""
    for ticket in found.tickets:
        status = ticket["status"]["code"]
        accepted = status in {"invoiced", "unpaid"} or (ticket["outcome"] or {}).get("code") == "paid"
        if accepted != (ticket["invoice"] is not None) or accepted != (ticket["gain"] is not None):
            yield f"demande {ticket['number']} ({status}) : facture ou gain qui ne va pas avec son état"


def _invoices(found: Evidence) -> Iterator[str]:
    """The amounts follow from the reported slices at the price frozen on the ticket."""
    tickets = _by(found.tickets, "number")
    for number, times in Counter(invoice["number"] for invoice in found.invoices).items():
        if times > 1:
            yield f"facture {number} : donnée {times} fois"
    for invoice in found.invoices:
        ticket = tickets[invoice["ticket"]]
        prices, slices = ticket["prices"], ticket["report"]["billed_slices"]
        due = slices * prices["slice_price_ttc_cents"]
        split = invoice["total_ht_cents"] + invoice["total_vat_cents"]
        if (invoice["slices"], invoice["total_ttc_cents"], split) != (slices, due, due):
            yield f"facture {invoice['number']} : {invoice['total_ttc_cents']} au lieu de {due} centimes"
        paid = (invoice["payment"] or {}).get("code") == "paid"
        if paid != (ticket["status"]["code"] == "closed"):
            yield f"facture {invoice['number']} : son paiement ne va pas avec l'état de la demande"


def _charges(found: Evidence) -> Iterator[str]:
    """One intent per invoice at Stripe, of its amount, paid exactly where we say so."""
    intents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for intent in found.intents:
        intents[intent["metadata"].get("invoice", "")].append(intent)
    for invoice in found.invoices:
        of_invoice = intents.pop(invoice["number"], [])
        paid = (invoice["payment"] or {}).get("code") == "paid"
        collected = [intent["amount_received"] for intent in of_invoice if intent["status"] == "succeeded"]
        if collected != ([invoice["total_ttc_cents"]] if paid else []) or len(of_invoice) > 1:
            yield f"facture {invoice['number']} : encaissé {collected} chez Stripe"
    for number in intents:
        yield f"Stripe a un paiement pour la facture {number or '?'} qui n'existe pas"


def _gains(found: Evidence) -> Iterator[str]:
    """One gain a session, by its billed slices at the rate frozen on the ticket."""
    gains = {(gain["ticket"], gain["session"]): gain for gain in found.gains}
    if len(gains) != len(found.gains):
        yield "une séance a deux gains"
    for ticket in found.tickets:
        if ticket["gain"] is None:
            continue
        gain = gains.pop((ticket["number"], ticket["gain"]["session"]), None)
        due = ticket["report"]["billed_slices"] * ticket["prices"]["slice_gain_ht_cents"]
        if gain is None or {gain["amount_cents"], ticket["gain"]["amount_cents"]} != {due}:
            yield f"demande {ticket['number']} : gain différent des {due} centimes dus"
    for number, session in gains:
        yield f"gain de la demande {number}, séance {session}, sans intervention acceptée"


def _statements(found: Evidence) -> Iterator[str]:
    """Each statement is the sum of its gains; each gain is on the one statement it names."""
    claimed = {
        (gain["ticket"], gain["session"]): (statement["key"], gain["amount_cents"])
        for statement in found.statements
        for gain in statement["gains"]
    }
    if len(claimed) != sum(len(statement["gains"]) for statement in found.statements):
        yield "un gain est sur deux relevés"
    for statement in found.statements:
        total = sum(gain["amount_cents"] for gain in statement["gains"])
        if total != statement["total_cents"]:
            yield f"relevé {statement['key']} : {statement['total_cents']} au lieu de {total} centimes"
    for gain in found.gains:
        expected = (gain["statement"], gain["amount_cents"]) if gain["statement"] else None
        if claimed.get((gain["ticket"], gain["session"])) != expected:
            yield f"gain de la demande {gain['ticket']} : le relevé dit autre chose"


def _transfers(found: Evidence) -> Iterator[str]:
    """One standing transfer at Stripe for each paid statement, of its amount; none for anything else."""
    sent: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for transfer in found.transfers:
        if not transfer["reversed"]:
            net = transfer["amount"] - transfer["amount_reversed"]
            sent[transfer["transfer_group"]].append((transfer["id"], net))
    for statement in found.statements:
        payout = statement["payout"]
        paid = payout["status"]["code"] == "paid"
        expected = [(payout["transfer"], statement["total_cents"])] if paid else []
        if (actual := sent.pop(statement["key"], [])) != expected:
            yield f"relevé {statement['key']} : viré {actual} chez Stripe, attendu {expected}"
    for key in sent:
        yield f"Stripe a un virement {key} sans relevé"


def _ledger(found: Evidence) -> Iterator[str]:
    """Each account of the ledger, computed anew from the other stores."""
    expected = expected_balances(found)
    for account in sorted(expected.keys() | found.ledger.keys()):
        if (actual := found.ledger.get(account, 0)) != (due := expected.get(account, 0)):
            yield f"compte {account} : {actual} au lieu de {due} centimes"


def expected_balances(found: Evidence) -> dict[str, int]:
    """What the ledger must say, from the documents and from Stripe's own balance (debit positive)."""
    clients = {ticket["number"]: ticket["client"]["id"] for ticket in found.tickets}
    balances: defaultdict[str, int] = defaultdict(int)
    for invoice in found.invoices:
        paid = (invoice["payment"] or {}).get("code") == "paid"
        balances["706"] -= invoice["total_ht_cents"]
        balances["44571" if paid else "44574"] -= invoice["total_vat_cents"]
        if not paid:
            balances[f"411:{clients[invoice['ticket']]}"] += invoice["total_ttc_cents"]
    for gain in found.gains:
        balances["611"] += gain["amount_cents"]
        if gain["statement"] is None:
            balances[f"4081:{gain['technician_id']}"] -= gain["amount_cents"]
    for statement in found.statements:
        if statement["payout"]["status"]["code"] != "paid":
            balances[f"401:{statement['technician']['id']}"] -= statement["total_cents"]
    for entry in found.balance_transactions:
        balances["5112"] += entry["net"]
        balances["627"] += entry["fee"]
    return {account: cents for account, cents in balances.items() if cents}
