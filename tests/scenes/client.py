"""The client's desk."""

from datetime import timedelta

from tests.api.frontend import MORNING
from tests.scenes.scene import CLIENT, NEW_CLIENT, Scene

NEW = "/demandes/nouvelle"
WANTED = "competence=internet&minutes=60"

LISTS = [
    Scene("demandes-aucune", "/demandes", NEW_CLIENT),
    Scene("demandes", "/demandes", CLIENT, dark=True, daily=True),
    Scene("compte", "/compte", CLIENT),
    Scene("compte-nom-change", "/compte", NEW_CLIENT, sends="form[action='/compte/nom']"),
    Scene("messages-recus", "/compte/messages", CLIENT),
    Scene("depart", "/compte/depart", CLIENT),
]

ASKING = [
    Scene("demander-1-sujet", NEW, CLIENT),
    Scene("demander-2-heure", f"{NEW}/creneau?{WANTED}", CLIENT, daily=True),
    Scene(
        "demander-2-heure-a-choisir",
        f"{NEW}/creneau?{WANTED}",
        CLIENT,
        sends=f"form[action='{NEW}/creneau']",
    ),
    Scene("demander-2-heure-aucune", f"{NEW}/creneau?competence=printer&minutes=60", CLIENT),
    Scene("demander-3-sans-carte", f"{NEW}/coordonnees?{WANTED}", NEW_CLIENT),
    Scene("demander-3-coordonnees", f"{NEW}/coordonnees?{WANTED}", CLIENT),
    Scene(
        "demander-3-a-corriger",
        f"{NEW}/coordonnees?{WANTED}",
        CLIENT,
        sends="main form:has([name=description])",
        daily=True,
    ),
]

STATES = [
    Scene(
        f"demande-{state.replace('_', '-')}",
        f"/demandes/{{{state}}}",
        CLIENT,
        dark=state == "in_session",
        daily=state in {"scheduled", "in_session"},
    )
    for state in (
        *("to_assign", "scheduled", "confirmed", "in_session", "to_report", "in_review", "suspended"),
        *("invoiced", "unpaid", "paid", "refund_asked", "cancelled"),
    )
]
STATES += [
    Scene("demande-bientot", "/demandes/{confirmed}", CLIENT, at=MORNING + timedelta(minutes=110)),
    Scene("demande-de-quelqu-un-d-autre", "/demandes/{refund_failed}", CLIENT),
]

ACTS = [
    Scene("accord", "/demandes/{scheduled}/accord", CLIENT),
    Scene(
        "accord-a-corriger",
        "/demandes/{scheduled}/accord",
        CLIENT,
        sends="main form[action$='/accord']",
    ),
    Scene("deplacer", "/demandes/{scheduled}/deplacer", CLIENT),
    Scene("annuler", "/demandes/{scheduled}/annuler", CLIENT),
    Scene("retractation", "/demandes/{scheduled}/retractation", CLIENT),
    Scene("prolonger", "/demandes/{in_session}/prolonger", CLIENT),
    Scene("avis", "/demandes/{in_review}/avis", CLIENT),
    Scene("avis-a-corriger", "/demandes/{in_review}/avis", CLIENT, sends="main form[action$='/avis']"),
    Scene("insatisfaction", "/demandes/{in_review}/insatisfaction", CLIENT),
    Scene(
        "insatisfaction-a-corriger",
        "/demandes/{in_review}/insatisfaction",
        CLIENT,
        sends="main form[action$='/insatisfaction']",
    ),
    Scene("plus-possible", "/demandes/{paid}/annuler", CLIENT),
]
