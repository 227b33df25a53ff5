"""The technician's pages: what a ticket must allow for each, and what is typed into their forms."""

from domain.payees import MANDATE
from domain.tickets import Command

PAGES = {
    "confirmer": Command.ACKNOWLEDGE,
    "decliner": Command.DECLINE,
    "appel": Command.CALL,
    "commencer": Command.START,
    "terminer": Command.END,
    "absence": Command.ABSENT,
    "incident": Command.INCIDENT,
    "compte-rendu": Command.REPORT,
}
NEEDS = {
    (method, f"/interventions/{{number}}/{page}"): one
    for page, one in PAGES.items()
    for method in ("GET", "POST")
}
FORMS: dict[str, dict[str, str]] = {
    "/interventions/{number}/confirmer": {},
    "/interventions/{number}/decliner": {},
    "/interventions/{number}/appel": {},
    "/interventions/{number}/terminer": {},
    "/interventions/{number}/absence": {},
    "/interventions/{number}/incident": {"text": "Le client refuse de fermer sa page bancaire."},
    "/interventions/{number}/compte-rendu": {"text": "Canal Wi-Fi changé.", "declared_minutes": "25"},
    "/gain/releves/{number}/contester": {"text": "La séance a duré 40 minutes, et non 20."},
    "/disponibilites/horaires": {"opens-0-0": "09:00", "closes-0-0": "12:00"},
    "/disponibilites/conges": {"from_day": "2026-12-24", "to_day": "2026-12-31"},
    "/disponibilites/conges/{leave}": {},
    "/disponibilites/agenda": {},
    "/disponibilites/agenda/fermer": {},
    "/dossier/mandat": {"version": MANDATE},
    "/dossier/banque": {"rail": "sepa", "iban": "FR14 2004 1010 0505 0001 3M02 606"},
    "/dossier/compte": {},
}
