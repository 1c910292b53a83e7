"""Send raw articles to `news.raw`, and tell where the broker put each.

Headers are CloudEvents 1.0 in Kafka's binary mode (`ce_*`, `content-type`) and a W3C `traceparent`
that the whole pipeline carries on. `ce_id` is a hash of the content, so that an article sent again
can be told as the same event.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.identity import digest
from streams import admin
from streams.cli.articles import Given, Problem
from streams.errors import BrokerError
from streams.kafka import client_options
from streams.settings import Settings
from streams.topics import BY_NAME, RAW, RECORD_OVERHEAD_BYTES

SOURCE: Final = "/newsflag/ingest"
TYPE: Final = "newsflag.raw.v1"

WINDOW_RECORDS: Final = 500
WINDOW_BYTES: Final = 32 * 1024 * 1024
"""Most that is on its way unacknowledged: enough to fill batches, little enough for any memory."""

LINGER_MS: Final = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """An article that the broker has acknowledged, and its coordinates."""

    given: Given
    topic: str
    partition: int
    offset: int


@dataclass(slots=True)
class _OnItsWay:
    given: Given
    size: int
    acknowledged: asyncio.Future[Any]


async def send(
    settings: Settings, articles: Iterable[Given | Problem]
) -> AsyncIterator[Sent | Problem]:
    """Send articles and yield each once the broker has it on all in-sync replicas, in order.

    Problems of the input are handed through; a record that is too large becomes one.

    Args:
        settings: Broker and size limit.
        articles: What was read; consumed only as fast as the broker acknowledges.

    Raises:
        BrokerError: The broker can't be reached, or did not acknowledge.
        TopicsError: There is no topic `news.raw`.
    """
    await admin.require(settings, BY_NAME[RAW])
    producer = AIOKafkaProducer(
        **client_options(settings),
        client_id="newsflag-ingest",
        enable_idempotence=True,  # acks=all, and a retry writes nothing twice
        linger_ms=LINGER_MS,
        max_request_size=settings.max_record_bytes + RECORD_OVERHEAD_BYTES,
    )
    try:
        await producer.start()
        async for result in _send(producer, settings, articles):
            yield result
    except (KafkaError, OSError) as error:
        raise BrokerError(admin.unreachable(settings, error)) from error
    finally:
        await producer.stop()


async def _send(
    producer: AIOKafkaProducer, settings: Settings, articles: Iterable[Given | Problem]
) -> AsyncIterator[Sent | Problem]:
    topic = settings.topic(RAW)
    under_way: deque[_OnItsWay | Problem] = deque()
    size = 0
    for item in articles:
        entry = item if isinstance(item, Problem) else await _start(producer, settings, topic, item)
        under_way.append(entry)
        size += _size(entry)
        while len(under_way) > WINDOW_RECORDS or size > WINDOW_BYTES:
            oldest = under_way.popleft()
            size -= _size(oldest)
            yield await _finish(oldest)
    while under_way:
        yield await _finish(under_way.popleft())


async def _start(
    producer: AIOKafkaProducer, settings: Settings, topic: str, given: Given
) -> _OnItsWay | Problem:
    value = given.value
    if len(value) > settings.max_record_bytes:
        return _too_large(given, f"{len(value)} bytes")
    try:
        acknowledged = await producer.send(
            topic, value=value, key=given.key, headers=headers(given, value)
        )
    except MessageSizeTooLargeError:
        return _too_large(given, "its headers and key included")
    return _OnItsWay(given, len(value), acknowledged)


async def _finish(entry: _OnItsWay | Problem) -> Sent | Problem:
    if isinstance(entry, Problem):
        return entry
    try:
        metadata = await entry.acknowledged
    except MessageSizeTooLargeError:
        return _too_large(entry.given, f"{entry.size} bytes, more than the topic takes")
    return Sent(entry.given, metadata.topic, metadata.partition, metadata.offset)


def headers(given: Given, value: bytes) -> list[tuple[str, bytes]]:
    """The headers of a raw article."""
    trace, span = secrets.token_hex(16), secrets.token_hex(8)
    key = (given.key or b"").decode()
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", digest(TYPE, key, value.decode()).encode()),
        ("ce_source", SOURCE.encode()),
        ("ce_type", TYPE.encode()),
        ("ce_time", datetime.now(UTC).isoformat().encode()),
        ("content-type", b"application/json"),
        ("traceparent", f"00-{trace}-{span}-01".encode()),
    ]


def _size(entry: _OnItsWay | Problem) -> int:
    return entry.size if isinstance(entry, _OnItsWay) else 0


def _too_large(given: Given, how: str) -> Problem:
    return Problem(
        given.line, f"the article is too large ({how}); shorten it or raise NEWSFLAG_MAX_RECORD_KB"
    )
