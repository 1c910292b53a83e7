"""Finds the words between quotation marks, paragraph by paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MARKS: Final = re.compile(r"[“”\"«»]")
SINGLE: Final = re.compile(
    r"(?<![\w’'])(?:‘(?P<curly>[^‘’\n]+(?:’\w[^‘’\n]*)*[,.!?…])’|'(?P<plain>[A-Z][^\n]*?[,.!?…])')(?!\w)"
)
"""Words between single marks, as British outlets print them, up to a mark that ends a clause."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words between quotation marks.

    Attributes:
        start: First of the words.
        end: After the last.
        left: Where the opening mark stands; `start` where the marks are missing.
        right: After the closing mark.
        paragraph: Start of its paragraph.
        closed: Whether the closing mark is there; a quotation over paragraphs closes in the last.
    """

    start: int
    end: int
    left: int
    right: int
    paragraph: int
    closed: bool


def stretches(text: str) -> Iterator[Stretch]:
    """Words between quotation marks, paragraph by paragraph."""
    start = 0
    for paragraph in text.split("\n"):
        end, opened = start + len(paragraph), -1
        for mark in MARKS.finditer(text, start, end):
            opens = mark.group() in "“«" or (mark.group() == '"' and opened < 0)
            if opens:
                opened = mark.start()
            elif opened >= 0:
                yield _stretch(text, opened, mark.start(), mark.end(), start, closed=True)
                opened = -1
        if opened >= 0:
            yield _stretch(text, opened, end, end, start, closed=False)
        if not MARKS.search(text, start, end):
            for match in SINGLE.finditer(text, start, end):
                first, last = match.span("curly" if match["curly"] else "plain")
                yield _stretch(text, first - 1, last, match.end(), start, closed=True)
        start = end + 1


def _stretch(
    text: str, left: int, last: int, right: int, paragraph: int, *, closed: bool
) -> Stretch:
    start = left + 1
    while start < last and text[start].isspace():
        start += 1
    while last > start and text[last - 1].isspace():
        last -= 1
    return Stretch(start, last, left, right, paragraph, closed)
