"""Settles known names that mean two things: Georgia the state of the Caucasus or of the South."""

from collections.abc import Sequence
from dataclasses import replace

from .knowledge import Surface
from .mentions import Found


def settle(found: Sequence[Found], outlet: str | None) -> list[Found]:
    """Mentions with the likelier meaning first, by the other names of the text and the outlet.

    Args:
        found: All mentions of a text.
        outlet: ISO 3166-1 alpha-3 of the outlet's country.
    """
    return [
        replace(one, surfaces=_ordered(one.surfaces, found, outlet))
        if len(one.surfaces) > 1
        else one
        for one in found
    ]


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
