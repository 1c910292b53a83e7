"""Newsflag's own list format: JSON lines, a head line and one entry a line, both ways.

The head line is `{"format": "newsflag.list/1", "list": …, "date": …, "starter": …}`. An entry line
has the fields of `ListEntry`; names are `[text, alias_class]` pairs, a plain string is strong,
the first is primary. Fields that are empty are left out. Any list can be written into it.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from ..entry import KINDS, AliasClass, Kind, ListedName, ListEntry, ListKind, Version
from .version import Refused

FORMAT: Final = "newsflag.list/1"


def head(path: Path) -> dict[str, Any]:
    """The head line of the file."""
    with path.open(encoding="utf-8") as stream:
        return _object(stream.readline(), path, 1)


def read(path: Path) -> Iterator[ListEntry]:
    """The entries of the file.

    Raises:
        Refused: A line is no entry.
    """
    with path.open(encoding="utf-8") as stream:
        default = _object(stream.readline(), path, 1)
        for number, line in enumerate(stream, start=2):
            if line.strip():
                yield _entry(_object(line, path, number), default, path, number)


def write(version: Version, entries: Iterable[ListEntry]) -> Iterator[str]:
    """The lines of a list in this format, with line ends."""
    first = {
        "format": FORMAT,
        "list": version.list,
        "date": version.date,
        "starter": version.starter,
        "source": version.source,
        "sha256": version.sha256,
    }
    yield json.dumps(first, ensure_ascii=False) + "\n"
    for entry in entries:
        yield json.dumps(_as_object(entry), ensure_ascii=False) + "\n"


def _as_object(entry: ListEntry) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": entry.id,
        "list": entry.list,
        "kind": entry.kind,
        "names": [[name.text, name.alias_class] for name in entry.names],
        "list_kind": entry.list_kind,
        "countries": list(entry.countries),
        "birth_years": list(entry.birth_years),
        "identifiers": [list(pair) for pair in entry.identifiers],
        "programmes": list(entry.programmes),
        "legal_acts": list(entry.legal_acts),
        "title": entry.title,
        "listed_since": entry.listed_since,
        "linked_to": list(entry.linked_to),
    }
    return {key: value for key, value in whole.items() if value not in (None, [], "")}


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise Refused("cut", f"{path.name} line {number} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise Refused("format", f"{path.name} line {number} is no JSON object")
    return value


def _entry(value: dict[str, Any], default: dict[str, Any], path: Path, number: int) -> ListEntry:
    if not value.get("id") or value.get("kind") not in KINDS or not value.get("names"):
        raise Refused("format", f"{path.name} line {number} needs id, kind and names")
    return ListEntry(
        id=value["id"],
        list=value.get("list") or default.get("list") or "own",
        kind=cast("Kind", value["kind"]),
        names=tuple(_names(value["names"])),
        list_kind=cast("ListKind", value.get("list_kind") or "blocking"),
        countries=tuple(value.get("countries", ())),
        birth_years=tuple(value.get("birth_years", ())),
        identifiers=tuple((scheme, number) for scheme, number in value.get("identifiers", ())),
        programmes=tuple(value.get("programmes", ())),
        legal_acts=tuple(value.get("legal_acts", ())),
        title=value.get("title"),
        listed_since=value.get("listed_since"),
        linked_to=tuple(value.get("linked_to", ())),
    )


def _names(values: list[Any]) -> Iterator[ListedName]:
    for position, value in enumerate(values):
        if isinstance(value, str):
            yield ListedName(value, "strong" if position else "primary")
        else:
            yield ListedName(value[0], cast("AliasClass", value[1]))
