"""Random lives of invoices: what happens to each, and what its books must say at the end.

A life is a list of happenings after the acceptance. What they come to is worked out here a second time, by
plain sums that know nothing of order, notices or repetition.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

SLICE_CENTS, SLICE_HT_CENTS, GAIN_CENTS = 1500, 1250, 800
CHARGEBACK_FEE_CENTS = 2000


@dataclass(frozen=True)
class Refunded:
    """Ruled down to `left` slices, the technician's gain to `gain`; `returns` tells how often the client's
    bank gives the money back before it stays, or is given by our own bank (`by_bank`). `disputed` is the
    outcome of a chargeback that comes between the ruling and the money."""

    left: int
    gain: int
    returns: int = 0
    by_bank: bool = False
    disputed: str | None = None


@dataclass(frozen=True)
class ChargedBack:
    """`outcome` is the bank's: won, lost, lost and then overturned, or none while nobody has decided; and
    `loss_seen` whether a notice came between the two. An inquiry moves nothing."""

    outcome: str
    inquiry: bool = False
    answered: bool = False
    loss_seen: bool = False


@dataclass(frozen=True)
class Life:
    """`refusals` of the card come first. `reduced` is a ruling on the invoice before it is paid, `ending`
    `paid`, `written_off` or `open`. With an `excess` the client had paid before that ruling, and what they
    paid too much goes back: it is `kept` there, or `returned` by their bank and sent by a refund."""

    slices: int
    refusals: int
    reduced: int | None
    ending: str
    later: tuple[Refunded | ChargedBack, ...] = ()
    excess: str | None = None


@st.composite
def lives(draw: st.DrawFn) -> Life:
    slices = draw(st.integers(1, 4))
    reduced = draw(st.sampled_from([None, None, *range(1, slices)]))
    ending = draw(st.sampled_from(["paid", "paid", "paid", "written_off", "open"]))
    refusals = draw(st.integers(0, 2)) if ending == "paid" else draw(st.integers(1, 2))
    reduced_late = reduced is not None and ending == "paid"
    excess = draw(st.sampled_from([None, "kept", "returned"])) if reduced_late else None
    later: list[Refunded | ChargedBack] = []
    disputable = True
    left = gain = reduced or slices
    while ending == "paid" and left and len(later) < 3 and draw(st.booleans()):
        if draw(st.booleans()):
            now = draw(st.integers(0, left))
            earned = draw(st.integers(0, gain))
            sent = now < left
            disputed = draw(st.sampled_from([None, "won", "lost"])) if sent and disputable else None
            later.append(
                Refunded(
                    now,
                    earned,
                    draw(st.integers(0, 2)) if sent and disputed is None else 0,
                    by_bank=sent and disputed is None and draw(st.booleans()),
                    disputed=disputed,
                )
            )
            left, gain = now, earned
            disputable = disputable and disputed is None
            if disputed == "lost":
                break
        elif disputable:
            disputable = False
            inquiry = draw(st.booleans())
            outcome = draw(st.sampled_from(["won", "lost", "none", *([] if inquiry else ["overturned"])]))
            charged_back = ChargedBack(outcome, inquiry, draw(st.booleans()), draw(st.booleans()))
            later.append(charged_back)
            # Until it is won, or an inquiry is closed, the bank has a say.
            if outcome == "none" or (outcome == "lost" and not charged_back.inquiry):
                break
    return Life(slices, refusals, reduced, ending, tuple(later), excess)


@dataclass
class Expected:
    """Balances by account, the people in them left out; 5112 without the provider's fees, which are 627."""

    balances: dict[str, int] = field(default_factory=dict)

    def add(self, **changes: int) -> None:
        for account, cents in changes.items():
            number = account.removeprefix("a")
            self.balances[number] = self.balances.get(number, 0) + cents

    def settled(self) -> dict[str, int]:
        return {account: cents for account, cents in sorted(self.balances.items()) if cents}


def expected(known: list[Life]) -> dict[str, int]:
    books = Expected()
    for life in known:
        _add(books, life)
    return books.settled()


def _add(books: Expected, life: Life) -> None:
    owed = life.reduced or life.slices
    ttc, ht = owed * SLICE_CENTS, owed * SLICE_HT_CENTS
    vat = ttc - ht
    gain = owed * GAIN_CENTS
    books.add(a706=-ht, a611=gain, a4081=-gain)
    match life.ending:
        case "open":
            books.add(a411=ttc, a44574=-vat)
        case "written_off":
            books.add(a654=ht)
        case _:
            books.add(a5112=ttc, a44571=-vat)
    earned = owed
    for one in life.later:
        if isinstance(one, Refunded):
            back, before = owed - one.left, owed
            books.add(a709=back * SLICE_HT_CENTS, a44571=back * (SLICE_CENTS - SLICE_HT_CENTS))
            if one.disputed is not None:
                books.add(a627=CHARGEBACK_FEE_CENTS, a5112=-CHARGEBACK_FEE_CENTS)
            if one.disputed == "lost":
                # The bank gave it all back: only what no credit note has taken off is a loss.
                books.add(a5112=-before * SLICE_CENTS, a654=one.left * SLICE_CENTS)
                books.add(a611=-one.gain * GAIN_CENTS, a4081=one.gain * GAIN_CENTS)
            else:
                books.add(**{"a512" if one.by_bank else "a5112": -back * SLICE_CENTS})
            taken = (earned - one.gain) * GAIN_CENTS
            books.add(a611=-taken, a4081=taken)
            owed, earned = one.left, one.gain
        elif not one.inquiry:
            _charge_back(books, one, owed * SLICE_CENTS, earned * GAIN_CENTS)


def _charge_back(books: Expected, one: ChargedBack, cents: int, gain_cents: int) -> None:
    # Answering costs as much again, and is given back to who wins.
    wins = one.outcome in ("won", "overturned")
    fees = CHARGEBACK_FEE_CENTS * (2 if one.answered and not wins else 1)
    books.add(a627=fees, a5112=-fees)
    match one.outcome:
        case "none":
            books.add(a411=cents, a5112=-cents)
        case "lost":
            books.add(a654=cents, a5112=-cents, a611=-gain_cents, a4081=gain_cents)
