"""The terms of service that a client accepts to open an account. A version, once used, never changes; a new
one is accepted again before the next request.

Sources of what they must say: code de la consommation, art. L111-1 and L221-5 (what is told beforehand),
L221-18 and L221-25 (withdrawal), L612-1 (mediation).
"""

CURRENT_VERSION = "2026-11"

TEXTS: dict[str, str] = {
    "2026-11": (
        "1. Le service. OmeaSupport est un service d’assistance informatique à distance. Vous décrivez "
        "votre problème et choisissez une heure ; un technicien compétent vous appelle à cette heure et, "
        "avec votre accord, prend la main sur votre ordinateur avec AnyDesk. L’équipe est joignable au 09 "
        "71 38 04 96, du lundi au samedi, de 8 h à 19 h, et à l’adresse contact@omeasupport.com.\n\n"
        "2. Votre compte. Il est personnel et gratuit. On s’y connecte par un lien envoyé à votre adresse "
        "électronique, ou par un service de connexion que vous y avez associé : gardez l’accès à votre "
        "messagerie et à ce service pour vous seul. Vous pouvez demander sa suppression depuis votre "
        "compte, par téléphone ou par écrit.\n\n"
        "3. Vos demandes. Chaque demande est une commande, au tarif affiché avant de la valider, pour une "
        "durée que vous plafonnez. Vous pouvez annuler sans frais tant que la séance n’a pas commencé, et "
        "déplacer le rendez-vous jusqu’à deux heures avant.\n\n"
        "4. La séance. Vérifiez avec le technicien le numéro de la demande, restez devant l’écran, et "
        "interrompez la séance quand vous le voulez. Ne donnez jamais de mot de passe, de numéro de carte "
        "ni de code bancaire, à personne. Avant la séance, sauvegardez vos fichiers importants.\n\n"
        "5. Le prix et le paiement. La séance est facturée selon sa durée, par tranche, au tarif affiché, "
        "TVA comprise, sans jamais dépasser la durée que vous avez acceptée. Après la séance vous recevez "
        "le compte rendu et avez trois jours pour donner votre avis ou signaler un problème ; sans "
        "réponse, l’intervention est acceptée. Votre carte, enregistrée chez notre prestataire de "
        "paiement, est alors débitée, et la facture vous est envoyée.\n\n"
        "6. Si quelque chose ne va pas. Signalez-le depuis la demande ou par téléphone : elle est "
        "suspendue et rien n’est facturé le temps que l’équipe Omea reprenne le sujet avec vous.\n\n"
        "7. Rétractation. Vous avez 14 jours à partir de chaque commande pour vous rétracter, sans motif "
        "et sans frais, en ligne depuis la demande. Si la séance doit avoir lieu avant, vous le demandez "
        "expressément ; ce droit prend fin quand la séance est terminée.\n\n"
        "8. Entre vous et le technicien. Tout passe par OmeaSupport : ne convenez de rien en dehors, ni "
        "rendez-vous, ni paiement, ni coordonnées.\n\n"
        "9. Responsabilité. Nous répondons de la bonne exécution du service. Un technicien met en œuvre "
        "ses compétences sans pouvoir garantir que tout problème a une solution. Rien dans ces conditions "
        "ne limite les droits que la loi vous donne.\n\n"
        "10. Changements et litiges. De nouvelles conditions ne valent qu’une fois acceptées, et pour les "
        "demandes suivantes. Le droit français s’applique. En cas de différend, écrivez-nous d’abord ; "
        "vous pouvez ensuite saisir gratuitement le médiateur de la consommation dont nos factures "
        "donnent les coordonnées, ou le tribunal."
    ),
}
