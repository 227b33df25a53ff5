"""The page of each thing that can go wrong: what it is, and what to do now. No code, no id, no trace."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.types import Scope

from api.codes import STATUS, ApiCode, Code
from api.errors import RETRY_AFTER_SECONDS, Problem
from api.french_refusals import SENTENCES
from api.pages import page

# Of what is under /v1, these are pages, or what a page leads to.
PAGES = ("/v1/sign-in", "/v1/sign-up", "/v1/payments/", "/v1/account-page/")


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

# The title of the page says it all.
TITLE_ONLY = {ApiCode.NOT_FOUND, ApiCode.METHOD_NOT_ALLOWED, ApiCode.INVALID_INPUT}


def wants_page(scope: Scope) -> bool:
    """Whether it is a person's browser that asks for one of our pages, or for a file that one leads to."""
    path: str = scope["path"]
    is_page = not path.startswith("/v1") or path.startswith(PAGES) or path.endswith(".pdf")
    return is_page and "text/html" in Headers(scope=scope).get("accept", "")


def error_page(problem: Problem) -> HTMLResponse:
    status = STATUS[problem.code]
    advice = OWN_ADVICE.get(problem.code) or ADVICE.get(status) or ADVICE[HTTPStatus.INTERNAL_SERVER_ERROR]
    shown = page(
        "desk/error.html.j2",
        status,
        desk=None,
        title=advice.title,
        sentence=None if problem.code in TITLE_ONLY else SENTENCES[problem.code],
        to_do=advice.to_do,
    )
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        shown.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    shown.headers.update(problem.headers)
    return shown
