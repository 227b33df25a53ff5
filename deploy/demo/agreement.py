"""Whether everything that was read agrees: tickets, invoices, charges, gains, transfers and the ledger.

Each rule compares two stores that know nothing of each other. A disagreement is a French sentence with the
numbers concerned; so is something that one store names and another does not have.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from deploy.demo.evidence import Evidence, Rows
from domain.ids import payout_key
from domain.money import price_from_ttc
from domain.tickets import Outcome, Status

CURRENCY = "eur"
# What a gain is called, by the state of the transfer that pays it.
GAIN_STATES = {"to_send": "claimed", "failed": "claimed", "paid": "paid"}
# https://docs.stripe.com/payments/paymentintents/lifecycle
INTENT_STATUSES = {"processing", "requires_capture", "canceled", "succeeded"} | {
    f"requires_{step}" for step in ("payment_method", "confirmation", "action")
}


def disagreements(found: Evidence) -> list[str]:
    """Empty when everything agrees."""
    rules = (
        *(_tickets, _invoices, _documents, _charges, _gains),
        *(_statements, _series, _transfers, _balance, _ledger),
    )
    return [sentence for rule in rules for sentence in rule(found)]


def _code(labelled: dict[str, Any] | None) -> str | None:
    return labelled["code"] if labelled else None


def _id(named: dict[str, Any] | None) -> str | None:
    return named["id"] if named else None


def _by(rows: Rows, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def _repeated(rows: Rows, key: str) -> Iterator[tuple[str, int]]:
    for value, times in Counter(row[key] for row in rows).items():
        if times > 1:
            yield value, times


def _is_paid(invoice: dict[str, Any]) -> bool:
    return _code(invoice["payment"]) == "paid"


def _slices(ticket: dict[str, Any]) -> int:
    """0 without a report; `_tickets` says so."""
    return ticket["report"]["billed_slices"] if ticket["report"] else 0


def _tickets(found: Evidence) -> Iterator[str]:
    """An accepted ticket has a report, an invoice and a gain; any other has neither invoice nor gain."""
    for number, times in _repeated(found.tickets, "number"):
        yield f"demande {number} : donnée {times} fois"
    invoices = _by(found.invoices, "number")
    for ticket in found.tickets:
        name, status, outcome = (
            f"demande {ticket['number']}",
            _code(ticket["status"]),
            _code(ticket["outcome"]),
        )
        if status not in set(Status) or (outcome is not None and outcome not in set(Outcome)):
            yield f"{name} : état inconnu, {status} {outcome or ''}"
        if (status == "closed") != (outcome is not None):
            yield f"{name} : son issue ne va pas avec son état ({status})"
        accepted = status in {"invoiced", "unpaid"} or outcome == "paid"
        if accepted != (ticket["invoice"] is not None) or accepted != (ticket["gain"] is not None):
            yield f"{name} ({status}) : facture ou gain qui ne va pas avec son état"
        if accepted and (ticket["report"] is None or ticket["technician"] is None):
            yield f"{name} ({status}) : sans compte rendu ou sans technicien"
        if ticket["invoice"] is not None and ticket["invoice"]["number"] not in invoices:
            yield f"{name} : facture {ticket['invoice']['number']} introuvable"


def _invoices(found: Evidence) -> Iterator[str]:
    """The amounts follow from the reported slices at the price frozen on the ticket."""
    tickets = _by(found.tickets, "number")
    for number, times in _repeated(found.invoices, "number"):
        yield f"facture {number} : donnée {times} fois"
    for invoice in found.invoices:
        name, ticket = f"facture {invoice['number']}", tickets.get(invoice["ticket"])
        if ticket is None:
            yield f"{name} : demande {invoice['ticket']} inconnue"
            continue
        summary = ticket["invoice"] or {"number": None, "total_ttc_cents": None, "payment": None}
        shown = (summary["number"], summary["total_ttc_cents"], _code(summary["payment"]))
        if shown != (invoice["number"], invoice["total_ttc_cents"], _code(invoice["payment"])):
            yield f"{name} : la demande {ticket['number']} dit autre chose"
        slices, unit = _slices(ticket), ticket["prices"]["slice_price_ttc_cents"] or 0
        due = price_from_ttc(slices * unit, invoice["vat_bp"])
        expected = (slices, unit, due.ttc_cents, due.ht_cents, due.vat_cents)
        totals = [invoice[f"total_{part}_cents"] for part in ("ttc", "ht", "vat")]
        if (invoice["slices"], invoice["unit_ttc_cents"], *totals) != expected:
            yield f"{name} : {totals[0]} au lieu de {due.ttc_cents} centimes, ou mal répartis"
        if _is_paid(invoice) != (_code(ticket["outcome"]) == "paid"):
            yield f"{name} : son paiement ne va pas avec l'état de la demande"


def _documents(found: Evidence) -> Iterator[str]:
    """Each invoice has one PDF: as it was stored, with the invoice's number and total inside."""
    documents: dict[str, Rows] = defaultdict(list)
    for document in found.documents:
        documents[document["invoice"]].append(document)
    for invoice in found.invoices:
        name, of_invoice = f"facture {invoice['number']}", documents.pop(invoice["number"], [])
        inside = [(document["number"], document["total_ttc_cents"]) for document in of_invoice]
        if inside != [(invoice["number"], invoice["total_ttc_cents"])]:
            yield f"{name} : son PDF manque ou dit autre chose, {inside}"
        if any(document["sha256"] != document["stored_sha256"] for document in of_invoice):
            yield f"{name} : son PDF n'est pas celui qui a été gardé"
    for number in documents:
        yield f"PDF d'une facture {number} qui n'existe pas"


