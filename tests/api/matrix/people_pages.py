"""What is typed into the forms of the pages about people."""

FORMS: dict[str, dict[str, str]] = {
    "/personnes/{technician}/competences": {"niveau-internet": "2"},
    "/personnes/{technician}/agrement": {},
    "/personnes/{technician}/attestation": {"vigilance_until": "2027-05-31"},
    "/personnes/{technician}/conges": {"from_day": "2026-12-24", "to_day": "2026-12-31"},
    "/personnes/{technician}/conges/{leave}": {},
    "/personnes/{technician}/banque/confirmer": {},
    "/personnes/{technician}/banque/refuser": {},
    "/personnes/{technician}/suspendre": {},
    "/personnes/{technician}/retablir": {},
    "/personnes/{technician}/identite": {
        "legal_name": "Thomas Leroy EI",
        "siren": "732829320",
        "street": "12 rue des Lilas",
        "postal_code": "69003",
        "city": "Lyon",
    },
    "/personnes/{colleague}/role": {"role": "back_office"},
    "/personnes/{colleague}/fermer": {},
    "/personnes/{colleague}/rouvrir": {},
    "/personnes/{colleague}/second-facteur": {},
    "/personnes/{person}/depart": {"asked_by": "phone"},
    "/personnes/{person}/depart/retrait": {},
    "/candidatures/{application}/accepter": {"niveau-internet": "2"},
    "/candidatures/{application}/refuser": {"reason": "Nous ne cherchons personne en réseaux."},
    "/candidatures/{application}/effacer": {},
}
