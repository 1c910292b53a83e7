"""UD English EWT (trees) joined with UNER English EWT (names) by sentence id."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from training.conllu import UdSentence, read
from training.corpora.text import in_portions, named, runs
from training.corpora.trees import gold_words
from training.passage import Passage, Span

_KINDS = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}


def _names(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Read (token, tag) lists by sentence id."""
    found: dict[str, list[tuple[str, str]]] = {}
    key = ""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id"):
                key = line.partition("=")[2].strip()
                found[key] = []
            elif line.strip() and not line.startswith("#"):
                cells = line.rstrip("\n").split("\t")
                found[key].append((cells[1], cells[2]))
    return found


def _passage(sentence: UdSentence, rows: list[tuple[str, str]]) -> Passage:
    text = sentence.text
    passage = Passage(
        sentence.sent_id, text, sentences=[0], marked=frozenset({"PERSON", "ORG", "GPE", "LOC"})
    )
    words = gold_words(sentence)
    if words:
        passage.trees[0] = words
    offsets, position = [], 0
    for token, _ in rows:
        start = max(text.find(token, position), position)
        position = min(start + len(token), len(text))
        offsets.append((start, position))
    tags = ["O" if tag == "B-O" else tag for _, tag in rows]
    for first, last, kind in runs(tags):
        start, end = offsets[first][0], offsets[last - 1][1]
        span = named(text, start, end, _KINDS[kind]) if kind in _KINDS else None
        if span:
            passage.names.append(span)
        else:
            passage.unknown.append(Span(start, end, ""))
    if not rows:
        passage.unknown.append(Span(0, len(text), ""))
    return passage


def passages(folder: Path, part: str) -> Iterator[Passage]:
    """Yield the passages of one part.

    Args:
        folder: The corpora folder, with `ud_english_ewt` and `uner_english_ewt`.
        part: `train`, `dev` or `test`.
    """
    names = _names(folder / "uner_english_ewt" / f"en_ewt-ud-{part}.iob2.gz")
    sentences = read(folder / "ud_english_ewt" / f"en_ewt-ud-{part}.conllu.gz")
    for doc_id, group in groupby(sentences, key=lambda s: s.doc_id):
        document = list(group)
        pieces = [_passage(s, names.get(s.sent_id, [])) for s in document]
        yield from in_portions(pieces, [s.paragraph for s in document], f"ewt-{doc_id}")
