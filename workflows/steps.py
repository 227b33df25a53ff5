"""What the Temporal UI calls each act that a process waits for, and each step of it. No personal data."""

# News from elsewhere.
PROVIDER_NEWS = "Le prestataire de paiement annonce un changement"

# A ticket: what is said to it.
BOOKED = "Attend que le créneau soit réservé"
CAPACITY = "Du temps de technicien s’est libéré"
UNAVAILABLE = "Le technicien n’est peut-être plus disponible"
DECLINE = "Le technicien décline le rendez-vous"
REASSIGN = "L’équipe confie la demande à un autre technicien"
RESCHEDULE = "Le rendez-vous change d’heure"
CANCEL = "Le client annule le rendez-vous"
WITHDRAW = "Le client se rétracte"
ACKNOWLEDGE = "Le technicien confirme le rendez-vous"
CONSENT = "Le client consent à la prise en main"
CALL = "Le technicien appelle le client"
ABSENT = "Le technicien signale l’absence du client"
START = "Le technicien commence la séance"
END = "Le technicien met fin à la séance"
STOP = "Le client arrête la séance"
EXTEND = "Le client accepte une durée plus longue"
INCIDENT = "Le technicien signale un incident"
REPORT = "Le technicien rend son compte rendu"
REVIEW = "Le client donne son avis"
DISPUTE = "Le client n’est pas satisfait"
TAKE_OVER = "L’équipe reprend la demande"
RULING = "L’équipe décide"
PAY = "Le client règle sa facture"
WRITE_OFF = "La créance est abandonnée"

# A ticket: what is done.
BOOKING = "Réservation du technicien"
AVAILABILITY = "Disponibilité du technicien"
GIVEN_BACK = "Retour à l’équipe Omea"
WITHDRAWN = "Rétractation"
ACKNOWLEDGED = "Rendez-vous confirmé"
CONSENTED = "Consentement du client"
CALLED = "Appel du client"
STARTED = "Début de séance"
ENDED = "Fin de séance"
EXTENDED = "Durée maximale relevée"
INCIDENT_TOLD = "Incident signalé"
REPORTED = "Compte rendu"
REVIEWED = "Avis du client"
BILLED = "Facture et gain"
CREDITED = "Avoir et gain"
DISPUTED = "Suspension"
TAKEN_OVER = "Reprise par l’équipe"
DURATION_RULED = "Durée décidée"
CHARGE_GIVEN_UP = "Abandon du débit"
PAYMENT_READ = "Lecture du paiement"
PAYMENT_CANCELLED = "Annulation du paiement"
UNPAID = "Impayé"
WRITTEN_OFF = "Abandon de la créance"

# A refund.
REFUND_OPENED = "Ouverture du dossier"
REFUND_RULING = "L’équipe décide du remboursement"
REFUND_AGAIN = "Nouvel essai du remboursement"
REFUND_ELSEWHERE = "Remboursé par un autre moyen"
REFUND_BY_BANK = "Remboursement par virement"
REFUND_READ = "Lecture du remboursement"
EXCESS_READ = "Lecture du trop-perçu rendu"

# A chargeback.
CHARGEBACK_ANSWER = "L’équipe répond à la banque"
CHARGEBACK_GIVE_UP = "L’équipe renonce"
CHARGEBACK_GIVEN_UP = "Renoncement"
EVIDENCE_SENT = "Envoi des preuves"
CHARGEBACK_READ = "Lecture de la contestation"

# A card, and a technician's account at the provider.
CARD_ADDRESS = "Adresse de la page de saisie"
CARD_PAGE_OPENED = "Ouverture de la page de saisie"
CARD_READ = "Lecture de la carte"
ACCOUNT_OPENED = "Ouverture du compte de paiement"
ACCOUNT_ADDRESS = "Adresse de la page du prestataire"
ACCOUNT_LINK = "Lien vers la page du prestataire"
ACCOUNT_READ = "Lecture du compte de paiement"

# Payouts and statements.
PROGRESS = "Où en est la campagne"
TAKE_BACK = "La finance reprend le virement"
TAKEN_BACK = "Reprise du virement"
TRANSFERS_READ = "Lecture des virements du relevé"
CONTEST = "Contestation reçue"
CONTEST_ANSWER = "La finance répond"

# An erasure.
ERASURE_ASKED = "Demande reçue"
ERASURE_WITHDRAWN = "Demande retirée"


def charge(attempt: int) -> str:
    return f"Débit de la carte, essai {attempt}"


def payment_asked(attempt: int) -> str:
    return f"Règlement demandé, essai {attempt}"


def refund(attempt: int) -> str:
    return f"Remboursement, essai {attempt}"
