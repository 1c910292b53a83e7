"""Finds what people said, word for word or in other words, and who said it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas import ParsedText, Token
from schemas.entities import Entity, Mention, Quote

from . import indirect, quotation_marks
from .indirect import ACCORDING
from .lexicon import words
from .quotation_marks import Stretch
from .speakers import Speakers

SPEECH_VERBS: Final = words("speech_verbs")
CUE_TAGS: Final = frozenset({"VBD", "VBZ", "VBP", "VBG", "VBN"})
PIECE_END: Final = re.compile(r"[.!?…][\"”’)]*(?=\s|$)")
_REACH: Final = 220
FEWEST_WORDS: Final = 4
"""A shorter stretch in quotation marks is a quotation only where a cue stands beside it."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue verb and its speaker's entity, where known."""

    cue: Token
    speaker: str | None


def find(
    parsed: ParsedText, mentions: Sequence[Mention], entities: Sequence[Entity]
) -> list[Quote]:
    """The quotations of a text in order: direct and mixed ones by their marks, then indirect ones.

    A speaker who is not named clearly stays None.
    """
    speakers = Speakers(parsed, mentions, entities)
    stretches = list(quotation_marks.stretches(parsed.text))
    quoted = bytearray(len(parsed.text) + 1)
    for stretch in stretches:
        quoted[stretch.left : stretch.right] = b"\1" * (stretch.right - stretch.left)
    direct = _direct(parsed, stretches, quoted, speakers)
    reported = indirect.find(parsed, quoted, speakers)
    return sorted([*direct, *reported], key=lambda quote: (quote.start, quote.end))


def _direct(
    parsed: ParsedText, stretches: Sequence[Stretch], quoted: bytearray, speakers: Speakers
) -> list[Quote]:
    quotes: list[Quote] = []
    for stretch, here in _attributed(parsed, stretches, quoted, speakers):
        length = len(parsed.text[stretch.start : stretch.end].split())
        if here is None and length < FEWEST_WORDS:
            continue
        quotes.append(
            Quote(
                start=stretch.start,
                end=stretch.end,
                text=parsed.text[stretch.start : stretch.end],
                speaker=here.speaker if here else None,
                cue=here.cue.text if here else None,
                direct=True,
            )
        )
    return quotes


def _attributed(
    parsed: ParsedText, stretches: Sequence[Stretch], quoted: bytearray, speakers: Speakers
) -> list[tuple[Stretch, Attribution | None]]:
    """Each stretch with its attribution; the parts of one quotation share theirs."""
    found: list[tuple[Stretch, Attribution | None]] = []
    for stretch in stretches:
        if stretch.start >= stretch.end:
            continue
        here = _after(parsed, stretch, quoted, speakers) or _before(
            parsed, stretch, quoted, speakers
        )
        if here is None and found and _continues(parsed.text, found[-1][0], stretch):
            here = found[-1][1]
        if here is not None and here.speaker:
            speakers.spoke(here.speaker, stretch.end)
        found.append((stretch, here))
    for i in range(len(found) - 2, -1, -1):
        (stretch, here), (following, told) = found[i], found[i + 1]
        if here is None and not stretch.closed and _continues(parsed.text, stretch, following):
            found[i] = (stretch, told)
    return found


def _continues(text: str, former: Stretch, stretch: Stretch) -> bool:
    """Whether a quotation goes on: in the same paragraph, or in the next after an open one."""
    if stretch.paragraph == former.paragraph:
        return True
    between = text[former.right : stretch.left]
    if not former.closed:
        return between.strip() == ""
    return False


def _after(
    parsed: ParsedText, stretch: Stretch, quoted: bytearray, speakers: Speakers
) -> Attribution | None:
    """`“…,” Mr. Kirby said`, `“…?” asked the minister`: the sentence goes on after the mark."""
    text = parsed.text
    if not stretch.closed:
        return None
    line = text.find("\n", stretch.right)
    limit = min(line if line >= 0 else len(text), stretch.right + _REACH)
    full_stop = text[stretch.end - 1] == "."
    tail = text[stretch.right : limit].lstrip()
    if full_stop and not tail[:1].islower():
        return None
    end = _piece_end(text, stretch.right, limit, quoted)
    return _attribution(parsed, stretch.right, end, speakers, first=True)


def _before(
    parsed: ParsedText, stretch: Stretch, quoted: bytearray, speakers: Speakers
) -> Attribution | None:
    """`Mr. Kirby said: “…”`, `called it “…”`: from the sentence's begin to the mark."""
    start = stretch.left
    while start > stretch.paragraph and not quoted[start - 1]:
        piece = parsed.text[start - 1 : stretch.left]
        if PIECE_END.match(piece) and not _is_abbreviation(parsed, start - 1):
            break
        start -= 1
        if stretch.left - start > _REACH:
            break
    return _attribution(parsed, start, stretch.left, speakers, first=False)


def _is_abbreviation(parsed: ParsedText, position: int) -> bool:
    """Whether a full stop belongs to a word such as `Mr.`, by the tokens."""
    tokens = parsed.between(position, position + 1)
    return bool(tokens) and len(tokens[0].text) > 1


def _piece_end(text: str, start: int, limit: int, quoted: bytearray) -> int:
    """End of the clause after a quotation: its full stop, the next quotation, the paragraph."""
    for position in range(start, limit):
        if quoted[position]:
            return position
        if text[position] in ".!?" and re.match(r"[.!?]\s+[“\"A-Z]|[.!?]$", text[position:limit]):
            word = text[start:position].rsplit(" ", 1)[-1]
            if word not in ("Mr", "Mrs", "Ms", "Dr", "Gen", "Sen", "Rep", "Gov", "St", "Lt", "Col"):
                return position
    return limit


def _attribution(
    parsed: ParsedText, start: int, end: int, speakers: Speakers, *, first: bool
) -> Attribution | None:
    """The cue between two places that has a speaker; the first or the last of several."""
    tokens = [token for token in parsed.between(start, end) if start <= token.start < end]
    cues = [
        token
        for token in tokens
        if token.lemma.lower() in SPEECH_VERBS and token.tag in CUE_TAGS and token.dep != "amod"
    ]
    found = None
    for cue in cues if first else reversed(cues):
        subject = speakers.subject(cue, start, end)
        if subject is not None:
            return Attribution(cue, subject.entity)
        found = found or Attribution(cue, None)
    match = ACCORDING.search(parsed.text, start, end)
    if match:
        entity = speakers.named_at(match.end())
        return Attribution(parsed.between(match.start(), match.end())[0], entity)
    return found
