"""`newsflag stage`: the pure stages over JSON lines, without Kafka, as fast as the model is."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import orjson
import typer

from agents.stage import Stage
from schemas import ArticleRecord, RawArticle
from schemas.bare import bare_record
from streams.cli.common import PROBLEMS, examples, new_app, say
from streams.errors import NewsflagError, SettingsError
from streams.execution import Dead, Emit, Job, Reject, Result
from streams.settings import Settings, load_settings
from streams.topics import RAW

app = new_app()

CHUNK_RECORDS: Final = 8
CHUNKS_A_PROCESS: Final = 3
"""Chunks given to the pool ahead, for each of its processes."""


@app.command(
    epilog=examples(
        "newsflag stage all articles.jsonl > enriched.jsonl",
        "newsflag stage clean - < pages.jsonl",
        'echo \'{"text": "Troops crossed the river.", "published": "2026-11-20"}\' '
        "| newsflag stage entities,events,sanctions",
    )
)
def stage(
    names: Annotated[
        str, typer.Argument(metavar="NAME[,NAME…]|all", help="The stages, in the flow's order.")
    ],
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - is stdin.")] = "-",
) -> None:
    """Run stages over JSON lines, without Kafka; one record a line comes out, in order.

    The input is what the first stage's topic carries. A list that starts after `clean` also takes
    a bare {"text", "published", "language", "title", "url"} as an article that is clean already.
    Unknown fields come out under `extra`. A record that a stage turns down comes out as
    {"outcome": "rejected", "reason": …}; one that can't be processed goes to standard error, and
    the exit code is 1.
    """
    from streams.pipeline import choose  # noqa: PLC0415  (the stages' libraries are slow to import)

    settings = load_settings()
    chosen = choose([] if names == "all" else [name.strip() for name in names.split(",")])
    _check_chain(chosen)
    if file != "-" and not Path(file).is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE")
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
        failed = asyncio.run(_run(settings, chosen, _inputs(chosen[0], lines), sys.stdout.buffer))
    if failed:
        raise typer.Exit(PROBLEMS)


def _check_chain(chosen: Sequence[Stage]) -> None:
    for before, after in pairwise(chosen):
        if before.sink != after.source:
            raise SettingsError(f"{after.name} does not follow {before.name}: a stage is left out")


class StageInput:
    """One line: the job for the pool, or why there is none."""

    def __init__(self, number: int, line: bytes, first: Stage) -> None:
        self.number = number
        self.extra: dict[str, Any] = {}
        self.job = Job(line, f"line/{number}")
        try:
            fields = orjson.loads(line)
        except orjson.JSONDecodeError:
            return  # the stage says what is wrong with it
        if isinstance(fields, dict):
            self.extra, value = _prepared(fields, first)
            self.job = Job(value, self.job.input)


def _prepared(fields: dict[str, Any], first: Stage) -> tuple[dict[str, Any], bytes]:
    given = fields.get("extra")
    extra = dict(given) if isinstance(given, dict) else {}
    if first.source == RAW:
        known = set(RawArticle.model_fields)
    elif "article" in fields:
        known = {field.alias or name for name, field in ArticleRecord.model_fields.items()}
    else:
        return bare_record(fields)
    unknown = {name: value for name, value in fields.items() if name not in known}
    extra = {**unknown, **extra}
    kept = {name: value for name, value in fields.items() if name in known}
    return extra, orjson.dumps({**kept, "extra": extra})


def _inputs(first: Stage, lines: BinaryIO) -> Iterator[StageInput]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield StageInput(number, line, first)


async def _run(
    settings: Settings, chosen: Sequence[Stage], inputs: Iterator[StageInput], output: BinaryIO
) -> int:
    from streams.model_process import one_thread_each  # noqa: PLC0415  (not needed for --help)
    from streams.pool import Pool  # noqa: PLC0415

    first = list(islice(inputs, CHUNK_RECORDS))
    more = list(islice(inputs, 1))
    processes = (settings.pool_processes or os.cpu_count() or 1) if more else 1
    one_thread_each()
    pool = Pool(
        chosen,
        settings.options(),
        processes=processes,
        time_limit_s=settings.record_time_limit_s * CHUNK_RECORDS,
        memory_mb=settings.pool_memory_mb,
    )
    names = [stage.name for stage in chosen]
    failed = 0
    pending: deque[tuple[list[StageInput], asyncio.Task[list[Result]]]] = deque()
    try:
        try:
            await pool.warm()
        except Exception as error:
            raise NewsflagError(f"the stages can't be loaded: {error}") from error
        for chunk in _chunks(chain(first, more, inputs)):
            jobs = [item.job for item in chunk]
            pending.append((chunk, asyncio.create_task(pool.work(names, jobs))))
            if len(pending) >= processes * CHUNKS_A_PROCESS:
                failed += _write(output, *await _next(pending))
        while pending:
            failed += _write(output, *await _next(pending))
    finally:
        await pool.stop()
    return failed


def _chunks(inputs: Iterable[StageInput]) -> Iterator[list[StageInput]]:
    iterator = iter(inputs)
    while chunk := list(islice(iterator, CHUNK_RECORDS)):
        yield chunk


async def _next(
    pending: deque[tuple[list[StageInput], asyncio.Task[list[Result]]]],
) -> tuple[list[StageInput], list[Result]]:
    chunk, task = pending.popleft()
    return chunk, await task


def _write(output: BinaryIO, chunk: Sequence[StageInput], results: Sequence[Result]) -> int:
    failed = 0
    for item, result in zip(chunk, results, strict=True):
        match result:
            case Emit():
                output.write(result.value + b"\n")
            case Reject():
                end = {"outcome": "rejected", "reason": result.reason, "detail": result.detail}
                known = {"article": result.article, "url": result.url}
                output.write(orjson.dumps({**end, **known, "extra": item.extra}) + b"\n")
            case Dead():
                failed += 1
                end = {"outcome": "dead", "code": result.code, "message": result.message}
                say(orjson.dumps({**end, "line": item.number, "extra": item.extra}).decode())
    output.flush()
    return failed
