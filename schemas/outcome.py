"""How a raw record ended, on `news.outcomes`, keyed by its coordinates."""

from typing import Literal

from .base import Block


class Outcome(Block):
    """The one end of one raw record, and what became of it later if it was dead.

    `reason` is set for `rejected`, `stage` and `code` for `dead`. Coordinates are those of the
    raw record: `topic/partition/offset`.

    A dead letter that is sent in again writes `replayed`, and the end of that replay follows;
    `replay` is then set in both: the dead letter's coordinates, from the second time on with
    `#` and the number of the time. The last entry of an origin is how it stands.
    """

    origin: str
    outcome: Literal["enriched", "duplicate", "rejected", "dead", "replayed"]
    article: str | None = None
    reason: str | None = None
    stage: str | None = None
    code: str | None = None
    detail: str | None = None
    url: str | None = None
    replay: str | None = None
