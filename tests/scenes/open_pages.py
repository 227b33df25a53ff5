"""What everybody may see: help, signing in and up, the pages that mails lead to, and those of errors."""

from collections.abc import Callable
from datetime import timedelta

from api import french_refusals
from api.codes import ApiCode, Code
from api.error_pages import error_page
from api.errors import Problem
from api.pages import form_page
from domain.errors import Refusal
from tests.api.frontend import MORNING
from tests.scenes.scene import BACK_OFFICE, TECHNICIAN, TO_ENROL, TO_SHOW_A_CODE, Scene

EVENING = MORNING + timedelta(hours=12)


def wrong_code() -> str:
    said = french_refusals.SENTENCES[ApiCode.SECOND_FACTOR_WRONG]
    return bytes(
        form_page("second_factor_code.html.j2", error=said, wait_minutes=2, action="/").body
    ).decode()


HELP = [
    Scene("aide", "/aide", dark=True, daily=True),
    Scene("aide-techniciens", "/aide/techniciens"),
    Scene("aide-fermee", "/aide#facturation", at=EVENING),
]

SIGNING_IN = [
    Scene("connexion", "/v1/sign-in", daily=True),
    Scene("connexion-adresse-fausse", "/v1/sign-in", sends="form[action='/v1/sign-in/asked']"),
    Scene("connexion-lien-refuse", "/v1/sign-in/links/perime"),
    Scene("connecte", "/v1/sign-in/done", TECHNICIAN),
    Scene("code", "/v1/sign-in/second-factor", TO_SHOW_A_CODE),
    Scene("code-faux", shown=wrong_code),
    Scene("code-a-enroler", "/v1/sign-in/second-factor", TO_ENROL),
    Scene("code-trop-tard", "/v1/sign-in/second-factor"),
    Scene("code-a-remplacer", "/v1/sign-in/second-factor/replacement", BACK_OFFICE),
    Scene("connexion-par-un-tiers-refusee", "/v1/sign-in/with/google/back"),
    Scene("inscription", "/v1/sign-up"),
    Scene("inscription-a-corriger", "/v1/sign-up", sends="form[action='/v1/sign-up/asked']"),
    Scene("inscription-lien", "/v1/sign-up/links/{sign_up_link}"),
    Scene("inscription-lien-refuse", "/v1/sign-up/links/perime"),
    Scene("conditions", "/v1/sign-up/texts/terms"),
    Scene("confidentialite", "/v1/sign-up/texts/privacy"),
]

MAILS_LEAD_TO = [
    Scene("avis-par-courriel", "/avis/{review_link}", daily=True),
    Scene("avis-lien-faux", "/avis/faux"),
    Scene("paiement-par-courriel", "/v1/payments/{payment_link}"),
    Scene("paiement-lien-faux", "/v1/payments/faux"),
    Scene("compte-prestataire-retour", "/v1/account-page/returned"),
    Scene("compte-prestataire-perime", "/v1/account-page/expired"),
]


def answered(code: Code) -> Callable[[], str]:
    return lambda: bytes(error_page(Problem(code)).body).decode()


def signed_out() -> str:
    """As a form comes back whose sign-in has ended."""
    text = "L’imprimante ne marche toujours pas.\n\nElle dit : « bourrage papier »."
    fields = [("key", "a key"), ("reason", text)]
    words = {"action": "/demandes", "fields": fields, "written": [text], "files": ["images"]}
    return bytes(form_page("desk/signed_out.html.j2", desk=None, **words).body).decode()


# One of each kind of advice.
CODES: tuple[Code, ...] = (
    *(ApiCode.MALFORMED_JSON, ApiCode.ROLE_NOT_ALLOWED, ApiCode.CROSS_SITE_REQUEST, ApiCode.NOT_FOUND),
    *(Refusal.TICKET_CLOSED, ApiCode.BODY_TOO_LARGE, ApiCode.INVALID_INPUT, ApiCode.TOO_MANY_SIGN_INS),
    *(ApiCode.INTERNAL_ERROR, ApiCode.DATABASE_UNAVAILABLE, ApiCode.NO_WORKER),
)
ERRORS = [
    *(Scene(f"erreur-{code.value}", shown=answered(code), daily=code is ApiCode.NOT_FOUND) for code in CODES),
    Scene("connexion-finie", shown=signed_out),
]
