"""Who may do what. Three questions, and where each is answered:

1. May their **role** ask for it at all? If not, 403. Each route names its roles by one of the groups at the
   end of `api/auth.py`; what is asked of a ticket is also checked by its workflow, by `COMMAND_ROLES` of
   `domain.tickets`.
2. Is it **theirs**? If not, 404: just what is answered for a thing that does not exist. The tables below say
   by which relation a role has a ticket or a statement; `db/reads/relations.py` makes of them the conditions
   of queries, and a ticket's workflow checks its acts by them once more. All else that is somebody's is found
   among one's own only: a card, a hold, an upload, a leave, a gain, what one is paid on, a sign-in.
3. What of it do they **see**? `api/visibility.py` has that table.

What comes of all three, route by route and person by person, is `tests/api/matrix/permissions.txt`. Whoever
holds the signed link of a mail does what it is for, as the client of its ticket; machines sign what they say.
"""

from enum import StrEnum

from domain.tickets import Role


class Relation(StrEnum):
    """What makes a thing somebody's. `OWN`: they asked for it, or it pays them. `ASSIGNED`: they have it now,
    and whoever lost it does not find it any more. `ANY`: all of them are the role's business."""

    OWN = "own"
    ASSIGNED = "assigned"
    ANY = "any"
    NONE = "none"


TICKETS: dict[Role, Relation] = {
    Role.CLIENT: Relation.OWN,
    Role.TECHNICIAN: Relation.ASSIGNED,
    Role.BACK_OFFICE: Relation.ANY,
    Role.FINANCE: Relation.ANY,
    Role.SYSTEM: Relation.NONE,
}

STATEMENTS: dict[Role, Relation] = {
    Role.CLIENT: Relation.NONE,
    Role.TECHNICIAN: Relation.OWN,
    Role.BACK_OFFICE: Relation.NONE,
    Role.FINANCE: Relation.ANY,
    Role.SYSTEM: Relation.NONE,
}
