"""Feeds records to real workers on the real broker, breaks things, and counts what came out.

`Fleet` runs worker processes and starts them again as a supervisor does; `Ledger` reads what is
committed on `news.enriched`, `news.outcomes` and `news.dead` and says what was lost or doubled.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.admin import create
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, ENRICHED, ENTITIES, EVENTS, OUTCOMES, RAW

ROOT = Path(__file__).resolve().parents[2]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment variables that give a worker these settings."""
    given = {
        f"NEWSFLAG_{name.upper()}": ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in settings
        if value is not None and name in settings.model_fields_set
    }
    return {**os.environ, **given, **more}


@dataclass
class Fleet:
    """Worker processes with the light stages; slot `i` has its own static member id."""

    settings: Settings
    logs: Path
    command: Sequence[str] = (sys.executable, "-m", "tests.broker.worker")
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    exits: list[int] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    def start(self, *slots: int) -> None:
        """Start the workers of these slots."""
        for slot in slots:
            with (self.logs / f"worker-{slot}.log").open("ab") as log:
                self.processes[slot] = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=environment(self.settings, NEWSFLAG_SLOT=str(slot), **self.more),
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                )

    def send(self, slot: int, number: signal.Signals) -> None:
        """Send a signal to a worker."""
        self.processes[slot].send_signal(number)

    def wait(self, slot: int, timeout_s: float = 20) -> int:
        """Wait for a worker's end; its exit code."""
        return self.processes[slot].wait(timeout_s)

    def restart_ended(self) -> None:
        """Start again what has ended, as the supervisor does."""
        for slot, process in list(self.processes.items()):
            if (code := process.poll()) is not None:
                self.exits.append(code)
                self.start(slot)

    def stop(self) -> None:
        """End all workers, kindly first."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def log_text(self) -> str:
        """All that the workers logged, for a failing test's message."""
        return "\n".join(path.read_text()[-4000:] for path in sorted(self.logs.glob("*.log")))


@asynccontextmanager
async def fleet(settings: Settings, logs: Path, *slots: int) -> AsyncIterator[Fleet]:
    """A fleet on fresh topics that is stopped at the end whatever happens."""
    await create(settings)
    made = Fleet(settings, logs)
    made.start(*slots)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)


@asynccontextmanager
async def keep_running(made: Fleet) -> AsyncIterator[None]:
    """Restart what ends, in the background."""

    async def watch() -> None:
        while True:
            made.restart_ended()
            await asyncio.sleep(0.2)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def article(number: int, text: str = "") -> bytes:
    """A raw article of about a kilobyte."""
    body = text or f"report {number} " + "x" * 1000
    return orjson.dumps({"url": f"https://example.org/{number}", "text": body})


async def feed(
    settings: Settings, values: Iterable[bytes | None], pace_s: float = 0.0
) -> list[str]:
    """Append raw records; their coordinates, as outcomes name them."""
    topic = settings.topic(RAW)
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker, enable_idempotence=True, max_request_size=64 << 20
    )
    await producer.start()
    try:
        sent = []
        for number, value in enumerate(values):
            sent.append(await producer.send(topic, value, key=str(number).encode()))
            if pace_s:
                await asyncio.sleep(pace_s)
        done = await asyncio.gather(*sent)
        return [f"{topic}/{at.partition}/{at.offset}" for at in done]
    finally:
        await producer.stop()


@dataclass
class Ledger:
    """What readers of committed records saw."""

    enriched: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    dead: list[Any] = field(default_factory=list)

    def take(self, topic: str, message: Any) -> None:
        """Enter one record."""
        if topic.endswith(ENRICHED):
            headers = dict(message.headers)
            self.enriched[headers["newsflag-origin"].decode()] += 1
        elif topic.endswith(OUTCOMES):
            outcome = orjson.loads(message.value)
            self.outcomes.setdefault(outcome["origin"], []).append(outcome)
        else:
            self.dead.append(message)

    def ends(self) -> Counter[str]:
        """How many raw records ended in which way: `enriched`, `dead:told`, `rejected:empty`."""
        return Counter(
            ":".join(filter(None, (end["outcome"], end.get("reason") or end.get("code"))))
            for ends in self.outcomes.values()
            for end in ends
        )

    def faults(self, fed: Sequence[str]) -> dict[str, Any]:
        """What is wrong: empty when each record fed ended once and came out at most once."""
        enriched = {
            origin for origin, ends in self.outcomes.items() if ends[0]["outcome"] == "enriched"
        }
        found = {
            "lost": sorted(set(fed) - self.outcomes.keys())[:10],
            "foreign": sorted(self.outcomes.keys() - set(fed))[:10],
            "ended twice": sorted(o for o, ends in self.outcomes.items() if len(ends) > 1)[:10],
            "doubled": sorted(o for o, count in self.enriched.items() if count > 1)[:10],
            "enriched but not there": sorted(enriched - self.enriched.keys())[:10],
            "there but not enriched": sorted(self.enriched.keys() - enriched)[:10],
        }
        return {fault: where for fault, where in found.items() if where}


@asynccontextmanager
async def reader(settings: Settings, *topics: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of committed records, from the beginning, without a group."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.broker,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=200,
        max_partition_fetch_bytes=8 << 20,
    )
    await consumer.start()
    try:
        partitions = []
        for name in topics:
            topic = settings.topic(name)
            await consumer._client.force_metadata_update()
            found = await consumer._client._wait_on_metadata(topic)
            partitions += [TopicPartition(topic, number) for number in found]
        consumer.assign(partitions)
        yield consumer
    finally:
        await consumer.stop()


async def settle(
    settings: Settings, fed: Sequence[str], timeout_s: float, quiet_s: float = 1.5
) -> Ledger:
    """Read until all that was fed has ended, and a little longer for what comes too often."""
    ledger = Ledger()
    async with reader(settings, ENRICHED, OUTCOMES, DEAD) as consumer:
        deadline, done_at = time.monotonic() + timeout_s, None
        while time.monotonic() < deadline:
            for partition, messages in (await consumer.getmany(timeout_ms=200)).items():
                for message in messages:
                    ledger.take(partition.topic, message)
            if set(fed) <= ledger.outcomes.keys():
                done_at = done_at or time.monotonic()
                if time.monotonic() - done_at > quiet_s:
                    break
    return ledger


async def first_outcomes(settings: Settings, count: int, timeout_s: float = 60) -> None:
    """Wait until some records have ended: the workers are at work."""
    async with reader(settings, OUTCOMES) as consumer:
        seen, deadline = 0, time.monotonic() + timeout_s
        while seen < count:
            got = await consumer.getmany(timeout_ms=200)
            seen += sum(len(messages) for messages in got.values())
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {seen} of {count} records ended in {timeout_s} s")


async def standing(settings: Settings) -> dict[str, tuple[int, int]]:
    """Where the group stands still: committed offset and end, for each partition not at its end."""
    async with reader(settings, RAW, CLEAN, ENTITIES, EVENTS) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.broker)
    await admin.start()
    try:
        committed = await admin.list_consumer_group_offsets(settings.app_id)
    finally:
        await admin.close()
    at = {tp: committed[tp].offset if tp in committed else 0 for tp in ends}
    return {f"{tp.topic}/{tp.partition}": (at[tp], end) for tp, end in ends.items() if at[tp] < end}
