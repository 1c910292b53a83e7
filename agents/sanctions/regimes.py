"""Embargoed territories and their programmes, from `data/regimes.tsv`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .reading import Reading

_TABLE = Path(__file__).parent / "data" / "regimes.tsv"


@dataclass(frozen=True, slots=True)
class Regime:
    """A territory under embargo.

    Attributes:
        code: Short name, the flag's subtype.
        country: ISO alpha-3 code when the territory is a country, else None.
        names: Names in the text when it is not.
        programme: Main programmes.
        since: First day, ISO 8601.
        until: Last day, None while in force.
    """

    code: str
    country: str | None
    names: tuple[str, ...]
    programme: str
    since: str
    until: str | None

    def in_force(self, day: str | None) -> bool | None:
        """Whether it was in force on a day (ISO 8601, any precision); None without a day."""
        if day is None:
            return None
        return self.since[: len(day)] <= day and (
            self.until is None or day <= self.until[: len(day)]
        )


@cache
def regimes() -> tuple[Regime, ...]:
    """The table."""
    found = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, names, programme, since, *until = line.split("\t")
        own = tuple(names.split(";"))
        country = own[0] if re.fullmatch(r"[A-Z]{3}", own[0]) and len(own) == 1 else None
        end = until[0] if until and until[0] else None
        found.append(Regime(code, country, () if country else own, programme, since, end))
    return tuple(found)


@cache
def _place_names() -> tuple[re.Pattern[str], dict[str, Regime]]:
    by_name = {name: regime for regime in regimes() for name in regime.names}
    longest = sorted(by_name, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b"), by_name


def regimes_of(reading: Reading, start: int, end: int) -> tuple[Regime, ...]:
    """Territories named between two offsets, countries by entity or name, in order of the table."""
    codes = reading.countries_between(start, end)
    pattern, by_name = _place_names()
    named = {
        by_name[found.group()].code for found in pattern.finditer(reading.parse.text, start, end)
    }
    return tuple(each for each in regimes() if each.country in codes or each.code in named)
