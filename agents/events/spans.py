"""From offsets to tokens, in logarithmic time."""

from bisect import bisect_left, bisect_right

from schemas import ParsedText, Token


class Spans:
    """Finds the tokens of a stretch of text."""

    def __init__(self, doc: ParsedText) -> None:
        self._tokens = doc.tokens
        self._starts = [token.start for token in doc.tokens]

    def within(self, start: int, end: int) -> list[Token]:
        """The tokens that overlap the code points from `start` to `end`."""
        first = max(0, bisect_right(self._starts, start) - 1)
        if first < len(self._tokens) and self._tokens[first].end <= start:
            first += 1
        return self._tokens[first : bisect_left(self._starts, end)]

    def last(self, start: int, end: int) -> int | None:
        """Index of the last of them."""
        found = self.within(start, end)
        return found[-1].i if found else None
