"""What the forms of the back office's pages send, and which tickets they are possible for."""

from api import consent_text, withdrawal_text
from domain.tickets import Command

COMMANDS = {
    "technicien": Command.REASSIGN,
    "horaire": Command.RESCHEDULE,
    "annulation": Command.CANCEL,
    "decision": Command.RULING,
    "seance-gratuite": Command.RULING,
    "litige": Command.DISPUTE,
    "abandon": Command.WRITE_OFF,
    "retractation": Command.WITHDRAW,
    "accord": Command.CONSENT,
    "prolonger": Command.EXTEND,
    "avis": Command.REVIEW,
    "arret": Command.STOP,
    "payer": Command.PAY,
}
NEEDS = {
    ("POST", "/dossiers/{number}/reprise"): Command.TAKE_OVER,
    **{(m, f"/dossiers/{{number}}/{page}"): one for page, one in COMMANDS.items() for m in ("GET", "POST")},
}

REASON = {"reason": "Le client l’a demandé au téléphone."}
FORMS: dict[str, dict[str, str]] = {
    "/files/courriels/{person}": {"until": "2026-11-24T10:00:00+01:00"},
    "/dossiers/{number}/reprise": {},
    "/dossiers/{number}/technicien": REASON,
    "/dossiers/{number}/horaire": {"start": "2026-11-25T14:00:00+01:00", "express_request": "true"},
    "/dossiers/{number}/annulation": {},
    "/dossiers/{number}/decision": {"kind": "waive", **REASON},
    "/dossiers/{number}/seance-gratuite": {"start": "2026-11-25T14:00:00+01:00", **REASON},
    "/dossiers/{number}/litige": REASON,
    "/dossiers/{number}/abandon": REASON,
    "/dossiers/{number}/retractation": {"statement_version": withdrawal_text.CURRENT_VERSION},
    "/dossiers/{number}/accord": {
        "anydesk_id": "123 456 789",
        "text_version": consent_text.CURRENT_VERSION,
    },
    "/dossiers/{number}/prolonger": {"ceiling_minutes": "90"},
    "/dossiers/{number}/avis": {"stars": "5", "satisfied": "true"},
    "/dossiers/{number}/arret": {},
    "/dossiers/{number}/payer": {},
    "/dossiers/{number}/contestations/{reference}/reponse": {"text": "Le client a consenti à la séance."},
    "/dossiers/{number}/contestations/{reference}/concession": REASON,
    "/dossiers/{number}/remboursements/{case}": {"kind": "whole", **REASON},
    "/dossiers/{number}/remboursements/{case}/relance": {},
    "/dossiers/{number}/remboursements/{case}/reglement": REASON,
}
