"""The US Consolidated Screening List (CSV) into entries, for the lists that are no asset freezes.

Each row tells its list; `ids` holds numbers of papers and is not read. Programme lists map to what
being listed means: sectoral directives, financial restrictions, trade (Entity List), or blocking.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from ..countries import country_codes
from ..entry import AliasClass, Kind, ListEntry, ListKind
from ..programmes import programme_country
from .dates import iso_date, years
from .names import listed_names
from .version import Refused

LIST = "us-csl"
_KINDS: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_LIST_KINDS: tuple[tuple[str, ListKind], ...] = (
    ("specially designated nationals", "blocking"),
    ("sectoral", "sectoral"),
    ("menu-based", "financial"),
    ("capta", "financial"),
    ("correspondent account", "financial"),
    ("military-industrial", "financial"),
    ("entity list", "trade"),
    ("denied persons", "trade"),
    ("unverified", "trade"),
    ("military end user", "trade"),
    ("palestinian", "other"),
)


def recognises(head: bytes) -> bool:
    """Whether the head is that of the list."""
    line = head.split(b"\n", 1)[0]
    return b"entity_number" in line and b"alt_names" in line and b"programs" in line


def read(path: Path) -> Iterator[ListEntry]:
    """The rows of the file.

    Raises:
        Refused: A row is cut off.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            if row.get("ids") is None:
                raise Refused("cut", f"{path.name} row {number} has too few columns")
            if row["_id"] != "_id" and row["name"]:
                yield _entry(row)


def _entry(row: dict[str, str]) -> ListEntry:
    kind = _KINDS.get((row["type"] or "").lower(), "organization")
    source = row["source"].lower()
    treasury = "treasury" in source
    programmes = tuple(part.strip() for part in row["programs"].split(";") if part.strip())
    about = [code for each in programmes if (code := programme_country(each))]
    names: list[tuple[str, AliasClass]] = [(row["name"], "primary")]
    names += [(part.strip(), "strong") for part in row["alt_names"].split(";") if part.strip()]
    seats = [address.rsplit(",", 1)[-1] for address in row["addresses"].split(";")]
    said = country_codes([*row["nationalities"].split(";"), *row["citizenships"].split(";")])
    return ListEntry(
        id=f"ofac:{row['entity_number']}" if treasury else f"us-csl:{row['_id']}",
        list=LIST,
        kind=kind,
        names=listed_names(names),
        list_kind=next((found for word, found in _LIST_KINDS if word in source), "other"),
        countries=tuple(dict.fromkeys([*said, *about, *country_codes(seats)])),
        birth_years=tuple(dict.fromkeys(years(row["dates_of_birth"]))),
        programmes=programmes,
        title=row["title"] or None,
        listed_since=iso_date(row["start_date"]),
    )
