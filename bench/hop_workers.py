"""The workers of `bench.hops`: four hops without work, by our runner or by Faust's own send."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import faust

from agents.stage import Options, Run, Stage
from streams.app import faust_settings
from streams.delivery.runner import Runner
from streams.execution import Emit, Job, Result
from streams.logs import set_up
from streams.metrics import Metrics
from streams.settings import Settings, load_settings

HOPS = (
    ("clean", "news.raw", "news.clean"),
    ("entities", "news.clean", "news.entities"),
    ("events", "news.entities", "news.events"),
    ("sanctions", "news.events", "news.enriched"),
)


class Through:
    """In the place of the pool: every record goes on as it is."""

    async def turn(self, name: str, full: Callable[[], bool]) -> None:
        """Nobody has to wait."""

    async def work(self, names: Sequence[str], jobs: Sequence[Job]) -> list[Result]:
        """One result a job, the value unchanged."""
        return [
            Emit(job.value or b"", job.input, f"{names[-1]}-{job.input}", False) for job in jobs
        ]


def no_load(_: Options) -> Run:
    """No stage is loaded here."""
    raise NotImplementedError


def ours(settings: Settings) -> faust.App:
    """Our runner."""
    app = faust.App(settings.app_id, **faust_settings(settings))
    stages = [Stage(name, source, sink, frozenset(), name, no_load) for name, source, sink in HOPS]
    Runner(settings, stages, Through(), Metrics()).attach(app)
    return app


def plain(settings: Settings) -> faust.App:
    """Faust's own agents with Faust's own buffers: receive, send with the key, at least once."""
    defaults = {"stream_buffer_maxsize": 4096, "broker_max_poll_records": None}
    app = faust.App(settings.app_id, **(faust_settings(settings) | defaults))
    for name, source, sink in HOPS:
        attach(app, name, app.topic(settings.topic(source)), app.topic(settings.topic(sink)))
    return app


def attach(app: faust.App, name: str, source: Any, sink: Any) -> None:
    """One hop in Faust's plainest form."""

    async def hop(stream: Any) -> None:
        async for event in stream.events():
            await sink.send(key=event.key, value=event.value)

    app.agent(source, name=name)(hop)


if __name__ == "__main__":
    settings = load_settings()
    set_up(settings)
    made = {"ours": ours, "faust": plain}[sys.argv[1]](settings)
    faust.Worker(
        made, loglevel=None, override_logging=False, redirect_stdouts=False, quiet=True
    ).execute_from_commandline()
