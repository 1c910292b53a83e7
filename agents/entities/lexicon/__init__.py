"""The rules' word lists, kept as data in `words.toml` beside this module."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "words.toml"


@cache
def _lists() -> dict[str, list[str]]:
    with FILE.open("rb") as toml:
        lists: dict[str, list[str]] = tomllib.load(toml)
    return lists


def words(name: str) -> frozenset[str]:
    """The words of a list.

    Raises:
        KeyError: There is no such list.
    """
    return frozenset(_lists()[name])


def alternatives(name: str) -> str:
    """A list as a pattern that finds its longest word first; blanks match any white space."""
    ordered = sorted(_lists()[name], key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s\u00a0]+") for word in ordered)
