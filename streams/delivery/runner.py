"""The stage runner: owns partitions, fences before it reads, and drains before it lets go.

States, in the order of a rebalance:

    idle ──own──> fenced ──open──> open ──drain──> idle

`own` makes one transactional producer for each (stage, source partition): initialising it fences
whoever had the pair before and settles a transaction left open. Only then does the consumer read
the committed offsets. A worker that was stopped and woken finds its producers fenced.
"""

import asyncio
import logging
import os
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, Protocol, cast

import faust
from aiokafka import AIOKafkaProducer
from faust.events import Event
from faust.streams import Stream
from faust.types import TP, StreamT

from agents.stage import Stage, Unavailable
from streams.delivery import driver
from streams.delivery.lane import Lane
from streams.execution import Job, Result
from streams.kafka import client_options
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import DEAD_HEADROOM_BYTES

log = logging.getLogger(__name__)

DRAIN_POOL_S: Final = 5.0
"""How long a rebalance or a stop waits for what is in the pool."""

DRAIN_COMMIT_S: Final = 3.0
"""How long it then waits for a transaction that is being committed."""

TRANSACTION_TIMEOUT_S: Final = 10.0
"""The broker aborts a transaction left open after this; readers are held back no longer."""

UNAVAILABLE_TRIES: Final = 5
UNAVAILABLE_TOTAL_S: Final = 60.0

EXIT_BROKEN: Final = 70
"""Exit code of a worker that must not go on; its supervisor starts it again."""

EXIT_CONFIGURATION: Final = 78
"""Exit code of a worker that a new start would not mend."""

State = Literal["idle", "fenced", "open"]


class Workers(Protocol):
    """What batches are worked on by: a `streams.pool.Pool`."""

    async def turn(self, name: str, full: Callable[[], bool]) -> None:
        """Wait until the next call of `work` will not have to wait."""

    async def work(self, names: Sequence[str], jobs: Sequence[Job]) -> list[Result]:
        """Run stages over a batch, one result a job, in order."""


def stop_hard(reason: str, exit_code: int = EXIT_BROKEN) -> None:
    """End the process at once, so that no shutdown path can acknowledge what was not committed."""
    log.critical("worker stops: %s", reason)
    logging.shutdown()
    os._exit(exit_code)


