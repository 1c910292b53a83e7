"""The stage's tables, from readable files into compiled forms, and the version that they make."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

DATA: Final = Path(__file__).parent / "data"

Where = Literal["any", "head", "tail", "ends"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of paragraph that is not part of the story.

    Attributes:
        kind: Goes into `removed`.
        where: `head` and `tail` are the outermost paragraphs, `ends` is both.
        words: Longer paragraphs never match.
        pattern: Matches the whole paragraph, without regard to case.
        needs: Where given, one of these stands in the paragraph in lower case: a cheap first test.
    """

    kind: str
    where: Where
    words: int
    pattern: re.Pattern[str]
    needs: tuple[str, ...] = ()


def table(name: str) -> dict[str, Any]:
    """A TOML file of the data folder."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _boilerplate() -> tuple[Rule, ...]:
    loaded = table("boilerplate.toml")
    names: dict[str, str] = loaded["words"]

    def filled(pattern: str) -> str:
        # In reverse, since a line may use those above it.
        for name, words in reversed(names.items()):
            pattern = pattern.replace("{" + name + "}", f"(?:{words})")
        return pattern

    return tuple(
        Rule(
            rule["kind"],
            rule["where"],
            rule["max_words"],
            re.compile("|".join(filled(pattern) for pattern in rule["patterns"]), re.IGNORECASE),
            tuple(rule.get("needs", ())),
        )
        for rule in loaded["rule"]
    )


def _agencies() -> dict[str, str]:
    lines = (DATA / "agencies.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {name.casefold(): row[0] for row in rows for name in row}


def _months() -> dict[str, int]:
    tables: dict[str, list[str]] = table("calendar.toml")["months"]
    return {
        name: number
        for months in tables.values()
        for number, names in enumerate(months, start=1)
        for name in names.split()
    }


MONTHS: Final = _months()
ZONES: Final[dict[str, int]] = table("calendar.toml")["zones"]
AGENCIES: Final = _agencies()
BOILERPLATE: Final = _boilerplate()
BYLINES: Final = table("bylines.toml")
META: Final[dict[str, list[str]]] = table("meta.toml")
FURNITURE: Final = table("furniture.toml")
URLS: Final = table("urls.toml")
REFUSALS: Final = table("refusals.toml")
