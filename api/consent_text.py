"""What a client agrees to before a technician takes over the screen. A version, once used, never changes."""

CURRENT_VERSION = "2026-11"

TEXTS: dict[str, str] = {
    "2026-11": (
        "J’autorise le technicien OmeaSupport désigné pour cette demande à voir l’écran de mon ordinateur "
        "et à en prendre la main avec AnyDesk, pour cette seule séance.\n\n"
        "Je reste devant l’écran pendant toute la séance. Je peux l’interrompre à tout moment en fermant "
        "AnyDesk.\n\n"
        "Le technicien ne me demandera ni mot de passe, ni numéro de carte, ni code bancaire : je ferme les "
        "documents que je ne souhaite pas montrer, et j’appelle OmeaSupport au moindre doute.\n\n"
        "OmeaSupport conserve l’heure de cet accord, la version de ce texte et mon identifiant AnyDesk."
    ),
}
