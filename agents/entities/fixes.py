"""Mends the model's typical errors about names, by what surrounds them."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
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
INSIDE: Final = re.compile(r"\b(?:in|near|outside|inside)\s(?:the\s)?$", re.IGNORECASE)
"""Only places are what something is in or near; persons hardly ever."""
PLACED_AFTER: Final = re.compile(
    r"(?:,\s[A-Z]|\s(?:region|province|oblast|district|city|airport|port|governorate|prefecture|"
    r"county|harbor|harbour|neighborhood|suburb)\b)"
)
SITE_AFTER: Final = re.compile(
    r"\s(?:(?:military|air|naval|army|refugee|prison|training|detention|border)\s)?(?:base|camp|"
    r"airbase|airfield|crossing|checkpoint|refinery|dam|peninsula|valley|desert|highlands|island|"
    r"islands|river|forest|enclave|region|province|oblast|district|governorate|refinery)\b"
)
OFFICE_INSIDE: Final = re.compile(
    r"(?:[A-Z][\w.'-]+\s)?(?:President|Prime\sMinister|Foreign\sMinister|Chancellor|Premier|Mr\.|"
    r"Secretary\sof\sState|Defen[cs]e\s(?:Minister|Secretary))\s(?=[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?$)"
)
BODY_NOUN: Final = re.compile(rf"\b(?:{alternatives('body_nouns')})\s$")
MISTAKEN: Final = frozenset({"PERSON", "NORP", "PRODUCT", "ORG"})
UNCERTAIN: Final = frozenset(
    {"PERSON", "ORG", "NORP", "FAC", "GPE", "LOC", "PRODUCT", "WORK_OF_ART"}
)
TITLE_INSIDE: Final = re.compile(
    rf"(?:[A-Z][\w-]+[\s\u00a0]+)*?(?:(?:{alternatives('before_titles')}|{alternatives('titles')}|{alternatives('honorifics')})"
    r"[\s\u00a0]+)+(?=[A-Z])",
    re.IGNORECASE,
)


def mend(text: str, found: Sequence[Found]) -> list[Found]:
    """Mentions with titles cut off persons, and persons and places put right by each other."""
    cut = [_without_title(text, one) for one in found]
    endings = {
        " ".join(parts[first:])
        for one in cut
        if one.label == "PERSON" and len(parts := text[one.start : one.end].split(" ")) > 1
        for first in range(1, len(parts))
    }
    mended = [_mended(text, one, endings) for one in cut]
    sites = {
        text[one.start : one.end]
        for one in mended
        if one.label in MISTAKEN and _is_site(text, one, endings)
    }
    return [
        replace(one, label="GPE")
        if one.label in MISTAKEN and not one.surfaces and text[one.start : one.end] in sites
        else one
        for one in mended
    ]


def _without_title(text: str, one: Found) -> Found:
    """A person without the title that the model took in; the model may call the whole a body."""
    if one.surfaces or one.label not in ("PERSON", "ORG"):
        return one
    match = (TITLE_INSIDE if one.label == "PERSON" else OFFICE_INSIDE).match(
        text, one.start, one.end
    )
    if match is None or match.end() >= one.end:
        return one
    return replace(one, start=match.end(), label="PERSON")


def _mended(text: str, one: Found, endings: AbstractSet[str]) -> Found:
    name = text[one.start : one.end]
    if one.surfaces or one.label not in UNCERTAIN:
        return one
    if name in endings:
        return replace(one, label="PERSON")
    if BODY_NOUN.search(text, max(0, one.start - 20), one.start):
        return replace(one, label="ORG")
    return replace(one, label="GPE") if _is_place(text, one, name) else one


def _is_site(text: str, one: Found, endings: AbstractSet[str]) -> bool:
    """Whether a name is that of a base or camp, or of what something is in."""
    name = text[one.start : one.end]
    if one.surfaces or name in endings or is_addressed(text, one):
        return False
    if SITE_AFTER.match(text, one.end):
        return True
    inside = INSIDE.search(text, max(0, one.start - 14), one.start) is not None
    single = " " not in name or places.is_city(name, by_any_name=True)
    return one.label == "PERSON" and inside and single


def _is_place(text: str, one: Found, name: str) -> bool:
    if not places.is_city(name) or is_addressed(text, one):
        return False
    before = PLACED_BEFORE.search(text, max(0, one.start - 20), one.start)
    after = PLACED_AFTER.match(text, one.end)
    return before is not None or after is not None
