"""Dead letters: find them, and send them in again, each once and accounted to its raw record.

A replay is one transaction: the original record goes to the topic that the failed stage reads, and
an outcome `replayed` goes to the ledger. The producer's transactional id is one for all replays of
a pipeline; a new replay fences an older one that still runs before it reads what was replayed. So
no dead letter is sent in twice unasked, whatever is killed and whoever tries at the same time.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import orjson
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import InvalidProducerEpoch, KafkaError, ProducerFenced

from agents.stage import Stage
from schemas.identity import digest
from schemas.outcome import Outcome
from streams import admin
from streams.delivery.wire import (
    EDITED,
    ERROR,
    ORIGIN,
    REPLAY_OF,
    Headers,
    Incoming,
    Outgoing,
    outcome_record,
)
from streams.errors import BrokerError, NewsflagError, SettingsError
from streams.kafka import client_options
from streams.scan import fetch, parse, scan, spans
from streams.settings import Settings
from streams.topics import DEAD, DEAD_HEADROOM_BYTES, OUTCOMES

BATCH: Final = 25
"""Dead letters in one transaction, and in memory."""

TIMEOUT_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record of `news.dead`, its error headers read."""

    record: Incoming

    def error(self, name: str) -> str:
        """An error header as text; empty where there is none."""
        return (self.record.header(ERROR + name) or b"").decode("utf-8", "replace")

    @property
    def id(self) -> str:
        """Its coordinates, `topic/partition/offset`."""
        return self.record.coordinates

    @property
    def source(self) -> str:
        """Coordinates of the record that failed."""
        return f"{self.error('topic')}/{self.error('partition')}/{self.error('offset')}"

    @property
    def time(self) -> datetime | None:
        """When the record that failed was appended to its topic."""
        stamp = self.record.timestamp_ms
        return datetime.fromtimestamp(stamp / 1000, UTC) if stamp >= 0 else None

    @property
    def pointer(self) -> bool:
        """Whether it only says where the record stands, which was too large to be kept."""
        return bool(self.error("pointer"))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters are meant; what is not set does not matter.

    Attributes:
        ids: Coordinates on `news.dead`.
        stage: The stage that failed.
        code: The code, or its first part: `crash` also means `crash:SIGKILL`.
        since: Records appended at this time or later.
        until: Records appended before this time.
    """

    ids: tuple[str, ...] = ()
    stage: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __contains__(self, letter: object) -> bool:
        if not isinstance(letter, DeadLetter):
            return False
        code, time = letter.error("code"), letter.time
        return (
            (not self.ids or letter.id in self.ids)
            and (self.stage is None or letter.error("stage") == self.stage)
            and (self.code is None or code == self.code or code.startswith(self.code + ":"))
            and (self.since is None or (time is not None and time >= self.since))
            and (self.until is None or (time is not None and time < self.until))
        )


def full_id(settings: Settings, text: str) -> str:
    """The coordinates that `partition/offset` or `topic/partition/offset` means.

    Raises:
        ValueError: It is no dead letter's id.
    """
    name = settings.topic(DEAD)
    coordinates = text if text.count("/") == 2 else f"{name}/{text}"
    tp, _ = parse(coordinates)
    if tp.topic != name:
        raise ValueError(f"{text} is no dead letter: they stand on {name}")
    return coordinates


async def find(settings: Settings, choice: Choice) -> AsyncGenerator[DeadLetter]:
    """Yield the dead letters that are meant, of those there are now; partitions in any order.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: There is no topic `news.dead`.
    """
    wanted = await spans(settings, [DEAD])
    if choice.ids:
        wanted = _around(choice.ids, wanted)
    async with aclosing(scan(settings, wanted)) as records:
        async for record in records:
            letter = DeadLetter(record)
            if letter in choice:
                yield letter


def _around(ids: Sequence[str], kept: dict[TopicPartition, range]) -> dict[TopicPartition, range]:
    """The smallest span of each partition that has all ids."""
    found: dict[TopicPartition, range] = {}
    for tp, offset in map(parse, ids):
        if offset in kept.get(tp, ()):
            old = found.get(tp, range(offset, offset + 1))
            found[tp] = range(min(old.start, offset), max(old.stop, offset + 1))
    return found


async def times_replayed(settings: Settings) -> Counter[str]:
    """How often each dead letter was sent in again, by its id.

    Raises:
        BrokerError: The broker can't be reached or used.
    """
    times: Counter[str] = Counter()
    async with aclosing(scan(settings, await spans(settings, [OUTCOMES]))) as records:
        async for record in records:
            # Most entries are no replays: look before reading the JSON.
            if record.value and b'"replayed"' in record.value:
                entry = orjson.loads(record.value)
                if entry["outcome"] == "replayed":
                    times[entry["replay"].partition("#")[0]] += 1
    return times


@dataclass(frozen=True, slots=True)
class Order:
    """How to replay.

    Attributes:
        again: Also what was replayed before.
        edited: The value to send instead of the original one.
        dry_run: Say what would be done, write nothing.
    """

    again: bool = False
    edited: bytes | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was done with one dead letter: sent to `topic`, or left alone and why."""

    letter: DeadLetter
    topic: str
    times_before: int
    refused: str = ""


