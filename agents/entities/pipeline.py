"""Loads a spaCy pipeline and turns texts into parses and names, one article at a time.

Each paragraph is one document for the model: no sentence and no name runs over a paragraph's end,
memory stays bounded however long the text is, and what comes out for an article cannot depend on
the other articles of its batch (sums of floats may differ in the last bit with the batch's shape).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from schemas import Parse, ParsedText, Token
from schemas.parse import pack

SHIPPED: Final = Path(__file__).parent / "model"
NEEDED_PIPES: Final = ("parser", "ner")
CLEARNLP_LABELS: Final = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "prep"})
NAME_LABELS: Final = frozenset({"PERSON", "ORG", "GPE"})
UNUSED_PIPES: Final = ("senter", "textcat", "textcat_multilabel", "entity_linker")
LONGEST_PIECE: Final = 20_000
"""Code points that the model gets at once; longer paragraphs are cut at a sentence's end."""
PARAGRAPHS_AT_ONCE: Final = 64
SENTENCE_END: Final = re.compile(r"[.!?][\"”’')\]]*\s+")
EDITORIAL: Final = frozenset("[]")
"""Editors' brackets in quotations: "[President Joe] Biden" is read as if they were not there."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the model found: code points of the article's text, end exclusive."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model makes of one text."""

    parsed: ParsedText
    names: tuple[Named, ...]


class Pipeline:
    """A loaded spaCy pipeline.

    Attributes:
        digest: `sha256:` and the digest over the pipeline's files, names and bytes.
    """

    def __init__(self, nlp: Language, digest: str) -> None:
        self._nlp = nlp
        self.digest = digest

    def read(self, text: str) -> Reading:
        """Parse a text and find its names; the text may be empty."""
        tokens: list[Token] = []
        sentences: list[tuple[int, int]] = []
        names: list[Named] = []
        with self._nlp.memory_zone():
            docs = [_document(self._nlp, text, start, end) for start, end in _pieces(text)]
            offsets = [spans for _, spans in docs]
            parsed = self._nlp.pipe((doc for doc, _ in docs), batch_size=PARAGRAPHS_AT_ONCE)
            for doc, spans in zip(parsed, offsets, strict=True):
                _append(doc, spans, tokens, sentences)
                names.extend(
                    Named(spans[name.start][0], spans[name.end - 1][1], name.label_)
                    for name in doc.ents
                )
        return Reading(ParsedText(text, tokens, sentences), tuple(names))


def load(model: str | None) -> Pipeline:
    """Load a pipeline.

    Args:
        model: Path of a pipeline's folder, or name of an installed package; None is the one that
            Newsflag ships.

    Raises:
        ValueError: There is no such pipeline, or it cannot serve: another language, no parser or
            no entity recogniser, or labels of another scheme. The message names the fix.
    """
    source = SHIPPED if model is None else model
    if model is None and not (SHIPPED / "meta.json").is_file():
        raise ValueError(
            f"the shipped spaCy pipeline is missing from {SHIPPED}: reinstall Newsflag, "
            "or name another pipeline with NEWSFLAG_MODEL"
        )
    try:
        nlp = spacy.load(source, exclude=UNUSED_PIPES)
    except OSError as error:
        raise ValueError(
            f"no spaCy pipeline {str(source)!r}: NEWSFLAG_MODEL must be the path of a pipeline's "
            "folder or the name of an installed package such as en_core_web_sm"
        ) from error
    except ImportError as error:
        raise ValueError(f"pipeline {str(source)!r} needs a package: {error}") from error
    _check(nlp, str(source))
    return Pipeline(nlp, digest(nlp.path))


def digest(folder: Path) -> str:
    """Digest of a folder: `sha256:` over the names and bytes of its files, in order of names."""
    total = hashlib.sha256()
    paths = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    for name in sorted(paths):
        if "__pycache__" in name:
            continue
        content = hashlib.sha256(paths[name].read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return f"sha256:{total.hexdigest()}"


def pack_parse(parsed: ParsedText) -> Parse:
    """Pack a parse for the record."""
    tokens = parsed.tokens
    starts = {first for first, _ in parsed.sentences}
    return pack(
        parsed.text,
        [(token.start, token.end) for token in tokens],
        heads=[token.head for token in tokens],
        columns=(
            [token.tag for token in tokens],
            [token.pos for token in tokens],
            [token.dep for token in tokens],
        ),
        lemmas=[token.lemma for token in tokens],
        sent_starts=[token.i in starts for token in tokens],
    )


def _check(nlp: Language, source: str) -> None:
    fix = "set NEWSFLAG_MODEL to an English pipeline with parser and entity recogniser"
    if nlp.lang != "en":
        raise ValueError(f"pipeline {source!r} is for language {nlp.lang!r}, not 'en': {fix}")
    for name in NEEDED_PIPES:
        if name not in nlp.pipe_names:
            raise ValueError(f"pipeline {source!r} has no {name!r}: {fix}, such as en_core_web_sm")
    labels = nlp.pipe_labels
    missing = sorted(CLEARNLP_LABELS - set(labels["parser"]))
    if missing:
        raise ValueError(
            f"the parser of pipeline {source!r} lacks the labels {', '.join(missing)}: Newsflag "
            "reads ClearNLP dependencies, as in en_core_web_*; Universal Dependencies do not serve"
        )
    unnamed = sorted(NAME_LABELS - set(labels["ner"]))
    if unnamed:
        raise ValueError(
            f"the entity recogniser of pipeline {source!r} lacks the labels {', '.join(unnamed)}: "
            "Newsflag reads the OntoNotes labels, as in en_core_web_*"
        )


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs that hold something, cut where they are too long."""
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        while end - start > LONGEST_PIECE:
            cut = _cut(text, start)
            yield start, cut
            start = cut
        if text[start:end].strip():
            yield start, end
        start = end + 1


def _cut(text: str, start: int) -> int:
    """The last end of a sentence, else of a word, before the longest piece is full."""
    limit = start + LONGEST_PIECE
    ends = [match.end() for match in SENTENCE_END.finditer(text, start, limit)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", start + 1, limit)
    return space if space > start else limit


def _document(nlp: Language, text: str, start: int, end: int) -> tuple[Doc, list[tuple[int, int]]]:
    """Tokens of a piece, without blanks and editors' brackets, and where each stands."""
    doc = nlp.make_doc(text[start:end])
    kept = [t for t in doc if not t.is_space and t.text not in EDITORIAL]
    spans = [(start + t.idx, start + t.idx + len(t)) for t in kept]
    if len(kept) < len(doc):
        spaces = [after[0] > before[1] for before, after in pairwise(spans)] + [False] * bool(kept)
        doc = Doc(nlp.vocab, words=[t.text for t in kept], spaces=spaces)
    return doc, spans


def _append(
    doc: Doc,
    spans: list[tuple[int, int]],
    tokens: list[Token],
    sentences: list[tuple[int, int]],
) -> None:
    """Append a parsed piece to the tokens and sentences of its article."""
    base = len(tokens)
    first = base
    for token, (start, end) in zip(doc, spans, strict=True):
        if token.is_sent_start and token.i:
            sentences.append((first, base + token.i))
            first = base + token.i
        tokens.append(
            Token(
                i=base + token.i,
                text=token.text,
                start=start,
                end=end,
                lemma=token.lemma_ or token.lower_,
                tag=token.tag_,
                pos=token.pos_,
                dep=token.dep_,
                head=base + token.head.i,
                sent=len(sentences),
            )
        )
    if len(doc):
        sentences.append((first, base + len(doc)))
