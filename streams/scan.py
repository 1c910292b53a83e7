"""Reads topics as a ledger: committed records between two offsets, exactly, while others write.

The end of a partition is its high watermark, taken once. Reading goes on until the last stable
offset has passed it, so that every transaction that had written before is decided and seen: what
was committed when the end was taken is never missed. No group is joined and nothing is committed.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorForGroupError,
)

from streams import admin
from streams.delivery.wire import Incoming
from streams.errors import BrokerError
from streams.kafka import client_options
from streams.settings import Settings
from streams.topics import BY_NAME, DEAD_HEADROOM_BYTES

HELD_S: Final = 30.0
"""The broker ends an open transaction of a worker after 10 s; one that lasts longer is stuck."""

COORDINATOR_S: Final = 15.0

POLL_MS: Final = 500
POLL_RECORDS: Final = 200

Answer = TypeVar("Answer")

Spans = Mapping[TopicPartition, range]
"""Offsets to read, by partition: from the first one on, up to but without the last."""


@asynccontextmanager
async def _consumer(settings: Settings, isolation: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        client_id="newsflag-ledger",
        isolation_level=isolation,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=settings.max_record_bytes + DEAD_HEADROOM_BYTES,
    )
    try:
        await consumer.start()
        yield consumer
    except (KafkaError, OSError) as error:
        raise BrokerError(admin.unreachable(settings, error)) from error
    finally:
        await consumer.stop()


async def spans(settings: Settings, names: Sequence[str]) -> dict[TopicPartition, range]:
    """What the partitions of these topics keep now: first offset and high watermark.

    Args:
        settings: The broker.
        names: Topics, by their names in the registry.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: A topic is not there.
    """
    if not names:
        return {}
    counts = {name: await admin.require(settings, BY_NAME[name]) for name in names}
    partitions = [
        TopicPartition(settings.topic(name), number)
        for name, count in counts.items()
        for number in range(count)
    ]
    async with _consumer(settings, "read_uncommitted") as consumer:
        first = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
    return {tp: range(first[tp], ends[tp]) for tp in partitions}


async def scan(settings: Settings, wanted: Spans) -> AsyncGenerator[Incoming]:
    """Yield the committed records of these offsets, each partition in order.

    Raises:
        BrokerError: The broker can't be reached, or a transaction holds the records back.
    """
    left = {tp: span for tp, span in wanted.items() if span}
    if not left:
        return
    async with _consumer(settings, "read_committed") as consumer:
        consumer.assign(list(left))
        for tp, span in left.items():
            consumer.seek(tp, span.start)
        clock = asyncio.get_running_loop().time
        moved_at, positions = clock(), dict[TopicPartition, int]()
        while left:
            batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
            for tp, records in batches.items():
                for record in records:
                    if record.offset in wanted[tp]:
                        yield incoming(record)
            at = {tp: await consumer.position(tp) for tp in left}
            if at != positions:
                moved_at, positions = clock(), at
            elif clock() - moved_at > HELD_S:
                raise BrokerError(_held(positions, left))
            for tp in [tp for tp, position in at.items() if position >= left[tp].stop]:
                consumer.pause(tp)
                del left[tp]


def _held(positions: Mapping[TopicPartition, int], left: Spans) -> str:
    told = ", ".join(f"{tp.topic}/{tp.partition} at {positions[tp]} of {left[tp].stop}"
                     for tp in left)  # fmt: skip
    return (
        f"nothing more can be read for {HELD_S:.0f} s ({told}): the broker does not answer, or a "
        "transaction that nobody ends holds it back (`kafka-transactions.sh find-hanging` finds "
        "it, `abort` ends it)"
    )


async def fetch(settings: Settings, name: str, coordinates: str) -> Incoming | None:
    """The record at `topic/partition/offset` of a topic; None where it is not kept any more.

    Args:
        settings: The broker.
        name: The topic's name in the registry.
        coordinates: Where the record stands.

    Raises:
        ValueError: These are no coordinates.
        BrokerError: The broker can't be reached or used.
    """
    tp, offset = parse(coordinates)
    if offset not in (await spans(settings, [name])).get(tp, ()):
        return None
    async for record in scan(settings, {tp: range(offset, offset + 1)}):
        return record
    return None


def parse(coordinates: str) -> tuple[TopicPartition, int]:
    """The partition and offset of `topic/partition/offset`.

    Raises:
        ValueError: These are no coordinates.
    """
    topic, _, rest = coordinates.partition("/")
    number, _, offset = rest.partition("/")
    if not (topic and number.isdecimal() and offset.isdecimal()):
        raise ValueError(f"{coordinates} is not of the form topic/partition/offset")
    return TopicPartition(topic, int(number)), int(offset)


def incoming(record: Any) -> Incoming:
    """Aiokafka's `ConsumerRecord` as our own type."""
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


async def committed(settings: Settings) -> dict[TopicPartition, int]:
    """Where the workers' group stands: the next offset to be read, of partitions it ever read.

    Raises:
        BrokerError: The broker can't be reached or used.
    """
    async with admin.admin_client(settings) as client:
        found = await with_coordinator(lambda: client.list_consumer_group_offsets(settings.app_id))
    return {tp: at.offset for tp, at in found.items() if at.offset >= 0}


async def with_coordinator(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask about a group; a cluster that had none yet needs a moment to make its offsets topic."""
    deadline = asyncio.get_running_loop().time() + COORDINATOR_S
    while True:
        try:
            return await ask()
        except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError):
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.2)
