"""The postings of each event, double entry. Source: the French chart of accounts (plan comptable général).

A line is `(account, cents)`, debit positive and credit negative; each posting sums to zero. Its key is
made of business ids, so that the same event is never entered twice.
"""

from dataclasses import dataclass

from domain.money import Price

SALES = "706"
VAT_PENDING = "44574"
VAT_DUE = "44571"
VAT_DEDUCTIBLE = "44566"
STRIPE = "5112"
BANK_FEES = "627"
SUBCONTRACTING = "611"
BAD_DEBTS = "654"
REBATES = "709"
BANK = "512"
# What the bank is to pay and has not paid yet.
IN_TRANSIT = "580"


def client_account(client_id: str) -> str:
    return f"411:{client_id}"


def technician_accrued(technician_id: str) -> str:
    """Gains earned and not yet on a statement."""
    return f"4081:{technician_id}"


def technician_payable(technician_id: str) -> str:
    """Statements issued and not yet transferred."""
    return f"401:{technician_id}"


@dataclass(frozen=True)
class Posting:
    key: str
    lines: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        if sum(cents for _, cents in self.lines) != 0:
            raise ValueError(f"posting {self.key} does not balance")


def invoice_issued(invoice: str, client_id: str, price: Price) -> Posting:
    return Posting(
        f"invoice:{invoice}",
        (
            (client_account(client_id), price.ttc_cents),
            (SALES, -price.ht_cents),
            (VAT_PENDING, -price.vat_cents),
        ),
    )


def gain_earned(gain: str, technician_id: str, cents: int) -> Posting:
    return Posting(f"gain:{gain}", ((SUBCONTRACTING, cents), (technician_accrued(technician_id), -cents)))


def credit_note_issued(number: str, client_id: str, price: Price) -> Posting:
    """Before payment: what was sold is taken back, and its VAT was never due."""
    return Posting(
        f"credit:{number}",
        (
            (client_account(client_id), -price.ttc_cents),
            (SALES, price.ht_cents),
            (VAT_PENDING, price.vat_cents),
        ),
    )


def invoice_paid(invoice: str, client_id: str, collected_cents: int, due: Price) -> Posting:
    """Collection makes the VAT on services fall due (CGI art. 269, 2 c). `due` is what is left of the invoice
    once its credit notes are taken off; more may have been collected before they were issued."""
    vat = ((VAT_PENDING, due.vat_cents), (VAT_DUE, -due.vat_cents)) if due.vat_cents else ()
    return Posting(
        f"paid:{invoice}",
        ((STRIPE, collected_cents), (client_account(client_id), -collected_cents), *vat),
    )


def credit_note_after_payment(number: str, client_id: str, price: Price) -> Posting:
    """What was sold and paid is taken back: its VAT had fallen due, and no longer is."""
    return Posting(
        f"credit:{number}",
        (
            (REBATES, price.ht_cents),
            (VAT_DUE, price.vat_cents),
            (client_account(client_id), -price.ttc_cents),
        ),
    )


def refund_sent(key: str, client_id: str, cents: int) -> Posting:
    """`key` is that under which the provider was asked."""
    return Posting(key, ((client_account(client_id), cents), (STRIPE, -cents)))


def refund_failed(key: str, client_id: str, cents: int) -> Posting:
    """The client's bank gave the money back: it is owed again."""
    failed = key.replace("refund:", "refund-failed:", 1)
    return Posting(failed, ((STRIPE, cents), (client_account(client_id), -cents)))


def refund_by_bank(invoice: str, n: int, client_id: str, cents: int) -> Posting:
    """Given back by a transfer from our own bank."""
    return Posting(f"refund-by-bank:{invoice}:{n}", ((client_account(client_id), cents), (BANK, -cents)))


