"""Finds what people said, word for word or in other words, and who said it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas import ParsedText, Token
from schemas.entities import Entity, Mention, Quote

from .lexicon import words
from .speakers import Speakers, Subject

SPEECH_VERBS: Final = words("speech_verbs")
REPORTING_VERBS: Final = words("reporting_verbs")
CUE_TAGS: Final = frozenset({"VBD", "VBZ", "VBP", "VBG", "VBN"})
MARKS: Final = re.compile(r"[“”\"«»]")
PIECE_END: Final = re.compile(r"[.!?…][\"”’)]*(?=\s|$)")
SINGLE: Final = re.compile(
    r"(?<![\w’'])(?:‘(?P<curly>[^‘’\n]+(?:’\w[^‘’\n]*)*[,.!?…])’|'(?P<plain>[A-Z][^\n]*?[,.!?…])')(?!\w)"
)
"""Words between single marks, as British outlets print them, up to a mark that ends a clause."""
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
"""A shorter stretch in quotation marks is a quotation only where a cue stands beside it."""
_REACH: Final = 220


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
    stretches = list(_stretches(parsed.text))
    quoted = bytearray(len(parsed.text) + 1)
    for stretch in stretches:
        quoted[stretch.left : stretch.right] = b"\1" * (stretch.right - stretch.left)
    direct = _direct(parsed, stretches, quoted, speakers)
    indirect = _indirect(parsed, quoted, speakers)
    return sorted([*direct, *indirect], key=lambda quote: (quote.start, quote.end))


def _stretches(text: str) -> Iterator[Stretch]:
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
    if full_stop and not re.match(r"[a-z]|[A-Z][\w.]*\s(?:[A-Z]\w*\s)?(?:said|says)\b", tail):
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


def _indirect(parsed: ParsedText, quoted: bytearray, speakers: Speakers) -> Iterator[Quote]:
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
