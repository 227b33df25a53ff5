"""The privacy notice that is shown before an account is opened. It informs and asks for nothing (RGPD,
art. 13). A version, once used, never changes.
"""

CURRENT_VERSION = "2026-11"

TEXTS: dict[str, str] = {
    "2026-11": (
        "1. Qui. OmeaSupport est responsable du traitement de vos données : contact@omeasupport.com, 09 "
        "71 38 04 96.\n\n"
        "2. Quoi et pourquoi. Votre nom, votre adresse électronique, votre téléphone, votre identifiant "
        "AnyDesk, ce que vous écrivez et les images que vous joignez, pour exécuter le contrat : "
        "organiser le rendez-vous, vous assister, facturer. Nos factures et nos comptes, parce que la loi "
        "l’impose. Si vous vous connectez par un autre service, l’identifiant qu’il nous donne de vous. La "
        "trace des connexions et des consultations de votre dossier par l’équipe, dans notre "
        "intérêt légitime à protéger vos données. Il n’y a ni publicité, ni profilage, ni revente.\n\n"
        "3. Qui les voit. Le technicien de votre demande, et lui seul : votre nom, le problème et, peu "
        "avant le rendez-vous, votre téléphone. L’équipe Omea, pour vous aider ; ses consultations sont "
        "journalisées. Nos prestataires : paiement (Stripe, qui garde seul le numéro de votre carte), "
        "prise en main (AnyDesk), hébergement et courrier électronique. Le service par lequel vous vous "
        "connectez, si vous en choisissez un, sait que vous le faites.\n\n"
        "4. Combien de temps. Une inscription non confirmée : deux jours au plus. Votre compte : jusqu’à "
        "ce que vous le supprimiez. Une candidature de technicien : un an après notre réponse. Les "
        "factures et la comptabilité : dix ans. Le journal des accès : un an.\n\n"
        "5. Vos droits. Vous pouvez demander à voir vos données, à les corriger, à les recevoir, à les "
        "effacer, à en limiter l’usage ou vous y opposer, depuis votre compte, par courrier électronique "
        "ou par téléphone. "
        "Vous pouvez aussi vous plaindre à la CNIL (cnil.fr)."
    ),
}
