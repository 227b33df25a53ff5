"""What is wrong with a field, in French: a sentence for each kind of error that pydantic reports."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from api.codes import REFUSALS
from api.french_refusals import SENTENCES
from domain.errors import Refusal
from domain.text_guard import Disclosure

BY_THE_PLATFORM = "Pour votre protection, tout échange passe par la plateforme."
MESSAGES: dict[str, str] = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas.",
    "string_type": "Écrivez un texte entre guillemets.",
    "string_too_short": "Écrivez au moins {min_length} caractères.",
    "string_too_long": "Écrivez au plus {max_length} caractères.",
    "string_pattern_mismatch": "Ce format n’est pas celui attendu.",
    "string_unicode": "Ce texte contient des caractères illisibles.",
    "list_type": "Écrivez une liste entre crochets.",
    "too_long": "Donnez au plus {max_length} éléments.",
    "bool_type": "Écrivez true ou false, sans guillemets.",
    "int_type": "Écrivez un nombre entier, sans guillemets.",
    "int_parsing": "Écrivez un nombre entier.",
    "int_from_float": "Écrivez un nombre entier.",
    "greater_than_equal": "La plus petite valeur possible est {ge}.",
    "less_than_equal": "La plus grande valeur possible est {le}.",
    "model_attributes_type": "Envoyez un objet JSON, avec l’en-tête Content-Type: application/json.",
    "control_characters": "Ce texte contient des caractères invisibles interdits.",
    "not_an_instant": (
        "Écrivez une date et une heure avec leur décalage, par exemple 2026-11-24T10:00:00+01:00."
    ),
    "not_an_amount": "Écrivez un montant en euros, comme 15,60.",
    "not_a_day": "Écrivez un jour comme 2026-11-24.",
    "not_a_mail": "Cette adresse électronique n’est pas valable.",
    "not_a_mobile": "Donnez un numéro de mobile : les SMS n’arrivent pas sur un téléphone fixe.",
    "not_a_wall_time": "Écrivez une heure comme 09:00.",
    "not_a_siren": "Ce numéro SIREN n’est pas valable : vérifiez ses 9 chiffres.",
    "not_a_vat_number": "Ce numéro de TVA n’est pas valable : vérifiez qu’il est français et complet.",
    "not_a_tax_number": "Ce numéro fiscal n’est pas valable : vérifiez ses 13 chiffres.",
    "not_a_birth_date": "Cette date de naissance n’est pas vraisemblable.",
    "iban_with_sepa": "Donnez l’IBAN avec le virement bancaire, et seulement avec lui.",
    "skill_twice": "Chaque compétence ne s’indique qu’une fois.",
    "not_an_id": "Cet identifiant n’est pas valable.",
    "not_a_url": "Écrivez une adresse complète, qui commence par https:// ou http://.",
    "ceiling_over_hold": "Le plafond dépasse la durée du créneau réservé.",
    "enum": "Cette valeur n’est pas de celles qui sont possibles.",
    "not_together": "Ce champ ne va pas avec les autres.",
    Disclosure.CARD_NUMBER: (
        "Ce texte contient un numéro de carte bancaire : retirez-le. Une carte ne se donne que sur la page "
        "de paiement sécurisée, jamais dans un message."
    ),
    Disclosure.IBAN: (
        "Ce texte contient un numéro de compte bancaire (IBAN) : retirez-le. Il ne se donne jamais dans un "
        "message."
    ),
    Disclosure.PASSWORD: (
        "Ce texte semble contenir un mot de passe ou un code secret : retirez-le. Personne chez nous ne vous "
        "le demandera ; si vous l’avez déjà donné à quelqu’un, changez-le."
    ),
    Disclosure.PHONE_NUMBER: "Ce texte contient un numéro de téléphone : retirez-le. " + BY_THE_PLATFORM,
    Disclosure.MAIL_ADDRESS: "Ce texte contient une adresse électronique : retirez-la. " + BY_THE_PLATFORM,
    Disclosure.MESSENGER_LINK: "Ce texte contient un lien vers une messagerie : retirez-le. "
    + BY_THE_PLATFORM,
    "not_a_cursor": "Ce curseur n’est pas valable : reprenez celui de la page précédente.",
}
OTHERWISE = "Cette valeur n’est pas valable."
# Said on a form, which has choices where the API has numbers.
ON_A_FORM = {"int_parsing": "Choisissez une valeur."}


def message(error: ErrorDetails | Mapping[str, Any]) -> str:
    """Never quotes what was sent."""
    kind = str(error["type"])
    if kind in REFUSALS:
        return SENTENCES[Refusal(kind)]
    return MESSAGES.get(kind, OTHERWISE).format_map(error.get("ctx") or {})
