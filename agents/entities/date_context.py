"""A date expression in its place: what stands around it tells how to read it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas import ParsedText

from .date_words import CLAUSE, FUTURE_CUE
from .setting import Setting

SEEN_BEFORE: Final = 80
"""Code points before an expression in which its clause may begin."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands, and what it is resolved by."""

    parsed: ParsedText
    setting: Setting
    match: re.Match[str]

    @property
    def base(self) -> date | None:
        """Day of publication."""
        return self.setting.published

    @property
    def future(self) -> bool:
        """Whether the clause speaks of what is to come.

        By the words between the sentence's begin and the expression; the verb in the parse would
        miss "is scheduled for" and infinitives as often.
        """
        return FUTURE_CUE.search(self.parsed.text, self._clause, self.match.start()) is not None

    @property
    def past(self) -> bool:
        """Whether the sentence has a verb in the past, and its clause none in the future."""
        tokens = self.parsed.between(self.match.start(), self.match.end())
        if self.future or not tokens:
            return False
        return any(token.tag in ("VBD", "VBN") for token in self.parsed.sentence(tokens[0].i))

    @property
    def _clause(self) -> int:
        """Where the clause of the expression begins, by its marks and the verb of saying."""
        start = self.match.start()
        first = max(0, start - SEEN_BEFORE)
        begins = [match.end() for match in CLAUSE.finditer(self.parsed.text, first, start)]
        return begins[-1] if begins else first

    def group(self, name: str) -> str | None:
        """A named group of the pattern; None where the pattern has none or it is empty."""
        return self.match.groupdict().get(name)

    def before(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern that ends in `$` matches just before the expression."""
        start = self.match.start()
        return pattern.search(self.parsed.text[max(0, start - 16) : start]) is not None
