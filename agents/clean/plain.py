"""Any string into plain text that every later reader can take: composed, printable, well spaced."""

import html
import re
import unicodedata
from typing import Final

_SPACES: Final = re.compile(r"[^\S\n]+")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


def line(value: str | None, limit: int) -> str:
    """One line of at most `limit` code points, without tags, entities and invisible characters."""
    if not value:
        return ""
    cut = value[: 4 * limit]
    if "&" in cut:
        cut = html.unescape(cut)
    if "<" in cut:
        cut = _TAG.sub(" ", cut)
    return " ".join(_printable(cut).split())[:limit].rstrip()


def paragraphs(text: str) -> list[str]:
    """Lines of a plain text, each with single spaces; empty ones are left out."""
    even = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return [
        found for part in _printable(even).split("\n") if (found := _SPACES.sub(" ", part).strip())
    ]


def _printable(text: str) -> str:
    """NFC without lone surrogates, control characters, soft hyphens and zero-width marks."""
    whole = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    if whole.isprintable():
        return whole
    return "".join(
        c if c == "\n" or c.isprintable() else " " if c.isspace() else _kept(c) for c in whole
    )


def _kept(character: str) -> str:
    # Joiners are letters' parts in Persian and in the scripts of India.
    return character if character in "\u200c\u200d" else ""
