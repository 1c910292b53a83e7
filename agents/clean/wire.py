"""The head and foot of a wire story into fields: dateline place and date, and the agency."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.article import Dateline

from .authors import agency_of
from .rules import MONTHS, table

MAX_HEAD: Final = 120

_NOT_A_PLACE: Final = frozenset(table("wire.toml")["not_a_place"])
_AGENCY_WORDS: Final = frozenset(table("wire.toml")["agency_words"])
_MONTHS: Final = "|".join(sorted((re.escape(month) for month in MONTHS), key=len, reverse=True))
_MONTH: Final = f"(?i:{_MONTHS})"
_UPPER: Final = r"[A-ZÀ-ÖØ-ÞŠŽŁŚŹĆ]"
_PLACE_WORD: Final = rf"{_UPPER}[\w’'.&-]*"
_PLACE: Final = (
    rf"{_PLACE_WORD}(?:[ ](?:(?:de|del|la|of|the|and|upon|am|al|el)[ ])?{_PLACE_WORD}){{0,3}}"
)
_REGION: Final = rf"(?:,[ ]{_PLACE})"
_DATE: Final = rf"(?:,?[ ](?:{_MONTH}\.?[ ]\d{{1,2}}|\d{{1,2}}\.?[ ]{_MONTH}\.?)(?:,?[ ]\d{{4}})?)"
_DASH: Final = r"[ ]*(?:—|–|--|-|―)[ ]*"
_LINE: Final = re.compile(
    rf"(?P<place>{_PLACE}(?:[/,][ ]?{_PLACE}){{0,2}}?)(?P<date>{_DATE})?[ ]*"
    rf"(?:\((?P<agency>[^()]{{2,40}})\))?(?:{_DASH}|(?<=\))[:.]?[ ]+)"
    rf"|\((?P<bare>[^()]{{2,40}})\){_DASH}"
    rf"|(?P<place3>{_PLACE})(?P<date3>{_DATE})?\.?[ ]*/(?P<slash>[^/]{{2,30}})/[.:]?[ ]*"
    rf"(?:{_DASH})?"
)
_CREDIT: Final = re.compile(r"^[\s(\[©/–—-]*(?P<agency>[^()\[\]/]{2,40}?)[\s)\]/.]*$")


@dataclass(frozen=True, slots=True)
class Wire:
    """What the head of a story told, and how many code points of it that took."""

    dateline: Dateline | None = None
    agency: str | None = None
    chars: int = 0


def read(paragraph: str) -> Wire:
    """Dateline and agency at the head of a story's first paragraph.

    `SEOUL, South Korea (AP) — `, `MOSCOW, October 23. /TASS/. `, `(Reuters) - `, `PARIS — `.
    A place in mixed case counts only with an agency; a word in capitals that shouts (`BREAKING —`)
    is no place.
    """
    head = paragraph[:MAX_HEAD]
    match = _LINE.match(head)
    if not match or match.end() >= len(paragraph):
        return Wire()
    credit = match["agency"] or match["bare"] or match["slash"]
    agency = _agency(credit) if credit else None
    if credit and not agency:
        return Wire()
    if match["bare"]:
        return Wire(None, agency, match.end())
    place = (match["place"] or match["place3"]).strip(" ,")
    date = (match["date"] or match["date3"] or "").strip(" ,.") or None
    city = re.split(r"[,/]", place)[0]
    if not agency and (not city.isupper() or len(city) < 3 or city in _NOT_A_PLACE):
        return Wire()
    if city.upper() in _NOT_A_PLACE:
        return Wire()
    return Wire(Dateline(place=place, date=date), agency, match.end())


def _agency(credit: str) -> str | None:
    """The agency of a dateline: one of the table, else a name that says what it is."""
    if known := agency_of(credit):
        return known
    name = credit.strip()
    words = name.split()
    if words[-1].casefold() in _AGENCY_WORDS and all(word[0].isupper() for word in words):
        return name
    return None


def credit(paragraph: str) -> str | None:
    """The agency that a paragraph consists of: `(AP)`, `© AFP`."""
    match = _CREDIT.match(paragraph[:60]) if len(paragraph) <= 60 else None
    return agency_of(match["agency"]) if match else None


@dataclass(frozen=True, slots=True)
class Taken:
    """The story without its wire marks, and what they told.

    Attributes:
        removed: Kind and code points of each mark.
    """

    paragraphs: list[str]
    dateline: Dateline | None = None
    agency: str | None = None
    removed: tuple[tuple[str, int], ...] = ()


def take(paragraphs: Sequence[str]) -> Taken:
    """Take dateline and agency off the head of a story, and a bare credit off its foot."""
    kept = list(paragraphs)
    removed: list[tuple[str, int]] = []
    agency: str | None = None
    while len(kept) > 1 and (found := credit(kept[0])):
        agency = agency or found
        removed.append(("agency", len(kept.pop(0))))
    while len(kept) > 1 and (found := credit(kept[-1])):
        agency = agency or found
        removed.append(("agency", len(kept.pop())))
    head = read(kept[0]) if kept else Wire()
    if head.chars:
        kept[0] = kept[0][head.chars :].lstrip()
        removed.append(("dateline", head.chars))
    return Taken(kept, head.dateline, head.agency or agency, tuple(removed))
