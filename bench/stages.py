"""Where does the CPU go? Milliseconds an article in each stage, on one core, without Kafka.

    python -m bench.stages [--articles N]

CPU time, not wall time, so that other work on the machine does not count. The last column is each
stage's share.
"""

import argparse
import time

from agents.stage import Options
from bench.delivery import articles
from streams.execution import Emit, Executor, Job
from streams.pipeline import PIPELINE

CHUNK = 8


def main(count: int) -> None:
    """Run the stages over the articles, print each one's time."""
    executor = Executor(PIPELINE, Options())
    executor.load()
    jobs = [Job(value, f"bench/{number}") for number, value in enumerate(articles(count))]
    words = sum(len((job.value or b"").split()) for job in jobs)
    spent = {}
    for stage in PIPELINE:
        started = time.process_time()
        results = []
        for first in range(0, len(jobs), CHUNK):
            results += executor.work(stage.name, jobs[first : first + CHUNK])
        spent[stage.name] = (time.process_time() - started) / max(len(jobs), 1)
        jobs = [Job(each.value, each.ce_id) for each in results if isinstance(each, Emit)]
    total = sum(spent.values())
    print(f"{count} articles, {words / count:.0f} words each, {len(jobs)} enriched")
    for name, seconds in spent.items():
        print(f"  {name:10} {1000 * seconds:7.1f} ms an article {100 * seconds / total:5.0f} %")
    print(
        f"  {'together':10} {1000 * total:7.1f} ms, {1 / total:.1f} articles a second on one core"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100)
    main(parser.parse_args().articles)
