"""What the page of an error says besides the error itself: its title, and what to do now."""

from dataclasses import dataclass
from http import HTTPStatus

from api.codes import ApiCode, Code


@dataclass(frozen=True)
class Advice:
    title: str
    to_do: tuple[str, ...]


AGAIN = (
    "Rechargez cette page, ou revenez à la précédente : votre navigateur a souvent gardé ce que vous aviez "
    "écrit."
)
CALL = "Si cela recommence, appelez-nous : nous ferons le nécessaire avec vous."
ADVICE: dict[HTTPStatus, Advice] = {
    HTTPStatus.BAD_REQUEST: Advice(
        "Ce formulaire est incomplet",
        ("Revenez à la page précédente, rechargez-la, puis renvoyez le formulaire.", CALL),
    ),
    HTTPStatus.FORBIDDEN: Advice(
        "Cette page n’est pas pour ce compte",
        (
            "Revenez à votre espace : tout ce que votre compte permet y est.",
            "Si vous avez plusieurs comptes, déconnectez-vous, puis reconnectez-vous avec l’autre adresse.",
        ),
    ),
    HTTPStatus.NOT_FOUND: Advice(
        "Cette page n’existe pas",
        (
            "Vérifiez l’adresse : il en manque peut-être un morceau.",
            "Si vous cherchez une demande, elle est dans la liste de votre espace.",
            "Si vous avez plusieurs comptes, elle est peut-être sous l’autre.",
        ),
    ),
    HTTPStatus.CONFLICT: Advice(
        "Ce n’est plus possible",
        ("La situation a changé entre-temps : revenez à la page précédente et rechargez-la.", CALL),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Advice(
        "Cet envoi est trop volumineux",
        ("Revenez à la page précédente et envoyez moins : un texte plus court, une image plus petite.",),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: Advice(
        "Quelque chose est à corriger",
        ("Revenez à la page précédente, corrigez, puis renvoyez le formulaire.", CALL),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Advice(
        "Trop de demandes à la fois",
        ("Attendez quelques minutes, puis réessayez.", CALL),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Advice("Une erreur de notre côté", (AGAIN, CALL)),
    HTTPStatus.SERVICE_UNAVAILABLE: Advice(
        "Le service est momentanément indisponible",
        (
            "Attendez quelques secondes, puis rechargez cette page. Renvoyer un formulaire est sans risque : "
            "rien n’est fait deux fois.",
            "Vos demandes, vos rendez-vous et vos factures sont conservés.",
            "Si cela dure et que votre rendez-vous est proche, appelez-nous.",
        ),
    ),
}
# Nobody can do anything about the difference.
ADVICE[HTTPStatus.METHOD_NOT_ALLOWED] = ADVICE[HTTPStatus.NOT_FOUND]
# Where the kind of error says less than the error itself.
OWN_ADVICE: dict[Code, Advice] = {
    ApiCode.CROSS_SITE_REQUEST: Advice(
        "Cette action vient d’ailleurs",
        (
            "Par sécurité, rien n’a été fait : une action ne se demande que depuis nos pages.",
            "Revenez à votre espace et refaites-la depuis là.",
        ),
    ),
}
