"""What people read of leaving."""

from enum import StrEnum

from domain.erasures import AskedBy, Awaited, ErasureStep

STEPS: dict[StrEnum, str] = {
    ErasureStep.REFLECTION: "délai pour changer d’avis",
    ErasureStep.WAITING: "en attente de ce qui reste à régler",
    ErasureStep.WITHDRAWN: "demande retirée",
    ErasureStep.ERASED: "compte supprimé",
}
ASKED_BY: dict[StrEnum, str] = {
    AskedBy.PERSON: "la personne elle-même",
    AskedBy.PHONE: "par téléphone",
    AskedBy.MAIL: "par courrier ou message",
}
AWAITED: dict[Awaited, str] = {
    Awaited.TICKET: "demande en cours",
    Awaited.REFUND: "remboursement en cours",
    Awaited.CHARGEBACK: "contestation bancaire en cours",
    Awaited.DOCUMENT: "facture, avoir ou relevé à établir",
    Awaited.DEBT: "solde à régler",
    Awaited.GAINS: "gains à verser",
    Awaited.PAYOUT: "relevé à virer",
    Awaited.CONTEST: "contestation d’un relevé sans réponse",
    Awaited.DECLARATION: "sommes de l’année à déclarer avant le 31 janvier suivant",
}
