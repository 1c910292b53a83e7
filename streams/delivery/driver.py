"""The hooks into Faust's Kafka driver: the only module that uses its private names.

They make Faust's consumer serve a `Runner`: it reads committed records only, commits nothing, and
hands over every change of ownership in the order that exactly-once needs:

    revoked   stop the flow, let the runner drain (bounded), then let the rebalance go on
    assigned  the runner fences all pairs first; only then are committed offsets read and sought
    sought    fetches begun before are thrown away, and the runner opens

`tests/broker` fails when a later version of Faust calls these no longer.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final, Protocol, cast

import aiokafka
import faust
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message
from yarl import URL

FETCH_WAIT_S: Final = 0.1
"""Longest wait of one fetch. Partitions that are paused while it waits are served again only by the
next one, so this bounds how long a partition stands still after its lane has room again."""

ISOLATION: Final = "read_committed"

TAKEOVERS_MAX: Final = 3
TAKEOVER_WINDOW_S: Final = 30.0
"""So many new member ids in so short a time mean that another worker has the same static id: the
broker gives the membership to whoever joined last, and the other one joins again at once."""


class Owner(Protocol):
    """What the consumer hands ownership to; `streams.delivery.runner.Runner` is one."""

    epoch: int
    """Rises whenever records fetched before have become stale."""

    @property
    def fenced(self) -> bool:
        """Whether partitions are owned and fenced, and not yet read."""

    async def own(self, assigned: set[TP]) -> None:
        """Fence all pairs of these partitions."""

    def open(self) -> None:
        """Take records from now on."""

    async def drain(self) -> None:
        """Finish or drop what is being done, within a bounded time; own nothing afterwards."""

    def thrown_out(self) -> None:
        """Another worker has the same id."""


class ReadCommittedThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer thread, reading committed records only."""

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust sets the isolation level for its own exactly_once alone, and has no setting for it.
        consumer._isolation_level = ISOLATION
        return consumer


class OwnedConsumer(driver.Consumer):
    """Faust's consumer without its commits, in the service of an `Owner`."""

    def __init__(self, transport: "OwnedTransport", **kwargs: Any) -> None:
        self._owner = transport.owner
        self._fetching = asyncio.Lock()
        self.held: set[TP] = set()
        """Partitions whose lanes are full: nothing is fetched of them."""
        self._member = ""
        self._joined: deque[float] = deque()
        super().__init__(transport, **kwargs)

    def _new_consumer_thread(self) -> ReadCommittedThread:
        return ReadCommittedThread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Drain before the rebalance goes on."""
        self.stop_flow()
        await self._owner.drain()
        self.held.clear()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Fence before anything is read of these partitions.

        The flow is stopped at the first assignment too; else Faust might fetch from a position
        that was read before fencing.
        """
        self.stop_flow()
        self._mind_takeovers()
        await self._owner.own(set(assigned))
        await super().on_partitions_assigned(assigned, generation_id)

    def _mind_takeovers(self) -> None:
        member = self._thread._ensure_consumer()._coordinator.member_id
        if member == self._member:
            return
        self._member = member
        self._joined.append(time.monotonic())
        if len(self._joined) > TAKEOVERS_MAX:
            first = self._joined.popleft()
            if self._joined[-1] - first < TAKEOVER_WINDOW_S:
                self._owner.thrown_out()

    async def perform_seek(self) -> None:
        """Seek to the committed offsets, once for each ownership.

        Faust also seeks when it finds the flow stopped in the middle of a fetch; while batches are
        at work that would read their records twice. And where nothing is committed yet it leaves
        the position as it is, which may be behind records that were fetched and thrown away.
        """
        async with self._fetching:
            if not self._owner.fenced:
                return
            committed = await self.seek_to_committed()
            fresh = [tp for tp, offset in committed.items() if not offset or offset < 0]
            if fresh:
                await self._thread.seek_to_beginning(*fresh)
            self._read_offset.clear()
            self._owner.open()

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        """The next records, round-robin over topics.

        Everything that a fetch returned is handed on unless ownership changed meanwhile, and then
        it is sought again. Faust's own method also leaves out what was paused during the fetch,
        without a seek: those records would be lost.
        """
        if not self.flow_active:
            await self.wait(self.can_resume_flow)  # type: ignore[arg-type]  # Faust's own Event
        async with self._fetching:
            epoch = self._owner.epoch
            records = await self._fetch(min(timeout, FETCH_WAIT_S))
        for tp, record in self.scheduler.iterate(records):
            if self.should_stop or not self.flow_active or epoch != self._owner.epoch:
                return
            yield tp, self._to_message(tp, record)

    async def _fetch(self, wait_s: float) -> RecordMap:
        if self.should_stop or not self.flow_active:
            return {}
        wanted = self._get_active_partitions() - self.held
        if not wanted:
            await self.sleep(wait_s)
            return {}
        return await self._getmany(active_partitions=wanted, timeout=wait_s)

    def ack(self, message: Message) -> bool:
        """Take the message as done; its offset is in the batch's transaction, not in a list here.

        Faust's own lists never shrink over the gaps that transaction markers leave.
        """
        fresh = not message.acked
        message.acked = True
        self._unacked_messages.discard(message)
        return fresh

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps are of no interest: see `ack`."""

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Commit nothing: offsets ride in each batch's transaction."""
        return True

    async def wait_empty(self) -> None:
        """Let the runner drain; what it dropped is read again by the next owner."""
        await self._owner.drain()

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Not Faust's watchdog: it judges by commits that are not made here."""


class OwnedTransport(driver.Transport):
    """Faust's Kafka transport with an `Owner`."""

    Consumer = OwnedConsumer

    def __init__(self, owner: Owner, url: list[URL], app: faust.App) -> None:
        self.owner = owner
        super().__init__(url, app)


def install(app: faust.App, owner: Owner) -> None:
    """Give the app's consumer into the service of `owner`."""
    app.transport = OwnedTransport(owner, app.conf.broker_consumer, app)


def hold(app: faust.App, tp: TP, held: bool) -> None:
    """Fetch no more from this partition, or fetch from it again."""
    consumer = cast("OwnedConsumer", app.consumer)
    if held:
        consumer.held.add(tp)
    else:
        consumer.held.discard(tp)
