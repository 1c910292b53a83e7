"""Turns the model's names and the knowledge base's hits into mentions that do not overlap."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from schemas.entities import Label

from .gazetteer import Hit
from .knowledge import Surface
from .lexicon import alternatives, words
from .pipeline import Named
from .taken import Taken

LABELS: Final = frozenset(get_args(Label))
ENTITY_LABELS: Final = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "WEAPON", "VESSEL", "AIRCRAFT",
     "PRODUCT", "WORK_OF_ART", "LANGUAGE"}
)  # fmt: skip
"""Labels whose mentions belong to an entity; dates and numbers are values, not things."""

PROPER: Final = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"})
CAPITAL: Final = re.compile(r"\b[^\W\d_a-zß-ÿ]")
"""A word that begins with a capital letter, or with a letter that has no case."""

LEADING: Final = re.compile(
    r"(?:(?:the|a|an|this|that|its|their|his|her|our)\s+|['’]s\s+|[\s\"“”‘'’\[\](),.;:—–-]+)+",
    re.IGNORECASE,
)
TRAILING: Final = re.compile(r"(?:['’]s?|[\s\"“”‘’\[\](,;:—–-]+)+$")
TITLES: Final = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Rev|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Sen|Rep|Gov)"
    r"\.?\s+|President\s+)+"
)
HONORIFIC: Final = re.compile(rf"(?<!\w)(?:{alternatives('honorifics')})\s$")
TITLE_WORDS: Final = words("titles")
JOINTS: Final = re.compile(r"(?:(?:pro|anti|non|post|pre|trans|then)-)?(?:[\s/–—-]|and)*")
DASH: Final = re.compile(r"\s[–—-]+\s")
SUFFIX: Final = re.compile(r",?\s(?:Jr|Sr)\b\.?")
CALENDAR: Final = frozenset(
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January",
     "February", "July", "September", "October", "November", "December"}
)  # fmt: skip
"""Days and months that are no names of persons or places."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mention before it has an id and an entity.

    Attributes:
        surfaces: What the knowledge base knows under these words; empty where nothing.
    """

    start: int
    end: int
    label: Label
    surfaces: tuple[Surface, ...] = ()

    @property
    def length(self) -> int:
        """Length in code points."""
        return self.end - self.start


def find(
    text: str, names: Sequence[Named], hits: Sequence[Hit], formed: Sequence[Found]
) -> list[Found]:
    """Mentions in order of the text.

    A known name wins over the model's label for the same words; a longer name of the model wins
    over a known name inside it ("Bank of Japan" over "Japan"), unless it is nothing but known
    names ("U.S.-Mexico"); a thing found by its form ("Executive Order 14024") wins over both.
    """
    modelled = [found for name in names if (found := trimmed(text, name)) is not None]
    people: dict[str, int] = {}
    for found in modelled:
        parts = text[found.start : found.end].split(" ")
        if found.label == "PERSON" and len(parts) > 1:
            for part in parts:
                people.setdefault(part, found.start)
    known = [_of_hit(text, hit) for hit in hits if not _misleads(text, hit, people)]
    candidates = [(found, 0) for found in known]
    candidates += [(found, 1) for found in formed]
    whole = Taken(len(text), (one for one in known if " " in text[one.start : one.end]))
    candidates += [
        (found, 2)
        for found in modelled
        if not _is_only(text, found, known) and not whole.crosses(found)
    ]
    candidates.sort(key=lambda item: (-item[0].length, item[1], item[0].start))
    kept = Taken(len(text)).free(found for found, _ in candidates)
    return sorted(kept, key=lambda found: found.start)


def _misleads(text: str, hit: Hit, people: Mapping[str, int]) -> bool:
    """Whether a hit is a person's name or a word that looks like a short form.

    Args:
        text: The article's text.
        hit: The known name.
        people: Where each part of a full name of a person first stands; after "Michael Jordan",
            "Jordan" is that man, before it the country.
    """
    word = text[hit.start : hit.end]
    if word.endswith(".") and hit.surfaces[0].entry.kind == "us-state":
        return text[max(0, hit.start - 2) : hit.start] != ", "
    if " " in word or hit.surfaces[0].use == "demonym":
        return False
    named = people.get(word, len(text)) <= hit.start
    return named or HONORIFIC.search(text, max(0, hit.start - 6), hit.start) is not None


def _is_only(text: str, found: Found, known: Sequence[Found]) -> bool:
    """Whether a name is nothing but known names in a row, or one with a hyphen or an office."""
    first = bisect_left(known, found.start, key=lambda one: one.start)
    inside = []
    for one in known[first : first + found.length]:
        if one.end > found.end:
            break
        inside.append(one)
    if not inside or (len(inside) == 1 and inside[0].length == found.length):
        return False
    rest = list(text[found.start : found.end])
    for one in inside:
        rest[one.start - found.start : one.end - found.start] = " " * one.length
    left = "".join(rest)
    return JOINTS.fullmatch(left) is not None or left.strip().lower() in TITLE_WORDS


def with_values(found: Sequence[Found], values: Sequence[Found]) -> list[Found]:
    """Mentions with the dates and numbers that rules have read in place of the model's.

    A name that holds a number stays whole ("Group of Seven", "2024 Summer Olympics").
    """
    names = [mention for mention in found if mention.label in ENTITY_LABELS]
    numbers = [mention for mention in found if mention.label not in ENTITY_LABELS]
    groups = [*names, *values, *numbers]
    kept = Taken(max((one.end for one in groups), default=0)).free(groups)
    return sorted(kept, key=lambda mention: mention.start)


def trimmed(text: str, name: Named) -> Found | None:
    """A name of the model without what does not belong to it; None where nothing is left."""
    label = cast(Label, name.label if name.label in LABELS else "PRODUCT")
    start, end = name.start, name.end
    if label in ENTITY_LABELS:
        if match := LEADING.match(text, start, end):
            start = match.end()
        if label == "PERSON" and (match := TITLES.match(text, start, end)):
            start = match.end()
        if match := DASH.search(text, start, end):
            end = match.start()
        end = start + len(TRAILING.sub("", text[start:end]))
    if start >= end or (label in PROPER and not CAPITAL.search(text, start, end)):
        return None
    found = Found(start, end, label)
    if label in PROPER and _in_heading(text, found):
        return None
    if text[start:end] in CALENDAR:
        return replace(found, label="DATE")
    return found


def _in_heading(text: str, found: Found) -> bool:
    """Whether a name stands in a line all in capitals, where the model sees names everywhere."""
    if not text[found.start : found.end].isupper():
        return False
    first = text.rfind("\n", 0, found.start) + 1
    last = text.find("\n", found.end)
    return text[first : last if last >= 0 else len(text)].isupper()


def _of_hit(text: str, hit: Hit) -> Found:
    surface = hit.surfaces[0]
    by_use: dict[str, Label] = {"demonym": "NORP", "capital": "GPE"}
    label = by_use.get(surface.use, surface.entry.label)
    if label == "PERSON":
        # Which of several people of that name it is, the whole text decides.
        suffix = SUFFIX.match(text, hit.end)
        return Found(hit.start, suffix.end() if suffix else hit.end, label)
    return Found(hit.start, hit.end, label, hit.surfaces)
