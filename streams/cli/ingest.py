"""`newsflag ingest`: raw articles from a file or standard input onto `news.raw`."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from streams.cli.articles import Given, Problem, is_page, read_articles
from streams.cli.common import (
    PROBLEMS,
    AsJson,
    Broker,
    connected_settings,
    err,
    examples,
    new_app,
    print_json,
)
from streams.settings import Settings

app = new_app()


@app.command(
    epilog=examples(
        "newsflag ingest articles.jsonl",
        "curl -s URL | newsflag ingest - --url URL",
        'echo \'{"text": "Troops crossed the river."}\' | newsflag ingest - --json',
    )
)
def ingest(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The input; - is standard input.")],
    url: Annotated[
        str | None,
        typer.Option(help="Address of the page, for HTML.", show_default=False),
    ] = None,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Send raw articles into the pipeline and wait until the broker has them.

    FILE is JSONL (one article a line), one JSON document (an article or a list of articles), or a
    page of HTML, which needs --url. Fields: docs/records.md. A line that is no article is told with
    its field and the fix, the others are sent, and the exit code is 1. With --json each line
    of the output is an article's coordinates, or its error.
    """
    settings = connected_settings(broker)
    with _opened(file) as stream:
        page = is_page(stream.peek(1024)[:1024])
        if page and not url:
            raise typer.BadParameter("a page of HTML needs its address: --url https://…")
        if url and not page:
            raise typer.BadParameter("--url is for a page of HTML; in JSON write it as a field")
        counts = asyncio.run(_ingest(settings, stream, read_articles(stream, url), as_json))
    if not as_json:
        typer.echo(f"{counts[0]} sent, {counts[1]} refused")
    if counts[1]:
        raise typer.Exit(PROBLEMS)


async def _ingest(
    settings: Settings, stream: Any, articles: Iterator[Given | Problem], as_json: bool
) -> tuple[int, int]:
    """Send the articles and tell of each; how many were sent and how many were refused."""
    from streams.cli.producing import Sent, send  # noqa: PLC0415  (aiokafka is slow to import)

    sent = refused = 0
    with _progress() as progress:
        task = progress.add_task("reading", total=_total_bytes(stream), sent=0)
        async for result in send(settings, articles):
            if isinstance(result, Sent):
                sent += 1
            else:
                refused += 1
                progress.console.print(str(result), style="red", markup=False)
            read = stream.tell() if stream.seekable() else None
            progress.update(task, completed=read, sent=sent)
            if as_json:
                print_json(_as_dict(result))
    return sent, refused


def _as_dict(result: Any) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"line": result.line, "error": result.message}
    return {
        "line": result.given.line,
        "topic": result.topic,
        "partition": result.partition,
        "offset": result.offset,
        "url": result.given.article.url,
    }


def _total_bytes(stream: Any) -> int | None:
    return os.fstat(stream.fileno()).st_size if stream.seekable() else None


def _progress() -> Progress:
    """Counts on standard error; silent where that is no terminal."""
    console = err()
    return Progress(
        TextColumn("{task.fields[sent]} sent"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextlib.contextmanager
def _opened(file: str) -> Iterator[Any]:
    if file == "-":
        yield io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))
        return
    with contextlib.ExitStack() as opened:
        try:
            stream = opened.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise typer.BadParameter(f"{file} can't be read: {error.strerror}") from error
        yield stream
