"""How records are named: hashes of what they are, so that a repeated run gives the same names."""

import hashlib
from collections.abc import Iterable

ID_HEX_DIGITS = 32


def digest(*parts: str) -> str:
    """128 bits of SHA-256 over the parts, as hex; parts are kept apart by a unit separator."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:ID_HEX_DIGITS]


def article_id(
    canonical_url: str | None, feed: str | None, guid: str | None, content: Iterable[str]
) -> str:
    """The article's id: of its canonical URL; else of feed and guid; else of its content."""
    if canonical_url:
        return digest("url", canonical_url)
    if guid:
        return digest("guid", feed or "", guid)
    return digest("content", *content)


def cloud_event_id(article: str, content: str, stage: str, screening: int) -> str:
    """`ce_id`: equal exactly when the same stage did the same work on the same content."""
    return digest(article, content, stage, str(screening))
