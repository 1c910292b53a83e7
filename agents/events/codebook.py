"""The settled codebook: type and mode of an event give its quad class and intensity."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from schemas.events import EventType, Quad


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """One event type: its quad class, intensity by mode, and whether it needs a recipient."""

    quad: Quad
    intensity: float
    needs_recipient: bool
    modes: dict[str, float]


class CodebookError(ValueError):
    """A lexicon file that contradicts itself or the record's schema; says file and entry."""


def read_codebook(path: Path) -> dict[EventType, TypeEntry]:
    """Read `codebook.toml`.

    Raises:
        CodebookError: A type is missing, unknown, or has a quad class that the schema lacks.
    """
    tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["type"]
    expected = set(get_args(EventType))
    if set(tables) != expected:
        raise CodebookError(f"{path}: types differ from the schema: {set(tables) ^ expected}")
    book: dict[EventType, TypeEntry] = {}
    for name in get_args(EventType):
        table = tables[name]
        if table["quad"] not in get_args(Quad):
            raise CodebookError(f"{path}: {name} has the unknown quad class {table['quad']!r}")
        book[name] = TypeEntry(
            quad=table["quad"],
            intensity=float(table["intensity"]),
            needs_recipient=bool(table.get("needs_recipient", False)),
            modes={mode: float(value) for mode, value in table.get("modes", {}).items()},
        )
    return book


def intensity(entry: TypeEntry, mode: str | None) -> float:
    """The mode's intensity; the type's where there is no mode."""
    return entry.modes.get(mode, entry.intensity) if mode else entry.intensity
