"""What the technician's pages say of money: how states are coloured, what holds it and what to do."""

from db.models.payouts import PayoutStatus
from domain.payees import Hold

# By the code of a gain's state.
TONES: dict[str, str] = {"payable": "wait", "claimed": "wait", "held": "stop", "paid": "done"}
PAYOUT_TONES: dict[str, str] = {
    PayoutStatus.TO_SEND: "wait",
    PayoutStatus.ORDERED: "wait",
    PayoutStatus.FAILED: "stop",
    PayoutStatus.PAID: "done",
}
# What the technician can do about it, and where nothing is theirs to do, who does.
HOLDS: dict[str, str] = {
    Hold.BANK_CHANGE_PENDING: "L’équipe Omea vous appelle pour le confirmer.",
    Hold.IDENTITY_MISSING: "Donnez à l’équipe Omea votre nom légal, votre SIREN et votre adresse.",
    Hold.MANDATE_MISSING: "Lisez-le et signez-le dans votre dossier.",
    Hold.ACCOUNT_MISSING: "Ouvrez votre compte de paiement, ou donnez votre IBAN, dans votre dossier.",
    Hold.ACCOUNT_INCOMPLETE: "Complétez-le depuis votre dossier.",
    Hold.VIGILANCE_EXPIRED: "Demandez-la à l’Urssaf, et envoyez-la à l’équipe Omea.",
}

DONE: dict[str, str] = {
    "conteste": "Votre contestation est enregistrée. L’équipe Omea vous répond.",
}