def _charges(found: Evidence) -> Iterator[str]:
    """One intent per invoice at Stripe, of its amount and its ticket, paid exactly where we say so."""
    intents: dict[str, Rows] = defaultdict(list)
    for intent in found.intents:
        intents[intent["metadata"].get("invoice", "")].append(intent)
    for invoice in found.invoices:
        name, of_invoice = f"facture {invoice['number']}", intents.pop(invoice["number"], [])
        collected = [intent["amount_received"] for intent in of_invoice if _has_money(intent)]
        expected = [invoice["total_ttc_cents"]] if _is_paid(invoice) else []
        if collected != expected or len(of_invoice) > 1:
            yield f"{name} : encaissé {collected} chez Stripe"
        if invoice["payment"] is not None and not of_invoice:
            yield f"{name} : paiement inconnu de Stripe"
        asked = (invoice["total_ttc_cents"], CURRENCY, invoice["ticket"])
        for intent in of_invoice:
            if (intent["amount"], intent["currency"], intent["metadata"].get("ticket")) != asked:
                yield f"{name} : Stripe demande {intent['amount']} centimes, ou pour une autre demande"
            if intent["status"] not in INTENT_STATUSES:
                yield f"{name} : paiement dans un état inconnu chez Stripe, {intent['status']}"
    for number in intents:
        yield f"Stripe a un paiement pour la facture {number or '?'} qui n'existe pas"


def _has_money(intent: dict[str, Any]) -> bool:
    return bool(intent["status"] == "succeeded" or intent["amount_received"])


def _gains(found: Evidence) -> Iterator[str]:
    """One gain a session, the technician's of the ticket, by its billed slices at the rate frozen on it."""
    gains = {(gain["ticket"], gain["session"]): gain for gain in found.gains}
    if len(gains) != len(found.gains):
        repeated = Counter((gain["ticket"], gain["session"]) for gain in found.gains).most_common(1)[0][0]
        yield f"demande {repeated[0]} : sa séance {repeated[1]} a deux gains"
    for ticket in found.tickets:
        shown = ticket["gain"]
        if shown is None:
            continue
        name, slices = f"demande {ticket['number']}", _slices(ticket)
        gain = gains.pop((ticket["number"], shown["session"]), None)
        due = slices * (ticket["prices"]["slice_gain_ht_cents"] or 0)
        if gain is None or {gain["amount_cents"], shown["amount_cents"]} != {due}:
            yield f"{name} : gain différent des {due} centimes dus"
        elif (gain["slices"], gain["technician_id"], gain["accepted_at"]) != (
            slices,
            _id(ticket["technician"]),
            shown["accepted_at"],
        ):
            yield f"{name} : le gain dit autre chose que la demande"
    for number, session in gains:
        yield f"gain de la demande {number}, séance {session}, sans intervention acceptée"


