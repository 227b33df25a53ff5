"""What the Temporal UI shows of an erasure. No personal data."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from domain.erasures import Awaited, Outstanding
from workflows.wording import paris

SUMMARY = "Suppression d’un compte"
DETAILS = (
    "Une personne demande la suppression de son compte. Elle a 30 jours pour changer d’avis ; ce qui est en "
    "cours doit aussi être réglé. Alors tout ce qui la désigne est effacé, la comptabilité passe aux "
    "archives "
    "pour 10 ans, et une attestation lui est envoyée."
)
OPENED = "Demande enregistrée"
WITHDRAWN = "Demande retirée"
ERASED = "Effacement"
CUSTOMER_FORGOTTEN = "Suppression du client chez Stripe"
ADDRESS_FORGOTTEN = "Adresse de l’attestation oubliée"
TOLD_ASKED = "Accusé de réception"
TOLD_WITHDRAWN = "Confirmation du retrait"
CERTIFICATE = "Envoi de l’attestation"
TOLD_FAILED = "Alerte à l’équipe"
REFLECTION = "Délai pour changer d’avis"
LOOK_AGAIN = "Nouvel examen de ce qui reste à régler"
FAILED = "**L’effacement a échoué** ; nouvel essai le lendemain"
DONE = "**Compte supprimé**"
WAS_WITHDRAWN = "**Demande retirée**"

AWAITED: dict[Awaited, str] = {
    Awaited.TICKET: "demandes en cours",
    Awaited.REFUND: "remboursements en cours",
    Awaited.CHARGEBACK: "contestations bancaires en cours",
    Awaited.DOCUMENT: "factures, avoirs ou relevés à établir",
    Awaited.DEBT: "solde du client",
    Awaited.GAINS: "gains à relever",
    Awaited.PAYOUT: "relevés à virer",
    Awaited.CONTEST: "contestations de relevés sans réponse",
    Awaited.DECLARATION: "déclarations annuelles à venir",
}


def until(due_at: datetime) -> str:
    return f"**Délai pour changer d’avis** jusqu’au {paris(due_at)}"


def waiting(outstanding: Sequence[Outstanding]) -> str:
    counts = Counter(one.what for one in outstanding)
    return "\n".join(
        ["**À régler avant l’effacement**", "", *(f"- {AWAITED[what]} : {n}" for what, n in counts.items())]
    )
