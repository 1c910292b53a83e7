"""The knowledge base: states, governments, organisations and people as data files, read once.

Every file is a tab-separated table in `knowledge/`; its head says what the columns mean and where
the facts come from. Words that name an entry are its *surfaces*.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

from schemas.entities import Label

FOLDER: Final = Path(__file__).parent / "knowledge"

Use = Literal["name", "demonym", "capital", "seat"]
"""How a surface stands for its entry: its name, an adjective or noun for its people, its capital,
or a seat of government such as the Kremlin."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the knowledge base.

    Attributes:
        id: Unique; `RUS` for a state, `RUS-government` for its government.
        name: The usual name in English-language news.
        label: Label of entities of this kind (`GPE`, `ORG`, `PERSON`, …).
        kind: `state`, `government`, `igo`, …; see the heads of the data files.
        country: ISO 3166-1 alpha-3 of the state it is or belongs to.
    """

    id: str
    name: str
    label: Label
    kind: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """Words that name an entry; matched with their case."""

    text: str
    entry: Entry
    use: Use


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The tables, ready for look-up.

    Attributes:
        entries: By id.
        surfaces: By text; the first of several is the more usual one.
        alpha2: ISO 3166-1 alpha-2 by alpha-3.
        capitals: Names of the capitals of a state, the first the usual one, by alpha-3.
    """

    entries: dict[str, Entry]
    surfaces: dict[str, tuple[Surface, ...]]
    alpha2: dict[str, str]
    capitals: dict[str, tuple[str, ...]]


def rows(name: str, folder: Path = FOLDER) -> Iterator[dict[str, str]]:
    """Rows of a table by column name; lines that begin with `#` are its head."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(
            (line for line in lines if not line.startswith("#")),
            delimiter="\t",
            quoting=csv.QUOTE_NONE,
        )
        yield from reader


def cell(row: dict[str, str], column: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, separated by `|`."""
    return tuple(filter(None, (row.get(column) or "").split("|")))


@cache
def load() -> Knowledge:
    """Read the tables."""
    entries: dict[str, Entry] = {}
    surfaces: list[Surface] = []
    alpha2: dict[str, str] = {}
    capitals: dict[str, tuple[str, ...]] = {}
    for row in rows("countries.tsv"):
        state = Entry(row["alpha3"], row["name"], "GPE", "state", row["alpha3"])
        government = Entry(
            f"{state.id}-government", f"government of {state.name}", "ORG", "government", state.id
        )
        entries |= {state.id: state, government.id: government}
        alpha2[state.id] = row["alpha2"]
        capitals[state.id] = cell(row, "capital")
        surfaces += _state_surfaces(row, state, government)
    for row in rows("organisations.tsv"):
        entry = Entry(
            row["id"], row["name"], cast(Label, row["label"]), row["kind"], row["country"] or None
        )
        entries[entry.id] = entry
        surfaces += [Surface(text, entry, "name") for text in (entry.name, *cell(row, "aliases"))]
    for row in rows("metonyms.tsv"):
        target = entries.get(row["of"]) or entries[f"{row['alpha3']}-government"]
        surfaces.append(Surface(row["name"], target, "seat"))
    return Knowledge(entries, _by_text(surfaces), alpha2, capitals)


def _state_surfaces(row: dict[str, str], state: Entry, government: Entry) -> Iterator[Surface]:
    for text in (state.name, *cell(row, "aliases")):
        yield Surface(text, state, "name")
    for text in cell(row, "demonyms"):
        yield Surface(text, state, "demonym")
        if not text.endswith(("s", "ese", "sh", "ch", "men")):
            yield Surface(f"{text}s", state, "demonym")
    for text in cell(row, "capital"):
        yield Surface(text, government, "capital")


def _by_text(surfaces: Iterable[Surface]) -> dict[str, tuple[Surface, ...]]:
    found: dict[str, list[Surface]] = {}
    for surface in surfaces:
        found.setdefault(surface.text, []).append(surface)
    return {text: tuple(group) for text, group in found.items()}
