"""Finds the names of the knowledge base in a text: exact, with case, on word boundaries."""

from dataclasses import dataclass
from typing import Final

import ahocorasick

from .knowledge import Knowledge, Surface
from .taken import Taken

PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "\u00a0": " "})
"""Typographic marks by plain ones, one for one, so that offsets stay."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A known name at a place in the text, with the entries it may stand for."""

    start: int
    end: int
    surfaces: tuple[Surface, ...]


class Gazetteer:
    """All surfaces of a knowledge base as one automaton (Aho-Corasick)."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._automaton = ahocorasick.Automaton()
        for text, surfaces in knowledge.surfaces.items():
            plain = text.translate(PLAIN)
            known = self._automaton.get(plain, (0, ()))[1]
            self._automaton.add_word(plain, (len(plain), known + surfaces))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit]:
        """The known names in a text: of overlapping ones the longest, then the first."""
        plain = text.translate(PLAIN)
        hits = [
            Hit(last + 1 - length, last + 1, surfaces)
            for last, (length, surfaces) in self._automaton.iter(plain)
            if is_word(plain, last + 1 - length, last + 1)
        ]
        hits.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        return sorted(Taken(len(text)).free(hits), key=lambda hit: hit.start)


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do; `U.S.` may end before a quotation mark."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_")
