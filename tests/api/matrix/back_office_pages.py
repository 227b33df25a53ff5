"""What the forms of the back office's pages send, and which tickets they are possible for."""

from domain.tickets import Command

COMMANDS = {
    "technicien": Command.REASSIGN,
    "horaire": Command.RESCHEDULE,
    "annulation": Command.CANCEL,
    "decision": Command.RULING,
    "litige": Command.DISPUTE,
    "abandon": Command.WRITE_OFF,
}
NEEDS = {
    ("POST", "/dossiers/{number}/reprise"): Command.TAKE_OVER,
    **{(m, f"/dossiers/{{number}}/{page}"): one for page, one in COMMANDS.items() for m in ("GET", "POST")},
}

REASON = {"reason": "Le client l’a demandé au téléphone."}
FORMS: dict[str, dict[str, str]] = {
    "/dossiers/{number}/reprise": {},
    "/dossiers/{number}/technicien": REASON,
    "/dossiers/{number}/horaire": {"start": "2026-11-25T14:00:00+01:00", "express_request": "true"},
    "/dossiers/{number}/annulation": {},
    "/dossiers/{number}/decision": {"kind": "waive", **REASON},
    "/dossiers/{number}/litige": REASON,
    "/dossiers/{number}/abandon": REASON,
    "/dossiers/{number}/remboursements/{case}": {"kind": "whole", **REASON},
    "/dossiers/{number}/remboursements/{case}/relance": {},
    "/dossiers/{number}/remboursements/{case}/reglement": REASON,
}
