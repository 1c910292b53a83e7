"""Exact pass: multi-word listed names found in the running text, whatever the mention finder saw.

One Aho-Corasick automaton over normal forms; a hit must start and end at words, and its words must
be capitalised in the text.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import ahocorasick

from .entry import ListEntry
from .names.normalise import tokens
from .names.tables import particles, without_legal_form
from .words import single_words

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*|(?<=\w)&(?=\w)")
LEAST_LENGTH: Final = 8
LEAST_SINGLE: Final = 7


class ExactHit(NamedTuple):
    """A listed name in the text: span, and the numbers of the entries that bear it."""

    start: int
    end: int
    entries: tuple[int, ...]


class ExactPass:
    """The automaton over all strong names.

    Args:
        entries: All entries; hits count them in this order.
    """

    def __init__(self, entries: Sequence[ListEntry]) -> None:
        owners: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            if entry.kind in {"vessel", "aircraft"}:
                continue
            for name in entry.names:
                if name.alias_class in {"weak", "original_script"}:
                    continue
                for form in _forms(name.text, person=entry.kind == "person"):
                    numbers = owners.setdefault(form, [])
                    if not numbers or numbers[-1] != number:
                        numbers.append(number)
        self._automaton = ahocorasick.Automaton()
        for form, numbers in owners.items():
            self._automaton.add_word(f" {form} ", (len(form), tuple(numbers)))
        self._empty = not owners
        if owners:
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[ExactHit]:
        """Hits in order of their end; those inside a longer hit are left out."""
        if self._empty:
            return
        normal, spans = _normalised(text)
        hits = []
        for end, (length, numbers) in self._automaton.iter(normal):
            first = normal.count(" ", 0, end - length) - 1
            last = first + normal.count(" ", end - length, end)
            start, stop = spans[first][0], spans[last][1]
            if _capitalised(text[start:stop]):
                hits.append(ExactHit(start, stop, numbers))
        for hit in hits:
            longer = (
                other
                for other in hits
                if other is not hit
                and other.start <= hit.start
                and other.end >= hit.end
                and (other.start, other.end) != (hit.start, hit.end)
            )
            if next(longer, None) is None:
                yield hit


def _forms(name: str, *, person: bool) -> list[str]:
    if person:
        family, comma, given = name.partition(",")
        first, second = tokens(family), tokens(given)
        orders = [(*second, *first), (*first, *second)] if comma else [first]
    else:
        orders = [without_legal_form(tokens(name))[0], tokens(name)]
    return [form for words in dict.fromkeys(orders) if (form := _usable(words, person=person))]


def _usable(words: Sequence[str], *, person: bool) -> str | None:
    form = " ".join(words)
    if not form.isascii() or len(form) < LEAST_SINGLE:
        return None
    real = [word for word in words if word not in particles() and len(word) > 1]
    if len(real) >= 2 and len(form) >= LEAST_LENGTH:
        return form
    alone = len(words) == 1 and not person and form not in single_words("common_words.txt")
    return form if alone else None


def _normalised(text: str) -> tuple[str, list[tuple[int, int]]]:
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        raw = re.sub(r"['’]s$", "", match.group())
        for word in tokens(raw):
            words.append(word)
            spans.append((match.start(), match.start() + len(raw)))
    return " " + " ".join(words) + " ", spans


def _capitalised(span: str) -> bool:
    words = [match.group() for match in _WORD.finditer(span)]
    small = particles()
    return all(word[0].isupper() or word[0].isdigit() or word.lower() in small for word in words)
