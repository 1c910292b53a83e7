"""Bylines as pages write them into people's names, and the agencies that were among them.

Out go outlets, desks, e-mail addresses, handles, links, job titles, places and dates; lists with
"and" are split; a name that occurs twice, also in capitals, is kept once.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .rules import AGENCIES, BYLINES

MAX_CHARS: Final = 500
MAX_NAMES: Final = 12
MAX_NAME_CHARS: Final = 60
MAX_NAME_WORDS: Final = 6
MAX_INITIALS: Final = 4


def _words(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(BYLINES[name], key=len, reverse=True))


_LEAD: Final = re.compile(rf"^(?:{_words('lead')})\b\s*[:：]?\s*", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    rf"\s*[,;/|&•·+\n\t]\s*|\s+(?:{_words('between')})\s+|\s+[–—-]\s+", re.IGNORECASE
)
_CUT: Final = re.compile(rf"\s+(?:{_words('cut')})\s+.*$", re.IGNORECASE)
_JOB: Final = re.compile(
    rf"^(?:{_words('jobs')})\b|\b(?:editor|reporter|correspondent|columnist)$", re.IGNORECASE
)
_NOBODY: Final = re.compile(rf"(?<![\w-])(?:{_words('nobody')})(?![\w-])", re.IGNORECASE)
_HONORIFIC: Final = re.compile(rf"^(?:(?:{_words('honorifics')})\.?\s+)+", re.IGNORECASE)
_LINKS: Final = re.compile(
    r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\S+\.(?:com|org|net|de|co\.uk|fr)\b\S*",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SIGNS: Final = re.compile(r"[\W_]+")
_PARTICLES: Final = frozenset(BYLINES["particles"])
_FAMILY_FIRST: Final = re.compile(r"^([^\s,]{2,30}), ([^\s,]{2,30}(?: [^\s,]{1,3}\.?)?)$")


@dataclass(frozen=True, slots=True)
class Credits:
    """Who wrote it: people's names as the page spells them, and an agency's short name."""

    names: tuple[str, ...] = ()
    agency: str | None = None


def read(bylines: Iterable[str], outlets: Iterable[str] = ()) -> Credits:
    """People and agency of the bylines of one source.

    Args:
        bylines: Each a name or a whole line (`By Ann Lee and Bo Chu, Staff Writers`).
        outlets: Names and hosts of the outlet, which are nobody's name.
    """
    unwanted = {_folded(outlet) for outlet in outlets if outlet}
    names: dict[str, str] = {}
    agency: str | None = None
    for byline in bylines:
        for piece in _pieces(byline):
            if found := agency_of(piece):
                agency = agency or found
                continue
            name = _name(piece, unwanted)
            if not name:
                continue
            known = names.get(_folded(name))
            if known is None or (known.isupper() and not name.isupper()):
                names[_folded(name)] = name
    return Credits(tuple(names.values())[:MAX_NAMES], agency)


def is_full(name: str) -> bool:
    """Whether a name has more than one part; scripts without spaces count as such."""
    return " " in name or any(ord(character) > 0x2E80 for character in name)


def agency_of(credit: str) -> str | None:
    """The agency that a credit names, by its short name."""
    bare = credit.strip(" .()[]/©*").casefold()
    return AGENCIES.get(bare) or AGENCIES.get(bare.removeprefix("the ").removesuffix(" staff"))


def _pieces(byline: str) -> list[str]:
    line = unicodedata.normalize("NFC", " ".join(byline[:MAX_CHARS].replace("\n", " ; ").split()))
    if agency_of(line):
        return [line]
    line = _LINKS.sub(" ; ", line)
    line = _BRACKETED.sub(
        lambda match: " ; " + match[0][1:-1] + " ; " if agency_of(match[0]) else " ; ", line
    )
    if match := _FAMILY_FIRST.match(line):
        return (
            [f"{match[2]} {match[1]}"]
            if not _JOB.match(match[2]) and not _NOBODY.search(match[2])
            else [match[1]]
        )
    while (stripped := _LEAD.sub("", line)) != line:
        line = stripped
    return [piece for piece in _BETWEEN.split(line) if piece]


def _name(piece: str, unwanted: set[str]) -> str | None:
    piece = _LEAD.sub("", piece.strip(" .,:;-–—*\"'“”‘’|"))
    piece = _HONORIFIC.sub("", _CUT.sub("", piece)).strip(" .,:;-–—*|")
    words = piece.split()
    if not 1 <= len(words) <= MAX_NAME_WORDS or len(piece) > MAX_NAME_CHARS or len(piece) < 2:
        return None
    if _JOB.search(piece) or _NOBODY.search(piece) or _folded(piece) in unwanted:
        return None
    if len(words) == 1 and piece.islower() and len(piece) <= MAX_INITIALS:
        return None
    if any(character.isdigit() for character in piece) or not any(c.isalpha() for c in piece):
        return None
    if (
        any(word[0].islower() and word.lower() not in _PARTICLES for word in words)
        and len(words) > 1
    ):
        return None
    return piece


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return _SIGNS.sub("", decomposed)
