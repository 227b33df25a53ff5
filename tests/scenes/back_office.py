"""The back office's desk."""

from tests.scenes.scene import BACK_OFFICE, Scene

QUEUES = [
    Scene("files", "/files", BACK_OFFICE, dark=True, daily=True),
    Scene("calendrier", "/calendrier", BACK_OFFICE, dark=True, daily=True),
    Scene("calendrier-dimanche", "/calendrier?jour=2026-11-29", BACK_OFFICE),
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
        "refund_asked",
        "refund_failed",
        "disputed",
        "cancelled",
    )
]
WANTED = "competence=internet&minutes=60"
OPENING = [
    Scene("ouvrir-1-sujet", "/personnes/{petit}/demande", BACK_OFFICE),
    Scene("ouvrir-2-heure", f"/personnes/{{petit}}/demande?{WANTED}", BACK_OFFICE, dark=True),
    Scene("ouvrir-2-sans-carte", f"/personnes/{{girard}}/demande?{WANTED}", BACK_OFFICE),
]
ACTS = [
    Scene("dossier-decision", "/dossiers/{suspended}/decision", BACK_OFFICE, daily=True),
    Scene(
        "dossier-decision-a-corriger",
        "/dossiers/{suspended}/decision",
        BACK_OFFICE,
        sends="main form[action$='/decision']",
    ),
    Scene("dossier-seance-gratuite", "/dossiers/{suspended}/seance-gratuite", BACK_OFFICE, dark=True),
    Scene("dossier-technicien", "/dossiers/{scheduled}/technicien", BACK_OFFICE),
    Scene("dossier-horaire", "/dossiers/{scheduled}/horaire", BACK_OFFICE),
    Scene("dossier-annulation", "/dossiers/{scheduled}/annulation", BACK_OFFICE),
    Scene("dossier-litige", "/dossiers/{in_review}/litige", BACK_OFFICE),
    Scene("dossier-remboursement-demande", "/dossiers/{paid}/litige", BACK_OFFICE),
    Scene("dossier-remboursement", "/dossiers/{refund_asked}/remboursements/1", BACK_OFFICE),
    Scene(
        "dossier-remboursement-a-corriger",
        "/dossiers/{refund_asked}/remboursements/1",
        BACK_OFFICE,
        sends="main form[action$='/remboursements/1']",
    ),
    Scene("dossier-reglement", "/dossiers/{refund_failed}/remboursements/1/reglement", BACK_OFFICE),
    Scene("dossier-contestation", "/dossiers/{disputed}/contestations/du_1", BACK_OFFICE),
    Scene("dossier-accord", "/dossiers/{scheduled}/accord", BACK_OFFICE),
    Scene("dossier-retractation", "/dossiers/{scheduled}/retractation", BACK_OFFICE),
    Scene("dossier-prolonger", "/dossiers/{in_session}/prolonger", BACK_OFFICE),
    Scene("dossier-avis", "/dossiers/{in_review}/avis", BACK_OFFICE),
    Scene("dossier-plus-possible", "/dossiers/{paid}/annulation", BACK_OFFICE),
    Scene("dossier-abandon", "/dossiers/{unpaid}/abandon", BACK_OFFICE),
]
