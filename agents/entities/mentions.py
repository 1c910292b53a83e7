"""Turns the model's names and the knowledge base's hits into mentions that do not overlap."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from schemas.entities import Label

from .gazetteer import Hit
from .knowledge import Surface
from .pipeline import Named

LABELS: Final = frozenset(get_args(Label))
ENTITY_LABELS: Final = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "WEAPON", "VESSEL", "AIRCRAFT",
     "PRODUCT", "WORK_OF_ART", "LANGUAGE"}
)  # fmt: skip
"""Labels whose mentions belong to an entity; dates and numbers are values, not things."""

LEADING: Final = re.compile(
    r"(?:(?:the|a|an|this|that|its|their|his|her|our)\s+|[\s\"“”‘'’\[\](),.;:—–-]+)+", re.IGNORECASE
)
TRAILING: Final = re.compile(r"(?:['’]s?|[\s\"“”‘’\[\](,;:—–-]+)+$")
TITLES: Final = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Rev|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Sen|Rep|Gov)"
    r"\.?\s+|President\s+)+"
)
WEEKDAYS: Final = frozenset(
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)


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
    over a known name inside it ("Bank of Japan" over "Japan"), and so does a thing found by its
    form ("Executive Order 14024").
    """
    modelled = [found for name in names if (found := trimmed(text, name)) is not None]
    known = [_of_hit(hit) for hit in hits]
    candidates = [(found, 0) for found in known]
    candidates += [(found, 1) for found in formed]
    candidates += [(found, 2) for found in modelled]
    candidates.sort(key=lambda item: (-item[0].length, item[1], item[0].start))
    taken = bytearray(len(text))
    kept = []
    for found, _ in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\1" * found.length
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)


def with_values(found: Sequence[Found], values: Sequence[Found]) -> list[Found]:
    """Mentions with the dates and numbers that rules have read in place of the model's.

    A name that holds a number stays whole ("Group of Seven", "2024 Summer Olympics").
    """
    names = [mention for mention in found if mention.label in ENTITY_LABELS]
    numbers = [mention for mention in found if mention.label not in ENTITY_LABELS]
    kept: list[Found] = []
    for group in (names, values, numbers):
        kept += [one for one in group if not any(_overlap(one, other) for other in kept)]
    return sorted(kept, key=lambda mention: mention.start)


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def trimmed(text: str, name: Named) -> Found | None:
    """A name of the model without what does not belong to it; None where nothing is left."""
    label = cast(Label, name.label if name.label in LABELS else "PRODUCT")
    start, end = name.start, name.end
    if label in ENTITY_LABELS:
        if match := LEADING.match(text, start, end):
            start = match.end()
        if label == "PERSON" and (match := TITLES.match(text, start, end)):
            start = match.end()
        end = start + len(TRAILING.sub("", text[start:end]))
    if start >= end:
        return None
    found = Found(start, end, label)
    if text[start:end] in WEEKDAYS:
        return replace(found, label="DATE")
    return found


def _of_hit(hit: Hit) -> Found:
    surface = hit.surfaces[0]
    by_use: dict[str, Label] = {"demonym": "NORP", "capital": "GPE"}
    label = by_use.get(surface.use, surface.entry.label)
    return Found(hit.start, hit.end, label, hit.surfaces)
