"""Four light stages for the delivery tests: the real topics and runner, no model.

A raw text may carry one instruction, and the stage it names obeys: `entities:sleep:15`. The
instructions are the faults that real stages must survive: `raise`, `hang`, `kill`, `exhaust`,
`reject`, `poison`, `grow` (an output above the limit), `sleep:SECONDS`, `await:PATH` (unavailable
until the file exists).
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from agents.stage import Options, PoisonRecord, Rejected, Stage, Unavailable
from schemas import Article, ArticleBlock, Block, EntitiesBlock, EventsBlock, FlagsBlock
from schemas.identity import article_id, digest


class LightRun:
    """Adds the emptiest block there is, after doing what the text says."""

    model: str | None = None
    lists: list[str] = []  # noqa: RUF012  (the Run protocol's attribute, never changed)
    version = "light"

    def __init__(self, name: str, block: Callable[[Any], Block]) -> None:
        self._name = name
        self._block = block

    def __call__(self, records: Sequence[Any], /) -> Sequence[Block | Rejected]:
        return [self._one(record) for record in records]

    def _one(self, record: Any) -> Block | Rejected:
        text = record.text if hasattr(record, "text") else record.article.text
        stage, _, order = (text or "").partition(":")
        if stage == self._name:
            verb, _, amount = order.partition(":")
            if verb == "reject":
                return Rejected("too_short")
            obey(verb, amount)
        return self._block(record)


def obey(verb: str, amount: str) -> None:
    """Do what an instruction says."""
    match verb:
        case "sleep":
            time.sleep(float(amount.partition(":")[0]))
        case "raise":
            raise LookupError("told to raise")
        case "poison":
            raise PoisonRecord("told", "told to be poison")
        case "await" if not Path(amount).exists():
            raise Unavailable(f"{amount} is not there yet")
        case "hang":
            while True:
                pass
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exhaust":
            bytearray(1 << 50)
        case _:
            pass


def article(raw: Any) -> Block:
    text = raw.text or ""
    if "grow" in text:
        text += "x" * (5 * 1024 * 1024)
    return ArticleBlock(
        article=Article(
            id=article_id(raw.url, None, None, [text]),
            url=raw.url,
            text=text,
            fingerprint=digest(text[:1000]),
            method="light",
        )
    )


def entities(_: Any) -> Block:
    return EntitiesBlock()


def events(_: Any) -> Block:
    return EventsBlock()


def flags(_: Any) -> Block:
    return FlagsBlock()


def load(name: str, block: Callable[[Any], Block], _: Options) -> LightRun:
    return LightRun(name, block)


def _stage(name: str, source: str, sink: str, adds: str, block: Callable[[Any], Block]) -> Stage:
    return Stage(
        name=name,
        source=source,
        sink=sink,
        reads=frozenset(),
        adds=adds,
        load=partial(load, name, block),
    )


STAGES = (
    _stage("clean", "news.raw", "news.clean", "article", article),
    _stage("entities", "news.clean", "news.entities", "entities", entities),
    _stage("events", "news.entities", "news.events", "events", events),
    _stage("sanctions", "news.events", "news.enriched", "flags", flags),
)
