"""Follow the pipeline's end: show enriched records as they come; count how articles ended."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from schemas import ArticleRecord
from streams.cli.reading import Until, read
from streams.cli.records import headers_of, pipeline_seconds, row, row_head
from streams.delivery.wire import ORIGIN
from streams.display import print_record
from streams.errors import BrokerError
from streams.settings import Settings
from streams.topics import BY_NAME, ENRICHED, OUTCOMES

ENRICHED_END: Final = "enriched"
"""The outcome of an article that came through."""

RETRY_AFTER_S: Final = 1.0

WHOLE_MAX: Final = 5
"""So many records are shown whole; later ones as a row each."""


@dataclass(slots=True)
class Show:
    """Enriched records on a console, and the ends of the articles that are awaited.

    Attributes:
        console: Where records are shown.
        shown: How many were shown.
        awaited: Origins (`topic/partition/offset`) of raw records whose end is awaited.
        ends: How each awaited one ended, by origin.
        seen: Origins of the enriched records that were shown.
        whole_max: So many are shown whole.
    """

    console: Console
    whole_max: int = WHOLE_MAX
    shown: int = 0
    awaited: set[str] = field(default_factory=set)
    ends: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, settings: Settings, start: datetime) -> None:
        """Show what comes, until cancelled; a broker that is away for a while is waited for.

        Args:
            settings: How to reach the broker.
            start: Records written before this are not shown.
        """
        await asyncio.gather(
            _follow(settings, ENRICHED, start, self.enriched),
            _follow(settings, OUTCOMES, start, self.outcome),
        )

    def expect(self, origins: set[str]) -> None:
        """Wait for the ends of these raw records: `done` is set when all have ended."""
        self.awaited = origins
        self._look()

    def all_enriched(self) -> bool:
        """Whether every awaited article came through."""
        return all(self.ends.get(origin) == ENRICHED_END for origin in self.awaited)

    def summary(self) -> Text:
        """How the awaited articles ended, in one line."""
        counts = Counter(self.ends[origin] for origin in self.awaited if origin in self.ends)
        told = [f"{count} {end}" for end, count in sorted(counts.items())]
        if missing := len(self.awaited - set(self.ends)):
            told.append(f"{missing} still under way")
        return Text(f"{len(self.awaited)} articles: {', '.join(told)}")

    def enriched(self, record: Any) -> None:
        """Show a record of `news.enriched` that came just now."""
        self.seen.add(headers_of(record).get(ORIGIN) or "")
        self._print(record, pipeline_seconds(record, until_ms=time.time() * 1000))
        self._look()

    def earlier(self, record: Any) -> None:
        """Show a record of `news.enriched` that was there already."""
        self._print(record, pipeline_seconds(record))

    def outcome(self, record: Any) -> None:
        """Note a record of `news.outcomes`."""
        with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError):
            outcome = orjson.loads(record.value or b"null")
            why = outcome.get("reason") or outcome.get("code")
            told = f"{outcome['outcome']} ({why})" if why else str(outcome["outcome"])
            self.ends[outcome["origin"]] = told
        self._look()

    def _print(self, record: Any, seconds: float | None) -> None:
        try:
            article = ArticleRecord.model_validate_json(record.value or b"null")
        except ValidationError:
            article = None
        if article is not None and self.shown < self.whole_max:
            print_record(self.console, article, seconds)
        else:
            if self.shown == self.whole_max:
                self.console.print(row_head(BY_NAME[ENRICHED]), style="dim")
            self.console.print(row(BY_NAME[ENRICHED], record), markup=False, highlight=False)
        self.shown += 1

    def _look(self) -> None:
        if not self.awaited or not self.awaited <= set(self.ends):
            return
        enriched = {origin for origin in self.awaited if self.ends[origin] == ENRICHED_END}
        if enriched <= self.seen:
            self.done.set()


async def _follow(
    settings: Settings, name: str, start: datetime, take: Callable[[Any], None]
) -> None:
    while True:
        with contextlib.suppress(BrokerError):
            async with contextlib.aclosing(read(settings, BY_NAME[name], start, Until())) as all_:
                async for record in all_:
                    take(record)
        # The broker is away, perhaps for a restart: what comes after that is shown.
        start = datetime.now(UTC)
        await asyncio.sleep(RETRY_AFTER_S)
