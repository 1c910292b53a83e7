"""Finds things that have a form: laws, resolutions, ships, aircraft (`knowledge/patterns.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from schemas.entities import Label

from .gazetteer import PLAIN
from .knowledge import FOLDER
from .mentions import Found

TRIMMED: Final = re.compile(
    r"(?:['’]s?|[\s,;:-]+|(?<![A-Z]\.[A-Z])(?<!\bLtd)(?<!\bInc)(?<!\bCo)(?<!\bCorp)\.)$"
)
"""What a mention does not end with; the full stop of an abbreviation stays."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form, and the first words with which it does not begin."""

    label: Label
    regex: re.Pattern[str]
    not_first: tuple[str, ...]


@cache
def patterns() -> tuple[Pattern, ...]:
    """Read `patterns.toml`."""
    with (FOLDER / "patterns.toml").open("rb") as toml:
        table: dict[str, list[dict[str, Any]]] = tomllib.load(toml)
    return tuple(
        Pattern(
            cast(Label, row["label"]), re.compile(row["regex"]), tuple(row.get("not_first", ()))
        )
        for row in table["pattern"]
    )


def find(text: str) -> list[Found]:
    """Mentions by form, in no order; they may overlap each other."""
    found = []
    plain = text.translate(PLAIN)
    for pattern in patterns():
        for match in pattern.regex.finditer(plain):
            start, end = match.span("name")
            while (word := plain[start:end].split(" ", 1))[0] in pattern.not_first:
                if len(word) == 1:
                    break
                start += len(word[0]) + 1
            if " " not in plain[start:end] and pattern.not_first:
                continue
            end = start + len(TRIMMED.sub("", plain[start:end]))
            if end > start:
                found.append(Found(start, end, pattern.label))
    return found
