"""The technician's desk."""

from tests.scenes.scene import TECHNICIAN, Scene

DAY = [
    Scene("agenda", "/agenda", TECHNICIAN, dark=True, daily=True),
    Scene("gain", "/gain", TECHNICIAN),
    Scene("releves", "/gain/releves", TECHNICIAN),
    Scene("disponibilites", "/disponibilites", TECHNICIAN),
    Scene("dossier-du-technicien", "/dossier", TECHNICIAN),
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
ACTS = [
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
