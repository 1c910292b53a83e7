"""Mends the model's typical errors about names, by what surrounds them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from . import places
from .lexicon import alternatives
from .mentions import Found
from .persons import is_addressed

PLACED_BEFORE: Final = re.compile(
    r"\b(?:in|at|near|to|from|outside|nearby|around|into|of|through|toward|towards|over|across|"
    r"(?:north|south|east|west|northern|southern|eastern|western|central)(?:\sof)?|city\sof|"
    r"town\sof|village\sof|port\sof|province\sof|region\sof)\s$",
    re.IGNORECASE,
)
PLACED_AFTER: Final = re.compile(
    r"(?:,\s[A-Z]|\s(?:region|province|oblast|district|city|airport|port|governorate|prefecture|"
    r"county|harbor|harbour|neighborhood|suburb)\b)"
)
TITLE_INSIDE: Final = re.compile(
    rf"(?:(?:{alternatives('before_titles')}|{alternatives('titles')}|{alternatives('honorifics')})"
    r"[\s\u00a0]+)+(?=[A-Z])",
    re.IGNORECASE,
)


def mend(text: str, found: Sequence[Found]) -> list[Found]:
    """Mentions with titles cut off persons, and places that were taken for persons put right."""
    surnames = {
        text[one.start : one.end].rsplit(" ", 1)[-1]
        for one in found
        if one.label == "PERSON" and " " in text[one.start : one.end]
    }
    return [_mended(text, one, surnames) for one in found]


def _mended(text: str, one: Found, surnames: set[str]) -> Found:
    if one.surfaces:
        return one
    if one.label == "PERSON":
        match = TITLE_INSIDE.match(text, one.start, one.end)
        if match and match.end() < one.end:
            one = replace(one, start=match.end())
        name = text[one.start : one.end]
        if name not in surnames and _is_place(text, one, name):
            return replace(one, label="GPE")
    elif one.label in ("ORG", "NORP", "FAC", "GPE", "LOC", "PRODUCT", "WORK_OF_ART"):
        name = text[one.start : one.end]
        if name in surnames:
            return replace(one, label="PERSON")
        if _is_place(text, one, name):
            return replace(one, label="GPE")
    return one


def _is_place(text: str, one: Found, name: str) -> bool:
    if not places.is_city(name) or is_addressed(text, one):
        return False
    before = PLACED_BEFORE.search(text, max(0, one.start - 20), one.start)
    after = PLACED_AFTER.match(text, one.end)
    return before is not None or after is not None
