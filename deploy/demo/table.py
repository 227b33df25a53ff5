"""What the demonstration shows at its end."""

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.amounts import euros
from deploy.demo.evidence import Evidence


def show(console: Console, found: Evidence, numbers: set[str]) -> None:
    """The tickets of this demonstration; then the sums of everything there is."""
    console.print(_tickets(found, numbers))
    console.print(_transfers(found))
    console.print(_sums(found))


def _table(title: str) -> Table:
    """Light enough for a terminal 80 columns wide."""
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _tickets(found: Evidence, numbers: set[str]) -> Table:
    table = _table("Demandes de cette démonstration")
    for title in ("N°", "Client", "Technicien", "État", "Facture"):
        table.add_column(title, no_wrap=title not in ("Client", "Technicien"))
    for title in ("TTC", "Encaissé\n(Stripe)", "Gain HT"):
        table.add_column(title, justify="right", no_wrap=True)
    invoices = {invoice["ticket"]: invoice for invoice in found.invoices}
    collected = {
        intent["metadata"].get("ticket"): intent["amount_received"]
        for intent in found.intents
        if intent["status"] == "succeeded"
    }
    for ticket in found.tickets:
        number = ticket["number"]
        if number not in numbers:
            continue
        invoice = invoices.get(number)
        table.add_row(
            ticket["spoken_number"],
            ticket["client"]["name"],
            (ticket["technician"] or {}).get("name", "–"),
            (ticket["outcome"] or ticket["status"])["label"],
            invoice["number"] if invoice else "aucune",
            euros(invoice["total_ttc_cents"]) if invoice else "–",
            euros(collected[number]) if number in collected else "–",
            euros(ticket["gain"]["amount_cents"]) if ticket["gain"] else "–",
        )
    return table


def _transfers(found: Evidence) -> Table:
    table = _table("Relevés et virements")
    for title in ("Technicien", "Mois", "Relevé", "État", "Virement (Stripe)"):
        table.add_column(title)
    table.add_column("Montant HT", justify="right")
    for statement in found.statements:
        table.add_row(
            statement["technician"]["name"],
            statement["month"],
            str(statement["sequence"]),
            statement["payout"]["status"]["label"],
            statement["payout"]["transfer"] or "–",
            euros(statement["total_cents"]),
        )
    return table


def _sums(found: Evidence) -> Table:
    table = _table("Grand livre")
    table.add_column("Compte")
    for title in ("Débit", "Crédit"):
        table.add_column(title, justify="right")
    for account, cents in sorted(found.ledger.items()):
        table.add_row(account, euros(cents) if cents > 0 else "", euros(-cents) if cents < 0 else "")
    table.add_section()
    debit = sum(cents for cents in found.ledger.values() if cents > 0)
    credit = -sum(cents for cents in found.ledger.values() if cents < 0)
    table.add_row("Total", euros(debit), euros(credit))
    return table
