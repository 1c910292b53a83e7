"""Looks at the pipeline from outside: true lag of each stage, rates, and whether it consumes.

Lag is taken from the broker, end of the partition less committed offset, for all partitions and not
only for those that this worker reads. Every transaction leaves a marker in the partitions that it
wrote, which counts as an offset but is no record: of the partitions owned here, those that are read
to their end and idle have no lag; of the others a lag of one is such a marker.
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
from streams.topics import RAW

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
REQUEST_TIMEOUT_MS: Final = 10_000
RATE_WINDOW_S: Final = 60.0

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
        for stage in self._stages:
            topic = self._settings.topic(stage.source)
            numbers = range(self._settings.partitions)
            partitions = [TopicPartition(topic, number) for number in numbers]
            ends = await asyncio.wait_for(consumer.end_offsets(partitions), LOOK_EVERY_S * 5)
            at = {tp: committed[tp].offset if tp in committed else 0 for tp in partitions}
            self._lag[stage.name] = {
                tp.partition: self._true_lag(stage, tp, ends[tp] - max(at[tp], 0))
                for tp in partitions
            }

    def _true_lag(self, stage: Stage, tp: TopicPartition, behind: int) -> int:
        markers = stage.source != RAW
        lane = next((lane for lane in self._runner.lanes if lane.tp == tp), None)
        if lane is not None and lane.busy:
            return max(behind, 1)
        return 0 if behind <= 0 or (markers and behind == 1) else behind

    def _remember(self) -> None:
        counts = {stage.name: sum(self._results(stage.name).values()) for stage in self._stages}
        self._history.append(_Seen(time.monotonic(), counts))
        while self._history[-1].at - self._history[0].at > RATE_WINDOW_S:
            self._history.popleft()
