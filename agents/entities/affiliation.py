"""Which state a body or an office belongs to, by the names in it and beside it."""

import re
from bisect import bisect_left
from typing import Final

from . import places
from .clusters import Cluster, Context
from .homonyms import OWNER
from .lexicon import words
from .persons import Office

BODIES: Final = frozenset({"ORG", "FAC", "EVENT", "LAW"})
BODY_BEFORE: Final = re.compile(
    r"(?:['’]s)?[\s\u00a0]+(?:(?!(?:to|and|or|of|in|on|at|by|for|from|with|as|that|who|was|is|has|had|"
    r"said)\s)[a-z-]+\s){0,3}"
)
"""Between a body and the title that follows it: "White House national security spokesman"."""
BODY_AFTER: Final = re.compile(r"\s(?:of|for|at|in|with)\s(?:the\s)?")
"""Between a title and the body after it; not "to": an ambassador to Russia is not Russia's."""
PRIVATE: Final = words("private_callings")
STATE_KINDS: Final = frozenset(
    {"state", "us-state", "place", "government", "ministry", "military", "coast-guard",
     "legislature", "intelligence", "police", "court", "central-bank", "regulator", "embassy",
     "party", "armed-group"}
)  # fmt: skip
"""Kinds whose office holders act for their state; an employee of a company does not."""
AMERICAN: Final = re.compile(r"[,(]\s?\(?[RDI]-[A-Z]")
"""After a member of the Congress of the United States: "R-W.Va."."""
SEAT: Final = re.compile(r"\b(?:of|at|in)\s(?:the\s)?(?P<place>[A-Z][\w.'-]*(?:\s[A-Z][\w.'-]*)*)$")
LONGEST_NAME: Final = 4
SEAT_PEOPLE: Final = 100_000
_LONGEST_PERSON: Final = 40
_REACH: Final = 80
FIRST_WORD_PEOPLE: Final = 500_000


def country(context: Context, cluster: Cluster) -> str | None:
    """The state of a body by its own name ("Bank of Japan"), else by its owner before it."""
    for index in cluster.members:
        found = _inside(context, context.name(index)) or _owner(context, index)
        if found:
            return found
    return next(
        (seat for index in cluster.members if (seat := _seat(context, context.name(index)))), None
    )


def _inside(context: Context, name: str) -> str | None:
    parts = name.split(" ")
    for length in range(min(LONGEST_NAME, len(parts)), 0, -1):
        for first in range(len(parts) - length + 1):
            phrase = " ".join(parts[first : first + length]).removesuffix("'s")
            for surface in context.knowledge.surfaces.get(phrase, ()):
                if surface.entry.kind in ("state", "government", "us-state", "place"):
                    return surface.entry.country
    return None


def _owner(context: Context, index: int) -> str | None:
    if not index:
        return None
    before, mention = context.found[index - 1], context.found[index]
    if not before.surfaces or before.surfaces[0].use not in ("name", "demonym"):
        return None
    if OWNER.fullmatch(context.text, before.end, mention.start):
        return before.surfaces[0].entry.country
    return None


def _seat(context: Context, name: str) -> str | None:
    """The state of the city in a name: `University of Miami`, `Tokyo Electric Power`."""
    match = SEAT.search(name)
    if match and places.is_city(match["place"], SEAT_PEOPLE):
        place, least = match["place"], SEAT_PEOPLE
    else:
        place, least = name.split(" ", maxsplit=1)[0], FIRST_WORD_PEOPLE
    if not places.is_city(place, least) or place == name:
        return None
    choice = places.choose(place, context.setting.countries, outlet=context.setting.outlet)
    return choice.place.country if choice else None


def of_office(context: Context, office: Office) -> str | None:
    """The state that an office belongs to, by the known name beside its title.

    Members of the Congress of the United States are known by party and state: "R-W.Va.".
    """
    if AMERICAN.search(context.text, office.end, office.end + _LONGEST_PERSON):
        return "USA"
    if office.title.lower().split(" ")[-1] in PRIVATE:
        return None
    first = bisect_left(context.found, office.start - _REACH, key=lambda one: one.start)
    for one in context.found[first:]:
        if one.start > office.end + _REACH:
            break
        if not one.surfaces or one.surfaces[0].entry.kind not in STATE_KINDS:
            continue
        country = one.surfaces[0].entry.country
        before = one.end <= office.start and BODY_BEFORE.fullmatch(
            context.text, one.end, office.start
        )
        after = one.start >= office.end and BODY_AFTER.fullmatch(
            context.text, office.end, one.start
        )
        if country and (before or after):
            return country
    return None
