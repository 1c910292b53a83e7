"""What a stage's results become on the wire: topics, keys, and the headers that travel along.

Headers are CloudEvents 1.0 in Kafka's binary mode (`ce_*`, `content-type`), W3C `traceparent`, and
our own: where the record's raw article stands (`newsflag-origin`) and when it was appended there
(`newsflag-origin-time`, milliseconds). A replayed dead letter carries which one it is
(`newsflag-replay-of`) and, if its payload was edited, so marked (`newsflag-edited`), to its end.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal, cast

import orjson
from faust.events import Event

from agents.stage import Stage
from schemas.identity import digest
from schemas.outcome import Outcome
from streams.execution import Dead, Emit, Reject, Result
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, DEAD_HEADROOM_BYTES, ENRICHED, FLAGGED, OUTCOMES, RAW

Headers = Sequence[tuple[str, bytes]]

ORIGIN: Final = "newsflag-origin"
ORIGIN_TIME: Final = "newsflag-origin-time"
REPLAY_OF: Final = "newsflag-replay-of"
EDITED: Final = "newsflag-edited"
TRACEPARENT: Final = "traceparent"
ERROR: Final = "newsflag-error-"
JSON: Final = b"application/json"
SOURCE: Final = "/newsflag"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it was read, with its own coordinates."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    def header(self, name: str) -> bytes | None:
        """The last header of this name; None where there is none."""
        found = None
        for key, value in self.headers:
            if key == name:
                found = value
        return found

    @property
    def coordinates(self) -> str:
        """`topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def raw(self) -> bool:
        """Whether it stands on `news.raw`, where anybody may write any header."""
        return self.topic.endswith(RAW)

    @property
    def replay(self) -> str | None:
        """Which replay of which dead letter this record comes from; None for the first run."""
        header = self.header(REPLAY_OF)
        return header.decode("utf-8", "replace") if header and self.header(ORIGIN) else None

    @property
    def origin(self) -> str:
        """Coordinates of the raw record that this one comes from; its own where none are told.

        A raw record is its own origin whatever it says, unless it is a replay.
        """
        header = self.header(ORIGIN)
        if not header or (self.raw and self.replay is None):
            return self.coordinates
        return header.decode("utf-8", "replace")

    @property
    def name(self) -> str:
        """What provenance calls it: its `ce_id` if a stage made it, else its coordinates."""
        made_here = not self.raw and self.header(ORIGIN)
        ce_id = self.header("ce_id")
        return ce_id.decode("utf-8", "replace") if made_here and ce_id else self.coordinates


def incoming(event: Event) -> Incoming:
    """A record as Faust hands it over."""
    message = event.message
    return Incoming(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=round(message.timestamp * 1000) if message.timestamp else -1,
        key=message.key,
        value=message.value,
        headers=tuple(cast("Headers", message.headers or ())),
    )


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to write; `partition` None lets the key decide (murmur2, as Kafka's default)."""

    topic: str
    partition: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int | None = None


Ending = Literal["emitted", "rejected", "dead"]


def outgoing(
    stage: Stage, settings: Settings, record: Incoming, result: Result, now: datetime
) -> tuple[Ending, str, list[Outgoing]]:
    """What a result becomes: how the record ended in this stage, why, and the records to write."""
    if isinstance(result, Emit) and len(result.value) > settings.max_record_bytes:
        result = Dead(
            f"too_large:{stage.name}",
            f"the stage's output has {len(result.value)} bytes, more than the "
            f"{settings.max_record_bytes} of NEWSFLAG_MAX_RECORD_KB",
        )
    if isinstance(result, Emit):
        return "emitted", "", _emitted(stage, settings, record, result, now)
    if isinstance(result, Reject):
        end = Outcome(
            origin=record.origin,
            replay=record.replay,
            outcome="rejected",
            article=result.article,
            reason=result.reason,
            detail=result.detail,
            url=result.url,
        )
        return "rejected", result.reason, [outcome_record(settings, end)]
    end = Outcome(
        origin=record.origin,
        replay=record.replay,
        outcome="dead",
        stage=stage.name,
        code=result.code,
        detail=result.message[:500],
    )
    dead = [_dead_letter(stage, settings, record, result), outcome_record(settings, end)]
    return "dead", result.code, dead


def _emitted(
    stage: Stage, settings: Settings, record: Incoming, result: Emit, now: datetime
) -> list[Outgoing]:
    told_time = None if record.origin == record.coordinates else record.header(ORIGIN_TIME)
    origin_time = told_time or str(record.timestamp_ms).encode()
    key = result.article.encode()
    event = Outgoing(
        topic=settings.topic(stage.sink),
        partition=None if stage.sink == CLEAN else record.partition,
        key=key,
        value=result.value,
        headers=[
            ("ce_specversion", b"1.0"),
            ("ce_id", result.ce_id.encode()),
            ("ce_source", SOURCE.encode()),
            ("ce_type", f"newsflag.{stage.sink.partition('.')[2]}.v1".encode()),
            ("ce_subject", key),
            ("ce_time", now.isoformat().encode()),
            ("content-type", JSON),
            (TRACEPARENT, traceparent(record, stage.name)),
            (ORIGIN, record.origin.encode()),
            (ORIGIN_TIME, origin_time),
            *_handed_on(record),
        ],
    )
    if stage.sink != ENRICHED:
        return [event]
    end = Outcome(
        origin=record.origin, outcome="enriched", article=result.article, replay=record.replay
    )
    records = [event, outcome_record(settings, end)]
    if result.flagged:
        records.append(replace(event, topic=settings.topic(FLAGGED)))
    return records


def _handed_on(record: Incoming) -> list[tuple[str, bytes]]:
    if record.replay is None:
        return []
    found = ((name, record.header(name)) for name in (REPLAY_OF, EDITED))
    return [(name, value) for name, value in found if value is not None]


def outcome_record(settings: Settings, outcome: Outcome) -> Outgoing:
    """An outcome as it is written, keyed by the raw record's coordinates: its order is kept."""
    run = [outcome.replay] if outcome.replay else []
    return Outgoing(
        topic=settings.topic(OUTCOMES),
        partition=None,
        key=outcome.origin.encode(),
        value=orjson.dumps(outcome.model_dump(exclude_none=True)),
        headers=[
            ("ce_specversion", b"1.0"),
            ("ce_id", digest(outcome.origin, outcome.outcome, *run).encode()),
            ("ce_source", SOURCE.encode()),
            ("ce_type", b"newsflag.outcome.v1"),
            ("ce_subject", outcome.origin.encode()),
            ("content-type", JSON),
        ],
    )


def _dead_letter(stage: Stage, settings: Settings, record: Incoming, result: Dead) -> Outgoing:
    told = {
        "stage": stage.name,
        "code": result.code,
        "message": result.message[:2000],
        "traceback": result.trace,
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
    }
    extra = [(ERROR + name, text.encode("utf-8", "replace")) for name, text in told.items() if text]
    if record.header(ORIGIN) != record.origin.encode():
        extra.append((ORIGIN, record.origin.encode()))
    value, key, headers = record.value, record.key, list(record.headers)
    room = settings.max_record_bytes + DEAD_HEADROOM_BYTES // 2
    size = len(value or b"") + len(key or b"") + sum(len(k) + len(v or b"") for k, v in headers)
    if size > room:
        # Too large to be kept whole: say where it stands and what it was, so that it can be found
        # there as long as the source topic keeps it.
        pointer = {
            "too_large": size,
            "sha256": hashlib.sha256(value or b"").hexdigest(),
            "at": record.coordinates,
        }
        value, key, headers = orjson.dumps(pointer), None, _handed_on(record)
        extra.append((ERROR + "pointer", b"true"))
        if (ORIGIN, record.origin.encode()) not in extra:
            extra.append((ORIGIN, record.origin.encode()))
    return Outgoing(
        topic=settings.topic(DEAD),
        partition=None,
        key=key,
        value=value,
        headers=[*headers, *extra],
        timestamp_ms=record.timestamp_ms if record.timestamp_ms >= 0 else None,
    )


def traceparent(record: Incoming, stage: str) -> bytes:
    """The W3C trace context to hand on: the same trace, a new span of this stage.

    Both are hashes, so that a batch done again continues the same trace. A record that comes
    without one starts a trace of its own.
    """
    header = (record.header(TRACEPARENT) or b"").decode("ascii", "replace")
    version, _, rest = header.partition("-")
    trace, _, tail = rest.partition("-")
    flags = tail.partition("-")[2] or "01"
    hexadecimal = set("0123456789abcdef")
    if version != "00" or len(trace) != 32 or set(trace) - hexadecimal or set(flags) - hexadecimal:
        trace, flags = digest("trace", record.origin), "01"
    span = digest("span", trace, stage, record.coordinates)[:16]
    return f"00-{trace}-{span}-{flags[:2]}".encode()


def utc_now() -> datetime:
    """The time for headers; blocks of a record have none."""
    return datetime.now(UTC)
