"""What is screened: a name with everything the text tells about its bearer."""

import re
from dataclasses import dataclass
from typing import Final

from .countries import country_spans
from .entry import Kind

LABEL_KINDS: Final[dict[str, Kind]] = {
    "PERSON": "person",
    "ORG": "organization",
    "NORP": "organization",
    "VESSEL": "vessel",
    "AIRCRAFT": "aircraft",
}
"""Kinds of entry that an entity's label admits; places, dates, works and laws are none."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name to screen.

    Attributes:
        name: As the text writes it, in its fullest form.
        kind: What it is; None if unknown.
        countries: ISO alpha-3 codes said of the bearer itself (nationality, seat, `Russia's …`).
        described_countries: Codes of `Russia's foreign minister …`: they agree or tell nothing.
        context_countries: Codes of countries named near it.
        context: Words around it, for offices and ship's cues.
        exact: Whether the name was found by the exact pass over the text.
        place: Whether the text uses the name for a place.
    """

    name: str
    kind: Kind | None = None
    countries: tuple[str, ...] = ()
    described_countries: tuple[str, ...] = ()
    context_countries: tuple[str, ...] = ()
    context: str = ""
    exact: bool = False
    place: bool = False


_DESCRIPTION = re.compile(r"(?:['’]s?)?(?:\s+(?!\w+ed\b)[a-z][\w-]*){0,4}\s+(?:[A-Z]\w+\.?\s+)?")


def possessing_countries(before: str) -> tuple[str, ...]:
    """Countries that stand directly before a name: `Russia's …`, `the UK …`.

    Args:
        before: The text before the name.
    """
    tail = before[-48:]
    spans = country_spans(tail)
    if spans and not tail[spans[-1][1] :].strip(" '’s"):
        return (spans[-1][2],)
    return ()


def describing_countries(before: str) -> tuple[str, ...]:
    """Countries of the words that describe a name's bearer: `Russia's foreign minister …`.

    Args:
        before: The text before the name.
    """
    tail = before[-80:]
    spans = country_spans(tail)
    if spans and _DESCRIPTION.fullmatch(tail[spans[-1][1] :]):
        return (spans[-1][2],)
    return ()
