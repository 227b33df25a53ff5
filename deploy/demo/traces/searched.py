"""The search itself: what was read, how much of it, and where something was found."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from deploy.demo.traces.needles import Needle, Reading
from deploy.demo.traces.readings import legible, readings


@dataclass
class Search:
    """Looks for all `needles` in each place it is given. `found` maps a place to the kinds of things in it,
    never to the things; `counts` says how much of each sort was read; `met` has those of the `landmarks`
    that were: what is rightly there, so that a search that reads nothing is known by not meeting it."""

    needles: Sequence[Needle]
    landmarks: Collection[Needle] = ()
    found: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    counts: Counter[str] = field(default_factory=Counter)
    met: set[Needle] = field(default_factory=set)

    def look(self, where: str, content: str | bytes) -> None:
        """What `content` says, and `where` itself: names of files and ids of workflows are read by people."""
        text = content if isinstance(content, str) else legible(content)
        remaining = list(self.needles)
        for one in readings(f"{where}\n{text}"):
            reading = Reading(one)
            self.met |= {landmark for landmark in self.landmarks if landmark.is_in(reading)}
            here = [needle for needle in remaining if needle.is_in(reading)]
            if here:
                self.found[self._shown(where)] |= {needle.kind for needle in here}
                remaining = [needle for needle in remaining if needle not in here]

    def _shown(self, where: str) -> str:
        """The place, unless its own name says what must not be said."""
        said = [Reading(one) for one in readings(where)]
        told = {needle.kind for needle in self.needles if any(needle.is_in(one) for one in said)}
        return f"un nom ou un identifiant qui dit : {', '.join(sorted(told))}" if told else where

    def problems(self) -> list[str]:
        """A French sentence for each place with something in it."""
        return [f"{where} : {', '.join(sorted(kinds))}" for where, kinds in sorted(self.found.items())]
