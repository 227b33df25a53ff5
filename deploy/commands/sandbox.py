"""`omea up`, `seed`, `demo` and `token`: the sandbox and its people."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.common import VAR, Var, finished, settings_of
from deploy.settings import OpeningHours, Pace


def up(
    var: Var = VAR,
    pace: Annotated[Pace, typer.Option(help="« demo » : les délais durent quelques secondes.")] = Pace.DEMO,
    opening_hours: Annotated[OpeningHours, typer.Option(help="Heures d'ouverture.")] = OpeningHours.ALWAYS,
) -> None:
    """Démarre tout et reste là jusqu'à Ctrl-C."""
    from deploy.stack import running_stack

    with running_stack(var, pace=pace, opening_hours=opening_hours, tell=_tell) as stack:
        from deploy import demo_tokens

        print("\nTout est prêt.\n")
        for title, name, path in _PAGES:
            if name in stack.urls:
                print(f"  {title:<26} {stack.url(name)}{path}")
        if {"temporal_ui", "codec"} <= stack.urls.keys():
            print("\nPour lire en clair dans Temporal :\n")
            for line in _clear_text_lines(stack.url("codec")):
                print(f"  {line}")
        print("\nPour se connecter :\n")
        for line in demo_tokens.sign_in_lines(stack.settings("api")):
            print(f"  {line}")
        print(f"\nJournaux : {stack.var / 'log'}\nCtrl-C pour tout arrêter.", flush=True)
        # Ctrl-C is how one leaves: no error.
        with contextlib.suppress(KeyboardInterrupt):
            stack.wait()
        print("\narrêt…", flush=True)


def _clear_text_lines(codec_url: str) -> tuple[str, ...]:
    return (
        "Se connecter à l'API dans ce navigateur, au nom d'une personne de l'équipe Omea (back_office).",
        "Dans Temporal, bouton aux lunettes : « Use my browser setting », adresse",
        f"{codec_url}, et cocher « Include cross-origin credentials ».",
        f'Au terminal : temporal workflow show … --codec-endpoint {codec_url} --codec-auth "Bearer <jeton>"',
    )


_PAGES = (
    ("API (documentation)", "api", "/docs"),
    ("Temporal", "temporal_ui", ""),
    ("Espaces (se connecter)", "api", "/"),
    ("Courriels", "mailbox", ""),
    ("Sésame (émetteur OIDC)", "oidc", ""),
    ("Stripe (bac à sable)", "stripe", "/dashboard"),
    ("Mesures (Prometheus)", "metrics", "/metrics"),
)


def _tell(name: str) -> None:
    print(f"démarrage : {name}", flush=True)


def seed_people(var: Var = VAR) -> None:
    """Ajoute les personnes et les compétences de démonstration qui manquent."""
    from deploy import seed

    finished(seed.run(settings_of(var)))


def demo(
    json: Annotated[Path | None, typer.Option(help="Écrire aussi le résultat dans ce fichier.")] = None,
    var: Var = VAR,
) -> None:
    """Joue la démonstration, sur l'environnement qui tourne ou sur un qu'elle démarre."""
    from deploy.demo import main as demonstration
    from deploy.stack import StackAbsent, attach, running_stack

    try:
        stack = attach(var)
    except StackAbsent:
        with running_stack(var, tell=_tell) as started:
            status = finished(demonstration.run(started, json))
    else:
        status = finished(demonstration.run(stack, json))
    raise typer.Exit(int(status or 0))


def token(person_mail: str, var: Var = VAR) -> None:
    """Donne un jeton d'accès au nom d'une personne."""
    from deploy import demo_tokens

    print(finished(demo_tokens.token(settings_of(var, "api"), person_mail)))
