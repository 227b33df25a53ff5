"""Finance's desk."""

from tests.scenes.scene import FINANCE, Scene

MONTH = "2026-11"
PAGES = [
    Scene("mois", f"/mois/{MONTH}", FINANCE, dark=True, daily=True),
    Scene("virements", f"/virements/{MONTH}", FINANCE, daily=True),
    Scene("virements-apercu", f"/virements/{MONTH}/apercu", FINANCE),
    Scene("virements-releves", f"/virements/{MONTH}/releves", FINANCE),
    Scene("retenues", "/retenues", FINANCE),
    Scene("contestations", "/contestations", FINANCE),
    Scene("comptabilite", f"/comptabilite/{MONTH}", FINANCE),
    Scene("comptabilite-compte", f"/comptabilite/{MONTH}/comptes/411", FINANCE),
    Scene("comptabilite-cloture", f"/comptabilite/{MONTH}/cloture", FINANCE),
    Scene("exports", "/exports", FINANCE),
    Scene("banque", "/banque", FINANCE),
    Scene("declarations", "/declarations/2026", FINANCE),
    Scene("controles", "/controles", FINANCE),
    Scene("tarifs", "/tarifs", FINANCE),
    Scene("tarifs-a-corriger", "/tarifs", FINANCE, sends="main form:has([name=version])"),
]
