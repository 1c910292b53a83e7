"""What is screened: a name with everything the text tells about its bearer."""

from dataclasses import dataclass
from typing import Final

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
        context_countries: Codes of countries named near it.
        context: Words around it, for offices and ship's cues.
        exact: Whether the name was found by the exact pass over the text.
        place: Whether the text uses the name for a place.
    """

    name: str
    kind: Kind | None = None
    countries: tuple[str, ...] = ()
    context_countries: tuple[str, ...] = ()
    context: str = ""
    exact: bool = False
    place: bool = False