def chargeback_moved(
    invoice: str, reference: str, entry: str, client_id: str, *, amount_cents: int, fee_cents: int
) -> tuple[Posting, ...]:
    """One entry of the provider's about a chargeback. Taken (negative), the client owes the money again;
    given back, no longer. `reference` and `entry` are the provider's."""
    event = "chargeback" if amount_cents < 0 else "chargeback-won"
    about = f"{invoice}:{reference}:{entry}"
    return (
        Posting(f"{event}:{about}", ((client_account(client_id), -amount_cents), (STRIPE, amount_cents))),
        Posting(f"chargeback-fee:{about}", ((BANK_FEES, fee_cents), (STRIPE, -fee_cents))),
    )


def chargeback_lost(invoice: str, reference: str, client_id: str, cents: int) -> Posting:
    """It will not be paid after all: a loss. The VAT that was collected stays due."""
    return Posting(
        f"chargeback-lost:{invoice}:{reference}",
        ((BAD_DEBTS, cents), (client_account(client_id), -cents)),
    )


def chargeback_recovered(invoice: str, reference: str, client_id: str, cents: int) -> Posting:
    """The bank gave a lost one back after all: what was taken for a loss is not."""
    return Posting(
        f"chargeback-recovered:{invoice}:{reference}",
        ((client_account(client_id), cents), (BAD_DEBTS, -cents)),
    )


def chargeback_answer_fee(reference: str, entry: str, cents: int) -> Posting:
    """What answering costs (negative), or is given back for an answer that won."""
    return Posting(f"chargeback-answer:{reference}:{entry}", ((STRIPE, cents), (BANK_FEES, -cents)))


def written_off(invoice: str, client_id: str, due: Price) -> Posting:
    """What is left of an invoice will never be paid: a loss, and its VAT, never collected, was never due."""
    return Posting(
        f"written-off:{invoice}",
        (
            (BAD_DEBTS, due.ht_cents),
            (VAT_PENDING, due.vat_cents),
            (client_account(client_id), -due.ttc_cents),
        ),
    )


def stripe_fee(invoice: str, fee_cents: int) -> Posting:
    return Posting(f"fee:{invoice}", ((BANK_FEES, fee_cents), (STRIPE, -fee_cents)))


def statement_issued(payout: str, technician_id: str, cents: int, vat_cents: int = 0) -> Posting:
    """`cents` are without the technician's VAT, which we take off our own."""
    return Posting(
        f"statement:{payout}",
        (
            (technician_accrued(technician_id), cents),
            (VAT_DEDUCTIBLE, vat_cents),
            (technician_payable(technician_id), -cents - vat_cents),
        ),
    )


def transfer_sent(payout: str, transfer: str, technician_id: str, cents: int) -> Posting:
    """`transfer` is the provider's reference: a payout whose transfer was taken back is sent another one."""
    return Posting(
        f"transfer:{payout}:{transfer}", ((technician_payable(technician_id), cents), (STRIPE, -cents))
    )


def transfer_reversed(payout: str, reversal: str, technician_id: str, cents: int) -> Posting:
    """A part of a transfer, or all of it, is with us again: the technician is owed it once more. `reversal`
    is the provider's reference."""
    return Posting(
        f"transfer-reversed:{payout}:{reversal}",
        ((STRIPE, cents), (technician_payable(technician_id), -cents)),
    )


def paid_out_to_the_bank(payout: str, amount_cents: int) -> Posting:
    """What the provider sent to our bank; `payout` is its own id there. `amount_cents` as the provider has it
    in our balance: negative."""
    return Posting(f"bank:{payout}", ((BANK, -amount_cents), (STRIPE, amount_cents)))


def returned_by_the_bank(payout: str, amount_cents: int) -> Posting:
    """A payout to our bank that failed or was called back: the money is at the provider again."""
    return Posting(f"bank_returned:{payout}", ((BANK, -amount_cents), (STRIPE, amount_cents)))


def provider_fee(entry: str, amount_cents: int) -> Posting:
    """What the provider takes for itself outside of any payment; `amount_cents` is negative, or positive for
    a fee given back."""
    return Posting(f"provider_fee:{entry}", ((BANK_FEES, -amount_cents), (STRIPE, amount_cents)))
