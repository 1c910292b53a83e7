"""Copies of training documents as newspapers would set them: typographic quotes, other case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from numpy.random import Generator, default_rng
from spacy.tokens import Doc, Span

_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "over",
        "per",
        "the",
        "to",
        "with",
    ]
)


def rebuilt(doc: Doc, words: list[str]) -> Doc:
    """Copy a document with other words in the same places."""
    copy = Doc(
        doc.vocab,
        words=words,
        spaces=[bool(t.whitespace_) for t in doc],
        tags=[t.tag_ for t in doc],
        pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc],
        heads=[t.head.i for t in doc],
        deps=[t.dep_ for t in doc],
    )
    ents = [Span(copy, e.start, e.end, label=e.label_) for e in doc.ents]
    gaps = [Span(copy, t.i, t.i + 1) for t in doc if t.ent_iob == 0]
    copy.set_ents(ents, missing=gaps, default="outside")
    copy.user_data.update(doc.user_data)
    return copy


def curly(words: Iterable[str]) -> list[str]:
    """Set straight quotes and apostrophes typographically."""
    made, is_open = [], False
    for word in words:
        if word in {'"', "``", "''"}:
            is_open = word == "``" or (word == '"' and not is_open)
            made.append("“" if is_open else "”")
        else:
            made.append(word.replace("'", "’"))
    return made


def _upper(words: Iterable[str]) -> list[str]:
    return [w.upper() for w in words]


def _lower(words: Iterable[str]) -> list[str]:
    return [w.lower() for w in words]


def _title(words: Iterable[str]) -> list[str]:
    return [w if w in _SMALL or not w.islower() else w[0].upper() + w[1:] for w in words]


_CASES: tuple[tuple[float, Callable[[Iterable[str]], list[str]]], ...] = (
    (0.025, _upper),
    (0.025, _lower),
    (0.025, _title),
)


def _sentence(doc: Doc, rng: Generator) -> Doc:
    """Take one sentence, for headlines are alone."""
    sentences = [s for s in doc.sents if 4 <= len(s) <= 20 and "\n" not in s.text]
    if not sentences:
        return doc
    picked = sentences[rng.integers(len(sentences))]
    last = picked.end - 1 if doc[picked.end - 1].text == "." and len(picked) > 4 else picked.end
    part = doc[picked.start : last]
    if any(not picked.start <= t.head.i < last for t in part):
        return doc
    return part.as_doc()


def augmented(docs: Iterable[Doc], seed: int, headlines: float = 1.0) -> Iterator[Doc]:
    """Yield each document, a part of them with typographic quotes, and some headline copies.

    Args:
        docs: Training documents.
        seed: Of the draws.
        headlines: Factor on the share of headline copies.
    """
    rng = default_rng(seed)
    for doc in docs:
        words = [t.text for t in doc]
        yield rebuilt(doc, curly(words)) if rng.random() < 0.35 else doc
        for share, change in _CASES:
            if rng.random() < share * headlines * min(len(doc) / 40, 6):
                one = _sentence(doc, rng)
                yield rebuilt(one, change(t.text for t in one))
