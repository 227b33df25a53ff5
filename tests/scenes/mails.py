"""Every mail as it is read, named by its kind in the catalogue."""

from collections.abc import Callable

from activities.wording.invariants import InvariantNews
from activities.wording.letters import Letter
from domain.contests import ContestOutcome
from domain.erasures import ErasureMail
from domain.invariants import Change, Invariant, Row
from domain.notices import Notice
from domain.tickets import Role
from tests.activities import test_wording_earnings as earnings
from tests.activities.letters import EVERY_LETTER, FRIDAY, LETTERS, a_letter
from tests.activities.test_wording_admissions import CASES
from tests.activities.test_wording_contests import told
from tests.activities.test_wording_erasures import TOLD as LEAVER
from tests.activities.test_wording_sign_in import LETTER as SIGN_IN
from tests.scenes.scene import Scene

# In the order of `CASES`; papers that will end, and those that have.
ADMISSIONS = (
    *("sign_up", "account_known", "client_added", "application_received", "application_accepted"),
    *("application_refused", "papers_end", "papers_end-passe"),
)
# In the order of its `CASES`; what holds a transfer is for the technician to mend, or for the team.
EARNINGS = ("gain_earned", "statement_ready", "transfer_held", "transfer_held-equipe")
DIFFERENCE: Row = {"invoice": "F2026-000123", "ledger_cents": 2500, "expected_cents": 3000}
BROKEN = [
    InvariantNews(Invariant.SALES, Change.BEGAN, 2, (DIFFERENCE,)),
    InvariantNews(Invariant.VAT_DUE, Change.OVER, 0, ()),
]
CORRECTED = told(outcome=ContestOutcome.CORRECTED, amount_cents=800)
ACCOUNTS: dict[str, Letter] = {
    "sign_in": SIGN_IN,
    **{kind: case[0] for kind, case in zip(ADMISSIONS, CASES, strict=True)},
    **{mail.value: LETTERS.write_of_erasure(mail, LEAVER) for mail in ErasureMail},
    **{name: case[0] for name, case in zip(EARNINGS, earnings.CASES, strict=True)},
    "contest_asked": LETTERS.write_of_contest(told("48291573", "00000420")),
    "contest_answered": LETTERS.write_of_contest_answer(CORRECTED),
    "invariants": LETTERS.write_of_invariants(BROKEN, FRIDAY),
}


def _of_a_ticket(notice: Notice, role: Role) -> Callable[[], Letter]:
    return lambda: a_letter(notice, role)


def _as_it_is(letter: Letter) -> Callable[[], Letter]:
    return lambda: letter


MAILS = [
    *(Scene(f"courriel-{kind}", letter=_as_it_is(letter)) for kind, letter in ACCOUNTS.items()),
    *(
        Scene(f"courriel-{notice}-{role}", letter=_of_a_ticket(notice, role), dark=notice is Notice.BOOKED)
        for notice, role in EVERY_LETTER
    ),
]
