"""Passages to training documents: the teacher parses, people's marks decide about names.

Where a corpus leaves a label open, the teacher's span is taken only if word tables or gazetteers
bear it out; otherwise its tokens stay "missing", from which spaCy's recogniser learns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from training.corpora.text import trim
from training.gazetteer import cities, countries
from training.passage import LABELS, NAMES, VALUES, Passage, Span, Word
from training.plausible import plausible, relabelled
from training.tables import table

# Whose trees: people's where there are some and else the teacher's; people's alone, the rest open
# (for measuring); the teacher's alone.
Trees = Literal["both", "gold", "teacher"]
# Tag, part of speech, head and label of a word.
Row = tuple[str, str, int, str]
_PLACES = frozenset({"GPE", "LOC", "FAC"})


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, paragraph); empty ones are left out."""
    start = 0
    for piece in text.split("\n"):
        if piece.strip():
            yield start, piece
        start += len(piece) + 1


def _unparsed(teacher: Language, passage: Passage) -> list[tuple[int, Doc]]:
    """Tokenise each paragraph; known sentence starts bind the teacher's parser."""
    made = []
    starts = set(passage.sentences)
    for offset, piece in _paragraphs(passage.text):
        doc = teacher.make_doc(piece)
        if starts:
            for token in doc:
                token.is_sent_start = token.i == 0 or offset + token.idx in starts
        made.append((offset, doc))
    return made


def _gold_rows(doc: Doc, offset: int, passage: Passage, trees: Trees) -> dict[int, Row]:
    """Map token index to gold (tag, head, label) in sentences that are tokenised as spaCy does."""
    if trees == "teacher":
        return {}
    at = {offset + t.idx: t for t in doc}
    rows: dict[int, Row] = {t.i: ("", "", t.i, "") for t in doc} if trees == "gold" else {}
    for start, words in passage.trees.items():
        if start not in at or not _same_tokens(doc, at[start].i, offset, start, words):
            continue
        first = at[start].i
        for position, word in enumerate(words):
            rows[first + position] = (word.tag, word.pos, first + word.head, word.dep)
    return rows


def _same_tokens(doc: Doc, first: int, offset: int, start: int, words: Sequence[Word]) -> bool:
    if first + len(words) > len(doc):
        return False
    return all(
        offset + doc[first + n].idx == start + w.start and len(doc[first + n]) == w.end - w.start
        for n, w in enumerate(words)
    )


def features(tag: str) -> str:
    """Give the few features of a Penn tag that the rule lemmatizer asks for."""
    found: str = table("tags")["features"].get(tag, "")
    return found


class _Rows:
    """Collects the columns of the joined document."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.tags: list[str] = []
        self.pos: list[str] = []
        self.morphs: list[str] = []
        self.heads: list[int] = []
        self.deps: list[str] = []
        self.starts: list[bool] = []

    def newline(self) -> None:
        self.words.append("\n")
        self.spaces.append(False)
        self.tags.append("_SP")
        self.pos.append("SPACE")
        self.morphs.append("")
        self.heads.append(len(self.words) - 2)
        self.deps.append("dep")
        self.starts.append(False)

    def paragraph(self, doc: Doc, gold: dict[int, Row]) -> None:
        shift = len(self.words)
        for token in doc:
            own = (token.tag_, token.pos_, token.head.i, token.dep_)
            tag, pos, head, dep = gold.get(token.i, own)
            pos = token.pos_ if tag == token.tag_ else pos
            self.words.append(token.text)
            self.spaces.append(bool(token.whitespace_))
            self.tags.append(tag)
            self.pos.append(pos)
            self.morphs.append(features(tag))
            self.heads.append(shift + head)
            self.deps.append(dep)
            self.starts.append(bool(token.is_sent_start))


def _verified(name: str, label: str, before: str) -> bool:
    """Tell whether gazetteers or the context bear a teacher's name out."""
    names = table("names")
    words = name.split()
    if label == "GPE":
        return name in countries() or name in cities(100_000)
    if label == "LOC":
        return (
            name in table("places")["regions"]
            or words[-1].lower() in table("places")["nature_words"]
        )
    if label == "ORG":
        known = name in names["bodies"] or (
            len(words) > 1 and any(w.lower().strip(",") in names["body_words"] for w in words)
        )
        text = words[-1].lower() in names["not_bodies"]
        return known and not text and name not in countries()
    if label == "PERSON":
        titled = before.split()[-1:] and before.rsplit(maxsplit=1)[-1].lower() in names["titles"]
        return bool(titled) and name not in countries() and "," not in name
    return False


