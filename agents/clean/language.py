"""The language of a text: a detector's word, or the page's own where the text is short."""

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.article import Language

SAMPLE_CHARS: Final = 1_000
SURE_CHARS: Final = 200
SURE_SCORE: Final = 0.5
MODEL: Final = f"py3langid {version('py3langid')}"

_CODE: Final = re.compile(r"^\s*([a-z]{2,3})(?:[-_].*)?\s*$", re.IGNORECASE)


class Detector:
    """py3langid with its own model; loading it takes half a second, so it is made once."""

    def __init__(self) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def __call__(self, text: str, declared: Sequence[tuple[str, str | None]]) -> Language | None:
        """The language of the first 1,000 code points.

        Args:
            text: Paragraphs joined.
            declared: Source and code of what feed and page say, the most trusted first. It is
                believed only where the text is too short to tell or the detector is in doubt.

        Returns:
            None where there is neither a letter nor a declaration.
        """
        told = next(((source, found) for source, value in declared if (found := code(value))), None)
        sample = text[:SAMPLE_CHARS]
        if not any(character.isalpha() for character in sample):
            return Language(code=told[1], score=0.0, source=told[0]) if told else None
        best, score = self._identifier.classify(sample)
        if told and told[1] != best and (len(sample) < SURE_CHARS or score < SURE_SCORE):
            scores = dict(self._identifier.rank(sample))
            return Language(code=told[1], score=round(scores.get(told[1], 0.0), 4), source=told[0])
        return Language(code=best, score=round(score, 4), source="detector")


def code(value: str | None) -> str | None:
    """ISO 639-1 out of `en-GB`, `en_US`, `EN`; None for anything else."""
    match = _CODE.match(value[:40]) if value else None
    return match[1].lower() if match else None
