"""The back office's desk."""

from tests.scenes.scene import BACK_OFFICE, Scene

QUEUES = [
    Scene("files", "/files", BACK_OFFICE, dark=True, daily=True),
    Scene("calendrier", "/calendrier", BACK_OFFICE, daily=True),
    Scene("recherche", "/recherche", BACK_OFFICE),
    Scene("recherche-trouve", "/recherche?q=petit", BACK_OFFICE),
    Scene("recherche-rien", "/recherche?q=personne", BACK_OFFICE),
]
CASES = [
    Scene(
        f"dossier-{state.replace('_', '-')}",
        f"/dossiers/{{{state}}}",
        BACK_OFFICE,
        daily=state == "suspended",
    )
    for state in (
        "to_assign",
        "scheduled",
        "in_session",
        "in_review",
        "suspended",
        "unpaid",
        "paid",
        "cancelled",
    )
]
ACTS = [
    Scene("dossier-decision", "/dossiers/{suspended}/decision", BACK_OFFICE, daily=True),
    Scene(
        "dossier-decision-a-corriger",
        "/dossiers/{suspended}/decision",
        BACK_OFFICE,
        sends="main form[action$='/decision']",
    ),
    Scene("dossier-technicien", "/dossiers/{scheduled}/technicien", BACK_OFFICE),
    Scene("dossier-horaire", "/dossiers/{scheduled}/horaire", BACK_OFFICE),
    Scene("dossier-annulation", "/dossiers/{scheduled}/annulation", BACK_OFFICE),
    Scene("dossier-litige", "/dossiers/{in_review}/litige", BACK_OFFICE),
    Scene("dossier-remboursement-demande", "/dossiers/{paid}/litige", BACK_OFFICE),
    Scene("dossier-abandon", "/dossiers/{unpaid}/abandon", BACK_OFFICE),
]
