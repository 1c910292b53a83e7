"""How fast are the hops alone? Ours against Faust's own send, and Quix Streams exactly-once.

    python -m bench.hops [--records N] [--rounds N] [--quix PYTHON]

The same 7 KB records pass the same four chained hops over four partitions on the same broker, with
no work in them; rates are taken on the last topic, by readers of committed records, from the first
record to the last. Ours delivers exactly once; Faust's send is its own at-least-once. PYTHON is an
interpreter that has quixstreams installed (`pip install quixstreams` in an environment of its own).
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams.admin import create
from streams.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import ENRICHED, RAW

ROOT = Path(__file__).resolve().parents[1]
RECORD_BYTES = 7 * 1024
PARTITIONS = 4
FIRST_WITHIN_S = 60
QUIET_S = 30


def settings_for(broker: str) -> Settings:
    """Settings with topics and a group that no other run has."""
    name = f"bench{uuid.uuid4().hex[:8]}"
    return Settings(
        broker=broker,
        app_id=name,
        topic_prefix=f"{name}.",
        partitions=PARTITIONS,
        web_port=0,
        state_dir=Path(tempfile.gettempdir()) / name,
    )


async def fill(settings: Settings, values: Iterable[bytes]) -> None:
    """Create the topics and append all records."""
    await create(settings)
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker, linger_ms=20, max_request_size=64 << 20
    )
    await producer.start()
    try:
        for number, value in enumerate(values):
            await producer.send(settings.topic(RAW), value, key=str(number).encode())
        await producer.flush()
    finally:
        await producer.stop()


def records_of_7_kb(count: int) -> Iterator[bytes]:
    """Raw articles of one size."""
    frame = len(json.dumps({"url": "https://example.org/000000", "text": ""}))
    text = "x" * (RECORD_BYTES - frame)
    for number in range(count):
        yield json.dumps({"url": f"https://example.org/{number:06}", "text": text}).encode()


async def rate(settings: Settings, records: int, topic: str = ENRICHED) -> float:
    """Records a second on a topic, from the first to the last."""
    consumer = AIOKafkaConsumer(
        settings.topic(topic),
        bootstrap_servers=settings.broker,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        seen, first, last = 0, 0.0, time.monotonic()
        while seen < records:
            got = sum(map(len, (await consumer.getmany(timeout_ms=100)).values()))
            now = time.monotonic()
            if got:
                first = first or now
                seen, last = seen + got, now
            elif now - last > (QUIET_S if first else FIRST_WITHIN_S):
                raise TimeoutError(f"only {seen} of {records} records came out")
        return seen / max(last - first, 1e-9)
    finally:
        await consumer.stop()


async def measure(broker: str, records: int, command: list[str]) -> float:
    """Fill fresh topics, run a worker over them, and take its rate."""
    settings = settings_for(broker)
    await fill(settings, records_of_7_kb(records))
    with running(command, settings):
        return await rate(settings, records)


@contextmanager
def running(command: list[str], settings: Settings) -> Iterator[int]:
    """The process id of a worker with these settings, which is stopped at the end."""
    given = {f"NEWSFLAG_{n.upper()}": str(getattr(settings, n)) for n in settings.model_fields_set}
    with Path(os.devnull).open("r+b") as nothing:
        worker = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | given,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
        )
        try:
            yield worker.pid
        finally:
            worker.terminate()
            worker.wait(30)


async def main(records: int, rounds: int, quix: str | None) -> None:
    """Run all workers in turn, print the rates and ratios."""
    commands = {
        "newsflag, exactly once": [sys.executable, "-m", "bench.hop_workers", "ours"],
        "Faust send, at least once": [sys.executable, "-m", "bench.hop_workers", "faust"],
    }
    if quix:
        commands["Quix Streams, exactly once"] = [quix, str(ROOT / "bench" / "hop_quix.py")]
    rates: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder, EmbeddedBroker(Path(folder)) as broker:
        for _ in range(rounds):
            for name, command in commands.items():
                rates[name].append(await measure(broker.bootstrap, records, command))
                print(f"  {name}: {rates[name][-1]:.0f} records/s", flush=True)
    middle = {name: statistics.median(values) for name, values in rates.items()}
    ours, *others = middle
    for other in others:
        print(f"{ours} is {middle[ours] / middle[other]:.2f} times {other}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quix", metavar="PYTHON")
    given = parser.parse_args()
    asyncio.run(main(given.records, given.rounds, given.quix))