@dataclass(slots=True)
class _Plan:
    settings: Settings
    stages: dict[str, Stage]
    order: Order
    times: Counter[str] = field(default_factory=Counter)
    partitions: dict[str, int] = field(default_factory=dict)

    async def of(self, letter: DeadLetter, now: datetime) -> tuple[Replayed, list[Outgoing]]:
        """What to say of a dead letter, and what to write for it."""
        before = self.times[letter.id]
        stage = self.stages.get(letter.error("stage"))
        topic = self.settings.topic(stage.source) if stage else ""
        if stage is None:
            refused = f"there is no stage {letter.error('stage') or 'in its headers'}"
            return Replayed(letter, topic, before, refused), []
        if before and not self.order.again:
            refused = "replayed before; --again does it once more"
            return Replayed(letter, topic, before, refused), []
        if (original := await self._original(letter, stage.source)) is None:
            refused = f"it was too large to be kept, and {letter.source} has it no more"
            return Replayed(letter, topic, before, refused), []
        replay = letter.id if not before else f"{letter.id}#{before + 1}"
        value = original.value if self.order.edited is None else self.order.edited
        again = Outgoing(
            topic=topic,
            partition=self._partition(topic, letter),
            key=original.key,
            value=value,
            headers=_headers(letter, original, replay, self.order.edited),
            timestamp_ms=self._timestamp(original, now),
        )
        end = Outcome(
            origin=letter.record.origin,
            outcome="replayed",
            stage=letter.error("stage"),
            code=letter.error("code"),
            replay=replay,
        )
        self.times[letter.id] += 1
        return Replayed(letter, topic, before), [again, outcome_record(self.settings, end)]

    async def _original(self, letter: DeadLetter, source: str) -> Incoming | None:
        if not letter.pointer:
            return letter.record
        told = orjson.loads(letter.record.value or b"{}")
        found = await fetch(self.settings, source, letter.source)
        digest_now = hashlib.sha256((found and found.value) or b"").hexdigest()
        return found if digest_now == told.get("sha256") else None

    def _partition(self, topic: str, letter: DeadLetter) -> int | None:
        number = int(letter.error("partition") or 0)
        return number if number < self.partitions[topic] else None

    def _timestamp(self, original: Incoming, now: datetime) -> int:
        """The original time, unless the broker would delete the record for its age at once."""
        now_ms = int(now.timestamp() * 1000)
        oldest_ms = now_ms - self.settings.retention_hours * 3_600_000 // 2
        return original.timestamp_ms if original.timestamp_ms >= oldest_ms else now_ms


