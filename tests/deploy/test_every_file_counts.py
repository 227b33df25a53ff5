"""Nothing lies in deploy/ that nobody would miss: a test leads to each file, or the README names it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.shipped import ROOT

README = (ROOT / "README.md").read_text()


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "deploy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Path(line) for line in listed.splitlines() if (ROOT / line).exists()]


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _named(text: str) -> Iterator[str]:
    """The modules that a text of Python imports or starts by name."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import():
                yield from (one.name for one in node.names)
            case ast.ImportFrom(module=str(module)):
                yield module
                yield from (f"{module}.{one.name}" for one in node.names)
            case ast.Constant(value=str(value)):
                yield from re.findall(r"deploy(?:\.\w+)+", value)


def _reached(modules: dict[str, Path]) -> set[str]:
    """Those to which the tests, the README and the project's own commands lead, one from another."""
    texts = [path.read_text() for path in (ROOT / "tests").rglob("*.py")]
    found = {name for text in texts for name in _named(text)}
    found |= set(re.findall(r"deploy(?:\.\w+)+", README + (ROOT / "pyproject.toml").read_text()))
    pending, reached = found & modules.keys(), set[str]()
    while pending:
        name = pending.pop()
        reached.add(name)
        pending |= {*_named((ROOT / modules[name]).read_text())} & modules.keys() - reached
        pending |= {f"{name}.__main__"} & modules.keys() - reached
    return reached


def _is_told_of(path: Path) -> bool:
    """By itself, or by its folder."""
    return any(str(one) in README for one in (path, *path.parents) if one.parts > ("deploy",))


def test_each_file_is_reached_by_a_test_or_named_in_the_readme() -> None:
    files = _files()
    modules = {_module(path): path for path in files if path.suffix == ".py"}
    reached = _reached(modules)
    unknown = [path for name, path in modules.items() if name not in reached and (ROOT / path).read_text()]
    # What is no module is named by a test, or by a module that one leads to.
    texts = [*(ROOT / "tests").rglob("*.py"), *(ROOT / modules[name] for name in reached)]
    naming = "\n".join(path.read_text() for path in texts)
    others = [path for path in files if path.suffix != ".py"]
    unknown += [path for path in others if not _is_told_of(path) and path.name not in naming]
    assert unknown == []
