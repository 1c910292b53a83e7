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
class Term:
    """A person's time in an office.

    Attributes:
        person: The person's entry.
        office: Title in lower case.
        first: First day, ISO 8601 as far as known.
        last: Last day; empty where it has not ended as far as known.
    """

    person: Entry
    office: str
    first: str
    last: str

    def holds(self, day: str) -> bool:
        """Whether a day (ISO 8601) falls into the term, as far as its ends are known."""
        return self.first <= day and (not self.last or day[: len(self.last)] <= self.last)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The tables, ready for look-up.

    Attributes:
        entries: By id.
        surfaces: By text; the first of several is the more usual one.
        alpha2: ISO 3166-1 alpha-2 by alpha-3.
        capitals: Names of the capitals of a state, the first the usual one, by alpha-3.
        people: Terms in office by the full names and spellings of their holders.
        surnames: Terms in office by the short name that news uses.
    """

    entries: dict[str, Entry]
    surfaces: dict[str, tuple[Surface, ...]]
    alpha2: dict[str, str]
    capitals: dict[str, tuple[str, ...]]
    people: dict[str, tuple[Term, ...]]
    surnames: dict[str, tuple[Term, ...]]


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
    bodies = list(rows("bodies.tsv"))
    for row in rows("countries.tsv"):
        state = Entry(row["alpha3"], row["name"], "GPE", "state", row["alpha3"])
        entries[state.id] = state
        surfaces += _body_surfaces(row, state, bodies, entries)
        government = entries[f"{state.id}-government"]
        alpha2[state.id] = row["alpha2"]
        capitals[state.id] = cell(row, "capital")
        surfaces += _state_surfaces(row, state, government)
    for row in rows("organisations.tsv"):
        entry = Entry(
            row["id"], row["name"], cast(Label, row["label"]), row["kind"], row["country"] or None
        )
        entries[entry.id] = entry
        own = [Surface(text, entry, "name") for text in (entry.name, *cell(row, "aliases"))]
        surfaces[:0] = own
    for row in rows("metonyms.tsv"):
        target = entries.get(row["of"]) or entries[f"{row['alpha3']}-government"]
        surfaces.append(Surface(row["name"], target, "seat"))
    surfaces += _place_surfaces(entries)
    surfaces += _us_state_surfaces(entries)
    surfaces += _hardware_surfaces(entries)
    people, surnames = _people(entries)
    surfaces += [
        Surface(name, terms[0].person, "name") for name, terms in people.items() if " " in name
    ]
    return Knowledge(entries, _by_text(surfaces), alpha2, capitals, people, surnames)


def _place_surfaces(entries: dict[str, Entry]) -> Iterator[Surface]:
    """Surfaces of regions and waters; their coordinates are in `places`."""
    for row in rows("places.tsv"):
        identifier = f"place {row['name']}"
        label = cast(Label, row["label"])
        place = Entry(identifier, row["name"], label, "place", row["country"] or None)
        entries[identifier] = place
        for text in (place.name, *cell(row, "aliases")):
            yield Surface(text, place, "name")


def _us_state_surfaces(entries: dict[str, Entry]) -> Iterator[Surface]:
    """States of the United States, with their short forms: `Calif.`."""
    for row in rows("us_states.tsv"):
        state = Entry(f"US-{row['postal']}", row["name"], "GPE", "us-state", "USA")
        entries[state.id] = state
        for text in filter(None, (state.name, row["short"])):
            yield Surface(text, state, "name")


def _hardware_surfaces(entries: dict[str, Entry]) -> Iterator[Surface]:
    for row in rows("hardware.tsv"):
        identifier = f"hardware {row['name']}"
        label = cast(Label, row["label"])
        thing = Entry(identifier, row["name"], label, "hardware")
        entries[identifier] = thing
        for text in cell(row, "surfaces"):
            yield Surface(text, thing, "name")
            if not text.endswith("s"):
                yield Surface(f"{text}s", thing, "name")


def _people(
    entries: dict[str, Entry],
) -> tuple[dict[str, tuple[Term, ...]], dict[str, tuple[Term, ...]]]:
    """Terms in office by full name and by short name."""
    by_name: dict[str, list[Term]] = {}
    by_surname: dict[str, list[Term]] = {}
    for row in rows("people.tsv"):
        identifier = "person-" + row["name"].lower().replace(" ", "-")
        person = entries.setdefault(
            identifier,
            Entry(identifier, row["name"], "PERSON", "person", row["alpha3"] or None),
        )
        term = Term(person, row["office"], row["from"], row["to"])
        names = (person.name, *cell(row, "aliases"))
        for name in names:
            by_name.setdefault(name, []).append(term)
        short = cell(row, "surname") or tuple(dict.fromkeys(name.split(" ")[-1] for name in names))
        for name in short:
            by_surname.setdefault(name, []).append(term)
    return (
        {name: tuple(terms) for name, terms in by_name.items()},
        {name: tuple(terms) for name, terms in by_surname.items()},
    )


def _state_surfaces(row: dict[str, str], state: Entry, government: Entry) -> Iterator[Surface]:
    for text in (state.name, *cell(row, "aliases")):
        yield Surface(text, state, "name")
    for text in cell(row, "demonyms"):
        yield Surface(text, state, "demonym")
        if not text.endswith(("s", "ese", "sh", "ch", "men")):
            yield Surface(f"{text}s", state, "demonym")
    for text in cell(row, "capital"):
        yield Surface(text, government, "capital")


def _body_surfaces(
    row: dict[str, str],
    state: Entry,
    bodies: Iterable[dict[str, str]],
    entries: dict[str, Entry],
) -> Iterator[Surface]:
    """Surfaces of a state's government, armed forces, ministries: `Russian military`."""
    short = [text for text in cell(row, "aliases") if text.replace(".", "").isupper()]
    adjectives = [*cell(row, "demonyms"), state.name, *short]
    for body in bodies:
        name = body["name"].format(adj=adjectives[0])
        entry = Entry(f"{state.id}-{body['body']}", name, "ORG", body["kind"], state.id)
        entries[entry.id] = entry
        for pattern in cell(body, "surfaces"):
            for adjective in adjectives:
                yield Surface(pattern.format(adj=adjective), entry, "name")


def _by_text(surfaces: Iterable[Surface]) -> dict[str, tuple[Surface, ...]]:
    found: dict[str, list[Surface]] = {}
    for surface in surfaces:
        found.setdefault(surface.text, []).append(surface)
    return {text: tuple(group) for text, group in found.items()}
