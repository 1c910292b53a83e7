"""Settles names whose meaning the rest of the text tells: Georgia, the North."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .knowledge import Knowledge, Surface
from .mentions import Found
from .taken import Taken

KOREAS: Final = {"North": "North Korea", "South": "South Korea"}
BODIES: Final = frozenset(
    {"government", "ministry", "military", "legislature", "court", "central-bank", "regulator",
     "police", "intelligence", "coast-guard", "party"}
)  # fmt: skip
OWNER: Final = re.compile(r"(?:'s|’s|’|')?\s")
"""Between a state and its body: "Israel's Defense Ministry", "Ukrainian Air Force"."""
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
    settled = _owned(text, settled)
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


def _owned(text: str, found: Sequence[Found]) -> list[Found]:
    """Bodies that the text gives to another state than the knowledge base does lose that meaning.

    "South Korea's Joint Chiefs of Staff" are not the American ones.
    """
    return [
        replace(one, surfaces=()) if number and _is_others(text, found[number - 1], one) else one
        for number, one in enumerate(found)
    ]


def _is_others(text: str, owner: Found, one: Found) -> bool:
    """Whether a body stands behind the name of a state that it does not belong to."""
    if not owner.surfaces or not one.surfaces:
        return False
    state, body = owner.surfaces[0].entry, one.surfaces[0].entry
    return (
        state.kind == "state"
        and body.kind in BODIES
        and body.country != state.country
        and OWNER.fullmatch(text, owner.end, one.start) is not None
    )


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
