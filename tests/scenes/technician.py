"""The technician's desk."""

from datetime import timedelta

from tests.api.frontend import MORNING
from tests.scenes.scene import NEW_TECHNICIAN, TECHNICIAN, Scene

DAY = [
    Scene("agenda", "/agenda", TECHNICIAN, dark=True, daily=True),
    Scene("agenda-vide", "/agenda", NEW_TECHNICIAN),
    Scene("gain", "/gain", TECHNICIAN, dark=True),
    Scene("gain-vide", "/gain", NEW_TECHNICIAN),
    Scene("releves", "/gain/releves", TECHNICIAN),
    Scene("releves-aucun", "/gain/releves", NEW_TECHNICIAN),
    Scene("releve", "/gain/releves/{statement}", TECHNICIAN),
    Scene("releve-a-contester", "/gain/releves/{second_statement}", TECHNICIAN),
    Scene("contester", "/gain/releves/{second_statement}/contester", TECHNICIAN),
    Scene(
        "contester-a-corriger",
        "/gain/releves/{second_statement}/contester",
        TECHNICIAN,
        sends="main form[action$='/contester']",
    ),
    Scene("disponibilites", "/disponibilites", TECHNICIAN),
    Scene("disponibilites-vides", "/disponibilites", NEW_TECHNICIAN),
    Scene("dossier-du-technicien", "/dossier", TECHNICIAN),
    Scene("dossier-incomplet", "/dossier", NEW_TECHNICIAN),
    Scene("dossier-mandat", "/dossier/mandat", NEW_TECHNICIAN),
    Scene("dossier-banque", "/dossier/banque", TECHNICIAN),
    Scene(
        "dossier-banque-a-corriger",
        "/dossier/banque",
        TECHNICIAN,
        sends="main form[action='/dossier/banque']",
    ),
]
STATES = [
    Scene(
        f"intervention-{state.replace('_', '-')}",
        f"/interventions/{{{state}}}",
        TECHNICIAN,
        daily=state == "in_session",
    )
    for state in ("scheduled", "confirmed", "in_session", "to_report", "in_review", "suspended", "paid")
]
CALLING = MORNING + timedelta(hours=2, minutes=16)
STATES += [
    Scene("intervention-a-appeler", "/interventions/{confirmed}", TECHNICIAN, at=CALLING),
    Scene("intervention-de-quelqu-un-d-autre", "/interventions/48291573", TECHNICIAN),
]
ACTS = [
    Scene("intervention-absence", "/interventions/{confirmed}/absence", TECHNICIAN, at=CALLING),
    Scene("intervention-decliner", "/interventions/{scheduled}/decliner", TECHNICIAN),
    Scene("intervention-incident", "/interventions/{in_session}/incident", TECHNICIAN),
    Scene("intervention-compte-rendu", "/interventions/{to_report}/compte-rendu", TECHNICIAN),
    Scene(
        "intervention-compte-rendu-a-corriger",
        "/interventions/{to_report}/compte-rendu",
        TECHNICIAN,
        sends="main form:has([name=text])",
    ),
]
