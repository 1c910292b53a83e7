"""What several readers share: putting text together, trimming names, cutting long documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from training.gazetteer import place_label
from training.passage import Passage, Span
from training.tables import table, words

_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’”") | {"'s", "’s", "n't", "'re", "'ve", "'ll", "'d", "'m"}
_NO_SPACE_AFTER = frozenset("([{$£€“#")
_PARTICLES = ("al-", "al ", "bin", "ibn", "de", "von", "van", "el-", "da", "di")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")


def detokenise(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Join tokens to running text as a newspaper would set it.

    Returns:
        The text and each token's offsets in it.
    """
    text = ""
    offsets: list[tuple[int, int]] = []
    open_quote = False
    glue = True
    for form in tokens:
        quote = form == '"'
        closes = form in _NO_SPACE_BEFORE or (quote and open_quote)
        if text and not glue and not closes:
            text += " "
        offsets.append((len(text), len(text) + len(form)))
        text += form
        glue = form in _NO_SPACE_AFTER or (quote and not open_quote)
        open_quote ^= quote
    return text, offsets


def runs(tags: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last + 1, kind) of the runs of a BIO or IO sequence; `O` is outside."""
    start, kind, position = 0, "", 0
    for position, tag in enumerate(tags):
        prefix, _, name = tag.partition("-")
        if kind and (not name or prefix == "B" or name != kind):
            yield start, position, kind
            kind = ""
        if name and not kind:
            start, kind = position, name
    if kind:
        yield start, position + 1, kind


def trim(text: str, start: int, end: int, *, person: bool) -> tuple[int, int]:
    """Cut article, direction, titles (for persons) and a possessive ending off a name's offsets."""
    ending = _POSSESSIVE.search(text[start:end])
    if ending:
        end -= len(ending.group())
    titles = table("names")["titles"] if person else ("the", "a", "an")
    while True:
        word = re.match(r"\S+\s+", text[start:end])
        if not word:
            return start, end
        first = word.group().strip()
        if first.lower() not in titles and first not in words("names", "directions"):
            return start, end
        start += word.end()


def named(text: str, start: int, end: int, kind: str) -> Span | None:
    """Make a name span of a corpus' span, or nothing when it holds no name.

    Args:
        text: The passage.
        start: First offset of the corpus' span.
        end: Its end.
        kind: PERSON, ORG, EVENT, or PLACE, whose label is then looked up.
    """
    start, end = trim(text, start, end, person=kind == "PERSON")
    name = text[start:end]
    first = name.split()[0] if name.split() else ""
    begins = first[:1].isupper() or first[:1].isdigit() or first.lower().startswith(_PARTICLES)
    if (
        not begins
        or not any(c.isupper() for c in name)
        or name.lower() in words("names", "pronouns")
    ):
        return None
    if kind == "PERSON" and name.lower() in table("names")["titles"]:
        return None
    return Span(start, end, place_label(name) if kind == "PLACE" else kind)


def without_overlap(spans: Iterable[Span]) -> list[Span]:
    """Keep the longest of overlapping spans, in text order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.label)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def joined(pieces: Sequence[Passage], separators: Sequence[str], key: str) -> Passage:
    """Put passages together; `separators[i]` comes before piece i and is ignored for the first."""
    whole = Passage(key=key, text="", marked=pieces[0].marked)
    for number, piece in enumerate(pieces):
        whole.text += separators[number] if number else ""
        shift = len(whole.text)
        whole.text += piece.text
        for source, target in ((piece.names, whole.names), (piece.unknown, whole.unknown)):
            target.extend(Span(s.start + shift, s.end + shift, s.label) for s in source)
        whole.sentences.extend(s + shift for s in piece.sentences)
        whole.trees.update((start + shift, words) for start, words in piece.trees.items())
    return whole


def in_portions(
    pieces: Sequence[Passage], breaks: Sequence[bool], key: str, characters: int = 900
) -> Iterator[Passage]:
    """Join sentences to passages of about `characters`, with a newline where `breaks` is true."""
    first, length = 0, 0
    for number, piece in enumerate(pieces):
        if length > characters and breaks[number]:
            yield joined(pieces[first:number], _separators(breaks[first:number]), f"{key}#{first}")
            first, length = number, 0
        length += len(piece.text)
    if first < len(pieces):
        yield joined(pieces[first:], _separators(breaks[first:]), f"{key}#{first}")


def _separators(breaks: Sequence[bool]) -> list[str]:
    return ["\n" if new else " " for new in breaks]
