"""Newsflag's own news sentences: `training/data/<name>.txt`, names and values marked in the text.

A passage is a block of lines, a line a paragraph, blocks are separated by an empty line;
`{Seoul|GPE}` marks a span. Every label counts as marked: what is not in braces is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.passage import LABELS, Passage, Span
from training.tables import DATA

_MARK = re.compile(r"\{([^{}|]+)\|([A-Z]+)\}")


def parse(block: str, key: str) -> Passage:
    """Turn a marked block into a passage.

    Raises:
        ValueError: A label that the pipeline does not have.
    """
    passage = Passage(key, "", marked=LABELS)
    position = 0
    for mark in _MARK.finditer(block):
        passage.text += block[position : mark.start()]
        start, label = len(passage.text), mark.group(2)
        if label not in LABELS:
            raise ValueError(f"{key}: no such label: {label} in {mark.group()!r}")
        passage.text += mark.group(1)
        passage.names.append(Span(start, len(passage.text), label))
        position = mark.end()
    passage.text += block[position:]
    if "{" in passage.text or "|" in passage.text:
        raise ValueError(f"{key}: broken mark in {passage.text[:80]!r}")
    return passage


def passages(name: str) -> Iterator[Passage]:
    """Yield the passages of `training/data/<name>.txt`; lines that begin with `#` are remarks."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    content = "\n".join(line for line in lines if not line.startswith("# "))
    for number, block in enumerate(b.strip() for b in content.split("\n\n") if b.strip()):
        yield parse(block, f"{name}-{number}")
