"""Small word lists from `data/`, one entry a line or several, `#` for comments."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def phrases(name: str) -> frozenset[str]:
    """The lines of a list, comments and blank lines left out."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def single_words(name: str) -> frozenset[str]:
    """The words of all lines of a list."""
    return frozenset(word for line in phrases(name) for word in line.split())
