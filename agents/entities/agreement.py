"""Makes the mentions of a text agree: one name, one label, wherever it stands."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from schemas import ParsedText
from schemas.entities import Label

from .mentions import Found
from .persons import SUFFIXES, surname
from .taken import Taken

NAMES: Final = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "VESSEL"})
PROPER_TAGS: Final = frozenset({"NNP", "NNPS", "IN", "DT", "CC", "CD", "HYPH", "POS", ",", "FW"})
FEWEST_LETTERS: Final = 3


def agree(parsed: ParsedText, found: Sequence[Found]) -> list[Found]:
    """Mentions with the label that most mentions of the same words have, and the repeats of names.

    A name that the text has told once is told wherever its words stand again, a person's also by
    surname alone; a word that the text writes in small letters too is no name, nor one that the
    parse takes for another kind of word.
    """
    text = parsed.text
    agreed = _majority(text, found)
    taken = Taken(len(text), agreed)
    labels = {name: one for one in agreed if one.label in NAMES for name in _forms(text, one)}
    if not labels:
        return agreed
    names = sorted(labels, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, names))})(?![\w-]|’\w\w)")
    words = set(re.findall(r"\b[a-z]+\b", text))
    for match in pattern.finditer(text):
        name, (start, end) = match.group(), match.span()
        like = labels[name]
        # A surname is the person's, not what the knowledge base knows the full name as.
        again = Found(start, end, like.label, like.surfaces if like.length == len(name) else ())
        proper = all(token.tag in PROPER_TAGS for token in parsed.between(start, end))
        if proper and name.lower() not in words and not taken.touches(again):
            agreed.append(again)
    return sorted(agreed, key=lambda one: one.start)


def _forms(text: str, one: Found) -> tuple[str, ...]:
    """The words by which a name may come again."""
    name = text[one.start : one.end]
    if len(name) < FEWEST_LETTERS or "\n" in name or not name[0].isupper():
        return ()
    if one.label == "PERSON" and " " in name and name.rsplit(" ", 1)[1] not in SUFFIXES:
        last = surname(name)
        return (name, last) if len(last) >= FEWEST_LETTERS else (name,)
    return (name,)


def _majority(text: str, found: Sequence[Found]) -> list[Found]:
    """Mentions whose words have several labels get the most frequent one, the first of equals."""
    votes: dict[str, Counter[Label]] = defaultdict(Counter)
    for one in found:
        if one.label in NAMES and not one.surfaces:
            votes[text[one.start : one.end]][one.label] += 1
    # `most_common` keeps the order of first occurrence among equals.
    winners = {name: counts.most_common(1)[0][0] for name, counts in votes.items()}
    return [
        replace(one, label=winners[text[one.start : one.end]])
        if one.label in NAMES and not one.surfaces
        else one
        for one in found
    ]
