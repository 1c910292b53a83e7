"""What does delivery cost? The whole pipeline on Kafka against `newsflag stage all`.

    python -m bench.delivery [--articles N] [--rounds N]

The same articles, the same pure stages, as many model processes: once without Kafka, once through
the broker, which runs on the same machine. Rates are taken from the first result to the last, so
that loading models does not count. Articles are the English pages' texts in the folder that
NEWSFLAG_DATA names, else the sample feed's, repeated under other addresses.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

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


def without_kafka(count: int) -> float:
    """Articles a second of `newsflag stage all`."""
    with tempfile.NamedTemporaryFile() as given:
        given.write(b"\n".join(articles(count)))
        given.flush()
        command = [sys.executable, "-m", "streams", "stage", "all", given.name]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            if process.stdout is None:
                raise RuntimeError("no output to read")
            seen, first, last = 0, 0.0, 0.0
            for _ in process.stdout:
                last = time.monotonic()
                first = first or last
                seen += 1
    return seen / (last - first)


async def with_kafka(broker: str, count: int) -> float:
    """Articles a second of a worker."""
    settings = settings_for(broker)
    await fill(settings, articles(count))
    with running([sys.executable, "-m", "streams", "work"], settings):
        return await rate(settings, count, OUTCOMES)


async def main(count: int, rounds: int) -> None:
    """Run both in turn, print the rates and the share that delivery takes."""
    costs = []
    with tempfile.TemporaryDirectory() as folder, EmbeddedBroker(Path(folder)) as broker:
        for _ in range(rounds):
            pure = await asyncio.to_thread(without_kafka, count)
            whole = await with_kafka(broker.bootstrap, count)
            costs.append(1 - whole / pure)
            print(f"  stage all {pure:.1f}, pipeline {whole:.1f} articles/s", flush=True)
    told = ", ".join(f"{100 * cost:.0f} %" for cost in costs)
    print(f"delivery takes {100 * statistics.median(costs):.0f} % (each round: {told})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.articles, given.rounds))
