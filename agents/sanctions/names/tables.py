"""The word lists behind name comparison, read once from `data/`."""

from collections import defaultdict
from functools import cache
from pathlib import Path

from ..countries import countries
from .normalise import sound

_DATA = Path(__file__).parents[1] / "data"


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def particles() -> frozenset[str]:
    """Tokens that carry little of a name."""
    return frozenset(_lines("particles.txt"))


@cache
def country_words() -> frozenset[str]:
    """Single words that name a country or its people: `Russia` is no slip for `Rossiya`."""
    return frozenset(name for name in countries().names if name.isalpha())


@cache
def droppable() -> frozenset[str]:
    """First names that are often left out before another (`Mohammad Javad Zarif`)."""
    return frozenset(_lines("droppable_names.txt")) | particles()


@cache
def variants() -> dict[str, tuple[tuple[int, float], ...]]:
    """Spelling groups of a token: (group, similarity of two members)."""
    groups: dict[str, dict[int, float]] = defaultdict(dict)
    for number, line in enumerate(_lines("name_parts.tsv")):
        tradition, spellings = line.split("\t")
        for spelling in spellings.split():
            groups[spelling][number] = 0.82 if tradition == "nickname" else 0.95
    return {token: tuple(sorted(found.items())) for token, found in groups.items()}


@cache
def _legal_forms() -> dict[tuple[str, ...], str]:
    forms: dict[tuple[str, ...], str] = {}
    for line in _lines("legal_forms.tsv"):
        canonical, spellings = line.split("\t")
        for spelling in spellings.split(";"):
            forms.setdefault(tuple(spelling.split()), canonical)
    return forms


@cache
def _longest_form() -> int:
    return max(len(form) for form in _legal_forms())


@cache
def _form_heads() -> frozenset[str]:
    return frozenset(form[0] for form in _legal_forms())


def without_legal_form(parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tokens of an organisation's name without legal forms, and the canonical forms found.

    A name that is nothing but legal forms stays whole.
    """
    forms, heads = _legal_forms(), _form_heads()
    kept: list[str] = []
    found: list[str] = []
    position = 0
    while position < len(parts):
        step = 0
        if parts[position] in heads:
            for length in range(min(_longest_form(), len(parts) - position), 0, -1):
                canonical = forms.get(parts[position : position + length])
                if canonical:
                    found.append(canonical)
                    step = length
                    break
        if not step:
            kept.append(parts[position])
            step = 1
        position += step
    return (tuple(kept), tuple(found)) if kept else (parts, ())


def joined_key(parts: tuple[str, ...]) -> str:
    """The name in one piece, by sound: equal for `Myong-Chin` and `MYONGC-HIN`."""
    return sound("".join(parts))
