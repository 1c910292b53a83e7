"""Read a topic from a point in time on, as any consumer would: committed records only.

No consumer group is joined and nothing is committed, so that looking disturbs nobody.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams import admin
from streams.errors import BrokerError
from streams.kafka import client_options
from streams.settings import Settings
from streams.topics import DEAD_HEADROOM_BYTES, Topic

POLL_MS: Final = 500
POLL_RECORDS: Final = 100

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Start = Literal["earliest", "latest"] | datetime | int
"""Where reading starts; a number is so many offsets before the end of each partition."""


@dataclass(frozen=True, slots=True)
class Until:
    """When reading ends; with nothing set it goes on until it is cancelled.

    Attributes:
        limit: After so many records.
        timeout_s: After so many seconds without a record.
        end: At the end that the topic had when reading began.
    """

    limit: int | None = None
    timeout_s: float | None = None
    end: bool = False


def parse_start(text: str, now: datetime) -> Start:
    """Where reading starts: `earliest`, `latest`, ISO 8601 (UTC without an offset), or `-2h`.

    Args:
        text: What was asked for; the units of an age are s, m, h and d.
        now: The time that an age is counted from.

    Raises:
        ValueError: It is none of these.
    """
    match text:
        case "earliest" | "latest":
            return text
    if age := re.fullmatch(r"-(\d{1,6})([smhd])", text):
        return now - timedelta(**{UNITS[age[2]]: int(age[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text} is no start: write earliest, latest, a time as 2026-11-24T08:00, or an age "
            "as -2h (units s, m, h, d)"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def read(settings: Settings, topic: Topic, start: Start, until: Until) -> AsyncGenerator[Any]:
    """Yield aiokafka's `ConsumerRecord`s of all partitions, as they come.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: There is no such topic.
    """
    name = settings.topic(topic.name)
    count = await admin.require(settings, topic)
    partitions = [TopicPartition(name, number) for number in range(count)]
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        client_id="newsflag-subscribe",
        isolation_level="read_committed",
        enable_auto_commit=False,
        max_partition_fetch_bytes=settings.max_record_bytes + DEAD_HEADROOM_BYTES,
    )
    try:
        await consumer.start()
        consumer.assign(partitions)
        await _seek(consumer, partitions, start)
        async for record in _poll(consumer, partitions, until):
            yield record
    except (KafkaError, OSError) as error:
        raise BrokerError(admin.unreachable(settings, error)) from error
    finally:
        await consumer.stop()


async def recent(settings: Settings, topic: Topic, count: int) -> list[Any]:
    """The latest records of a topic, oldest first.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: There is no such topic.
    """
    # Every transaction leaves a marker that takes an offset of its own.
    found = [record async for record in read(settings, topic, 2 * count, Until(end=True))]
    return sorted(found, key=lambda record: record.timestamp)[-count:]


async def _seek(consumer: Any, partitions: list[TopicPartition], start: Start) -> None:
    if start == "earliest":
        await consumer.seek_to_beginning(*partitions)
        return
    ends = await consumer.end_offsets(partitions)
    offsets: dict[TopicPartition, Any] = {}
    if isinstance(start, datetime):
        milliseconds = max(int(start.timestamp() * 1000), 0)
        offsets = await consumer.offsets_for_times(dict.fromkeys(partitions, milliseconds))
    first = await consumer.beginning_offsets(partitions)
    for partition in partitions:
        found = offsets.get(partition)
        if isinstance(start, int):
            offset = max(ends[partition] - start, first[partition])
        else:
            offset = found.offset if found else ends[partition]
        consumer.seek(partition, offset)


async def _poll(
    consumer: Any, partitions: list[TopicPartition], until: Until
) -> AsyncIterator[Any]:
    clock = asyncio.get_running_loop().time
    ends = await consumer.end_offsets(partitions) if until.end else {}
    left, last = until.limit, clock()
    while True:
        batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
        for partition, records in batches.items():
            for record in records:
                if until.end and record.offset >= ends[partition]:
                    continue
                yield record
                last = clock()
                if left is not None and (left := left - 1) <= 0:
                    return
        if until.timeout_s is not None and clock() - last >= until.timeout_s:
            return
        if until.end and await _reached(consumer, ends):
            return


async def _reached(consumer: Any, ends: dict[TopicPartition, int]) -> bool:
    positions = [await consumer.position(partition) for partition in ends]
    return all(position >= end for position, end in zip(positions, ends.values(), strict=True))
