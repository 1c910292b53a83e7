"""Finds names that the model missed or took for something else, by the words around them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from . import places
from .knowledge import Knowledge
from .lexicon import alternatives, first_names, words
from .mentions import ENTITY_LABELS, Found
from .people import LEADING
from .setting import Setting
from .taken import Taken

NOT_IN_PERSONS: Final = words("not_in_persons")
SPEECH: Final = r"(?:said|says|told|added|asked|wrote|argued|warned|explained|announced)"
_WORD: Final = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]"
_NAME: Final = (
    rf"{_WORD}(?:\]?\s(?:[A-Z]\.\s)?(?:(?:al|el|ul|bin|ibn|von|van|der|den|de|da|di|du|la)[\s-])*"
    rf"{_WORD}){{0,3}}"
)
_FULL: Final = _NAME.replace("{0,3}", "{1,3}")
TITLED: Final = re.compile(rf"(?<![\w.])(?:{alternatives('sure_titles')})\s(?P<name>{_NAME})")
SPOKEN: Final = re.compile(
    rf"(?<![\w.’'-])(?:(?P<before>{_FULL})(?=\s{SPEECH}\b|,\s(?:who|an?|the)\s)"
    rf"|(?<=said\s)(?P<after>{_FULL}))"
)
AGED: Final = re.compile(rf"(?<![\w.’'-])(?P<name>{_FULL})(?=,\s\d{{1,2}},)")
FIRST: Final = re.compile(r"(?<![\w.’'-])[A-ZÀ-ÖØ-Þ][\w’'-]+(?=\s)")
FULL: Final = re.compile(_FULL)
PLACED: Final = re.compile(
    r"\b(?:in|near|from|to|at|outside|around|of)\s(?:nearby\s|downtown\s|central\s|(?:the\s)?"
    r"(?:port\s)?(?:city|town|village|capital|port)\sof\s)?"
    rf"(?P<name>{_WORD}(?:\s{_WORD}){{0,2}})"
)
HEAD: Final = re.compile(rf".*\b(?i:{alternatives('titles')})\s(?=[A-Z])")
"""What stands before a name in one run of capitals: "Global News Director Phil Chetwynd"."""
FEWEST_LETTERS: Final = 4
"""Shorter surnames ("Li", "Xi") are too often something else."""
WEIGHTY: Final = 100_000
"""Inhabitants of a city that is known as one without any other sign."""


def add(text: str, found: Sequence[Found]) -> list[Found]:
    """Mentions together with those that the model missed; what the knowledge base knows stays.

    A name after a title, before a verb of saying or an age, or one that begins with a given name
    is a person's, whatever the model took it for; the name of a city after "in" is a place's.
    """
    settled = [one for one in found if one.surfaces or one.label not in ENTITY_LABELS]
    known = Taken(len(text), settled)
    ends = {one.end: one.start for one in settled}
    people = [_behind(text, one, ends) for one in _persons(text)]
    people += [one for one in found if one.label == "PERSON" and not one.surfaces]
    free = [one for one in people if not known.touches(one)]
    persons = Taken(len(text)).free(_longest_first(free))
    meant = Taken(len(text), persons)
    kept = [one for one in found if not meant.touches(one)]
    taken = Taken(len(text), [*kept, *persons])
    added = taken.free(_longest_first(_places(text)))
    return sorted([*kept, *persons, *added], key=lambda one: one.start)


def _persons(text: str) -> Iterator[Found]:
    for pattern, group in ((TITLED, "name"), (AGED, "name")):
        for match in pattern.finditer(text):
            yield from _person(text, *match.span(group))
    for match in SPOKEN.finditer(text):
        yield from _person(text, *match.span("before" if match["before"] else "after"))
    for match in FIRST.finditer(text):
        if match.group() in first_names() and (full := FULL.match(text, match.start())):
            yield from _person(text, *full.span())


def _person(text: str, start: int, end: int) -> Iterator[Found]:
    """A person's name without a possessive ending, unless a word in it speaks against it."""
    if match := HEAD.match(text, start, end):
        start = match.end()
    name = re.sub(r"['’]s?$", "", text[start:end])
    parts = name.replace("]", "").split(" ")
    if any(part in NOT_IN_PERSONS or part.isupper() for part in parts if len(part) > 2):
        return
    yield Found(start, start + len(name), "PERSON")


def leaders(
    text: str, found: Sequence[Found], setting: Setting, knowledge: Knowledge
) -> list[Found]:
    """Mentions together with leaders of states whom the text names by surname alone.

    Only where the leader's country is named and the leader is in office on the day of publication:
    "Egypt's el-Sisi". What the model took for a place or a body there is a person.
    """
    day = setting.published.isoformat() if setting.published else None
    known = {
        name
        for name, terms in knowledge.surnames.items()
        if len(name) >= FEWEST_LETTERS
        and any(
            term.office in LEADING
            and setting.countries.get(term.person.country or "")
            and (day is None or term.holds(day))
            for term in terms
        )
    }
    if not known:
        return list(found)
    names = "|".join(re.escape(name) for name in sorted(known, key=lambda n: (-len(n), n)))
    candidates = [
        Found(match.start(), match.end(), "PERSON")
        for match in re.finditer(rf"(?<![\w.’'-])(?:{names})(?![\w-])", text)
    ]
    spans = {(one.start, one.end) for one in candidates}
    kept = [
        one
        for one in found
        if one.surfaces or one.label not in ENTITY_LABELS or (one.start, one.end) not in spans
    ]
    added = Taken(len(text), kept).free(candidates)
    return sorted([*kept, *added], key=lambda one: one.start)


def _behind(text: str, one: Found, ends: Mapping[int, int]) -> Found:
    """A name without the known name that it begins with: `Reuters Alessandra Galloni`."""
    for blank in re.finditer(" ", text[one.start : one.end]):
        end = one.start + blank.start()
        if ends.get(end, one.end) <= one.start:
            return Found(end + 1, one.end, one.label)
    return one


def _places(text: str) -> Iterator[Found]:
    for match in PLACED.finditer(text):
        start, name = match.start("name"), match["name"]
        while name:
            bare = re.sub(r"['’]s?$", "", name)
            if places.is_city(bare, WEIGHTY) and bare not in NOT_IN_PERSONS:
                yield Found(start, start + len(bare), "GPE")
                break
            name = name.rpartition(" ")[0]


def _longest_first(candidates: Iterable[Found]) -> list[Found]:
    return sorted(candidates, key=lambda one: (-one.length, one.start))