def _headers(
    letter: DeadLetter, original: Incoming, replay: str, edited: bytes | None
) -> list[tuple[str, bytes]]:
    """The original headers, without those of the error and of an earlier replay."""
    own = {ORIGIN, REPLAY_OF, EDITED}
    kept: Headers = [
        (name, value)
        for name, value in original.headers
        if name not in own and not name.startswith(ERROR)
    ]
    added = [(ORIGIN, letter.record.origin.encode()), (REPLAY_OF, replay.encode())]
    if edited is not None:
        # Another content needs another name, or its results would pass for those of the original.
        ce_id = digest("edited", replay, hashlib.sha256(edited).hexdigest()).encode()
        kept = [(name, ce_id if name == "ce_id" else value) for name, value in kept]
        was = hashlib.sha256(original.value or b"").hexdigest()
        added.append((EDITED, f"was sha256:{was}".encode()))
    return [*kept, *added]


async def replay(
    settings: Settings, stages: Sequence[Stage], choice: Choice, order: Order
) -> AsyncIterator[Replayed]:
    """Send dead letters in again, in transactions; yields each once its transaction is committed.

    Args:
        settings: Broker, topics, limits.
        stages: The pipeline's stages: a record goes to the topic that the failed one reads.
        choice: Which dead letters.
        order: How.

    Raises:
        BrokerError: The broker can't be reached or used.
        NewsflagError: Another replay was started, which stops this one.
        SettingsError: The edited value is too large.
    """
    if order.edited is not None and len(order.edited) > settings.max_record_bytes:
        raise SettingsError(
            f"the edited value has {len(order.edited)} bytes, more than NEWSFLAG_MAX_RECORD_KB"
        )
    plan = _Plan(settings, {stage.name: stage for stage in stages}, order)
    for tp in await spans(settings, sorted({stage.source for stage in stages})):
        plan.partitions[tp.topic] = plan.partitions.get(tp.topic, 0) + 1
    if order.dry_run:
        plan.times = await times_replayed(settings)
        async for letter in find(settings, choice):
            yield (await plan.of(letter, datetime.now(UTC)))[0]
        return
    async with _producer(settings) as producer:
        plan.times = await times_replayed(settings)  # after fencing: nobody adds to it any more
        ids = sorted([letter.id async for letter in find(settings, choice)], key=_place)
        for start in range(0, len(ids), BATCH):
            for done in await _send(producer, plan, ids[start : start + BATCH]):
                yield done


def _place(coordinates: str) -> tuple[int, int]:
    tp, offset = parse(coordinates)
    return tp.partition, offset


async def _send(producer: AIOKafkaProducer, plan: _Plan, ids: Sequence[str]) -> list[Replayed]:
    now = datetime.now(UTC)
    letters = [letter async for letter in find(plan.settings, Choice(ids=tuple(ids)))]
    planned = [await plan.of(letter, now) for letter in letters]
    async with producer.transaction():
        sent = [await _write(producer, out) for _, records in planned for out in records]
        await asyncio.gather(*sent)
    return [done for done, _ in planned]


async def _write(producer: AIOKafkaProducer, out: Outgoing) -> asyncio.Future[object]:
    sent: asyncio.Future[object] = await producer.send(
        out.topic,
        out.value,
        key=out.key,
        partition=out.partition,
        timestamp_ms=out.timestamp_ms,
        headers=list(out.headers),
    )
    return sent


@asynccontextmanager
async def _producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        **client_options(settings),
        client_id="newsflag-replay",
        transactional_id=f"{settings.app_id}-replay",
        transaction_timeout_ms=TIMEOUT_MS,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        max_request_size=settings.max_record_bytes + 2 * DEAD_HEADROOM_BYTES,
    )
    try:
        await producer.start()
        yield producer
    except (ProducerFenced, InvalidProducerEpoch) as error:
        raise NewsflagError(
            "another replay was started, which stopped this one; what this one told is done"
        ) from error
    except (KafkaError, OSError) as error:
        raise BrokerError(admin.unreachable(settings, error)) from error
    finally:
        await producer.stop()
