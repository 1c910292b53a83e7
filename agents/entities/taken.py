"""Which code points of a text are taken by mentions, so that none overlap; linear in the text."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Stretch(Protocol):
    """Anything with a start and an end."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """After the last."""


S = TypeVar("S", bound=Stretch)


class Taken:
    """The stretches of a text that are taken."""

    def __init__(self, length: int, stretches: Iterable[Stretch] = ()) -> None:
        self._marks = bytearray(length)
        for stretch in stretches:
            self.add(stretch)

    def add(self, stretch: Stretch) -> None:
        """Take a stretch."""
        self._marks[stretch.start : stretch.end] = b"\1" * (stretch.end - stretch.start)

    def touches(self, stretch: Stretch) -> bool:
        """Whether something in a stretch is taken."""
        return self._marks.find(1, stretch.start, stretch.end) >= 0

    def crosses(self, stretch: Stretch) -> bool:
        """Whether a taken stretch reaches over an end of another, neither holding the other.

        A taken stretch that begins or ends exactly beside the end of the other counts too, as
        stretches are told apart by free code points alone.
        """
        marks, (start, end) = self._marks, (stretch.start, stretch.end)
        left = start > 0 and bool(marks[start - 1]) and bool(marks[start])
        right = end < len(marks) and bool(marks[end - 1]) and bool(marks[end])
        return left or right

    def free(self, stretches: Iterable[S]) -> list[S]:
        """Take those of some stretches that are free, one after the other."""
        kept = []
        for stretch in stretches:
            if not self.touches(stretch):
                self.add(stretch)
                kept.append(stretch)
        return kept
