"""Finds reported speech without quotation marks, with its speaker."""

import re
from collections.abc import Iterator
from typing import Final

from schemas import ParsedText, Token
from schemas.entities import Quote

from .lexicon import words
from .speakers import Speakers, Subject

REPORTING_VERBS: Final = words("reporting_verbs")
ACCORDING: Final = re.compile(r"\b[Aa]ccording\s+to\s+")
THAT: Final = re.compile(r"\s[^,;]{0,40}?\bthat\s")
PLAIN_VERBS: Final = frozenset({"say", "tell", "add", "warn", "insist"})
"""Verbs that report whatever clause follows them; the parse may have missed it."""
RELATIVE: Final = re.compile(r"\b(?:which|that|who|what|as|and|but|because|where)\b")
_BEFORE_NAME: Final = 4
"""Words of a title that may stand before the name: "…, Foreign Minister Kuleba said"."""
_AFTER_LAST_CUE: Final = 6
"""Words that may follow the cue at a sentence's end: "…, Kirby said on Wednesday"."""
FEWEST_WORDS: Final = 4
"""A shorter stretch after a verb of saying is no report."""


def find(parsed: ParsedText, quoted: bytearray, speakers: Speakers) -> Iterator[Quote]:
    """Reported speech without marks: a clause of a reporting verb, with its speaker."""
    for first, last in parsed.sentences:
        start, end = parsed.tokens[first].start, parsed.tokens[last - 1].end
        if any(quoted[start:end]):
            continue
        quote = _reported(parsed, first, last, speakers) or _according(parsed, start, end, speakers)
        if quote is not None:
            if quote.speaker:
                speakers.spoke(quote.speaker, quote.end)
            yield quote


def _reported(parsed: ParsedText, first: int, last: int, speakers: Speakers) -> Quote | None:
    """The clause of the first reporting verb that has a speaker and a clause."""
    text, start, end = parsed.text, parsed.tokens[first].start, _body_end(parsed, first, last)
    for cue in parsed.tokens[first:last]:
        if cue.lemma.lower() not in REPORTING_VERBS or cue.tag not in ("VBD", "VBZ", "VBP"):
            continue
        subject = speakers.subject(cue, start, end)
        if subject is None:
            continue
        span = _reported_span(parsed, cue, subject, (start, end))
        if span is not None and len(text[span[0] : span[1]].split()) >= FEWEST_WORDS:
            return _quote(text, span, subject.entity, cue.text)
    return None


def _reported_span(
    parsed: ParsedText, cue: Token, subject: Subject, sentence: tuple[int, int]
) -> tuple[int, int] | None:
    """Where the reported words stand; None where the verb reports none.

    After the cue ("Kirby said that …"), before it ("…, Kirby said"), or on both sides ("…, Kirby
    said, …": the whole sentence).
    """
    text, (start, end) = parsed.text, sentence
    comma = text.rfind(",", start, min(subject.start, cue.start))
    rest = text[max(cue.end, subject.end) : end].strip()
    between = text[comma + 1 : min(subject.start, cue.start)]
    titled = len(between.split()) <= _BEFORE_NAME and not RELATIVE.search(between)
    if comma > start and titled and not rest.startswith("that "):
        if rest.startswith(","):
            return (start, end) if len(rest.split()) > 1 else (start, comma)
        if len(rest.split()) <= _AFTER_LAST_CUE:
            return (start, comma)
    if subject.start > cue.start:
        return None
    if opened := THAT.match(text, cue.end, end):
        return (opened.end(), end)
    for child in parsed.children(cue.i):
        if child.dep == "ccomp" and child.i > cue.i:
            first = parsed.subtree(child.i)[0]
            return (first.start if first.i > cue.i else cue.end + 1, end)
    return (cue.end + 1, end) if _has_clause(parsed, cue, end) else None


def _has_clause(parsed: ParsedText, cue: Token, end: int) -> bool:
    """Whether a clause seems to follow a cue that has none in the parse."""
    if cue.lemma.lower() not in PLAIN_VERBS:
        return False
    following = parsed.between(cue.end, end)
    return (
        bool(following)
        and following[0].text not in (",", "to")
        and any(token.tag in ("VBD", "VBZ", "VBP", "MD") for token in following)
    )


def _according(parsed: ParsedText, start: int, end: int, speakers: Speakers) -> Quote | None:
    text = parsed.text
    match = ACCORDING.search(text, start, end)
    if match is None:
        return None
    entity = speakers.named_at(match.end())
    if match.start() - start < 3:
        comma = text.find(", ", match.end(), end)
        span = (comma + 2, end) if comma >= 0 else None
    else:
        span = (start, start + len(text[start : match.start()].rstrip(" ,")))
    if span is None or len(text[span[0] : span[1]].split()) < FEWEST_WORDS:
        return None
    return _quote(text, (span[0], span[1]), entity, match.group().strip())


def _body_end(parsed: ParsedText, first: int, last: int) -> int:
    """End of a sentence without its full stop."""
    token = parsed.tokens[last - 1]
    stops = token.text in (".", "!", "?") and last - 1 > first
    return parsed.tokens[last - 2].end if stops else token.end


def _quote(text: str, span: tuple[int, int], speaker: str | None, cue: str) -> Quote:
    start, end = span
    return Quote(start=start, end=end, text=text[start:end], speaker=speaker, cue=cue, direct=False)
