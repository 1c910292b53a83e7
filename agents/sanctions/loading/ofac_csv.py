"""OFAC's SDN.CSV and CONS_PRIM.CSV, with ALT, ADD and comments beside them, into entries.

The files have no header; null is `-0- `; programmes are joined as `SDGT] [SYRIA`; the last record
is a lone 0x1A; remarks of more than 1,000 characters go on in the comments file; birth dates,
nationalities, weak names (`a.k.a. 'X'`) and identifiers stand in the remarks.
Format: OFAC, "SDN data formats: delimited files" (dat_spec.txt), US government work.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..countries import country_code, country_codes
from ..entry import AliasClass, Kind, ListEntry, ListKind
from ..programmes import programme_country
from .dates import iso_date, years
from .names import listed_names
from .version import Refused

NULL = "-0-"
COLUMNS = 12
_KINDS: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_WEAK = re.compile(r"(?:alt\. )?[afn]\.k\.a\.,? '(.+)'$")
_LISTING = re.compile(r"^Listing Date\b")
_NATIONALITY = re.compile(r"^(?:alt\. )?(?:nationality|citizen)\s+(.+)$", re.IGNORECASE)
_BIRTH = re.compile(r"^(?:alt\. )?DOB\b")
_BIRTHPLACE = re.compile(r"^(?:alt\. )?POB\s+(.+)$")
_LINKED = re.compile(r"^Linked To: ?(.+)$")
_THINGS = (
    ("imo", re.compile(r"\bIMO\s+(\d{7})\b")),
    ("mmsi", re.compile(r"^MMSI\s+(\d{9})\b")),
    ("lei", re.compile(r"^Legal Entity Number\s+(\w{20})\b")),
    ("bic", re.compile(r"^SWIFT/BIC\s+(\w{8,11})\b")),
    ("registration", re.compile(r"^Registration (?:Number|ID)\s+([^()]+?)\s*(?:\(|$)")),
    ("tail", re.compile(r"^Aircraft Tail Number\s+(\S+)")),
    ("msn", re.compile(r"^Aircraft Manufacturer's Serial Number \(MSN\)\s+(\S+)")),
)


@dataclass
class Remarks:
    """What stands in the remarks of one entry."""

    weak: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    birthplaces: list[str] = field(default_factory=list)
    birth_years: list[int] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)


def read_remarks(text: str, kind: Kind) -> Remarks:
    """The remarks taken apart; numbers of personal papers are left where they are."""
    found = Remarks()
    for raw in text.split(";"):
        part = raw.strip().removesuffix(".").strip()
        if weak := _WEAK.match(part):
            found.weak.append(weak.group(1))
        elif nationality := _NATIONALITY.match(part):
            found.nationalities.append(nationality.group(1))
        elif _BIRTH.match(part):
            found.birth_years.extend(years(part))
        elif birthplace := _BIRTHPLACE.match(part):
            found.birthplaces.append(birthplace.group(1).rsplit(",", 1)[-1])
        elif linked := _LINKED.match(part):
            found.linked_to.append(linked.group(1))
        elif _LISTING.match(part):
            date = iso_date(part.split(":", 1)[-1])
            found.listed.extend([date] if date else [])
        elif kind != "person":
            found.identifiers.extend(
                (scheme, match.group(1))
                for scheme, pattern in _THINGS
                if (match := pattern.search(part))
            )
    return found


def read(path: Path, *, list_name: str, list_kind: ListKind = "blocking") -> Iterator[ListEntry]:
    """The entries of a main file, joined with the files beside it.

    Args:
        path: `sdn.csv` or `cons_prim.csv`; `alt*.csv`, `add*.csv` and `sdn_comments*.csv` (or
            `cons_…`) of the same folder are joined by entry number, lines without entry dropped.
        list_name: Name to give the list.
        list_kind: What its listings mean.

    Raises:
        Refused: A row has too few columns: the file was cut off.
    """
    aliases, places, comments = (_side(path, stem) for stem in ("alt", "add", "comments"))
    for row in _rows(path, COLUMNS):
        yield _entry(row, aliases, places, comments, list_name, list_kind)


def side_files(path: Path) -> list[Path]:
    """The alias, address and comment files that belong to a main file, in that order."""
    return [file for stem in ("alt", "add", "comments") if (file := _side_file(path, stem))]


def _side_file(path: Path, stem: str) -> Path | None:
    prefix = "cons_" if path.name.lower().startswith("cons") else ""
    pattern = re.compile(
        rf"(?:{prefix}{stem}|{prefix or '(?:sdn_)?'}{stem})(?:[_.-].*)?\.csv", re.IGNORECASE
    )
    found = sorted(file for file in path.parent.iterdir() if pattern.fullmatch(file.name))
    return found[0] if found else None


def _side(path: Path, stem: str) -> dict[str, list[list[str]]]:
    grouped: dict[str, list[list[str]]] = defaultdict(list)
    file = _side_file(path, stem)
    if file:
        for row in _rows(file, 2):
            grouped[row[0]].append(row)
    return grouped


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        for number, row in enumerate(csv.reader(stream), start=1):
            if not row or row[0].strip(" \x1a") == "":
                continue
            if len(row) < columns:
                raise Refused(
                    "cut", f"{path.name} line {number} has {len(row)} of {columns} columns"
                )
            yield ["" if cell.strip() == NULL else cell.strip() for cell in row]


def _entry(
    row: list[str],
    aliases: dict[str, list[list[str]]],
    places: dict[str, list[list[str]]],
    comments: dict[str, list[list[str]]],
    list_name: str,
    list_kind: ListKind,
) -> ListEntry:
    number, name, kind_word, programme_text, title = row[:5]
    kind = _KINDS.get(kind_word.lower(), "organization")
    programmes = tuple(
        part.strip(" []") for part in programme_text.split("] [") if part.strip(" []")
    )
    remarks = read_remarks(row[11] + "".join(extra[1] for extra in comments.get(number, [])), kind)
    names: list[tuple[str, AliasClass]] = [(name, "primary")]
    names += [(alias[3], "strong") for alias in aliases.get(number, []) if len(alias) > 3]
    names += [(weak, "weak") for weak in remarks.weak]
    homes = country_codes([*remarks.nationalities, row[8]])
    about = tuple(code for each in programmes if (code := programme_country(each)))
    seats = country_codes(place[4] for place in places.get(number, []) if len(place) > 4)
    countries = tuple(dict.fromkeys([*homes, *about, *seats]))
    born = tuple(code for place in remarks.birthplaces if (code := country_code(place)))
    return ListEntry(
        id=f"ofac:{number}",
        list=list_name,
        kind=kind,
        names=listed_names(names),
        list_kind=list_kind,
        countries=countries or born,
        birth_years=tuple(dict.fromkeys(remarks.birth_years)),
        identifiers=tuple(dict.fromkeys(remarks.identifiers)),
        programmes=programmes,
        title=title or None,
        # On the SDN list these are dates of earlier directives, not of the blocking.
        listed_since=None if list_kind == "blocking" else min(remarks.listed, default=None),
        linked_to=tuple(remarks.linked_to),
    )