def _resolved(span: Span, teacher: dict[tuple[int, int], str]) -> Span:
    """Settle the kind of a place that no gazetteer knows by the teacher's label."""
    if span.label != "PLACE":
        return span
    guess = teacher.get((span.start, span.end), "GPE")
    return Span(span.start, span.end, guess if guess in _PLACES else "GPE")


def entities(passage: Passage, found: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Settle a passage's entities.

    Args:
        passage: The text with the people's marks.
        found: The teacher's spans with passage offsets.

    Returns:
        Entity spans, and stretches to be left missing.
    """
    cut = []
    for span in found:
        start, end = span.start, span.end
        if span.label in NAMES:
            start, end = trim(passage.text, start, end, person=span.label == "PERSON")
        if start < end:
            label = relabelled(passage.text[start:end], span.label)
            cut.append(Span(start, end, label))
    labels = {(s.start, s.end): s.label for s in cut}
    kept = [_resolved(s, labels) for s in passage.names]
    missing = list(passage.unknown)
    for span in cut:
        if span.label in passage.marked or any(
            span.start < k.end and k.start < span.end for k in kept
        ):
            continue
        name = passage.text[span.start : span.end]
        before = passage.text[max(0, span.start - 20) : span.start]
        open_name = span.label in NAMES and not passage.marked
        if (span.label in VALUES and plausible(name, span.label)) or (
            open_name and _verified(name, span.label, before)
        ):
            kept.append(span)
        elif span.label in LABELS or not passage.marked:
            missing.append(span)
    return sorted(kept, key=lambda s: s.start), missing


def _open_tokens(doc: Doc, taken: set[int], *, names_open: bool) -> Iterator[int]:
    """Yield tokens that may be part of an entity that nobody marked."""
    for token in doc:
        if token.i in taken:
            continue
        number = token.tag_ == "CD" or (token.text[0].isdigit() and len(token) > 1)
        initial = token.is_sent_start and token.tag_ not in {"NNP", "NNPS"}
        if number or (names_open and token.text[0].isupper() and not initial):
            yield token.i


def _with_entities(doc: Doc, passage: Passage, found: list[Span]) -> Doc:
    kept, missing = entities(passage, found)
    spans = [doc.char_span(s.start, s.end, label=s.label) for s in kept]
    lost = [s for s, made in zip(kept, spans, strict=True) if made is None]
    unclear: set[int] = set()
    for stretch in missing + lost:
        part = doc.char_span(stretch.start, stretch.end, alignment_mode="expand")
        unclear.update(range(part.start, part.end) if part is not None else ())
    made = [s for s in spans if s is not None]
    taken = {i for s in made for i in range(s.start, s.end)}
    if passage.marked != LABELS:
        unclear.update(_open_tokens(doc, taken, names_open=not passage.marked))
    gaps = [DocSpan(doc, i, i + 1) for i in sorted(unclear - taken)]
    doc.set_ents(made, missing=gaps, default="outside")
    return doc


def annotate(
    teacher: Language, passages: Iterable[Passage], *, trees: Trees = "both", portion: int = 200
) -> Iterator[Doc]:
    """Turn passages into documents with tags, parse, sentence starts and entities.

    Args:
        teacher: en_core_web_sm.
        passages: Texts of any corpus.
        trees: Whose trees to take; people's only where the tokens agree.
        portion: Passages the teacher reads at a time.
    """
    source = iter(passages)
    while batch := list(islice(source, portion)):
        pieces = [_unparsed(teacher, p) for p in batch]
        parsed = teacher.pipe(doc for parts in pieces for _, doc in parts)
        for passage, parts in zip(batch, pieces, strict=True):
            yield _joined(teacher, passage, [(o, next(parsed)) for o, _ in parts], trees)


def _joined(teacher: Language, passage: Passage, parts: list[tuple[int, Doc]], trees: Trees) -> Doc:
    rows = _Rows()
    found: list[Span] = []
    for number, (offset, doc) in enumerate(parts):
        if number:
            rows.newline()
        rows.paragraph(doc, _gold_rows(doc, offset, passage, trees))
        found.extend(Span(offset + e.start_char, offset + e.end_char, e.label_) for e in doc.ents)
    joined = Doc(
        teacher.vocab,
        words=rows.words,
        spaces=rows.spaces,
        tags=rows.tags,
        pos=rows.pos,
        morphs=rows.morphs,
        heads=rows.heads,
        deps=rows.deps,
    )
    joined.user_data["key"] = passage.key
    return _with_entities(joined, passage, found)