class Runner:
    """Runs stages as Faust agents, exactly once.

    Args:
        settings: Broker, group, topics, limits.
        stages: The stages of this worker.
        pool: Works on batches.
        metrics: Counts.
        on_broken: Called when the worker must not go on; ends the process.
    """

    def __init__(
        self,
        settings: Settings,
        stages: Sequence[Stage],
        pool: Workers,
        metrics: Metrics,
        on_broken: Callable[[str, int], None] = stop_hard,
    ) -> None:
        self.settings = settings
        self.stages = tuple(stages)
        self.metrics = metrics
        self.epoch = 0
        self.state: State = "idle"
        self._pool = pool
        self._on_broken = on_broken
        self._stage_of = {settings.topic(stage.source): stage for stage in stages}
        self._lanes: dict[TP, Lane] = {}
        self._tasks: dict[TP, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._app: faust.App | None = None

    @property
    def fenced(self) -> bool:
        """Whether partitions are owned and fenced, and not yet read."""
        return self.state == "fenced"

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes owned now."""
        return tuple(self._lanes.values())

    def attach(self, app: faust.App) -> None:
        """Make each stage a Faust agent of `app`, reading through this runner."""
        self._app = app
        for stage in self.stages:
            topic = app.topic(
                self.settings.topic(stage.source),
                key_type=bytes,
                value_type=bytes,
                key_serializer="raw",
                value_serializer="raw",
            )
            app.agent(topic, name=stage.name)(self._feed)
        driver.install(app, self)

    async def own(self, assigned: set[TP]) -> None:
        """Fence all pairs of the assigned partitions; first of all, before any offset is read."""
        await self.drain()
        async with self._turn:
            mine = sorted(tp for tp in assigned if tp.topic in self._stage_of)
            try:
                producers = await asyncio.gather(*(self._fence(tp) for tp in mine))
            except Exception as error:
                self._broken(f"could not fence {len(mine)} partitions: {error!r}")
                raise
            for tp, producer in zip(mine, producers, strict=True):
                self._lanes[tp] = Lane(
                    self._stage_of[tp.topic],
                    tp,
                    producer,
                    settings=self.settings,
                    worker=self,
                    metrics=self.metrics,
                    on_full=self._mind_flow,
                )
            self.epoch += 1
            self.state = "fenced"
            log.info("fenced %d partitions", len(mine))

    def open(self) -> None:
        """Take records from now on; the consumer has sought to the committed offsets."""
        self.epoch += 1
        self.state = "open"
        for tp, lane in self._lanes.items():
            self._tasks[tp] = asyncio.create_task(self._guard(lane), name=f"lane {tp}")

    async def drain(self) -> None:
        """Start nothing more, wait a bounded time for what is at work, drop the rest uncommitted.

        Afterwards nothing is owned and all producers are closed.
        """
        async with self._turn:
            self.epoch += 1
            self.state = "idle"
            for lane in self._lanes.values():
                lane.close()
            if self._tasks:
                _, late = await asyncio.wait(self._tasks.values(), timeout=DRAIN_POOL_S)
                if late:
                    await self._drop(late)
            for lane in self._lanes.values():
                lane.acknowledge_all()
            await asyncio.gather(*(_close(lane.producer) for lane in self._lanes.values()))
            self._lanes.clear()
            self._tasks.clear()

    def thrown_out(self) -> None:
        """End the worker: another one has the same static id."""
        self._on_broken(
            f"another worker of the group has the id {self.settings.instance_id}: give each one "
            "its own NEWSFLAG_INSTANCE or NEWSFLAG_SLOT",
            EXIT_CONFIGURATION,
        )

    def _broken(self, reason: str) -> None:
        self._on_broken(reason, EXIT_BROKEN)

    async def turn(self, stage: Stage, full: Callable[[], bool]) -> None:
        """Wait for an idle process of the pool."""
        await self._pool.turn(stage.name, full)

    async def work(self, stage: Stage, jobs: Sequence[Job]) -> list[Result]:
        """Run one batch in the pool; what is unavailable is tried again for a bounded time."""
        started = time.monotonic()
        for attempt in range(UNAVAILABLE_TRIES):
            try:
                return await self._pool.work((stage.name,), jobs)
            except Unavailable as error:
                log.warning("%s: unavailable, tried %d times: %s", stage.name, attempt + 1, error)
                pause = min(2.0**attempt, 15.0) * random.uniform(0.5, 1.0)  # noqa: S311
                if time.monotonic() + pause - started > UNAVAILABLE_TOTAL_S:
                    break
                await asyncio.sleep(pause)
        raise Unavailable(f"stage {stage.name} found what it needs unavailable too often")

    async def _drop(self, late: set[asyncio.Task[None]]) -> None:
        for lane in self._lanes.values():
            lane.drop()
        # A batch in the pool is left there: its result comes to a dropped lane. Only a transaction
        # that is being committed now has to end before its producer is closed.
        deadline = time.monotonic() + DRAIN_COMMIT_S
        while any(lane.committing for lane in self._lanes.values()):
            if time.monotonic() > deadline:
                self._broken("a transaction did not end in time")
                return
            await asyncio.sleep(0.02)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _feed(self, stream: StreamT[Any]) -> None:
        async for event in cast("Stream[bytes]", stream).noack().events():
            self._deliver(event)

    def _deliver(self, event: Event) -> None:
        lane = self._lanes.get(event.message.tp)
        if lane is None or self.state != "open":
            event.ack()  # of a partition that left; its next owner reads it
            return
        try:
            lane.put(event)
        except RuntimeError as error:
            self._broken(str(error))

    async def _guard(self, lane: Lane) -> None:
        try:
            await lane.run()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            log.exception("%s of stage %s failed", lane.tp, lane.stage.name)
            self._broken(f"{lane.tp} of stage {lane.stage.name}: {error!r}")
            raise

    async def _fence(self, tp: TP) -> AIOKafkaProducer:
        stage = self._stage_of[tp.topic]
        limit = self.settings.max_record_bytes + 2 * DEAD_HEADROOM_BYTES
        producer = AIOKafkaProducer(
            **client_options(self.settings),
            client_id=f"{self.settings.app_id}-{stage.name}-{tp.partition}",
            transactional_id=f"{self.settings.app_id}-{tp.topic}-{stage.name}-{tp.partition}",
            transaction_timeout_ms=int(TRANSACTION_TIMEOUT_S * 1000),
            enable_idempotence=True,
            acks="all",
            compression_type="lz4",
            max_request_size=limit,
        )
        await producer.start()
        return producer

    def _mind_flow(self, tp: TP, full: bool) -> None:
        if self._app is not None:
            driver.hold(self._app, tp, full)


async def _close(producer: AIOKafkaProducer) -> None:
    try:
        await producer.stop()
    except Exception as error:  # it holds nothing any more: a fenced one complains when closed
        log.debug("closing a producer: %r", error)
