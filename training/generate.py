"""The grammar of `data/grammar.toml` to news passages with marked names, for the teacher to parse.

Open treebanks hold little of what agencies write all day: who moved where "officials said Tuesday",
who struck whom, which rules prohibit what. The grammar makes such sentences with names of all
regions; the spans are known, the trees come from the teacher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import spacy
from numpy.random import Generator, default_rng

from training.corpora.news import parse
from training.passage import Passage
from training.replace import Names
from training.tables import table, words

_SLOT = re.compile(r"<(\w+)>")


class _Writer:
    """Expands the grammar; one draw after the other from one generator."""

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self._grammar: dict[str, list[str]] = table("grammar")
        bodies = sorted(words("names", "bodies"))
        self._names = Names(spacy.blank("en"), bodies, frozenset(), rng)

    def expand(self, symbol: str) -> str:
        """Write out a symbol of the grammar or draw a name."""
        drawn = self._names.draw(symbol)
        if drawn is not None:
            return drawn
        lines = self._grammar[symbol]
        line = lines[int(self._rng.integers(len(lines)))]
        return _SLOT.sub(lambda slot: self.expand(slot.group(1)), line)


def passages(number: int, seed: int) -> Iterator[Passage]:
    """Yield passages in which every label is marked.

    Args:
        number: How many.
        seed: Of the draws.
    """
    writer = _Writer(default_rng(seed))
    for count in range(number):
        text = writer.expand("text").replace("..", ".")
        yield parse(text, f"generated-{count}")
