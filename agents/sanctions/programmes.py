"""What a sanctions programme code is about, from `data/programmes.tsv`."""

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "programmes.tsv"


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    exact: dict[str, str] = {}
    prefixes: list[tuple[str, str]] = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, country, _ = line.split("\t")
        if code.endswith("*"):
            prefixes.append((code[:-1], country))
        else:
            exact[code] = country
    prefixes.sort(key=lambda pair: -len(pair[0]))
    return exact, tuple(prefixes)


@cache
def programme_country(code: str) -> str | None:
    """ISO 3166-1 alpha-3 code of the country that a programme is about; None if of none."""
    exact, prefixes = _table()
    if code in exact:
        return exact[code] or None
    for prefix, country in prefixes:
        if code.startswith(prefix):
            return country or None
    return None
