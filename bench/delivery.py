"""What does delivery cost? The whole pipeline on Kafka against `newsflag stage all`.

    python -m bench.delivery [--articles N] [--rounds N]

The same articles, the same pure stages, as many model processes: once without Kafka, once through
the broker, which runs on the same machine. Both rates and CPU time are taken from the first result
to the last, so that loading models does not count. The rates tell what users get on a machine that
is otherwise idle; the CPU time (worker, model processes and broker) tells the cost on a busy one
too. Articles are the English pages' texts in the folder that
NEWSFLAG_DATA names, else the sample feed's, repeated under other addresses.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.hops import ROOT, fill, rate, running, settings_for
from streams.embedded import EmbeddedBroker
from streams.topics import OUTCOMES

WORDS_MIN = 150
WORDS_MAX = 1500


def texts() -> list[str]:
    """The articles' texts."""
    if folder := os.environ.get("NEWSFLAG_DATA"):
        gold = (Path(folder) / "clean" / "gold.jsonl").read_text("utf-8").splitlines()
        bodies = [json.loads(line)["gold"].get("body") or "" for line in gold]
        english = [body for body in bodies if " the " in body]
        return [body for body in english if WORDS_MIN <= len(body.split()) <= WORDS_MAX]
    feed = (ROOT / "streams" / "sample" / "feed.jsonl").read_text("utf-8").splitlines()
    return [article["text"] for article in map(json.loads, feed) if article.get("text")]


def articles(count: int) -> Iterator[bytes]:
    """Raw articles, each with an address of its own."""
    for number, text in enumerate(itertools.islice(itertools.cycle(texts()), count)):
        yield json.dumps({"url": f"https://example.org/{number}", "text": text}).encode()


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, from its first result to its last."""

    rate: float
    """Articles a second."""
    cpu_ms: float
    """CPU milliseconds an article, of all processes concerned."""


def cpu_seconds(*pids: int) -> float:
    """CPU time so far of processes and all their children."""
    total = 0.0
    for pid in pids:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def without_kafka(count: int) -> Measured:
    """`newsflag stage all`."""
    with tempfile.NamedTemporaryFile() as given:
        given.write(b"\n".join(articles(count)))
        given.flush()
        command = [sys.executable, "-m", "streams", "stage", "all", given.name]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            if process.stdout is None:
                raise RuntimeError("no output to read")
            seen, first, cpu = 0, 0.0, 0.0
            for _ in process.stdout:
                if not first:
                    first, cpu = time.monotonic(), cpu_seconds(process.pid)
                seen += 1
                if seen == count - 1:  # the processes are still there to be asked
                    break
            took, spent = time.monotonic() - first, cpu_seconds(process.pid) - cpu
            process.communicate()
    return Measured(seen / took, 1000 * spent / seen)


async def with_kafka(broker: EmbeddedBroker, count: int) -> Measured:
    """A worker on a broker."""
    settings = settings_for(broker.bootstrap)
    await fill(settings, articles(count))
    with running([sys.executable, "-m", "streams", "work"], settings) as worker:
        await rate(settings, 1, OUTCOMES)
        before = cpu_seconds(worker, broker.pid or worker)
        speed = await rate(settings, count, OUTCOMES)
        spent = cpu_seconds(worker, broker.pid or worker) - before
    return Measured(speed, 1000 * spent / count)


async def main(count: int, rounds: int) -> None:
    """Run both in turn, print the rates and the share that delivery takes."""
    rates, costs = [], []
    with tempfile.TemporaryDirectory() as folder, EmbeddedBroker(Path(folder)) as broker:
        for _ in range(rounds):
            pure = await asyncio.to_thread(without_kafka, count)
            whole = await with_kafka(broker, count)
            rates.append(1 - whole.rate / pure.rate)
            costs.append(whole.cpu_ms / pure.cpu_ms - 1)
            for name, measured in (("stage all", pure), ("pipeline", whole)):
                print(
                    f"  {name}: {measured.rate:.1f} articles/s, {measured.cpu_ms:.0f} ms CPU each"
                )
    print(f"delivery lowers the rate by {shown(rates)} and adds {shown(costs)} of CPU time")


def shown(shares: list[float]) -> str:
    """The median of some shares, and each."""
    each = ", ".join(f"{100 * share:.0f}" for share in shares)
    return f"{100 * statistics.median(shares):.0f} % (rounds: {each})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.articles, given.rounds))
