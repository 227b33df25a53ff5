"""The form of skills and levels: of a technician, and of somebody who is accepted as one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from api.desks.back_office import people_words
from api.desks.forms import Filled, Sent, Trouble
from api.desks.technician.words import LEVELS
from db.models.people import Skill

FIELD = "niveau-"
# The level of who cannot do it is none at all.
CHOICES = [
    ("", people_words.NO_LEVEL),
    *((str(level), label.capitalize()) for level, label in LEVELS.items()),
]


def labels(skills: Iterable[Skill]) -> dict[str, str]:
    """What each field is called."""
    return {f"{FIELD}{one.code}": one.label for one in skills}


def filled(levels: Mapping[str, int]) -> dict[str, str]:
    """The fields as they are set, by the code of the skill."""
    return {f"{FIELD}{skill}": str(level) for skill, level in levels.items()}


def over(levels: Mapping[str, int], form: Filled) -> dict[str, str]:
    """The fields as they are set, or as they were typed: of skills, all that is sent is what was meant."""
    typed = any(name.startswith(FIELD) for name in form.values)
    return {**({} if typed else filled(levels)), **form.values}


def said(form: Sent) -> dict[str, object]:
    """The body of the route."""
    return {
        "skills": [
            {"skill": name.removeprefix(FIELD), "level": value}
            for name, value in form.values.items()
            if name.startswith(FIELD) and value.strip()
        ]
    }


def renamed(trouble: Trouble, form: Sent) -> Trouble:
    """What is wrong with a skill is said beside its field, that there is none above them."""
    sent = [name for name, value in form.values.items() if name.startswith(FIELD) and value.strip()]
    fields: dict[str, str] = {}
    for name, wrong in trouble.fields.items():
        _, _, place = name.partition(".")
        at = place.partition(".")[0]
        if at.isdecimal():
            fields[sent[int(at)]] = wrong
        else:
            fields["niveaux"] = people_words.NO_SKILL
    return replace(trouble, fields=fields)
