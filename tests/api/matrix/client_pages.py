"""The client's pages and everybody's account: what a ticket must allow for each, and what is typed there."""

from api import consent_text, withdrawal_text
from api.accepted_texts import IN_FORCE
from domain.tickets import Command

VERSIONS = {text.value: version for text, version in IN_FORCE.items()}
PAGES = {
    "deplacer": Command.RESCHEDULE,
    "annuler": Command.CANCEL,
    "retractation": Command.WITHDRAW,
    "accord": Command.CONSENT,
    "prolonger": Command.EXTEND,
    "arreter": Command.STOP,
    "avis": Command.REVIEW,
    "insatisfaction": Command.DISPUTE,
    "payer": Command.PAY,
    "carte": Command.PAY,
}
NEEDS = {
    (method, f"/demandes/{{number}}/{page}"): one for page, one in PAGES.items() for method in ("GET", "POST")
}
NEW = {"competence": "internet", "minutes": "60", "start": "2026-11-24T10:00:00+01:00"}
FORMS: dict[str, dict[str, str]] = {
    "/demandes/nouvelle/creneau": NEW,
    "/demandes/nouvelle/carte": NEW,
    "/demandes/nouvelle/coordonnees": NEW | {"do": "hold"},
    "/demandes/{number}/deplacer": {"start": "2026-11-25T14:00:00+01:00", "express_request": "true"},
    "/demandes/{number}/annuler": {},
    "/demandes/{number}/retractation": {"statement_version": withdrawal_text.CURRENT_VERSION},
    "/demandes/{number}/accord": {"anydesk_id": "123 456 789", "text_version": consent_text.CURRENT_VERSION},
    "/demandes/{number}/prolonger": {"ceiling_minutes": "90"},
    "/demandes/{number}/arreter": {},
    "/demandes/{number}/avis": {"stars": "5", "satisfied": "true"},
    "/demandes/{number}/insatisfaction": {"reason": "L’imprimante ne marche toujours pas."},
    "/demandes/{number}/payer": {},
    "/demandes/{number}/carte": {},
    "/avis/{token}": {"stars": "5", "satisfied": "true"},
    "/compte/nom": {"name": "Claire Petit-Martin"},
    "/compte/textes": VERSIONS,
    "/compte/messages": {"sms": "true", "phone": "06 12 34 56 79"},
    "/compte/depart": {},
    "/compte/depart/retrait": {},
    "/compte/connexions/{sign_in}": {},
    "/compte/identites/{identity}": {},
}
