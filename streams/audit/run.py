"""Reads the topics in an order that makes the account exact while workers run.

1. Where the group stands. A record that a stage had read by then has its result, committed with
   that offset, in the log already.
2. `news.outcomes`, then every other topic, up to the end that each has when its turn comes; `scan`
   waits for transactions that are open at that end. So what a stage had read in 1 is seen: as an
   outcome, or as a record before the next stage. If that stage had not read it either, it is in
   flight. What is neither ended nor in flight is lost; nothing that merely moved on meanwhile is.
3. `news.enriched` and `news.dead` come after the outcomes, so what an outcome claims must be there.
"""

import heapq
import math
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import orjson
from aiokafka import TopicPartition

from agents.stage import Stage
from schemas.identity import digest
from streams.audit.ledger import Faults, Ledger, State
from streams.audit.recompute import Different, Recompute
from streams.delivery.wire import Incoming
from streams.errors import NewsflagError
from streams.model_process import one_thread_each
from streams.pool import Pool
from streams.scan import Spans, committed, scan, spans
from streams.settings import Settings
from streams.topics import DEAD, ENRICHED, OUTCOMES, RAW

SHARE: Final = 0.01
LEAST: Final = 200
"""So much of the enriched records is done again: this share, and at least so many."""

SLACK_MS: Final = 60_000
"""Records of one transaction have times that differ by less than this."""


