"""All that bytes say once what hides it is undone: escapes, base64 and hexadecimal, one inside the other."""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

# As deep as things are wrapped in practice: an escape inside a JSON inside a base64.
DEPTH = 3
# What may be text in the middle of anything: ASCII, and the letters, accents and punctuation of French.
LEGIBLE = re.compile(
    rb"(?:[\t\n\r\x20-\x7e]|[\xc2\xc3\xc5\xcc\xcd][\x80-\xbf]|\xe2[\x80-\x82][\x80-\xbf]|\xef\xac[\x80-\x86]){5,}"
)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
# As mails wrap it: whole lines of one length.
WRAPPED = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]+")
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{10,}")
TO_STANDARD = str.maketrans("-_", "+/")


def legible(data: bytes) -> str:
    """The text, or the pieces of it between what is none, a line each."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "\n".join(piece.decode(errors="ignore") for piece in LEGIBLE.findall(data))
    return text.replace("\0", "\n")


def readings(text: str, depth: int = DEPTH) -> Iterator[str]:
    """The text, the same with its escapes undone once and again, and what its base64 and hexadecimal say."""
    for _ in range(DEPTH):
        yield text
        if depth and (inside := "\n".join(_encoded(text))):
            yield from readings(inside, depth - 1)
        if (plain := _unescaped(text)) == text:
            return
        text = plain


def _encoded(text: str) -> Iterator[str]:
    """What is inside the runs of letters that can be base64 or hexadecimal, wherever in the run it begins."""
    for run in {*BASE64.findall(text), *(re.sub(r"\s", "", lines) for lines in WRAPPED.findall(text))}:
        standard = run.translate(TO_STANDARD)
        for start in range(4):
            yield from _said(_base64(standard[start:]))
    for run in set(HEXADECIMAL.findall(text)):
        for start in range(2):
            yield from _said(bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2]))


def _base64(run: str) -> bytes:
    """Cut where it can no longer be base64: one letter alone says nothing."""
    whole = run[: len(run) - 1] if len(run) % 4 == 1 else run
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except binascii.Error:
        return b""


def _said(data: bytes) -> Iterator[str]:
    """Words that are no base64 become noise: most of it says nothing at all."""
    if text := legible(data).strip():
        yield text


def _bytes_of(pattern: str, base: int) -> Callable[[str], str]:
    """Undoes escapes that each stand for a byte; together they are UTF-8, or else Latin-1."""
    escape = re.compile(pattern)
    run = re.compile(f"(?:{pattern})+")

    def plain(found: re.Match[str]) -> str:
        data = bytes(int(digits, base) for digits in escape.findall(found[0]))
        return _decoded(data)

    return lambda text: run.sub(plain, text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _mistaken(found: re.Match[str]) -> str:
    """UTF-8 that was read as Latin-1 or as its Windows cousin."""
    for mistake in ("cp1252", "latin-1"):
        try:
            return found[0].encode(mistake).decode()
        except UnicodeError:
            continue
    return found[0]


_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "/": "/", '"': '"', "'": "'", "\\": "\\"}
# An escape that was escaped again means the same.
_PAIR = re.compile(r"\\+u([dD][89abAB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})")
_UNICODE = re.compile(r"\\+u\{?([0-9a-fA-F]{4})\}?|\\+U([0-9a-fA-F]{8})")
_MISTAKEN = re.compile(
    r"[\u00c2-\u00c3\u00c5\u00cc\u00cd\u00e2][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]{1,2}"
)
_HEXADECIMAL_BYTES = _bytes_of(r"\\+x([0-9a-fA-F]{2})", 16)
_OCTAL_BYTES = _bytes_of(r"\\+([0-3][0-7]{2})", 8)
_QUOTED_PRINTABLE = _bytes_of(r"=([0-9A-F]{2})", 16)


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def _pair(found: re.Match[str]) -> str:
    return bytes.fromhex(found[1] + found[2]).decode("utf-16-be")


def _unescaped(text: str) -> str:
    """Once: what JSON, Python, Go, URLs, HTML and mails write instead of a character."""
    if "\\" in text:
        text = _UNICODE.sub(_character, _PAIR.sub(_pair, text))
        text = _OCTAL_BYTES(_HEXADECIMAL_BYTES(text))
        text = re.sub(r"\\([nrt/\"'\\])", lambda found: _SIMPLE[found[1]], text)
    if "=" in text:
        text = _QUOTED_PRINTABLE(re.sub(r"=\r?\n", "", text))
    if "%" in text:
        text = re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda found: _decoded(unquote_to_bytes(found[0])), text)
    if "&" in text:
        text = html.unescape(text)
    return text if text.isascii() else _MISTAKEN.sub(_mistaken, text)
