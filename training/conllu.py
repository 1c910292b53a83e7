"""CoNLL-U files to sentences whose words carry character offsets into the sentence's text."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UdWord:
    """One syntactic word; `head` is an index into the sentence, -1 for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str
    misc: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UdSentence:
    """A sentence with its document's id; `paragraph` is true where a new paragraph begins."""

    doc_id: str
    sent_id: str
    text: str
    paragraph: bool
    words: tuple[UdWord, ...]


def _offsets(rows: list[list[str]], text: str) -> list[tuple[int, int]]:
    """Find each word in the text; parts of a contraction that differ from it share its offsets."""
    found: list[tuple[int, int]] = []
    position = 0
    for row in rows:
        start = text.find(row[1], position)
        if 0 <= start <= position + 2:
            position = start + len(row[1])
            found.append((start, position))
        else:
            found.append((position, position))
    return found


def _sentence(block: list[str], doc_id: str) -> tuple[str, UdSentence | None]:
    meta: dict[str, str] = {}
    paragraph = False
    rows: list[list[str]] = []
    for line in block:
        if line.startswith("#"):
            name, _, value = line[1:].partition("=")
            meta[name.strip()] = value.strip()
            doc_id = value.strip() if name.strip() == "newdoc id" else doc_id
            paragraph = paragraph or name.strip().startswith(("newpar", "newdoc"))
        elif line.split("\t", 1)[0].isdigit():
            rows.append(line.split("\t"))
    if not rows:
        return doc_id, None
    text = meta["text"]
    words = tuple(
        UdWord(r[1], r[2], r[3], r[4], int(r[6]) - 1, r[7], r[9], start, end)
        for r, (start, end) in zip(rows, _offsets(rows, text), strict=True)
    )
    return doc_id, UdSentence(doc_id, meta.get("sent_id", ""), text, paragraph, words)


def read(path: Path) -> Iterator[UdSentence]:
    """Yield the sentences of a gzipped CoNLL-U file in order.

    Args:
        path: A `.conllu.gz` file; empty nodes and multiword ranges are skipped.
    """
    doc_id = ""
    block: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                block.append(line.rstrip("\n"))
                continue
            doc_id, sentence = _sentence(block, doc_id)
            block = []
            if sentence:
                yield sentence
    if block and (sentence := _sentence(block, doc_id)[1]):
        yield sentence
