"""A bare text as an article that is clean already: for trying stages without the first one."""

from typing import Any, Final

import orjson

from .article import Article, Language, Precision, Timestamp
from .base import Span
from .identity import article_id, digest
from .record import ArticleRecord

FIELDS: Final = ("text", "title", "published", "language", "url")

PRECISIONS: Final[dict[int, Precision]] = {4: "year", 7: "month", 10: "day", 16: "minute"}
"""By the length of an ISO 8601 date: `2026`, `2026-11`, `2026-11-20`, `2026-11-20T08:30`."""


def bare_record(fields: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Make a record of a bare `{"text", "published", "language", "title", "url"}`.

    Args:
        fields: All but `text` may be missing. What has the wrong type is handed on as it is, so
            that the first stage refuses it and names it.

    Returns:
        The unknown fields, which are also the record's `extra`, and the record as it travels.
    """
    given = fields.get("extra")
    extra = {name: value for name, value in fields.items() if name not in (*FIELDS, "extra")}
    extra |= given if isinstance(given, dict) else {}
    known = {name: fields.get(name) for name in FIELDS}
    text, title, published, language, url = known.values()
    if not text or not all(isinstance(value, str | None) for value in known.values()):
        return extra, orjson.dumps({"article": known, "extra": extra})
    article = Article(
        id=article_id(url, None, None, [title or "", text]),
        url=url,
        canonical_url=url,
        title=title,
        published=_timestamp(published),
        language=Language(code=language, score=1.0, source="input") if language else None,
        text=text,
        paragraphs=_paragraphs(text),
        word_count=len(text.split()),
        fingerprint=digest(title or "", text),
        method="bare",
    )
    record = ArticleRecord(article=article, extra=extra)
    return extra, orjson.dumps(record.model_dump(by_alias=True))


def _timestamp(value: str | None) -> Timestamp | None:
    if not value:
        return None
    return Timestamp(value=value, precision=PRECISIONS.get(len(value), "second"), source="input")


def _paragraphs(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start=start, end=start + len(line)))
        start += len(line) + 1
    return spans
