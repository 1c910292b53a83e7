"""CrossNER politics and Wikigold: two-column files of tokenised Wikipedia sentences."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from training.corpora.text import detokenise, in_portions, named, runs
from training.passage import NAMES, Passage, Span

_CROSSNER = {
    "politician": "PERSON", "person": "PERSON", "organisation": "ORG", "politicalparty": "ORG",
    "event": "EVENT", "election": "EVENT", "country": "PLACE", "location": "PLACE",
}  # fmt: skip
_WIKIGOLD = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}


def _passage(
    key: str, rows: list[list[str]], kinds: dict[str, str], marked: frozenset[str]
) -> Passage:
    text, offsets = detokenise([cells[0] for cells in rows])
    passage = Passage(key, text, sentences=[0], marked=marked)
    for first, last, kind in runs(cells[-1] for cells in rows):
        start, end = offsets[first][0], offsets[last - 1][1]
        span = named(text, start, end, kinds[kind]) if kind in kinds else None
        if span:
            passage.names.append(span)
        else:
            passage.unknown.append(Span(start, end, ""))
    return passage


def _read(path: Path, key: str, kinds: dict[str, str], marked: frozenset[str]) -> Iterator[Passage]:
    raw = path.read_bytes()
    content = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    blocks = [b for b in content.split("\n\n") if b.strip() and "-DOCSTART-" not in b]
    pieces = []
    for number, block in enumerate(blocks):
        rows = [line.split() for line in block.splitlines() if len(line.split()) > 1]
        pieces.append(_passage(f"{key}{number}", rows, kinds, marked))
    yield from in_portions(pieces, [n % 3 == 0 for n in range(len(pieces))], key)


def crossner(folder: Path) -> Iterator[Passage]:
    """Yield CrossNER politics, all three parts: it serves for training only."""
    for part in ("train", "dev", "test"):
        yield from _read(
            folder / "crossner_politics" / f"{part}.txt", f"crossner-{part}", _CROSSNER, NAMES
        )


def wikigold(folder: Path) -> Iterator[Passage]:
    """Yield Wikigold; it has no class for events."""
    path = folder / "wikigold" / "wikigold.conll.txt.gz"
    yield from _read(path, "wikigold", _WIKIGOLD, NAMES - {"EVENT", "FAC"})
