"""The UK Sanctions List, and OFSI's retired consolidated list, as CSV into entries.

Both print one row a name; rows of one party share `Unique ID` or `Group ID`. A first line tells the
date (`Last Updated` or `Report Date`), the second the columns. Columns are found by name, since the
two lists call them differently. The UK Sanctions List (the only one since 28 January 2026) is read
from its published format and untried on a file of the publisher; the retired list is tried.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..countries import countries_in, country_codes
from ..entry import AliasClass, Kind, ListEntry
from ..programmes import programme_country
from .dates import iso_date, years
from .names import listed_names

LIST = "uk-sl"
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("individual", "person"),
    ("ship", "vessel"),
    ("vessel", "vessel"),
)
_GIVEN = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5")
_SPLIT = re.compile(r"\s*(?:\(\d+\)|;|\|)\s*")


def read(path: Path) -> Iterator[ListEntry]:
    """The parties of the file, rows of one party joined; a party's rows may stand apart."""
    parties: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        stream.readline()
        for row in csv.DictReader(stream):
            clean = {key.strip(): (value or "").strip() for key, value in row.items() if key}
            number = clean.get("Unique ID") or clean.get("Group ID") or ""
            if number:
                parties.setdefault(number, []).append(clean)
    for number, rows in parties.items():
        yield _entry(number, rows)


def date(path: Path) -> str | None:
    """The date of the first line."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return iso_date(stream.readline())


def recognises(head: bytes) -> bool:
    """Whether the head is that of one of the two lists."""
    lines = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    return len(lines) > 1 and "Name 6" in lines[1] and "Name 1" in lines[1]


def _entry(number: str, rows: list[dict[str, str]]) -> ListEntry:
    first = rows[0]
    kind_word = _any(first, "Designation Type", "Group Type", "Individual, Entity, Ship").lower()
    kind: Kind = next((kind for word, kind in _KINDS if word in kind_word), "organization")
    countries = country_codes(
        name
        for row in rows
        for column in ("Nationality", "Nationality(/ies)", "Country", "Address Country")
        for name in _SPLIT.split(row.get(column, ""))
    )
    regime = _any(first, "Regime Name", "Regime")
    about = programme_country(regime)
    countries = countries or ((about,) if about else countries_in(regime)[:1])
    since = [
        found
        for column in ("Date Designated", "UK Sanctions List Date Designated", "Listed On")
        if (found := iso_date(first.get(column)))
    ]
    return ListEntry(
        id=f"uk:{number}",
        list=LIST,
        kind=kind,
        names=listed_names(_names(rows, person=kind == "person")),
        countries=countries,
        birth_years=tuple(
            dict.fromkeys(year for row in rows for year in years(_any(row, "D.O.B", "DOB")))
        ),
        identifiers=tuple(
            dict.fromkeys(("imo", row["IMO number"]) for row in rows if row.get("IMO number"))
        ),
        programmes=(regime,) if regime else (),
        title=_any(first, "Position") or None,
        listed_since=min(since, default=None),
    )


def _names(rows: list[dict[str, str]], *, person: bool) -> Iterator[tuple[str, AliasClass]]:
    for row in rows:
        family = row.get("Name 6", "")
        given = " ".join(part for column in _GIVEN if (part := row.get(column, "")))
        if person and family and given:
            name = f"{family}, {given}"
        else:
            name = " ".join(part for part in (given, family) if part)
        if name:
            yield name, _quality(row)
        original = _any(row, "Name non-latin script", "Name Non-Latin Script")
        if original:
            yield original, "original_script"


def _quality(row: Mapping[str, Any]) -> AliasClass:
    kind = str(row.get("Name type") or row.get("Alias Type") or "").lower()
    strength = str(row.get("Alias strength") or row.get("Alias Quality") or "").lower()
    if "low" in strength or "weak" in strength:
        return "weak"
    return (
        "primary"
        if kind.startswith(("primary name", "prime alias", "primary")) and ("variation" not in kind)
        else "strong"
    )


def _any(row: Mapping[str, str], *columns: str) -> str:
    return next((row[column] for column in columns if row.get(column)), "")
