"""Finance's desk."""

from tests.scenes.scene import FINANCE, Scene

# Paid, but not whole; and the one that goes on.
OVER, MONTH = "2026-10", "2026-11"
PAGES = [
    Scene("mois", "/mois", FINANCE, dark=True, daily=True),
    Scene("mois-fini", f"/mois/{OVER}", FINANCE),
    Scene("mois-vide", "/mois/2026-01", FINANCE),
    Scene("virements", "/virements", FINANCE, dark=True, daily=True),
    Scene("virements-en-cours", f"/virements/{MONTH}", FINANCE),
    Scene("virements-apercu", f"/virements/{MONTH}/apercu", FINANCE),
    Scene("virements-apercu-technicien", f"/virements/{MONTH}/apercu/{{a_technician}}", FINANCE),
    Scene("virements-releves", f"/virements/{OVER}/releves", FINANCE),
    Scene("releve-de-finance", "/releves/{statement}", FINANCE),
    Scene(
        "releve-de-finance-a-corriger",
        "/releves/{statement}",
        FINANCE,
        sends="main form[action$='/reponse']",
    ),
    Scene("retenues", "/retenues", FINANCE),
    Scene("retenues-technicien", "/retenues/{a_new_technician}", FINANCE),
    Scene("retenues-banque", "/retenues/{a_technician}", FINANCE),
    Scene("contestations", "/contestations", FINANCE),
    Scene("comptabilite", "/comptabilite", FINANCE),
    Scene("comptabilite-mois-fini", f"/comptabilite/{OVER}", FINANCE),
    Scene("comptabilite-compte", f"/comptabilite/{MONTH}/comptes/411", FINANCE),
    Scene("comptabilite-cloture", f"/comptabilite/{OVER}/cloture", FINANCE),
    Scene("exports", "/exports", FINANCE),
    Scene("banque", f"/banque?mois={OVER}", FINANCE),
    Scene("banque-repondue", f"/banque?mois={OVER}&message={{bank_message}}", FINANCE),
    Scene("banque-vide", f"/banque?mois={MONTH}", FINANCE),
    Scene("banque-a-corriger", f"/banque?mois={MONTH}", FINANCE, sends="main form[action='/banque']"),
    Scene("declarations", "/declarations", FINANCE),
    Scene("declarations-vides", "/declarations/2025", FINANCE),
    Scene("controles", "/controles", FINANCE),
    Scene("tarifs", "/tarifs", FINANCE),
    Scene("tarifs-a-corriger", "/tarifs", FINANCE, sends="main form:has([name=version])"),
]
