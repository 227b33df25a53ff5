"""The end of the demonstration: nothing of its people is left where it has no business."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.scenes import read_scenes
from deploy.demo.signing_in import mailed_texts
from deploy.demo.traces.files import look_through_files, look_through_metrics
from deploy.demo.traces.histories import look_through_temporal
from deploy.demo.traces.looked_for import (
    code_needles,
    different,
    link_secrets,
    person_needles,
    scene_needles,
    secret_needles,
)
from deploy.demo.traces.needles import Needle, Words
from deploy.demo.traces.searched import Search
from deploy.demo_people import PEOPLE
from deploy.stack import Stack
from deploy.temporal import connect

# The settings that are keys.
KEYS = ("_KEY", "_SECRET")


@dataclass
class Secrets:
    """What opened something while the demonstration was played: the codes that two people read to each other,
    tokens and cookies, and texts with links in them."""

    codes: set[str] = field(default_factory=set)
    sign_ins: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


async def look_through(
    stack: Stack, secrets: Secrets, tickets: Collection[str], besides: Path | None = None
) -> Search:
    """Reads all that the stack left, of this demonstration and of those before: its logs and other files, its
    metrics, and Temporal's raw histories, in which the numbers of the `tickets` must be met. `besides` is the
    file that the demonstration is asked to write, names and all."""
    texts = [*secrets.texts, *(await mailed_texts(stack.url("mailbox")) if "mailbox" in stack.urls else ())]
    environment = stack.environment("worker")
    needles = different(
        [
            *(needle for person in PEOPLE for needle in person_needles(person)),
            *(needle for scene in read_scenes() for needle in scene_needles(scene)),
            *code_needles(secrets.codes),
            *secret_needles("jeton ou cookie de connexion", secrets.sign_ins),
            *secret_needles("jeton d'un lien", (piece for text in texts for piece in link_secrets(text))),
            *secret_needles("clé", (value for name, value in environment.items() if name.endswith(KEYS))),
        ]
    )
    search = Search(needles, landmarks=[_landmark(number) for number in tickets])
    look_through_files(search, stack.var, besides)
    await look_through_metrics(search, stack.urls)
    search.met.clear()
    await look_through_temporal(search, await connect(stack.settings("worker")))
    return search


def _landmark(number: str) -> Needle:
    return Words.of("demande", number)


def problems(search: Search, tickets: Iterable[str], *, with_metrics: bool = True) -> list[str]:
    """A French sentence for each place with something in it, and for each that was not really read."""
    needed = {
        "bytes": "aucun journal",
        "events": "aucun historique Temporal",
        "sealed payloads": "aucun contenu chiffré",
        "schedules": "aucun Schedule",
    }
    if with_metrics:
        needed["metrics"] = "aucune métrique"
    return [
        *(f"trace laissée, {sentence}" for sentence in search.problems()),
        *(f"traces : {nothing} à relire" for sort, nothing in needed.items() if not search.counts[sort]),
        *(
            f"traces : la demande {number} n'est dans aucun des historiques relus"
            for number in tickets
            if _landmark(number) not in search.met
        ),
    ]


def told(search: Search) -> str:
    """What was read and looked for, in a sentence."""
    counts = search.counts
    size = f"{counts['bytes'] / 1e6:.1f}".replace(".", ",")
    return (
        f"Traces : {counts['files']} fichiers ({size} Mo), {counts['metrics']} séries de métriques, "
        f"{counts['schedules']} Schedules et {counts['histories']} historiques Temporal bruts "
        f"({counts['events']} événements, {counts['sealed payloads']} contenus chiffrés, "
        f"{counts['clear payloads']} en clair) relus ; {len(search.needles)} noms, adresses, numéros, "
        f"textes, codes et jetons y ont été cherchés, trouvés à {len(search.found)} endroit(s)."
    )
