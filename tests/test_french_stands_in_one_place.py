"""French is written where somebody looks for it: in the templates and in files of labels, never in between.

The rule and why: DECISIONS.md, "French stands in templates and files of labels".
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("api", "activities", "workflows", "domain", "db", "deploy")

LABELS = (
    # What the pages and the answers of the API say; what the pages of one desk say.
    *("api/french*.py", "api/desks/*words.py", "api/desks/*/*words.py"),
    # The texts that people accept, in versions that never change.
    "api/*_text.py",
    # Mails and text messages; what is printed on documents.
    *("activities/wording/*.py", "activities/documents/*.py"),
    # What the Temporal UI says.
    *("workflows/wording.py", "workflows/*/wording.py", "workflows/steps.py"),
    # Names that the law or the trade gives and that pages, mails and documents share, and how French is set.
    *("domain/chart_of_accounts.py", "domain/mentions.py", "domain/invariants.py", "domain/catalogue.py"),
    *("domain/card_refusals.py", "domain/refund_failures.py", "domain/contact.py", "domain/french.py"),
    "domain/titles.py",
)
EXCEPTIONS = {
    "deploy/**/*.py": (
        "what a command tells its operator stands beside what it checks, and no desk shows it; the sandbox "
        "plays other companies, which have their own words"
    ),
    "db/api_role.py": "why a process refuses to start, told to its operator",
    "domain/password_words.py": "words looked for in what people write, not words said",
    "domain/sentence_words.py": "signs looked for in what people write, not words said",
    "domain/told_*.py": "words looked for in what people write, not words said",
    "db/migrations/versions/*.py": "what was once written into the database stays as it was",
    "db/reads/search.py": "letters that a search takes for others, not words said",
}

ACCENTED = "àâçéèêëîïôùûüœæÀÂÇÉÈÊËÎÏÔÙÛÜŒÆ"
LETTERS = rf"[a-zA-Z{ACCENTED}]"
# An accented letter, an elision, a quotation, a number.
SURE = re.compile(
    rf"[{ACCENTED}]|\b(?:[cdjlmnst]|jusqu|lorsqu|puisqu|qu|aujourd)['’]{LETTERS}|[«»]|\bn°", re.IGNORECASE
)
SMALL_WORDS = frozenset(
    (
        *("à", "au", "aux", "avec", "ce", "ces", "cette", "dans", "de", "depuis", "des", "du", "elle", "en"),
        *("est", "et", "il", "la", "le", "les", "leur", "mais", "ne", "nos", "notre", "nous", "ou", "par"),
        *("pas", "plus", "pour", "que", "qui", "sans", "ses", "sont", "sous", "sur", "un", "une", "vos"),
        *("votre", "vous"),
    )
)


def is_french(text: str) -> bool:
    """Whether it looks like it. A single word without an accent cannot be told from one of the code."""
    words = re.findall(rf"{LETTERS}+", text.lower())
    return SURE.search(text) is not None or sum(word in SMALL_WORDS for word in words) >= 2


def french_in(source: str) -> list[tuple[int, str]]:
    """Each stretch of French in a module and its line; docstrings and what the description of the API gives
    as an example are for readers of the code."""
    tree = ast.parse(source)
    return [(node.lineno, text) for node, text in _texts(tree, set(_unread(tree))) if is_french(text)]


def _texts(tree: ast.AST, skipped: set[ast.AST]) -> Iterator[tuple[ast.expr, str]]:
    """Every text, one with values in it as a whole."""
    for node in ast.iter_child_nodes(tree):
        if node in skipped:
            continue
        match node:
            case ast.Constant(value=str() as text):
                yield node, text
            case ast.JoinedStr(values=values):
                parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
                yield node, "".join(parts)
                for part in values:
                    if isinstance(part, ast.FormattedValue):
                        yield from _texts(part, skipped)
            case _:
                yield from _texts(node, skipped)


def _unread(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                yield node
            case ast.keyword(arg="examples" | "json_schema_extra" | "example"):
                yield node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if (
                name.endswith("EXAMPLE")
            ):
                yield node


def test_no_module_says_anything_in_french_but_the_files_of_labels() -> None:
    allowed = {path for pattern in (*LABELS, *EXCEPTIONS) for path in ROOT.glob(pattern)}
    elsewhere = {
        f"{path.relative_to(ROOT)}:{line}": text
        for room in ROOMS
        for path in sorted({*(ROOT / room).rglob("*.py")} - allowed)
        for line, text in french_in(path.read_text(encoding="utf-8"))
    }
    assert elsewhere == {}


def test_each_place_of_french_has_some() -> None:
    """Else it is one no more, and would let in what nobody looks for there."""
    empty = {
        pattern
        for pattern in (*LABELS, *EXCEPTIONS)
        if not any(french_in(path.read_text(encoding="utf-8")) for path in ROOT.glob(pattern))
    }
    assert empty == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""Où en est la demande ?"""\nlabel = "paid"', []),
        ('label = "Demande reçue"', ["Demande reçue"]),
        ('label = f"Facture {number} de {name} pour {month}"', ["Facture {} de {} pour {}"]),
        ("label = f\"{titles['le mois de mars']}\"", ["le mois de mars"]),
        ('label = "l\'addition"', ["l'addition"]),
        ('raise Refused("Vous ne pouvez pas payer")', ["Vous ne pouvez pas payer"]),
        ('@router.get("/mois", summary="Change a colleague’s role")\ndef show(): ...', []),
        ('Shape(json_schema_extra={"examples": ["Le client refuse de payer."]})', []),
        ('EXAMPLE = {"label": "séance"}\nTITLE = "séance"', ["séance"]),
    ],
)
def test_french_in_the_midst_of_code_is_found(source: str, found: list[str]) -> None:
    assert [text for _, text in french_in(source)] == found
