"""re3d (press releases and Wikipedia on Syria and Iraq): noisy nested spans to names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.corpora.text import named, without_overlap
from training.passage import NAMES, Passage, Span

_KINDS = {"Organisation": "ORG", "Location": "PLACE", "Person": "PERSON", "Nationality": "NORP"}


def _lines(path: Path) -> list[dict[str, object]]:
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def _proper(text: str, span: Span) -> bool:
    """A name has no everyday noun at its end ("Iraqi forces", "the Syrian people")."""
    return text[span.start : span.end].rsplit(maxsplit=1)[-1][:1].isupper()


def passages(folder: Path) -> Iterator[Passage]:
    """Yield the documents, a paragraph break being one newline."""
    for path in sorted((folder / "re3d").glob("*.documents.jsonl")):
        spans: dict[str, list[dict[str, object]]] = defaultdict(list)
        for row in _lines(path.with_name(path.name.replace("documents", "entities"))):
            spans[str(row["documentId"])].append(row)
        for row in _lines(path):
            yield _document(str(row["_id"]), str(row["text"]), spans[str(row["_id"])])


def _document(identity: str, raw: str, rows: list[dict[str, object]]) -> Passage:
    found: list[Span] = []
    unknown: list[Span] = []
    for row in rows:
        start, end = int(str(row["begin"])), int(str(row["end"]))
        kind = _KINDS.get(str(row["type"]))
        spans = [named(raw, a, b, kind) for a, b in _places(raw, start, end, kind)] if kind else []
        names = [s for s in spans if s and _proper(raw, s)]
        if names:
            found.extend(names)
        elif row["type"] in {"Weapon", "MilitaryPlatform", "DocumentReference", "Vehicle"}:
            unknown.append(Span(start, end, ""))
    names = without_overlap(found)
    return _one_newline(Passage(f"re3d-{identity}", raw, names, unknown, NAMES - {"EVENT", "FAC"}))


def _places(raw: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int]]:
    """Cut "Anbar, Iraq" into its two places; other kinds stay whole."""
    pieces = raw[start:end].split(", ") if kind == "PLACE" else [raw[start:end]]
    for piece in pieces:
        yield start, start + len(piece)
        start += len(piece) + 2


def _one_newline(passage: Passage) -> Passage:
    """Replace runs of blanks with one blank or newline and move the offsets."""
    moved = [0] * (len(passage.text) + 1)
    text, position = "", 0
    for gap in re.finditer(r"\s+", passage.text):
        for i in range(position, gap.start()):
            moved[i] = len(text) + i - position
        text += passage.text[position : gap.start()]
        for i in range(*gap.span()):
            moved[i] = len(text)
        text += "\n" if "\n" in gap.group() else " "
        position = gap.end()
    for i in range(position, len(passage.text) + 1):
        moved[i] = len(text) + i - position
    text = (text + passage.text[position:]).rstrip()
    for spans in (passage.names, passage.unknown):
        spans[:] = [Span(moved[s.start], moved[s.end], s.label) for s in spans]
    passage.text = text
    return passage
