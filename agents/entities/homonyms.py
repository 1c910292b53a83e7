"""Settles names whose meaning the rest of the text tells: Georgia, the North."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .knowledge import Knowledge, Surface
from .mentions import Found
from .taken import Taken

KOREAS: Final = {"North": "North Korea", "South": "South Korea"}
HALF: Final = re.compile(
    r"\b[Tt]he\s(?P<half>North|South)(?=['’]s\b|\s[a-z]|[,.;:?!)—–-])(?!\sof\b)"
)


def settle(
    text: str, found: Sequence[Found], outlet: str | None, knowledge: Knowledge
) -> list[Found]:
    """Mentions with the likelier meaning first, by the other names of the text and the outlet.

    Args:
        text: The article's text.
        found: All its mentions.
        outlet: ISO 3166-1 alpha-3 of the outlet's country.
        knowledge: The knowledge base.
    """
    settled = [
        replace(one, surfaces=_ordered(one.surfaces, found, outlet))
        if len(one.surfaces) > 1
        else one
        for one in found
    ]
    named = {one.surfaces[0].entry.id for one in settled if one.surfaces}
    if not {"PRK", "KOR"} <= named:
        return settled
    halves = [
        Found(*match.span("half"), "GPE", knowledge.surfaces[KOREAS[match["half"]]])
        for match in HALF.finditer(text)
    ]
    taken = Taken(len(text), halves)
    kept = [one for one in settled if not taken.touches(one)]
    return sorted([*kept, *halves], key=lambda one: one.start)


def _ordered(
    surfaces: tuple[Surface, ...], found: Sequence[Found], outlet: str | None
) -> tuple[Surface, ...]:
    """The American state first where the text speaks of America and not of the country."""
    states = tuple(surface for surface in surfaces if surface.entry.kind == "us-state")
    if not states or len(states) == len(surfaces):
        return surfaces
    others = tuple(surface for surface in surfaces if surface not in states)
    named = [
        one.surfaces[0].entry
        for one in found
        if one.surfaces and one.surfaces[0].text != surfaces[0].text
    ]
    abroad = any(entry.country == others[0].entry.country for entry in named)
    american = any(entry.kind == "us-state" for entry in named)
    at_home = outlet == "USA" and any(entry.id == "USA" for entry in named)
    return (*states, *others) if not abroad and (american or at_home) else surfaces
