"""What is wrong with a form is listed above it: each field is called there as on the form itself."""

import re
from pathlib import Path

from api.pages import TEMPLATES

LISTED = re.compile(r"parts\.mistakes\(\w+, \{(.*?)\}\)")
NAMED = re.compile(r'"(\w+)": "([^"]*)"')
FIELD = re.compile(r'parts\.(?:field|area|choice|select)\(\w+, "(\w+)", "([^"]*)"')
IMAGES = re.compile(r'parts\.images\(form(?:, "([^"]*)")?')


def shown_in(template: str) -> dict[str, str]:
    shown = dict(FIELD.findall(template))
    if images := IMAGES.search(template):
        shown["images"] = images[1] or "Des images"
    return shown


def test_a_field_has_one_name() -> None:
    compared = 0
    for path in sorted(Path(TEMPLATES).rglob("*.j2")):
        template = path.read_text(encoding="utf-8")
        shown = shown_in(template)
        for listed in LISTED.finditer(template):
            said = {name: label for name, label in NAMED.findall(listed[1]) if name in shown}
            assert said == {name: shown[name] for name in said}, path.name
            compared += len(said)
    assert compared > 50
