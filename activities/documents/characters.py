"""Which characters our pages can show.

PDF/A refuses a page with a character that no font has, and a name that cannot be set must not stop an invoice
for ever. The font we bundle has the scripts of Europe; anything else is shown as a box on the page, and stays
as it is in the data.
"""

BOX = "\N{WHITE SQUARE}"
# Latin with its extensions, Greek, Cyrillic; then the punctuation and signs that our own texts use.
SHOWN = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x384, 0x38B),
    range(0x38C, 0x38D),
    range(0x38E, 0x3A2),
    range(0x3A3, 0x3CF),
    range(0x400, 0x460),
    range(0x1E00, 0x1F00),
    range(0x2010, 0x2028),
    range(0x202F, 0x2034),
    range(0x2039, 0x203B),
    range(0x20AC, 0x20AD),
    range(0x2116, 0x2117),
    range(0x2122, 0x2123),
    range(0x2212, 0x2213),
    range(0xD7, 0xD8),
)


def shown(text: str) -> str:
    """What the page can show of a text."""
    return "".join(c if any(ord(c) in part for part in SHOWN) else BOX for c in text)
