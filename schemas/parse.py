"""The `parse` block: a dependency parse in at most 25 bytes a token, and its reader.

Layout of `data` (base64 of little-endian fields, column after column, `n` tokens):

| column | type | meaning |
|---|---|---|
| gap | uint8 | code points from the end of the former token to this one; 255 = see `gaps` |
| length | uint8 | code points of the token; 255 = see `lengths` |
| head | int16 | index of the head minus own index; 0 at the root of a sentence |
| dep, tag, pos | uint8 | indices into `deps`, `tags` and `poses` |
| sent | bits | one bit a token, lowest first: does a sentence start here? |

`lemmas` holds only those lemmas that differ from the lower-cased token, by token index.
"""

import struct
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from .base import Block

ESCAPE = 255
"""A gap or length that does not fit a byte; the true one stands in `gaps` or `lengths`."""


class Parse(Block):
    """A packed dependency parse of `article.text`."""

    n: int
    """Number of tokens."""
    tags: list[str]
    """Fine-grained tags (Penn Treebank) in use."""
    poses: list[str]
    """Coarse tags (Universal Dependencies) in use."""
    deps: list[str]
    """Dependency labels (ClearNLP, as in en_core_web_*) in use."""
    lemmas: dict[str, str] = Field(default_factory=dict)
    gaps: dict[str, int] = Field(default_factory=dict)
    lengths: dict[str, int] = Field(default_factory=dict)
    data: str


@dataclass(slots=True)
class Token:
    """One token; `head` is the index of its head, its own index at the root of a sentence."""

    i: int
    text: str
    start: int
    end: int
    lemma: str
    tag: str
    pos: str
    dep: str
    head: int
    sent: int
    """Number of its sentence."""


@dataclass
class ParsedText:
    """The parse unpacked: tokens, sentences and the walks that coders need."""

    text: str
    tokens: list[Token]
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """First token and last token + 1 of each sentence."""

    @cached_property
    def _children(self) -> list[list[int]]:
        children: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                children[token.head].append(token.i)
        return children

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def children(self, i: int) -> list[Token]:
        """The tokens whose head is token `i`, in order of the text."""
        return [self.tokens[child] for child in self._children[i]]

    def head(self, i: int) -> Token:
        """The head of token `i`; the token itself at the root."""
        return self.tokens[self.tokens[i].head]

    def ancestors(self, i: int) -> Iterator[Token]:
        """From the head of token `i` up to the root of its sentence."""
        while self.tokens[i].head != i:
            i = self.tokens[i].head
            yield self.tokens[i]

    def subtree(self, i: int) -> list[Token]:
        """Token `i` and everything below it, in order of the text."""
        found, todo = [], [i]
        while todo:
            current = todo.pop()
            found.append(current)
            todo.extend(self._children[current])
        return [self.tokens[index] for index in sorted(found)]

    def sentence(self, i: int) -> list[Token]:
        """All tokens of the sentence that token `i` stands in."""
        first, last = self.sentences[self.tokens[i].sent]
        return self.tokens[first:last]

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens that overlap the code points from `start` to `end`."""
        first = bisect_left(self._starts, start)
        if first and self.tokens[first - 1].end > start:
            first -= 1
        return self.tokens[first : bisect_left(self._starts, end, lo=first)]


def pack(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    heads: Sequence[int],
    columns: tuple[Sequence[str], Sequence[str], Sequence[str]],
    lemmas: Sequence[str],
    sent_starts: Sequence[bool],
) -> Parse:
    """Pack a parse.

    Args:
        text: The text that the spans count.
        spans: Start and end of each token in code points, ascending, not overlapping.
        heads: Index of each token's head; the token's own index at a root.
        columns: Tags, coarse tags and dependency labels, one each a token.
        lemmas: One a token.
        sent_starts: Whether a sentence starts at the token.

    Raises:
        ValueError: A label set of more than 256 labels, or a head further than 32,767 tokens away.
    """
    n = len(spans)
    gaps: dict[str, int] = {}
    lengths: dict[str, int] = {}
    gap_bytes, length_bytes, position = bytearray(), bytearray(), 0
    for index, (start, end) in enumerate(spans):
        gap_bytes.append(_escaped(start - position, index, gaps))
        length_bytes.append(_escaped(end - start, index, lengths))
        position = end
    vocabularies, codes = [], []
    for column in columns:
        vocabulary = sorted(set(column))
        if len(vocabulary) > 256:
            raise ValueError(f"a parse can hold 256 labels of a kind, not {len(vocabulary)}")
        index_of = {label: code for code, label in enumerate(vocabulary)}
        vocabularies.append(vocabulary)
        codes.append(bytes(index_of[label] for label in column))
    try:
        head_bytes = struct.pack(f"<{n}h", *(head - i for i, head in enumerate(heads)))
    except struct.error as error:
        raise ValueError("a head is more than 32,767 tokens away") from error
    bits = bytearray((n + 7) // 8)
    for index, starts in enumerate(sent_starts):
        if starts:
            bits[index // 8] |= 1 << (index % 8)
    data = bytes(gap_bytes + length_bytes) + head_bytes + codes[2] + codes[0] + codes[1] + bits
    return Parse(
        n=n,
        tags=vocabularies[0],
        poses=vocabularies[1],
        deps=vocabularies[2],
        lemmas={
            str(i): lemma
            for i, (lemma, (start, end)) in enumerate(zip(lemmas, spans, strict=True))
            if lemma != text[start:end].lower()
        },
        gaps=gaps,
        lengths=lengths,
        data=b64encode(data).decode("ascii"),
    )


def unpack(parse: Parse, text: str) -> ParsedText:
    """Read a packed parse of `text`.

    Raises:
        ValueError: `data` does not hold what `n` promises.
    """
    n, data = parse.n, b64decode(parse.data)
    if len(data) != 7 * n + (n + 7) // 8:
        raise ValueError(f"parse.data has {len(data)} bytes, not those of {n} tokens")
    heads = struct.unpack_from(f"<{n}h", data, 2 * n)
    deps, tags, poses = (data[k * n : (k + 1) * n] for k in (4, 5, 6))
    bits = data[7 * n :]
    tokens: list[Token] = []
    sentences: list[tuple[int, int]] = []
    position, first = 0, 0
    for i in range(n):
        gap, length = data[i], data[n + i]
        start = position + (gap if gap < ESCAPE else parse.gaps[str(i)])
        position = start + (length if length < ESCAPE else parse.lengths[str(i)])
        if i and bits[i // 8] >> (i % 8) & 1:
            sentences.append((first, i))
            first = i
        surface = text[start:position]
        tokens.append(
            Token(
                i=i,
                text=surface,
                start=start,
                end=position,
                lemma=parse.lemmas.get(str(i)) or surface.lower(),
                tag=parse.tags[tags[i]],
                pos=parse.poses[poses[i]],
                dep=parse.deps[deps[i]],
                head=i + heads[i],
                sent=len(sentences),
            )
        )
    if n:
        sentences.append((first, n))
    return ParsedText(text=text, tokens=tokens, sentences=sentences)


def _escaped(value: int, index: int, overflow: dict[str, int]) -> int:
    if value < ESCAPE:
        return value
    overflow[str(index)] = value
    return ESCAPE
