"""Every mail as it is read: those of the tickets, from their catalogue, and the others."""

from collections.abc import Callable

from activities.wording.letters import Letter
from domain.contests import ContestOutcome
from domain.erasures import ErasureMail
from domain.notices import Notice
from domain.tickets import Role
from tests.activities.letters import EVERY_LETTER, LETTERS, a_letter
from tests.activities.test_wording_admissions import CASES
from tests.activities.test_wording_contests import told
from tests.activities.test_wording_erasures import TOLD as LEAVER
from tests.activities.test_wording_sign_in import LETTER as SIGN_IN
from tests.scenes.scene import Scene

ANSWERED = told(outcome=ContestOutcome.CORRECTED, amount_cents=800)


def _of_a_ticket(notice: Notice, role: Role) -> Callable[[], str]:
    return lambda: a_letter(notice, role).html


def _html(letter: Letter) -> Callable[[], str]:
    return lambda: letter.html


MAILS = [
    Scene("courriel-connexion", shown=_html(SIGN_IN)),
    *(Scene(f"courriel-{mail}", shown=_html(LETTERS.write_of_erasure(mail, LEAVER))) for mail in ErasureMail),
    Scene("courriel-contestation", shown=_html(LETTERS.write_of_contest(told("48291573", "00000420")))),
    Scene(
        "courriel-contestation-reponse",
        shown=_html(
            LETTERS.write_of_contest_answer(told(outcome=ContestOutcome.CORRECTED, amount_cents=800))
        ),
    ),
    *(Scene(f"courriel-compte-{place}", shown=_html(case[0])) for place, case in enumerate(CASES, 1)),
    *(
        Scene(f"courriel-{notice}-{role}", shown=_of_a_ticket(notice, role), dark=notice is Notice.BOOKED)
        for notice, role in EVERY_LETTER
    ),
]