class Report(Protocol):
    """Told how far reading has come."""

    def __call__(self, topic: str, done: int, total: int) -> None:
        """So many of a topic's offsets are read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to audit.

    Attributes:
        recompute: Whether to do a sample again.
        share: Share of the enriched records in the sample.
        least: At least so many records, or all where there are fewer.
        seed: Chooses the sample; the same one chooses the same records.
    """

    recompute: bool = True
    share: float = SHARE
    least: int = LEAST
    seed: int = field(default_factory=lambda: random.randrange(1 << 32))  # noqa: S311


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How the sample compared; `whole` records are equal in every stage."""

    sample: int
    whole: int
    outputs: int
    others: dict[str, int]
    different: tuple[Different, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit found."""

    records: int
    standing: dict[State, int]
    in_flight: dict[str, int]
    replays: int
    older: int
    deleted_unread: int
    faults: Faults
    recomputed: Recomputed | None

    @property
    def proven(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults.counts and not (self.recomputed and self.recomputed.different)


@dataclass
class _Audit:
    settings: Settings
    stages: Sequence[Stage]
    report: Report
    ledger: Ledger
    stood: dict[TopicPartition, int]
    redo: Recompute | None = None

    async def read(self, topic: str, enter: Callable[[Incoming], None], wanted: Spans) -> None:
        """Read a topic into the ledger, and its sample into the recomputation."""
        total, done = sum(map(len, wanted.values())), 0
        async with aclosing(scan(self.settings, wanted)) as records:
            async for record in records:
                enter(record)
                if self.redo is not None:
                    await self.redo.take(record, topic)
                done += 1
                if done % 100 == 0:
                    self.report(topic, done, total)
        if self.redo is not None:
            await self.redo.finish(topic)
        self.report(topic, total, total)

    def unread(self, record: Incoming) -> bool:
        """Whether its stage had not read it when the audit began."""
        tp = TopicPartition(record.topic, record.partition)
        return record.offset >= self.stood.get(tp, 0)

    async def outcomes(self) -> float:
        """Read `news.outcomes`; the time before which some of it was deleted (0: it has all)."""
        wanted = await spans(self.settings, [OUTCOMES])
        enriched = await _deleted_before(self.settings, await spans(self.settings, [ENRICHED]))
        dead_cut = any(span.start for span in (await spans(self.settings, [DEAD])).values())

        def enter(record: Incoming) -> None:
            entry = orjson.loads(record.value or b"{}")
            if not isinstance(entry, dict) or not {"origin", "outcome"} <= entry.keys():
                self.ledger.faults.add("no outcome", record.coordinates)
                return
            young = record.timestamp_ms > enriched + SLACK_MS or not enriched
            excused = dead_cut if entry["outcome"] == "dead" else not young
            self.ledger.outcome(entry, excused=excused)

        redo, self.redo = self.redo, None
        await self.read(OUTCOMES, enter, wanted)
        self.redo = redo
        return await _deleted_before(self.settings, wanted)

    async def flow(self, cut: float) -> None:
        """Read the topics in the order of the flow.

        Args:
            cut: Outcomes before this time (milliseconds) may have been deleted.
        """

        def raw(record: Incoming) -> None:
            excused = record.timestamp_ms <= cut + SLACK_MS and cut > 0
            self.ledger.raw(record, unread=self.unread(record), excused=excused)

        def waiting(record: Incoming) -> None:
            if self.unread(record):
                self.ledger.waiting(record, record.topic)

        await self.read(RAW, raw, self.ledger.kept)
        for stage in self.stages[1:]:
            wanted = await spans(self.settings, [stage.source])
            if self.redo is None:  # only what waits matters
                wanted = {
                    tp: range(max(span.start, self.stood.get(tp, 0)), span.stop)
                    for tp, span in wanted.items()
                }
            await self.read(stage.source, waiting, wanted)
        await self.read(ENRICHED, self.ledger.enriched, await spans(self.settings, [ENRICHED]))
        await self.read(DEAD, self.ledger.letter, await spans(self.settings, [DEAD]))


async def audit(
    settings: Settings,
    stages: Sequence[Stage],
    plan: Plan,
    report: Report = lambda topic, done, total: None,
) -> Verdict:
    """Prove for the offsets still kept of `news.raw` that each record ended once or is on its way.

    Args:
        settings: Broker, group, topics, the stages' options.
        stages: The whole flow.
        plan: What to recompute.
        report: Told how far it is.

    Raises:
        BrokerError: The broker can't be reached or used.
        NewsflagError: The stages can't be loaded for recomputing.
        TopicsError: A topic is not there.
    """
    stood = await committed(settings)
    kept = await spans(settings, [RAW])
    sources = await spans(settings, [stage.source for stage in stages])
    deleted = sum(max(0, sources[tp].start - at) for tp, at in stood.items() if tp in sources)
    run = _Audit(settings, stages, report, Ledger(kept), stood)
    cut = await run.outcomes()
    recomputed = None
    if plan.recompute:
        sample = _sample(run.ledger, plan)
        async with _pool(settings, stages, needed=bool(sample)) as pool:
            run.redo = Recompute(pool, stages, sample)
            await run.flow(cut)
            recomputed = _recomputed(run.redo, plan)
    else:
        await run.flow(cut)
    records = run.ledger.close(complete=cut == 0)
    return Verdict(
        records=records,
        standing={state: count for state, count in run.ledger.standing.items() if count},
        in_flight=dict(run.ledger.in_flight),
        replays=len(run.ledger.replays),
        older=run.ledger.older,
        deleted_unread=deleted,
        faults=run.ledger.faults,
        recomputed=recomputed,
    )


def _sample(ledger: Ledger, plan: Plan) -> frozenset[str]:
    """The records whose hashes with the seed are the smallest: any record, evenly."""
    count = sum(1 for _ in ledger.ended_enriched())
    size = max(plan.least, math.ceil(count * plan.share))
    seed = str(plan.seed)
    return frozenset(
        heapq.nsmallest(size, ledger.ended_enriched(), key=lambda origin: digest(seed, origin))
    )


def _recomputed(redo: Recompute, plan: Plan) -> Recomputed:
    return Recomputed(
        sample=len(redo.sample),
        whole=redo.whole,
        outputs=redo.equal.total(),
        others=dict(redo.others),
        different=tuple(redo.different),
        seed=plan.seed,
    )


@asynccontextmanager
async def _pool(
    settings: Settings, stages: Sequence[Stage], *, needed: bool
) -> AsyncIterator[Pool]:
    one_thread_each()
    pool = Pool(
        stages,
        settings.options(),
        processes=settings.pool_processes or 1,
        time_limit_s=settings.record_time_limit_s,
        memory_mb=settings.pool_memory_mb,
    )
    try:
        if needed:
            try:
                await pool.warm()
            except ValueError as error:
                raise NewsflagError(
                    f"the stages can't be loaded: {error}; --no-recompute does without"
                ) from error
        yield pool
    finally:
        await pool.stop()


async def _deleted_before(settings: Settings, kept: Spans) -> float:
    """The latest time before which a topic may have lost records for their age; 0 if it has all."""
    cut = 0.0
    for tp, span in kept.items():
        if not span.start:
            continue
        first = math.inf
        async with aclosing(scan(settings, {tp: span})) as records:
            async for record in records:
                first = record.timestamp_ms
                break
        cut = max(cut, first)
    return cut
