"""A random year of business, closed month by month: every figure agrees with a second count of the same
events, each month begins where the one before ended, and all of it comes to the ledger's own sums."""

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from db.askers import COMMAND_LINE
from db.reads.ledger import moves_between
from db.reads.ledger_entries import entries_of_year
from db.reads.month_close import ClosedMonth, closed_month
from domain import ledger
from domain.bank_orders import OPEN, Order, OrderState, Told, ordered, postings
from domain.chart_of_accounts import account_of
from domain.ledger import Posting
from domain.money import Price, price_from_ttc
from domain.opening_hours import PARIS
from domain.payouts import Month
from tests.api.frontend import Frontend
from tests.support.books import a_credit_note_of, an_invoice_of, enter
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

TOLD = tuple(Told(state) for state in OrderState if state not in OPEN)
# From before the change of year to after the next, with a February of 29 days and both changes of the clock.
MONTHS = [Month(2027, 12), *(Month(2028, number) for number in range(1, 13)), Month(2029, 1)]
AFTER = datetime(2029, 2, 1, tzinfo=PARIS)


@dataclass
class Year:
    """What happened, and what each month should say of it, counted as it is made up and not as it is read."""

    database: Database
    chance: random.Random
    clients: list[str]
    technicians: list[str]
    postings: list[tuple[Posting, datetime]] = field(default_factory=list)
    expected: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    credited: int = 0
    nobody_s: int = 0

    def instant(self) -> datetime:
        """Often the very first or last of a month; early enough for all that follows from it."""
        month = self.chance.choice(MONTHS[:-4])
        moment = self.chance.random()
        if moment < 0.15:
            return month.start
        if moment < 0.3:
            return month.next().start - timedelta(microseconds=1)
        return month.start + self.chance.random() * (month.next().start - month.start)

    def later(self, at: datetime) -> datetime:
        return at + self.chance.random() * timedelta(days=40)

    def happens(self, posting: Posting, at: datetime, **counted: int) -> None:
        self.postings.append((posting, at))
        for figure, cents in counted.items():
            self.expected[f"{at.astimezone(PARIS):%Y-%m}", figure] += cents

    def an_invoice(self, nth: int) -> None:
        at, slices = self.instant(), self.chance.randint(1, 4)
        client, technician = self.chance.choice(self.clients), self.chance.choice(self.technicians)
        # Which year's series it is of is nothing to these sums.
        number, price = f"F{at.astimezone(PARIS).year}-{nth:06d}", price_from_ttc(1500 * slices, 2000)
        ticket = an_invoice_of(self.database, client, technician, number, at, slices)
        self.happens(
            ledger.invoice_issued(number, client, price), at, billed=price.ttc_cents, billed_ht=price.ht_cents
        )
        self.happens(ledger.gain_earned(f"{ticket}:1", technician, 800 * slices), at, gains=800 * slices)
        self.a_payout(f"payout:2028-01:{technician}:{nth}", technician, 800 * slices, at)
        self.the_rest(number, client, slices, price, at)

    def a_payout(self, key: str, technician: str, cents: int, at: datetime) -> None:
        """Whoever pays it, and whatever the bank says."""
        at, fate = self.later(at), self.chance.choice(("unclaimed", "unpaid", "by Stripe", "by bank", *TOLD))
        if fate == "unclaimed":
            return
        self.happens(ledger.statement_issued(key, technician, cents), at)
        order, at = Order(key, 1, technician, cents), self.later(at)
        if fate == "by Stripe":
            self.happens(ledger.transfer_sent(key, "tr_1", technician, cents), at)
        elif fate != "unpaid":
            self.happens(ordered(order), at)
            at = self.later(at)
            for posting in postings(order, OrderState.ORDERED, fate) if isinstance(fate, Told) else ():
                self.happens(posting, at)

    def the_rest(self, number: str, client: str, slices: int, price: Price, at: datetime) -> None:
        account, fee, at = f"411:{client}", self.chance.randint(30, 90), self.later(at)
        match self.chance.choice(
            ("open", "waived", "lost", "paid", "refunded", "charged back", "for nobody")
        ):
            case "waived":
                note = self.a_credit_note(number, slices, at)
                self.happens(
                    ledger.credit_note_issued(note, client, price),
                    at,
                    credited=price.ttc_cents,
                    credited_ht=price.ht_cents,
                )
            case "lost":
                lines = (("654", price.ht_cents), ("44574", price.vat_cents), (account, -price.ttc_cents))
                self.happens(Posting(f"written-off:{number}", lines), at, written_off=price.ttc_cents)
            case "open":
                pass
            case fate:
                self.happens(
                    ledger.invoice_paid(number, client, price.ttc_cents, price), at, collected=price.ttc_cents
                )
                self.happens(ledger.stripe_fee(number, fee), at, fees=fee)
                self.after_payment(fate, number, client, slices, self.later(at))

    def after_payment(self, fate: str, number: str, client: str, slices: int, at: datetime) -> None:
        account, ttc = f"411:{client}", 1500 * slices
        if fate == "refunded":
            one = price_from_ttc(1500, 2000)
            lines = (("709", one.ht_cents), ("44571", one.vat_cents), (account, -one.ttc_cents))
            note = self.a_credit_note(number, 1, at)
            self.happens(
                Posting(f"credit:{note}", lines), at, credited=one.ttc_cents, credited_ht=one.ht_cents
            )
            if self.chance.random() < 0.7:
                sent_at = self.later(at)
                self.happens(
                    ledger.refund_sent(f"refund:{number}:1:1", client, one.ttc_cents), sent_at, refunded=1500
                )
        elif fate in ("charged back", "for nobody"):
            # A posting that names no invoice is nobody's, and still in the sums.
            name = number if fate == "charged back" else f"dp_{number[1:5]}x{number[6:]}"
            self.happens(
                Posting(f"chargeback:{name}", ((account, ttc), ("5112", -ttc))), at, charged_back=ttc
            )
            self.nobody_s += ttc if fate == "for nobody" else 0
            if self.chance.random() < 0.5:
                won = Posting(f"chargeback-won:{number}", (("5112", ttc), (account, -ttc)))
                self.happens(won, self.later(at), chargebacks_won=ttc)

    def a_credit_note(self, invoice: str, slices: int, at: datetime) -> str:
        self.credited += 1
        number = f"A{at.astimezone(PARIS).year}-{self.credited:06d}"
        a_credit_note_of(self.database, invoice, number, at, slices)
        return number


