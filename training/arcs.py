"""Reads and measures the parse arcs of `data/parses_held.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from training.tables import DATA

Arc = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence and the arcs (word, label, head) that its parse must have."""

    kind: str
    text: str
    arcs: tuple[Arc, ...]


def marked() -> Iterator[Marked]:
    """Yield the sentences; the remark before a group names its construction."""
    kind = ""
    for line in (DATA / "parses_held.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line[2:]
        elif line.strip():
            text, _, arcs = line.partition(" => ")
            rows = [tuple(arc.split()) for arc in arcs.split("; ")]
            yield Marked(kind, text, tuple((w, d, h) for w, d, h in rows))


def found(doc: Doc) -> set[Arc]:
    """List the arcs of a parse by their words."""
    return {(t.text, t.dep_, t.head.text) for t in doc}


def measure(nlp: Language) -> dict[str, object]:
    """Measure arcs and whole sentences.

    Returns:
        `arcs` and `sentences` right in percent, and each missed arc with its sentence.
    """
    items = list(marked())
    missed = []
    whole = arcs = 0
    for item, doc in zip(items, nlp.pipe(i.text for i in items), strict=True):
        have = found(doc)
        lost = [arc for arc in item.arcs if arc not in have]
        arcs += len(item.arcs) - len(lost)
        whole += not lost
        missed += [f"{item.text} -> {' '.join(arc)}" for arc in lost]
    total = sum(len(i.arcs) for i in items)
    return {
        "arcs": round(100 * arcs / total, 1),
        "sentences": round(100 * whole / len(items), 1),
        "missed": missed,
    }
