"""FollowTheMoney entities and OpenSanctions' `targets.simple.csv` into entries.

Entities come one a line (`entities.ftm.json`), or as one JSON array in small files. Only those that
can be listed are read: with a topic of sanctions, or, in a file that has no topics at all, every
person, organisation, vessel and aircraft.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ..countries import country_codes
from ..entry import AliasClass, Kind, ListEntry
from ..programmes import programme_country
from .dates import years
from .names import listed_names
from .version import Refused

LIST: Final = "opensanctions"
_KINDS: dict[str, Kind] = {
    "Person": "person",
    "Organization": "organization",
    "Company": "organization",
    "LegalEntity": "organization",
    "PublicBody": "organization",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
_TOPICS = ("sanction", "debarment", "asset.frozen", "export.control", "mare.")
_IDENTIFIERS = {"imoNumber": "imo", "mmsi": "mmsi", "leiCode": "lei", "swiftBic": "bic"}
_MAX_ARRAY = 64 << 20


def read(path: Path) -> Iterator[ListEntry]:
    """The listed entities of the file.

    Raises:
        Refused: A line is no entity, or an array is too large to be read at once.
    """
    with_topics = any(_topics(each) for each in _entities(path))
    for each in _entities(path):
        kind = _KINDS.get(str(each.get("schema")))
        wanted = not with_topics or any(topic.startswith(_TOPICS) for topic in _topics(each))
        if kind is not None and wanted:
            entry = _entry(each, kind)
            if entry.names:
                yield entry


def recognises(head: bytes) -> bool:
    """Whether the head is that of FollowTheMoney JSON."""
    return head[:1] in b"[{" and b'"schema"' in head and b'"properties"' in head


def read_simple(path: Path) -> Iterator[ListEntry]:
    """The rows of `targets.simple.csv`."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            kind = _KINDS.get(row.get("schema") or "")
            if kind is not None and row.get("name"):
                yield _simple(row, kind)


def recognises_simple(head: bytes) -> bool:
    """Whether the head is that of `targets.simple.csv`."""
    line = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()[0]
    return {"id", "schema", "name", "aliases"} <= {cell.strip('" ') for cell in line.split(",")}


def _entities(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        if stream.read(64).lstrip().startswith("["):
            if path.stat().st_size > _MAX_ARRAY:
                raise Refused("format", f"{path.name} is one large array; write one entity a line")
            stream.seek(0)
            yield from _objects(_parsed(stream.read(), path, 1), path)
            return
        stream.seek(0)
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield from _objects([_parsed(line, path, number)], path)


def _parsed(text: str, path: Path, number: int) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refused("cut", f"{path.name} line {number} is no whole JSON: {error}") from error


def _objects(values: Any, path: Path) -> Iterator[dict[str, Any]]:
    for value in values:
        if not isinstance(value, dict):
            raise Refused("format", f"{path.name} holds something that is no entity")
        yield value


def _topics(entity: dict[str, Any]) -> list[str]:
    return list(entity.get("properties", {}).get("topics", []))


def _entry(entity: dict[str, Any], kind: Kind) -> ListEntry:
    properties: dict[str, list[str]] = entity.get("properties", {})

    def values(*names: str) -> list[str]:
        return [value for name in names for value in properties.get(name, [])]

    programmes = tuple(dict.fromkeys(values("programId") or values("program")))
    about = [code for each in programmes if (code := programme_country(each))]
    countries = country_codes(
        values("nationality", "citizenship", "jurisdiction", "mainCountry", "country", "flag")
    )
    identifiers = [
        (scheme, value)
        for name, scheme in _IDENTIFIERS.items()
        for value in properties.get(name, [])
    ]
    return ListEntry(
        id=_official_id(entity),
        list=LIST,
        kind=kind,
        names=listed_names(_names(entity, properties)),
        countries=tuple(dict.fromkeys([*countries, *about])),
        birth_years=tuple(dict.fromkeys(years(" ".join(values("birthDate"))))),
        identifiers=() if kind == "person" else tuple(dict.fromkeys(identifiers)),
        programmes=programmes,
        title=next(iter(values("position")), None),
    )


def _names(
    entity: dict[str, Any], properties: dict[str, list[str]]
) -> Iterator[tuple[str, AliasClass]]:
    caption = entity.get("caption")
    if isinstance(caption, str) and caption in properties.get("name", [caption]):
        yield caption, "primary"
    for position, name in enumerate(properties.get("name", [])):
        yield name, "strong" if position or caption else "primary"
    for name in properties.get("alias", []) + properties.get("previousName", []):
        yield name, "strong"
    for name in properties.get("weakAlias", []):
        yield name, "weak"


def _official_id(entity: dict[str, Any]) -> str:
    """The entity's own id, under the scheme of the export."""
    return f"os:{entity.get('id', '')}"


def _simple(row: dict[str, str], kind: Kind) -> ListEntry:
    programmes = tuple(dict.fromkeys(_parts(row.get("program_ids") or "")))
    about = [code for each in programmes if (code := programme_country(each))]
    names: list[tuple[str, AliasClass]] = [(row["name"], "primary")]
    names += [(alias, "strong") for alias in _parts(row.get("aliases") or "")]
    return ListEntry(
        id=f"os:{row['id']}",
        list=LIST,
        kind=kind,
        names=listed_names(names),
        countries=tuple(
            dict.fromkeys([*country_codes(_parts(row.get("countries") or "")), *about])
        ),
        birth_years=tuple(dict.fromkeys(years(row.get("birth_date")))),
        programmes=programmes,
    )


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r";", cell) if part.strip()]