def figures(month: ClosedMonth) -> dict[str, int]:
    close = month.close
    return {
        "billed": close.billed.ttc_cents,
        "billed_ht": close.billed.ht_cents,
        "credited": close.credited.ttc_cents,
        "credited_ht": close.credited.ht_cents,
        "collected": close.collected_cents,
        "refunded": close.refunded_cents,
        "charged_back": close.charged_back_cents,
        "chargebacks_won": close.chargebacks_won_cents,
        "written_off": close.written_off_cents,
        "fees": close.fees_cents,
        "gains": close.gains_cents,
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_figures_of_a_year_tie_together(api: Frontend, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    clients = [a_client(api.database) for _ in range(3)]
    year = Year(api.database, chance, clients, [a_technician(api.database) for _ in range(2)])
    for nth in range(1, 61):
        year.an_invoice(nth)
    # Recorded in an order that is not that of their dates.
    chance.shuffle(year.postings)
    enter(api.database, year.postings)
    closed: list[ClosedMonth] = []
    for month in MONTHS:
        async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
            closed.append(await closed_month(session, month, AFTER))
    for one in closed:
        month_name = str(one.close.month)
        seen = figures(one)
        assert seen == {name: year.expected[month_name, name] for name in seen}
        assert one.close.margin_cents == (
            seen["billed_ht"] - seen["credited_ht"] - seen["gains"] - seen["fees"]
        )
        # 411 at the start + billed − credited − collected + refunded + … = 411 at the end.
        assert one.close.clients.closing_cents == (
            one.close.clients.opening_cents
            + seen["billed"]
            - seen["credited"]
            - seen["collected"]
            + seen["refunded"]
            + seen["charged_back"]
            - seen["chargebacks_won"]
            - seen["written_off"]
        )
        # And it is what its invoices come to, one by one.
        left = one.receivables
        assert one.close.clients.closing_cents == (
            sum(age.cents for age in left.unpaid) - left.owed_to_clients_cents + left.unattributed_cents
        )
    for before, after in itertools.pairwise(closed):
        for account in ("clients", "vat_pending", "vat_due", "technicians", "stripe"):
            assert getattr(before.close, account).closing_cents == getattr(after.close, account).opening_cents
    await compare_with_the_ledger(api, closed)
    assert closed[-1].receivables.unattributed_cents == year.nobody_s


async def compare_with_the_ledger(api: Frontend, closed: list[ClosedMonth]) -> None:
    """The closes against the trial balance of each month's end, the rows of invoices, and the year's file."""
    for one in closed:
        async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
            moves = await moves_between(session, one.close.month.start, one.close.until)
        balances: dict[str, int] = defaultdict(int)
        for move in moves:
            balances[account_of(move.account).number] += move.balance_cents
        close = one.close
        assert sum(balances.values()) == 0
        assert balances["411"] == close.clients.closing_cents
        assert balances["44574"] == -close.vat_pending.closing_cents
        assert balances["44571"] == -close.vat_due.closing_cents
        assert balances["4081"] + balances["401"] == -close.technicians.closing_cents
        assert balances["5112"] == close.stripe.closing_cents
    [(invoiced,)] = api.database.rows("SELECT sum(total_ttc_cents)::bigint FROM invoices")
    [(credited,)] = api.database.rows("SELECT sum(total_ttc_cents)::bigint FROM credit_notes")
    assert sum(one.close.billed.ttc_cents for one in closed) == invoiced
    assert sum(one.close.credited.ttc_cents for one in closed) == credited
    async with api.given.sessions(info={"asker": COMMAND_LINE}) as session:
        entries = [entry async for batch in entries_of_year(session, 2028) for entry in batch]
        moves = await moves_between(session, Month(2028, 1).start, Month(2029, 1).start)
    assert sorted({entry.number for entry in entries}) == list(range(1, len({e.key for e in entries}) + 1))
    assert sum(max(entry.cents, 0) for entry in entries) == sum(move.debit_cents for move in moves)
    assert sum(max(-entry.cents, 0) for entry in entries) == sum(move.credit_cents for move in moves)
