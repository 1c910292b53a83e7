"""Names of countries and peoples into ISO 3166-1 alpha-3 codes, from `data/countries.tsv`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "countries.tsv"
_WORD = re.compile(r"[\w'’.&-]+")
_ENDING = re.compile(r"['’]s?$")
_SPACES = re.compile(r"\s+")
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Countries:
    """Look-up tables: `names` by folded name or word for the people, `alpha2` by code."""

    names: dict[str, str]
    alpha2: dict[str, str]
    codes: frozenset[str]


@cache
def countries() -> Countries:
    """The table, read once."""
    names: dict[str, str] = {}
    alpha2: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        alpha3, two, own, *people = line.split("\t")
        alpha2[two] = alpha3
        for name in [*own.split(";"), *(people[0].split(";") if people else [])]:
            names.setdefault(_fold(name), alpha3)
    return Countries(names, alpha2, frozenset(alpha2.values()))


def country_code(name: str | None) -> str | None:
    """The code of one country given by name, alpha-2 or alpha-3 code; None if unknown."""
    if not name or not name.strip():
        return None
    table = countries()
    text = name.strip()
    if len(text) == 2 and text.upper() in table.alpha2:
        return table.alpha2[text.upper()]
    if len(text) == 3 and text.upper() in table.codes:
        return text.upper()
    return table.names.get(_fold(text))


def country_codes(names: Iterable[str | None]) -> tuple[str, ...]:
    """The codes of those names that are known, in order, each once."""
    return tuple(dict.fromkeys(code for name in names if (code := country_code(name))))


def countries_in(text: str) -> tuple[str, ...]:
    """Countries named in running text, by name or people, in order of first naming.

    Only capitalised names count, the longest at each place (`South Korea's` is no `Korea`).
    """
    return tuple(dict.fromkeys(code for _, _, code in country_spans(text)))


def country_spans(text: str) -> list[tuple[int, int, str]]:
    """Where countries are named: start, end and code, in order, not overlapping."""
    found: list[tuple[int, int, str]] = []
    words = list(_WORD.finditer(text))
    position = 0
    while position < len(words):
        step = 1
        if words[position].group()[0].isupper():
            for length in range(min(_LONGEST, len(words) - position), 0, -1):
                start, end = words[position].start(), words[position + length - 1].end()
                code = _code_of(text[start:end])
                if code:
                    found.append((start, end, code))
                    step = length
                    break
        position += step
    return found


@lru_cache(maxsize=16384)
def _code_of(phrase: str) -> str | None:
    return _named(phrase, countries().names)


def _named(phrase: str, table: dict[str, str]) -> str | None:
    bare = _ENDING.sub("", phrase.rstrip("."))
    for form in (phrase, bare):
        if len(form) <= 2 and not form.isupper():
            continue
        code = table.get(_fold(form))
        if code and (len(form) > 2 or form in {"US", "UK"}):
            return code
    return None


def _fold(name: str) -> str:
    return _SPACES.sub(" ", name.replace("’", "'")).strip().casefold()
