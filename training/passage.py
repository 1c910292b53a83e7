"""The one form that every corpus is turned into before the teacher reads it.

A `Passage` is running text (paragraphs joined by one newline) with character spans: names marked by
people, stretches whose names are unknown, sentence ends, and gold words where there are trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT"})
VALUES = frozenset({"NORP", "DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL"})
LABELS = NAMES | VALUES


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; offsets are Unicode code points, `end` is exclusive."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Word:
    """A treebank's word: offsets in its sentence, Penn tag, UD class, head's index, label."""

    start: int
    end: int
    tag: str
    pos: str
    head: int
    dep: str


@dataclass(slots=True)
class Passage:
    """One training or evaluation text.

    Attributes:
        key: Stable name, made of corpus and document; decides the split.
        text: Paragraphs joined by one newline.
        names: Gold name spans, not overlapping, in order.
        unknown: Stretches whose labels the corpus leaves open.
        marked: Labels for which "no span here" means "none here".
        sentences: Start offsets of sentences; empty where the corpus has none.
        trees: Gold words a sentence, keyed by the sentence's start; only valid trees.
    """

    key: str
    text: str
    names: list[Span] = field(default_factory=list)
    unknown: list[Span] = field(default_factory=list)
    marked: frozenset[str] = NAMES
    sentences: list[int] = field(default_factory=list)
    trees: dict[int, list[Word]] = field(default_factory=dict)
