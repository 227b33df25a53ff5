"""What a client confirms in order to withdraw (code de la consommation, art. L221-18 and L221-21). A version,
once used, never changes."""

from dataclasses import dataclass

CURRENT_VERSION = "2026-11"


@dataclass(frozen=True)
class Statement:
    """`before` and `during` say what follows, before the session and while it goes on; `confirm` is what the
    confirming button says."""

    title: str
    contract: str
    before: str
    during: str
    confirm: str


STATEMENTS: dict[str, Statement] = {
    "2026-11": Statement(
        title="Vous renoncez au contrat ici",
        contract=(
            "Je notifie à OmeaSupport ma rétractation du contrat portant sur la demande n° {number}, "
            "« {skill} », passée le {ordered}."
        ),
        before=(
            "Le rendez-vous est annulé et rien ne vous est facturé. Cette décision est définitive. "
            "Un accusé de réception daté vous est envoyé par courriel."
        ),
        during=(
            "La séance en cours s’arrête aussitôt et rien ne vous est facturé. "
            "Cette décision est définitive. Un accusé de réception daté vous est envoyé par courriel."
        ),
        confirm="Confirmer la rétractation",
    ),
}
