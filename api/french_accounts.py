"""Technicians' accounts at the payment provider, in French: how far they are, and what is still asked for."""

from collections.abc import Iterable

from domain.payees import AccountStage

STAGES: dict[AccountStage, str] = {
    AccountStage.TO_OPEN: "à ouvrir, sur la page que le technicien demande depuis son espace",
    AccountStage.TO_COMPLETE: "à compléter, sur la page que le technicien demande depuis son espace",
    AccountStage.CHECKED: "en cours de vérification par le prestataire de paiement",
    AccountStage.READY: "prêt à recevoir des virements",
}

# By the beginning of the provider's names, of several the longest.
ASKED: dict[str, str] = {
    "business_profile": "description de l’activité",
    "business_type": "forme de l’activité : en nom propre ou en société",
    "company": "renseignements sur la société",
    "company.address": "adresse de la société",
    "company.name": "dénomination de la société",
    "company.phone": "téléphone de la société",
    "company.tax_id": "numéro SIREN",
    "company.verification": "justificatif de la société",
    "external_account": "compte bancaire (IBAN)",
    "individual": "renseignements personnels",
    "individual.address": "adresse",
    "individual.dob": "date de naissance",
    "individual.email": "adresse électronique",
    "individual.first_name": "prénom",
    "individual.last_name": "nom",
    "individual.phone": "téléphone",
    "individual.verification": "pièce d’identité",
    "individual.verification.additional_document": "justificatif de domicile",
    "tos_acceptance": "acceptation des conditions du prestataire de paiement",
}
ANYTHING_ELSE = "autre renseignement, indiqué sur la page"


def asked(names: Iterable[str]) -> dict[str, str]:
    """Label by code. The day, the month and the year of a birth are one thing to a person."""
    found: dict[str, str] = {}
    for name in names:
        code = max((known for known in ASKED if f"{name}.".startswith(f"{known}.")), key=len, default=name)
        found.setdefault(code, ASKED.get(code, ANYTHING_ELSE))
    return found
