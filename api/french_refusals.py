"""What people are told when something is refused or goes wrong: a title a status, a sentence a code."""

from http import HTTPStatus

from api.codes import ApiCode, Code
from domain.errors import Refusal

TITLES: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Requête incomplète ou illisible",
    HTTPStatus.UNAUTHORIZED: "Connexion nécessaire",
    HTTPStatus.FORBIDDEN: "Accès refusé",
    HTTPStatus.NOT_FOUND: "Introuvable",
    HTTPStatus.METHOD_NOT_ALLOWED: "Méthode non prévue",
    HTTPStatus.CONFLICT: "Impossible pour l’instant",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Envoi trop volumineux",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Saisie à corriger",
    HTTPStatus.TOO_MANY_REQUESTS: "Trop de demandes",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Erreur de notre côté",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service momentanément indisponible",
}

SENTENCES: dict[Code, str] = {
    ApiCode.NOT_SIGNED_IN: "Connectez-vous pour continuer.",
    ApiCode.SIGN_IN_INVALID: "Votre connexion n’est pas valable. Reconnectez-vous.",
    ApiCode.SIGN_IN_EXPIRED: "Votre connexion a expiré. Reconnectez-vous.",
    ApiCode.ROLE_NOT_ALLOWED: "Votre compte ne donne pas accès à cette page.",
    ApiCode.CROSS_SITE_REQUEST: "Cette action ne vient pas de nos pages. Refaites-la depuis OmeaSupport.",
    ApiCode.TOO_MANY_SIGN_INS: (
        "Trop de liens de connexion ont été demandés depuis une heure. Utilisez le dernier reçu, ou "
        "réessayez plus tard."
    ),
    ApiCode.SIGN_IN_LINK_INVALID: "Ce lien de connexion a déjà servi, ou n’est plus valable.",
    ApiCode.SIGN_IN_LINK_ELSEWHERE: "Ce lien de connexion a été demandé dans un autre navigateur.",
    ApiCode.SIGN_IN_NOT_FOUND: "Aucune de vos connexions en cours ne porte cet identifiant.",
    ApiCode.SECOND_FACTOR_MISSING: "Votre accès demande aussi un code. Reconnectez-vous.",
    ApiCode.SECOND_FACTOR_STEP_OVER: "Cette étape a expiré ou est déjà faite. Recommencez la connexion.",
    ApiCode.SECOND_FACTOR_WRONG: (
        "Ce code n’est pas le bon, ou il a déjà servi. Attendez que votre application en affiche un autre."
    ),
    ApiCode.TOO_MANY_CODES: "Trop de codes erronés. Réessayez plus tard.",
    ApiCode.OWN_SECOND_FACTOR: "Un collègue réinitialise votre application, pas vous-même.",
    ApiCode.COLLEAGUE_NOT_FOUND: "Personne de l’équipe ne porte cet identifiant.",
    ApiCode.TOO_MANY_SIGN_UPS: (
        "Trop de messages ont été demandés depuis une heure. Utilisez le dernier reçu, ou réessayez "
        "plus tard."
    ),
    ApiCode.SIGN_UP_LINK_INVALID: "Ce lien d’inscription a déjà servi, ou n’est plus valable.",
    ApiCode.TERMS_NOT_ACCEPTED: (
        "Les conditions en vigueur n’ont pas encore été acceptées. Elles doivent l’être avant toute demande."
    ),
    ApiCode.VETTING_INCOMPLETE: "Ce technicien ne peut pas encore être agréé : il manque des éléments.",
    ApiCode.APPLICATION_NOT_FOUND: "Aucune candidature ne porte cet identifiant.",
    ApiCode.APPLICATION_DECIDED: "Cette candidature a déjà sa réponse.",
    ApiCode.OWN_ACCOUNT: (
        "Personne ne change son propre rôle ni ne ferme son propre compte : demandez à un collègue."
    ),
    ApiCode.LAST_OF_BACK_OFFICE: "L’équipe Omea n’aurait plus personne : ajoutez d’abord un collègue.",
    ApiCode.ISSUER_NOT_FOUND: "Ce moyen de connexion n’est pas proposé ici.",
    ApiCode.ISSUER_UNAVAILABLE: "Ce service de connexion ne répond pas pour l’instant.",
    ApiCode.ISSUER_ANSWER_REFUSED: "Nous n’avons pas pu vérifier la réponse du service de connexion.",
    ApiCode.IDENTITY_UNKNOWN: "Ce compte extérieur n’ouvre pas de connexion à OmeaSupport.",
    ApiCode.IDENTITY_TAKEN: "Ce compte extérieur est déjà associé à un autre compte OmeaSupport.",
    ApiCode.IDENTITY_NOT_FOUND: "Aucun de vos comptes associés ne porte cet identifiant.",
    ApiCode.NOT_FOUND: "Cette adresse n’existe pas.",
    ApiCode.TICKET_NOT_FOUND: "Aucune demande ne porte ce numéro parmi les vôtres.",
    ApiCode.INVOICE_NOT_FOUND: "Cette demande n’a pas encore de facture.",
    ApiCode.CREDIT_NOTE_NOT_FOUND: "Cette demande n’a pas d’avoir de ce numéro.",
    ApiCode.DOCUMENT_NOT_MADE: "Ce document est en cours d’établissement ; réessayez dans un instant.",
    ApiCode.DOCUMENT_ARCHIVED: (
        "La personne a quitté OmeaSupport : ce document est aux archives comptables, à accès restreint."
    ),
    ApiCode.ATTACHMENT_NOT_FOUND: "Cette image n’existe pas, ou ne vous est pas destinée.",
    ApiCode.METHOD_NOT_ALLOWED: "Cette adresse ne se consulte pas de cette manière.",
    ApiCode.MALFORMED_JSON: "Ce qui a été envoyé ne peut pas être lu.",
    ApiCode.BODY_TOO_LARGE: "Ce qui a été envoyé est trop long : 64 Ko au plus.",
    ApiCode.ATTACHMENT_TOO_LARGE: "Cette image dépasse 5 Mo ou 40 mégapixels. Envoyez-en une plus petite.",
    ApiCode.ATTACHMENT_NOT_AN_IMAGE: "Ce fichier n’est pas une image PNG, JPEG ou WebP lisible.",
    ApiCode.ATTACHMENT_TYPE_MISMATCH: "Cette image n’est pas du type que son nom ou son en-tête annonce.",
    ApiCode.ATTACHMENT_ANIMATED: "Les images animées ne sont pas acceptées. Envoyez une image fixe.",
    ApiCode.INVALID_INPUT: "Certains champs sont à corriger.",
    ApiCode.UNKNOWN_TECHNICIAN: "Ce technicien n’existe pas.",
    ApiCode.TECHNICIAN_NOT_FOUND: "Aucun technicien ne porte cet identifiant.",
    ApiCode.LEAVE_NOT_FOUND: "Ces congés n’existent pas, ou plus.",
    ApiCode.MAIL_TAKEN: "Cette adresse est déjà celle d’un autre compte.",
    ApiCode.SIREN_TAKEN: "Ce numéro SIREN est déjà celui d’un autre technicien.",
    ApiCode.NO_RUN_OPEN: "Aucune campagne de virements n’est en cours pour ce mois.",
    ApiCode.NO_BANK_CHANGE: "Aucun changement de coordonnées bancaires n’attend.",
    ApiCode.MANDATE_OUTDATED: "Le texte du mandat a changé : relisez-le, puis signez-le.",
    ApiCode.CARD_PAGE_CLOSED: "Cette page de saisie n’est plus valable. Demandez-en une nouvelle.",
    ApiCode.ACCOUNT_PAGE_CLOSED: "Ce lien vers votre compte de paiement a expiré. Demandez-en un nouveau.",
    ApiCode.ACCOUNT_NOT_NEEDED: (
        "Vos gains sont versés par virement bancaire SEPA : il n’y a pas de compte de paiement à compléter."
    ),
    ApiCode.CONSENT_TEXT_OUTDATED: "Le texte de consentement a changé : relisez-le avant d’accepter.",
    ApiCode.TICKET_NUMBER_MISMATCH: (
        "Le numéro lu n’est pas celui de cette demande. Faites-le répéter par le client."
    ),
    ApiCode.IDEMPOTENCY_KEY_MISSING: "L’en-tête Idempotency-Key manque.",
    ApiCode.IDEMPOTENCY_KEY_INVALID: (
        "L’en-tête Idempotency-Key doit compter de 1 à 255 caractères imprimables, sans accent."
    ),
    ApiCode.IDEMPOTENCY_KEY_REUSED: "Cette clé Idempotency-Key a déjà servi pour une autre demande.",
    ApiCode.SIGNATURE_INVALID: "La signature de cette notification n’est pas valable.",
    ApiCode.NO_WORKER: (
        "Votre demande n’a pas encore pu être traitée. Recommencez dans quelques secondes : "
        "rien ne sera fait deux fois."
    ),
    ApiCode.TEMPORAL_UNAVAILABLE: (
        "Le service redémarre. Recommencez dans quelques secondes : rien ne sera fait deux fois."
    ),
    ApiCode.DATABASE_UNAVAILABLE: (
        "Nos données sont momentanément inaccessibles. Recommencez dans quelques secondes : "
        "rien ne sera fait deux fois."
    ),
    ApiCode.CROWDED: "Beaucoup de monde réserve en ce moment. Recommencez dans quelques secondes.",
    ApiCode.INTERNAL_ERROR: "Une erreur imprévue est survenue. L’équipe Omea en est avertie.",
    Refusal.NOT_ALLOWED_IN_STATUS: "Cette action n’est pas possible dans l’état actuel de la demande.",
    Refusal.TICKET_CLOSED: "Cette demande est close.",
    Refusal.CONSENT_MISSING: "Le client n’a pas encore consenti à la prise en main de son ordinateur.",
    Refusal.WRONG_CODE: "Ce code n’est pas celui du client. Faites-le répéter.",
    Refusal.TOO_EARLY: "Il est trop tôt : attendez l’approche du rendez-vous.",
    Refusal.TOO_LATE_TO_RESCHEDULE: (
        "Il est trop tard pour déplacer ce rendez-vous vous-même. Appelez l’équipe Omea."
    ),
    Refusal.APPOINTMENT_PASSED: "Cette heure est déjà passée. Choisissez-en une autre.",
    Refusal.WITHDRAWAL_OVER: "Vous ne pouvez plus vous rétracter : la séance a déjà eu lieu.",
    Refusal.CALLS_MISSING: (
        "Appelez le client au moins trois fois, sur un quart d’heure, à partir de l’heure du rendez-vous, "
        "avant de signaler son absence."
    ),
    Refusal.CEILING_NOT_RAISED: "Choisissez une durée plus longue que celle que vous avez déjà acceptée.",
    Refusal.TECHNICIAN_BOOKED_NEXT: (
        "Votre technicien a un autre rendez-vous ensuite : la séance ne peut pas durer davantage."
    ),
    Refusal.TECHNICIAN_NOT_FREE: "Ce technicien n’est pas libre à cette heure. Choisissez-en un autre.",
    Refusal.REPORT_MISSING: "Il n’y a pas de compte rendu sur lequel fonder cette décision.",
    Refusal.RULING_MINUTES: (
        "Indiquez la durée à facturer pour une réduction seulement, sans dépasser ce qui a été déclaré ni "
        "ce que le client a accepté."
    ),
    Refusal.GAIN_RULINGS: (
        "Décidez du gain de chaque séance commencée, une fois chacune, et n’indiquez une durée que pour un "
        "gain réduit."
    ),
    Refusal.REWORKS_EXHAUSTED: "Cette demande a déjà eu toutes ses séances gratuites. Décidez autrement.",
    Refusal.NOTHING_BILLABLE: "Le client s’est rétracté : décidez de ne rien facturer.",
    Refusal.NOTHING_DUE: "Il ne reste rien à payer sur cette facture.",
    Refusal.NOTHING_TO_REFUND: "Rien n’a été payé pour cette demande, ou tout est déjà remboursé.",
    Refusal.REFUND_OPEN: "Un remboursement est déjà à l’étude pour cette facture.",
    Refusal.CHARGED_BACK: "Le paiement est contesté auprès de la banque : c’est elle qui décide.",
    Refusal.CHARGEBACK_CLOSED: "Cette contestation n’attend plus de réponse.",
    Refusal.REFUND_CLOSED: "Ce remboursement n’attend plus de décision.",
    Refusal.REFUND_MINUTES: "La durée qui reste facturée doit être inférieure à celle qui l’a été.",
    Refusal.PROVIDER_AWAY: "Le prestataire de paiement ne répond pas : réessayez dans quelques minutes.",
    Refusal.PAYMENT_ON_ITS_WAY: "Un paiement est en route pour cette facture : attendez son arrivée.",
    Refusal.NOT_YOUR_TICKET: "Aucune demande ne porte ce numéro parmi les vôtres.",
    Refusal.INVALID_TICKET_NUMBER: "Ce numéro de demande n’est pas valable. Vérifiez chaque chiffre.",
    Refusal.INVALID_PHONE: "Ce numéro de téléphone n’est pas valable, ou ne peut pas être appelé.",
    Refusal.INVALID_ANYDESK_ID: "Un identifiant AnyDesk compte 9 ou 10 chiffres.",
    Refusal.INVALID_IBAN: "Cet IBAN n’est pas valable, ou son pays n’est pas dans la zone SEPA.",
    Refusal.INVALID_DURATION: "La durée doit être un multiple de 15 minutes, de 15 minutes à 4 heures.",
    Refusal.INVALID_MONTH: "Ce mois n’est pas valable : écrivez-le 2026-11, par exemple.",
    Refusal.FUTURE_MONTH: "Ce mois n’a pas encore commencé.",
    Refusal.FUTURE_YEAR: "Cette année n’a pas encore commencé.",
    Refusal.PERIOD_ORDER: "Cette période doit finir après son début.",
    Refusal.UNKNOWN_SKILL: "Ce type de demande n’existe pas.",
    Refusal.SLOT_NOT_OFFERED: "Ce créneau n’est pas proposé. Choisissez-en un dans la liste.",
    Refusal.SLOT_TAKEN: "Ce créneau vient d’être pris. Choisissez-en un autre.",
    Refusal.HOLD_EXPIRED: "Cette réservation provisoire n’est plus valable. Choisissez à nouveau un créneau.",
    Refusal.WORKING_HOURS_ORDER: "Chaque plage horaire doit finir après son début.",
    Refusal.WORKING_HOURS_OVERLAP: "Deux plages horaires du même jour se chevauchent.",
    Refusal.LEAVE_ORDER: "Ces congés doivent finir après leur début.",
    Refusal.LEAVE_PAST: "Ces congés sont déjà terminés.",
    Refusal.LEAVE_OVERLAPS: "Ces congés en chevauchent d’autres.",
    Refusal.CARD_MISSING: "Enregistrez d’abord une carte bancaire : elle ne sera débitée qu’après la séance.",
    Refusal.NO_TARIFF: "Aucun tarif n’est en vigueur à cette date.",
    Refusal.TARIFF_PAST: "Un tarif ne peut prendre effet dans le passé. Choisissez une date à venir.",
    Refusal.TARIFF_TOO_FAR: "Un tarif s’annonce au plus deux ans à l’avance. Vérifiez la date d’effet.",
    Refusal.TARIFF_PRICE: (
        "Le prix TTC d’une tranche doit être un multiple de 6 centimes (la TVA à 20 % tombe alors juste), "
        "de 0,60 € à 300 €."
    ),
    Refusal.TARIFF_SLICES: (
        "La tranche doit diviser 15 minutes, le minimum facturé tenir dans 15 minutes, et la tolérance être "
        "plus courte qu’une tranche."
    ),
    Refusal.TARIFF_GAIN: "Le gain du technicien doit être positif, sans dépasser le prix HT de la tranche.",
    Refusal.TARIFF_VERSION_TAKEN: "Un tarif porte déjà ce nom. Donnez-en un autre.",
    Refusal.TARIFF_DATE_TAKEN: "Un tarif prend déjà effet à cette date pour cette compétence.",
    Refusal.DECLARATION_INCOMPLETE: (
        "Il manque des renseignements sur des prestataires à déclarer : complétez-les d’abord."
    ),
    Refusal.RUN_IN_PROGRESS: "Une campagne de virements de ce mois est déjà en cours.",
    Refusal.NOT_PAID_BY_PROVIDER: (
        "Ce relevé n’est pas payé par le prestataire de paiement : il n’y a aucun virement à reprendre."
    ),
    Refusal.REVERSAL_UNFUNDED: (
        "Le solde du compte de paiement du technicien ne suffit plus : ce virement ne peut pas être repris."
    ),
    Refusal.REVERSAL_REFUSED: "Le prestataire de paiement a refusé de reprendre ce virement.",
    ApiCode.UNKNOWN_CLIENT: "Ce client n’existe pas.",
    ApiCode.EXPRESS_REQUEST_MISSING: (
        "L’intervention commencerait pendant votre délai de rétractation de 14 jours : "
        "demandez expressément qu’elle commence avant sa fin."
    ),
    ApiCode.WITHDRAWAL_STATEMENT_OUTDATED: "La déclaration a changé : relisez-la avant de confirmer.",
    ApiCode.APPOINTMENT_NOT_FOUND: "Cette demande n’a pas encore de rendez-vous.",
    ApiCode.REVIEW_LINK_INVALID: "Ce lien n’est pas valable, ou ne l’est plus.",
    ApiCode.CHARGEBACK_NOT_FOUND: "Cette contestation n’existe pas.",
    ApiCode.TRANSFER_FILE_NOT_FOUND: "Ce fichier de virements n’existe pas.",
    ApiCode.BANK_MESSAGE_TOO_LARGE: "Ce message dépasse 5 Mo.",
    ApiCode.STATEMENT_NOT_FOUND: "Ce relevé n’existe pas.",
    ApiCode.YEARLY_STATEMENT_NOT_FOUND: "Aucune somme n’est à déclarer pour cette année.",
    ApiCode.REFUND_NOT_FOUND: "Ce remboursement n’existe pas.",
    ApiCode.PAYMENT_LINK_INVALID: "Ce lien n’est pas valable, ou ne l’est plus.",
    Refusal.ATTACHMENT_UNKNOWN: (
        "Une des images n’est plus disponible, ou a déjà été jointe ailleurs. Envoyez-la à nouveau."
    ),
    Refusal.NOT_A_BANK_MESSAGE: (
        "Ce fichier n’est pas un message de la banque (pain.002, pacs.004, camt.053 ou camt.054)."
    ),
    Refusal.ATTACHMENT_TOO_MANY: (
        "Vous avez déjà envoyé 20 images sans les joindre. Joignez-les, ou attendez demain."
    ),
    ApiCode.CONTEST_NOT_FOUND: "Ce relevé n’est pas contesté.",
    Refusal.CONTEST_PERIOD_OVER: "Le délai pour contester ce relevé est passé : il est réputé accepté.",
    Refusal.STATEMENT_CONTESTED: (
        "Ce relevé a déjà été contesté, et ne peut l’être qu’une fois. Pour ajouter quelque chose, appelez "
        "l’équipe Omea."
    ),
    Refusal.NOT_ON_STATEMENT: "Cette demande, ou cette séance, n’est pas sur ce relevé.",
    Refusal.CONTEST_ANSWERED: "Cette contestation a déjà sa réponse.",
    Refusal.CONTEST_CORRECTION: (
        "Indiquez la rectification d’un relevé rectifié, et n’en indiquez pas pour un relevé maintenu."
    ),
    Refusal.CORRECTION_AMOUNT: (
        "La rectification doit être d’une ou de plusieurs tranches entières, sans que le gain de la séance "
        "devienne négatif ni dépasse la durée acceptée par le client."
    ),
    ApiCode.PERSON_NOT_FOUND: "Cette personne n’existe pas.",
    ApiCode.ERASURE_NOT_FOUND: "Aucune suppression de ce compte n’a été demandée.",
    Refusal.ACCOUNT_LEAVING: (
        "La suppression de ce compte est demandée : aucun nouveau rendez-vous ne peut être pris. "
        "Retirez d’abord cette demande."
    ),
    Refusal.ERASURE_OF_STAFF: "Le compte d’un membre de l’équipe ne se supprime pas ici.",
    Refusal.ERASURE_OVER: "Cette demande de suppression est déjà retirée, ou le compte est déjà supprimé.",
}

# Said of a form, where the API speaks of headers and quotation marks.
FORM_SENTENCES: dict[Code, str | None] = {
    ApiCode.IDEMPOTENCY_KEY_REUSED: (
        "Ce formulaire a déjà été envoyé avec d’autres réponses. Vérifiez où vous en êtes, puis renvoyez-le "
        "si besoin."
    ),
    ApiCode.INVALID_INPUT: None,
    ApiCode.ATTACHMENT_TYPE_MISMATCH: (
        "Cette image n’est pas de la sorte que son nom annonce. Enregistrez-la à nouveau, puis joignez-la."
    ),
}

# Said of the one field that asks for a code, empty or too long for one.
CODE_MISSING = "Tapez le code que votre application affiche, ou l’un de vos codes de secours."
