"""Persons: which short names are which full name, their office, and the state they act for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
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


def name_tokens(name: str) -> list[str]:
    """The words of a name without suffixes and initials."""
    parts = [part for part in name.split(" ") if part.strip(",") not in SUFFIXES]
    return [part.strip(",") for part in parts if not re.fullmatch(r"[A-Z]\.", part)]


def surname(name: str) -> str:
    """The surname of a full name, with its particles: `von der Leyen`."""
    tokens = name_tokens(name) or [name]
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
    fullest = [
        index
        for index, name in enumerate(names)
        if len(name_tokens(name)) > 1 and names.index(name) == index
    ]
    groups: dict[str, int] = {}
    for index in sorted(fullest, key=lambda i: (-len(name_tokens(names[i])), i)):
        owners = [other for other in groups.values() if matches(names[index], names[other])]
        owners = sorted(set(owners))
        groups[names[index]] = owners[0] if len(owners) == 1 else index
    people = sorted(set(groups.values()))
    result = []
    for index, name in enumerate(names):
        if name in groups:
            result.append(groups[name])
            continue
        earliest = names.index(name)
        fitting = [
            person
            for person in people
            if matches(name, names[person])
            and (person < earliest or surname(name) == surname(names[person]))
        ]
        before = [person for person in fitting if person < index]
        by_surname = [p for p in fitting if surname(names[p]) == surname(name)]
        for choice in (fitting, by_surname, before):
            if len(choice) == 1:
                result.append(choice[0])
                break
        else:
            result.append(names.index(name))
    return result
