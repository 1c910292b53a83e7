"""Persons: which short names are which full name, their office, and the state they act for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .gazetteer import PLAIN
from .lexicon import alternatives, words
from .mentions import Found

SUFFIXES: Final = words("name_suffixes")
PARTICLES: Final = words("particles")
_TITLE: Final = rf"(?:(?:{alternatives('before_titles')})[\s-]?)*(?:{alternatives('titles')})"
TITLE_BEFORE: Final = re.compile(
    rf"(?:^|(?<=[\s(\[“\"'’—–-]))(?i:(?P<title>{_TITLE}))(?P<comma>,?)[\s\u00a0]+$"
)
HONORIFIC_BEFORE: Final = re.compile(rf"(?:^|(?<=[^\w]))(?:{alternatives('honorifics')})\s$")
APPOSITION: Final = re.compile(
    r"\s?(?:,|\(|—|–)\s?(?:(?:who\s(?:is|was)|now)\s)?(?P<before>[^,;.()—–\n\"“”]{0,70}?)"
    rf"(?<![\w.])(?i:(?P<title>{_TITLE}))(?![\w-])"
)
INITIAL: Final = re.compile(r"[A-Z]\.")
FINITE: Final = re.compile(r"\b(?:said|says|told|is|was|are|were|has|had|have|will|would)\b")
_LONGEST_TITLE: Final = 60


@dataclass(frozen=True, slots=True)
class Office:
    """An office that the text gives a person.

    Attributes:
        title: As printed, without the body that it is of: `spokesman`, `Foreign Minister`.
        start: Where the title begins in the text.
        end: Where it ends.
    """

    title: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a name without suffixes and initials; particles in small letters."""
    parts = [part for part in name.split(" ") if part.strip(",") not in SUFFIXES]
    bare = (part.strip(",") for part in parts if not INITIAL.fullmatch(part))
    return tuple(part.lower() if part.lower() in PARTICLES else part for part in bare)


def surname(name: str) -> str:
    """The surname of a full name, with its particles: `von der Leyen`."""
    tokens = name_tokens(name) or (name,)
    first = len(tokens) - 1
    while first > 1 and tokens[first - 1].lower() in PARTICLES:
        first -= 1
    return " ".join(tokens[first:])


def matches(short: str, full: str) -> bool:
    """Whether a shorter name can be the person of a full one.

    Its words are the full name's first, last, or some of them in order: "Kirby", "Xi", "Kim Jong
    Un", "von der Leyen". The case decides nothing, accents and hyphens count.
    """
    few, many = name_tokens(short), name_tokens(full)
    if len(few) > 1 and _suffixed(short) != _suffixed(full):
        return False
    if not few or len(few) > len(many) or few == many:
        return few == many
    if len(few) == 1:
        return few[0] in (many[-1], many[0]) or few[0] == surname(full)
    if few[-1] != many[-1]:
        return few == many[: len(few)] and len(few) > 1 and len(many) - len(few) == 1
    position = 0
    for part in many:
        if position < len(few) and few[position] == part:
            position += 1
    return position == len(few)


def _suffixed(name: str) -> bool:
    """Whether a name ends as that of a son: `Donald Trump Jr.` is not `Donald Trump`."""
    return name.rsplit(" ", 1)[-1] in SUFFIXES


def office_of(text: str, mention: Found) -> Office | None:
    """The office before a name ("spokesman John Kirby") or in apposition after it."""
    head_start = max(0, mention.start - _LONGEST_TITLE)
    head = text[head_start : mention.start].translate(PLAIN).replace("[", " ")
    line = head.rfind("\n")
    if line >= 0:
        head_start, head = head_start + line + 1, head[line + 1 :]
    match = TITLE_BEFORE.search(head)
    # "Georgia's president, Salome Zourabichvili, …": both commas or none.
    if match and (not match["comma"] or text[mention.end : mention.end + 1] == ","):
        start = head_start + match.start("title")
        return Office(match["title"].strip(), start, start + len(match["title"].rstrip()))
    match = APPOSITION.match(text, mention.end)
    if match is None or FINITE.search(match["before"]) or FINITE.search(match["title"]):
        return None
    return Office(match["title"].strip(), match.start("title"), match.end("title"))


def is_addressed(text: str, mention: Found) -> bool:
    """Whether an honorific or an office stands before the name."""
    head = text[max(0, mention.start - _LONGEST_TITLE) : mention.start]
    return bool(HONORIFIC_BEFORE.search(head) or TITLE_BEFORE.search(head))


def cluster_names(names: Sequence[str]) -> list[int]:
    """Groups of names that are one person: for each name the index of its group's fullest name.

    A short name that fits two people of the text joins neither, unless one of them alone was named
    before it; one that stands before the full name is of that person by the surname only ("Mr.
    Kim … Kim Yo Jong" are two).
    """
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        first.setdefault(name, index)
    groups = _full_names(first)
    by_part: dict[str, list[int]] = {}
    for person in sorted(set(groups.values())):
        for part in {*name_tokens(names[person]), surname(names[person])}:
            by_part.setdefault(part, []).append(person)
    for name, index in first.items():
        if name not in groups:
            people = [one for part in (name, surname(name)) for one in by_part.get(part, ())]
            fitting = sorted({one for one in people if _fits(name, names[one], index, one)})
            groups[name] = _chosen(names, name, fitting, index)
    return [groups[name] for name in names]


def _full_names(first: Mapping[str, int]) -> dict[str, int]:
    """For each full name the index of the fullest form of it, by where names first stand."""
    groups: dict[str, int] = {}
    by_part: dict[str, list[str]] = {}
    full = [name for name in first if len(name_tokens(name)) > 1]
    for name in sorted(full, key=lambda name: (-len(name_tokens(name)), first[name])):
        near = [other for part in name_tokens(name) for other in by_part.get(part, ())]
        owners = sorted({groups[other] for other in near if matches(name, other)})
        groups[name] = owners[0] if len(owners) == 1 else first[name]
        for part in name_tokens(name):
            by_part.setdefault(part, []).append(name)
    return groups


def _fits(name: str, full: str, index: int, person: int) -> bool:
    """Whether a short name can be of a person, seen where both first stand."""
    return matches(name, full) and (person < index or surname(name) == surname(full))


def _chosen(names: Sequence[str], name: str, fitting: Sequence[int], index: int) -> int:
    """The one person whom a short name fits, by its surname or because alone named before it."""
    by_surname = [one for one in fitting if surname(names[one]) == surname(name)]
    before = [one for one in fitting if one < index]
    for choice in (fitting, by_surname, before):
        if len(choice) == 1:
            return choice[0]
    return index
