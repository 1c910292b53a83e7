"""One owned source partition of one stage: records in order, in transactions.

Two loops, one behind the other. One takes chunks to the pool as soon as there is a record; the
other commits all results that are there in one transaction, while the next chunk is in the pool.
Light work under backlog thus makes large transactions, heavy work and live news small ones.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import InvalidProducerEpoch, ProducerFenced
from faust.events import Event
from faust.types import TP

from agents.stage import Stage
from streams.delivery.wire import (
    ORIGIN_TIME,
    REPLAY_OF,
    Incoming,
    Outgoing,
    incoming,
    outgoing,
    utc_now,
)
from streams.execution import Dead, Job, Result
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import ENRICHED

log = logging.getLogger(__name__)

FENCED = (ProducerFenced, InvalidProducerEpoch)

ROOM_CHUNKS = 16
"""A lane holds so many chunks before its partition is paused, and is resumed at half of it."""

TRANSACTION_CHUNKS = 16
"""Most chunks in one transaction, and most that wait for theirs."""


class Worker(Protocol):
    """What works on chunks: `streams.delivery.runner.Runner`."""

    async def turn(self, stage: Stage, full: Callable[[], bool]) -> None:
        """Wait until the next call of `work` will not have to wait."""

    async def work(self, stage: Stage, jobs: Sequence[Job]) -> list[Result]:
        """One result a job, in order."""


class Lane:
    """Takes the records of one partition through one stage.

    Args:
        stage: The stage.
        tp: Its source partition.
        producer: The transactional producer of this assignment; nobody else uses it.
        settings: Batch limits, group and topic names.
        worker: Works on chunks.
        metrics: Counts what was committed.
        on_full: Called with True when the lane is full, with False when it has room again.
    """

    def __init__(
        self,
        stage: Stage,
        tp: TP,
        producer: AIOKafkaProducer,
        *,
        settings: Settings,
        worker: Worker,
        metrics: Metrics,
        on_full: Callable[[TP, bool], None],
    ) -> None:
        self.stage = stage
        self.tp = tp
        self.producer = producer
        self._settings = settings
        self._worker = worker
        self._metrics = metrics
        self._on_full = on_full
        self._queue: deque[Event] = deque()
        self._queued_bytes = 0
        self._at_work: list[Event] = []
        self._last_offset = -1
        self._full = False
        self._closing = False
        self._dropped = False
        self.committing = False
        """Whether a transaction is open now."""
        self._wake = asyncio.Event()
        self._worked: deque[tuple[list[Event], list[Result]]] = deque()
        self._moved = asyncio.Condition()
        self._ended = False
        self._in_line = False
        self._working: asyncio.Task[None] | None = None
        self.moved_at = time.monotonic()
        """When something was last committed, or came in when nothing waited (monotonic clock)."""

    @property
    def queued(self) -> int:
        """Records that wait."""
        return len(self._queue)

    @property
    def busy(self) -> bool:
        """Whether records wait or are at work."""
        return bool(self._queue or self._at_work)

    def put(self, event: Event) -> None:
        """Queue one record.

        Raises:
            RuntimeError: Its offset does not rise: something was read twice, and working on it
                would write it twice.
        """
        offset = event.message.offset
        if offset <= self._last_offset:
            raise RuntimeError(f"{self.tp} came to offset {offset} after {self._last_offset}")
        self._last_offset = offset
        if not self.busy:
            self.moved_at = time.monotonic()
        self._queue.append(event)
        self._queued_bytes += _size(event)
        self._wake.set()
        self._mind_room()

    async def run(self) -> None:
        """Work until closed. Any exception means that nothing more may be acknowledged."""
        async with asyncio.TaskGroup() as loops:
            self._working = loops.create_task(self._work_loop())
            loops.create_task(self._commit_loop())

    async def _work_loop(self) -> None:
        while await self._something():
            # Nothing else is awaited from its turn to the pool: see `Pool.turn`.
            if not await self._my_turn() or not (chunk := self._take()):
                break
            results = await self._results(chunk)
            async with self._moved:
                await self._moved.wait_for(self._has_room)
                if self._dropped:
                    return
                self._worked.append((chunk, results))
                self._moved.notify_all()
        async with self._moved:
            self._ended = True
            self._moved.notify_all()

    async def _my_turn(self) -> bool:
        self._in_line = True
        try:
            await self._worker.turn(self.stage, self._full_chunk)
        except asyncio.CancelledError:
            if not self._closing:
                raise
            return False
        finally:
            self._in_line = False
        return True

    async def _commit_loop(self) -> None:
        while True:
            async with self._moved:
                await self._moved.wait_for(lambda: self._worked or self._ended)
                worked = list(self._worked)
                self._worked.clear()
                self._moved.notify_all()
            if not worked or self._dropped:
                return
            events = [event for chunk, _ in worked for event in chunk]
            await self._commit(events, [result for _, results in worked for result in results])
            async with self._moved:
                self._moved.notify_all()

    def _has_room(self) -> bool:
        return self._dropped or len(self._worked) < TRANSACTION_CHUNKS

    def close(self) -> None:
        """Start no further batch."""
        self._closing = True
        self._wake.set()
        if self._in_line and self._working is not None:
            self._working.cancel()

    def drop(self) -> None:
        """Commit nothing more; what is at work is left to the next owner."""
        self._dropped = True

    def acknowledge_all(self) -> None:
        """Tell Faust that what is left here is not coming back: the next owner reads it again."""
        for event in [*self._at_work, *self._queue]:
            event.ack()
        self._at_work.clear()
        self._queue.clear()
        self._queued_bytes = 0

    async def _something(self) -> bool:
        while not self._queue and not self._closing:
            self._wake.clear()
            await self._wake.wait()
        return not self._closing

    def _full_chunk(self) -> bool:
        return (
            len(self._queue) >= self._settings.batch_records
            or self._queued_bytes >= self._settings.batch_kb * 1024
        )

    def _take(self) -> list[Event]:
        if self._closing:
            return []
        batch: list[Event] = []
        room = self._settings.batch_kb * 1024
        while self._queue and len(batch) < self._settings.batch_records:
            size = _size(self._queue[0])
            if batch and size > room:
                break
            room -= size
            self._queued_bytes -= size
            batch.append(self._queue.popleft())
        self._at_work += batch
        self._mind_room()
        return batch

    def _mind_room(self) -> None:
        records = len(self._queue) / (ROOM_CHUNKS * self._settings.batch_records)
        used = max(records, self._queued_bytes / (ROOM_CHUNKS * self._settings.batch_kb * 1024))
        if used >= 1 and not self._full:
            self._full = True
            self._on_full(self.tp, True)
        elif used <= 0.5 and self._full:
            self._full = False
            self._on_full(self.tp, False)

    async def _results(self, batch: Sequence[Event]) -> list[Result]:
        started = time.monotonic()
        limit = self._settings.max_record_bytes
        results: dict[int, Result] = {}
        jobs: list[tuple[int, Job]] = []
        for place, event in enumerate(batch):
            record = incoming(event)
            if record.value is not None and len(record.value) > limit:
                message = f"the value has {len(record.value)} bytes, the limit is {limit}"
                results[place] = Dead("too_large:raw", message)
            else:
                jobs.append((place, Job(record.value, record.name)))
        if jobs:
            worked = await self._worker.work(self.stage, [job for _, job in jobs])
            results |= {place: result for (place, _), result in zip(jobs, worked, strict=True)}
        self._metrics.work.labels(self.stage.name).observe(time.monotonic() - started)
        return [results[place] for place in range(len(batch))]

    async def _commit(self, batch: Sequence[Event], results: Sequence[Result]) -> None:
        if self._dropped:
            return
        started, now = time.monotonic(), utc_now()
        records = [incoming(event) for event in batch]
        ends = [
            outgoing(self.stage, self._settings, record, result, now)
            for record, result in zip(records, results, strict=True)
        ]
        offsets = {TopicPartition(self.tp.topic, self.tp.partition): records[-1].offset + 1}
        self.committing = True
        try:
            async with self.producer.transaction():
                sent = [await self._send(out) for _, _, outs in ends for out in outs]
                await asyncio.gather(*sent)
                await self.producer.send_offsets_to_transaction(offsets, self._settings.app_id)
        except FENCED:
            if not self._closing:
                raise
            # The partition is on its way to another owner, who has fenced this producer already.
            log.info("%s: fenced while it leaves; %d records left to others", self.tp, len(batch))
            self._dropped = True
            return
        finally:
            self.committing = False
        self.moved_at = time.monotonic()
        for event in batch:
            event.ack()
        del self._at_work[: len(batch)]
        self._count(records, [(ending, code) for ending, code, _ in ends], now)
        self._metrics.commit.labels(self.stage.name).observe(self.moved_at - started)
        for record, (ending, code, _) in zip(records, ends, strict=True):
            if ending == "dead":
                log.warning("%s: %s is dead: %s", self.stage.name, record.coordinates, code)

    async def _send(self, out: Outgoing) -> asyncio.Future[object]:
        sent: asyncio.Future[object] = await self.producer.send(
            out.topic,
            out.value,
            key=out.key,
            partition=out.partition,
            timestamp_ms=out.timestamp_ms,
            headers=list(out.headers),
        )
        return sent

    def _count(
        self, records: Sequence[Incoming], ends: Sequence[tuple[str, str]], now: datetime
    ) -> None:
        self._metrics.batch.labels(self.stage.name).observe(len(records))
        for record, (ending, code) in zip(records, ends, strict=True):
            self._metrics.records.labels(self.stage.name, ending, code).inc()
            appended = record.header(ORIGIN_TIME)
            first_time = record.header(REPLAY_OF) is None
            if self.stage.sink == ENRICHED and ending == "emitted" and appended and first_time:
                seconds = now.timestamp() - int(appended) / 1000
                self._metrics.latency.observe(max(0.0, seconds))


def _size(event: Event) -> int:
    return len(event.message.value or b"")
