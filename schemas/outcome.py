"""How a raw record ended, on `news.outcomes`, keyed by its coordinates."""

from typing import Literal

from .base import Block


class Outcome(Block):
    """The one end of one raw record.

    `reason` is set for `rejected`, `stage` and `code` for `dead`. Coordinates are those of the
    raw record: `topic/partition/offset`.
    """

    origin: str
    outcome: Literal["enriched", "duplicate", "rejected", "dead"]
    article: str | None = None
    reason: str | None = None
    stage: str | None = None
    code: str | None = None
    detail: str | None = None
    url: str | None = None