def _statements(found: Evidence) -> Iterator[str]:
    """Each statement is the sum of its gains; each gain is on the one statement it names."""
    claimed: dict[tuple[str, int], tuple[str, str, int, int, str]] = {}
    for statement in found.statements:
        name, total = f"relevé {statement['key']}", sum(gain["amount_cents"] for gain in statement["gains"])
        if total != statement["total_cents"]:
            yield f"{name} : {statement['total_cents']} au lieu de {total} centimes"
        state = GAIN_STATES.get(statement["payout"]["status"]["code"], "?")
        for gain in statement["gains"]:
            of = (gain["ticket"], gain["session"])
            if of in claimed:
                yield f"{name} : le gain de la demande {gain['ticket']} est sur deux relevés"
            whose = statement["technician"]["id"]
            claimed[of] = (statement["key"], whose, gain["slices"], gain["amount_cents"], state)
    for gain in found.gains:
        whose, slices, cents = gain["technician_id"], gain["slices"], gain["amount_cents"]
        key, state = gain["statement"], gain["state"]["code"]
        expected = (key, whose, slices, cents, state) if key else None
        actual = claimed.pop((gain["ticket"], gain["session"]), None)
        if actual != expected or (key is None and state != "payable"):
            yield f"gain de la demande {gain['ticket']} : le relevé {key or ''} dit autre chose"
    for (number, _), (key, *_) in claimed.items():
        yield f"relevé {key} : gain inconnu de la demande {number}"


def _series(found: Evidence) -> Iterator[str]:
    """Statements are numbered without a gap: a technician's own, and those of each month."""
    series: dict[tuple[str, ...], Rows] = defaultdict(list)
    for statement in found.statements:
        technician_id, month = statement["technician"]["id"], statement["month"]
        if statement["key"] != payout_key(month, technician_id, statement["n"]):
            yield f"relevé {statement['key']} : sa clé n'est pas la sienne"
        series["sequence", technician_id].append(statement)
        series["n", technician_id, month].append(statement)
    for (number, *_), statements in series.items():
        if sorted(one[number] for one in statements) != list(range(1, len(statements) + 1)):
            keys = ", ".join(one["key"] for one in statements)
            yield f"relevés {keys} : numéros qui ne se suivent pas"


def _transfers(found: Evidence) -> Iterator[str]:
    """One standing transfer at Stripe for each paid statement, of its amount; none for anything else."""
    sent: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for transfer in found.transfers:
        if transfer["metadata"].get("payout") != transfer["transfer_group"]:
            yield f"virement {transfer['id']} : pour {transfer['transfer_group']} ou pour un autre relevé"
        if not transfer["reversed"]:
            net = transfer["amount"] - transfer["amount_reversed"]
            sent[transfer["transfer_group"]].append((transfer["id"], net, transfer["currency"]))
    for statement in found.statements:
        payout = statement["payout"]
        paid = payout["status"]["code"] == "paid"
        expected = [(payout["transfer"], statement["total_cents"], CURRENCY)] if paid else []
        if (actual := sent.pop(statement["key"], [])) != expected:
            yield f"relevé {statement['key']} : viré {actual} chez Stripe, attendu {expected}"
    for key in sent:
        yield f"Stripe a un virement {key} sans relevé"


def _balance(found: Evidence) -> Iterator[str]:
    """Stripe's own entries: what came or went, less its fee."""
    for entry in found.balance_transactions:
        if (entry["amount"] - entry["fee"], CURRENCY) != (entry["net"], entry["currency"]):
            yield f"mouvement {entry['id']} chez Stripe : {entry['net']} net ne va pas avec son montant"


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
        paid = _is_paid(invoice)
        balances["706"] -= invoice["total_ht_cents"]
        balances["44571" if paid else "44574"] -= invoice["total_vat_cents"]
        if not paid:
            balances[f"411:{clients.get(invoice['ticket'], '?')}"] += invoice["total_ttc_cents"]
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
