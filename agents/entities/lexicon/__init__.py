"""The rules' word lists, kept as data beside this module: `words.toml`, `first_names.txt`."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


@cache
def _lists() -> dict[str, list[str]]:
    with (FOLDER / "words.toml").open("rb") as toml:
        lists: dict[str, list[str]] = tomllib.load(toml)
    return lists


def words(name: str) -> frozenset[str]:
    """The words of a list.

    Raises:
        KeyError: There is no such list.
    """
    return frozenset(_lists()[name])


@cache
def first_names() -> frozenset[str]:
    """Given names that are hardly ever anything else."""
    lines = (FOLDER / "first_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def alternatives(name: str) -> str:
    """A list as a pattern that finds its longest word first; blanks match any white space."""
    ordered = sorted(_lists()[name], key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s\u00a0]+") for word in ordered)
