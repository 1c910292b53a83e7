"""Looks at the pipeline from outside: true lag of each stage, rates, and whether it consumes.

Lag is taken from the broker, end of the partition less committed offset, for all partitions and
not only for those that this worker reads. Every transaction leaves markers in the partitions that
it wrote, which count as offsets but are no records; so where little is missing, it is counted.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from agents.stage import Stage
from streams.delivery.runner import Runner
from streams.kafka import client_options
from streams.metrics import Metrics
from streams.pool import Pool
from streams.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
REQUEST_TIMEOUT_MS: Final = 10_000
RATE_WINDOW_S: Final = 60.0

COUNT_UP_TO: Final = 64
"""A difference of so many offsets or fewer is counted record by record; more is told as it is."""

COUNT_LIMIT_S: Final = 1.0

STUCK_AFTER_S: Final = 30.0
"""A lane with records that commits nothing for this long, beyond the time limit of a record, is
stuck."""


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage as it stands now."""

    name: str
    source: str
    sink: str
    partitions: int
    owned: int
    lag: int | None
    queued: int
    rate: float
    """Records a second that this worker ended with, over the last minute."""
    results: dict[str, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pipeline as it stands now, seen from this worker."""

    worker: str
    ready: bool
    reason: str
    stages: tuple[StageState, ...]
    pool_processes: int
    pool_busy: int
    pool_replaced: int
    problem: str | None = None


@dataclass
class _Seen:
    at: float
    counts: dict[str, int] = field(default_factory=dict)


class Watch:
    """Takes a look every two seconds; the web views show the last one."""

    def __init__(self, runner: Runner, pool: Pool, metrics: Metrics) -> None:
        self._runner = runner
        self._pool = pool
        self._metrics = metrics
        self._settings: Settings = runner.settings
        self._stages: Sequence[Stage] = runner.stages
        self._lag: dict[str, dict[int, int]] = {}
        self._counted: dict[TopicPartition, tuple[tuple[int, int], int]] = {}
        self._problem: str | None = "the broker was not asked yet"
        self._history: deque[_Seen] = deque()

    def readiness(self) -> tuple[bool, str]:
        """Whether this worker consumes, and if not, why."""
        if not self._pool.warm_now:
            return False, "the model processes are loading"
        if self._runner.state != "open":
            return False, "no partitions are read: joining the group or rebalancing"
        limit = STUCK_AFTER_S + 3 * self._settings.record_time_limit_s
        now = time.monotonic()
        for lane in self._runner.lanes:
            if lane.busy and now - lane.moved_at > limit:
                return False, f"stage {lane.stage.name}, {lane.tp}: nothing committed for long"
        return True, "consuming"

    def snapshot(self) -> Snapshot:
        """The pipeline as it stands now."""
        ready, reason = self.readiness()
        return Snapshot(
            worker=self._settings.instance_id,
            ready=ready,
            reason=reason,
            stages=tuple(self._state(stage) for stage in self._stages),
            pool_processes=self._pool.size,
            pool_busy=self._pool.busy,
            pool_replaced=self._pool.replaced,
            problem=self._problem,
        )

    def refresh(self) -> None:
        """Bring the gauges up to date."""
        snapshot = self.snapshot()
        self._metrics.ready.set(snapshot.ready)
        self._metrics.pool_size.set(snapshot.pool_processes)
        self._metrics.pool_busy.set(snapshot.pool_busy)
        self._metrics.pool_replaced.set(snapshot.pool_replaced)
        for state in snapshot.stages:
            self._metrics.owned.labels(state.name).set(state.owned)
            self._metrics.queued.labels(state.name).set(state.queued)
            for partition, lag in self._lag.get(state.name, {}).items():
                self._metrics.lag.labels(state.name, str(partition)).set(lag)

    def _state(self, stage: Stage) -> StageState:
        lanes = [lane for lane in self._runner.lanes if lane.stage is stage]
        lag = self._lag.get(stage.name)
        return StageState(
            name=stage.name,
            source=self._settings.topic(stage.source),
            sink=self._settings.topic(stage.sink),
            partitions=len(lag) if lag else self._settings.partitions,
            owned=len(lanes),
            lag=sum(lag.values()) if lag is not None else None,
            queued=sum(lane.queued for lane in lanes),
            rate=self._rate(stage.name),
            results=self._results(stage.name),
        )

    def _results(self, stage: str) -> dict[str, int]:
        counted: dict[str, int] = {}
        for metric in self._metrics.records.collect():
            for sample in metric.samples:
                if sample.name.endswith("_total") and sample.labels["stage"] == stage:
                    result = sample.labels["result"]
                    counted[result] = counted.get(result, 0) + int(sample.value)
        return counted

    def _rate(self, stage: str) -> float:
        if len(self._history) < 2:
            return 0.0
        first, last = self._history[0], self._history[-1]
        records = last.counts.get(stage, 0) - first.counts.get(stage, 0)
        return records / (last.at - first.at)

    async def run(self) -> None:
        """Look until cancelled; a broker that does not answer is a problem told, not an end."""
        options = client_options(self._settings) | {"request_timeout_ms": REQUEST_TIMEOUT_MS}
        consumer = AIOKafkaConsumer(**options, isolation_level="read_committed")
        admin = AIOKafkaAdminClient(**options)
        started = False
        try:
            while True:
                try:
                    if not started:
                        await consumer.start()
                        await admin.start()
                        started = True
                    await self._measure(consumer, admin)
                    self._problem = None
                except (KafkaError, TimeoutError, OSError) as error:
                    self._problem = f"the broker does not tell offsets: {error!r}"
                    log.debug("looking at offsets: %r", error)
                self._remember()
                self.refresh()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            await consumer.stop()
            await admin.close()

    async def _measure(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        committed = await admin.list_consumer_group_offsets(self._settings.app_id)
        spans: dict[TopicPartition, tuple[int, int]] = {}
        for stage in self._stages:
            topic = self._settings.topic(stage.source)
            partitions = [TopicPartition(topic, n) for n in range(self._settings.partitions)]
            ends = await asyncio.wait_for(consumer.end_offsets(partitions), LOOK_EVERY_S * 5)
            for tp in partitions:
                at = committed[tp].offset if tp in committed else 0
                spans[tp] = (max(at, 0), ends[tp])
        counted = await self._count(consumer, spans)
        for stage in self._stages:
            topic = self._settings.topic(stage.source)
            self._lag[stage.name] = {
                tp.partition: counted.get(tp, max(end - at, 0))
                for tp, (at, end) in spans.items()
                if tp.topic == topic
            }

    async def _count(
        self, consumer: AIOKafkaConsumer, spans: dict[TopicPartition, tuple[int, int]]
    ) -> dict[TopicPartition, int]:
        near = {tp: span for tp, span in spans.items() if 0 < span[1] - span[0] <= COUNT_UP_TO}
        known = {
            tp: self._counted[tp] for tp in near if self._counted.get(tp, (None, 0))[0] == near[tp]
        }
        todo = [tp for tp in near if tp not in known]
        counts = dict.fromkeys(todo, 0)
        consumer.assign(todo)
        for tp in todo:
            consumer.seek(tp, near[tp][0])
        deadline = time.monotonic() + COUNT_LIMIT_S
        while todo and time.monotonic() < deadline:
            for tp, messages in (await consumer.getmany(*todo, timeout_ms=100)).items():
                counts[tp] += len(messages)
            todo = [tp for tp in todo if await consumer.position(tp) < near[tp][1]]
        # What was not read to its end in time is told as it stands, markers included.
        found = {tp: (near[tp], count) for tp, count in counts.items() if tp not in todo}
        self._counted = {**known, **found}
        return {tp: count for tp, (_, count) in self._counted.items()}

    def _remember(self) -> None:
        counts = {stage.name: sum(self._results(stage.name).values()) for stage in self._stages}
        self._history.append(_Seen(time.monotonic(), counts))
        while self._history[-1].at - self._history[0].at > RATE_WINDOW_S:
            self._history.popleft()
