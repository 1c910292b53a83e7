"""The `article` block: the story and nothing but the story, with its head data."""

from typing import Literal

from pydantic import Field

from .base import Block, Span
from .raw import Source

Precision = Literal["second", "minute", "hour", "day", "month", "year"]


class Timestamp(Block):
    """A date with what is known of it: ISO 8601, as precise as `precision` says and no more."""

    value: str
    precision: Precision
    source: str
    """Where it was found: `feed`, `json-ld`, `meta`, `url`, `text`, …"""


class Dateline(Block):
    """The place (and date) that a story was filed from, taken off the head of its text."""

    place: str
    date: str | None = None


class Language(Block):
    """ISO 639-1 code, the detector's confidence from 0 to 1, and who said so."""

    code: str
    score: float
    source: str


class Removed(Block):
    """What was taken off the text: the kind of boilerplate and its length in code points."""

    kind: str
    chars: int


class Article(Block):
    """A cleaned article. All offsets in the whole record count code points of `text`."""

    id: str
    """32 hex digits, a hash of the canonical URL; else of feed and guid; else of the content."""
    revision: int = 1
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    subtitle: str | None = None
    authors: list[str] = Field(default_factory=list)
    agency: str | None = None
    dateline: Dateline | None = None
    published: Timestamp | None = None
    modified: Timestamp | None = None
    updated_note: str | None = None
    language: Language | None = None
    text: str
    """Paragraphs joined by one newline."""
    paragraphs: list[Span] = Field(default_factory=list)
    word_count: int = 0
    section: str | None = None
    keywords: list[str] = Field(default_factory=list)
    images: list[str] = Field(default_factory=list)
    access: Literal["free", "paywalled", "unknown"] = "unknown"
    source: Source = Field(default_factory=Source)
    rights: str | None = None
    fingerprint: str = ""
    """Digest of title and text: equal for two copies of the same content."""
    removed: list[Removed] = Field(default_factory=list)
    method: str = ""
    """How the text was found, `trafilatura` or `text` for instance."""


class ArticleBlock(Block):
    """What the clean stage adds."""

    article: Article
