"""`newsflag subscribe`: print the records of a topic as they are committed."""

import asyncio
import contextlib
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from streams.cli.common import PROBLEMS, Broker, connected_settings, examples, new_app, out
from streams.cli.names import find_topic
from streams.cli.reading import Start, Until, parse_start, read
from streams.cli.records import json_line, print_text, row, row_head
from streams.settings import Settings
from streams.topics import Topic

app = new_app()


class Form(StrEnum):
    """How records are printed."""

    JSONL = "jsonl"
    TABLE = "table"
    TEXT = "text"


@app.command(
    epilog=examples(
        "newsflag subscribe enriched",
        "newsflag subscribe flagged --from -2h --format text",
        "newsflag subscribe enriched --from earliest --to-end > articles.jsonl",
        "newsflag subscribe outcomes --limit 10 --timeout 30",
    )
)
def subscribe(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="Full or short name: news.enriched, enriched.")
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="earliest|latest|TIME",
            help="Where to begin; TIME is ISO 8601 (UTC) or an age as -2h (s, m, h, d).",
        ),
    ] = "latest",
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help="One JSON a line, one row a line, or readable text; unset: table on a terminal, "
            "else jsonl.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Stop after so many records.", show_default=False),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            min=0.1, metavar="S", help="Stop after S seconds without a record.", show_default=False
        ),
    ] = None,
    to_end: Annotated[
        bool, typer.Option("--to-end", help="Stop at the end that the topic has now.")
    ] = False,
    meta: Annotated[
        bool,
        typer.Option(
            "--meta",
            help="In jsonl: print coordinates, time, key and headers around the value; always "
            "for dead, whose reasons are in the headers.",
        ),
    ] = False,
    broker: Broker = None,
) -> None:
    """Print the records of a topic until Ctrl-C, or as told.

    Only committed records are read (`read_committed`): each result is seen exactly once. The exit
    code is 1 when a limit was set and fewer records came.
    """
    found = find_topic(topic)
    try:
        begin = parse_start(start, datetime.now(UTC))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings = connected_settings(broker)
    chosen = form or (Form.TABLE if sys.stdout.isatty() else Form.JSONL)
    until = Until(limit=limit, timeout_s=timeout, end=to_end)
    count = asyncio.run(_print_all(settings, found, begin, until, chosen, meta=meta))
    if limit is not None and count < limit:
        raise typer.Exit(PROBLEMS)


async def _print_all(
    settings: Settings, topic: Topic, start: Start, until: Until, form: Form, *, meta: bool
) -> int:
    """Print the records as they come; how many they were."""
    if form is Form.TABLE:
        typer.echo(row_head(topic))
    console, count = out(), 0
    async with contextlib.aclosing(read(settings, topic, start, until)) as records:
        async for record in records:
            count += 1
            if form is Form.JSONL:
                typer.echo(json_line(topic, record, meta=meta))
            elif form is Form.TABLE:
                typer.echo(row(topic, record))
            else:
                print_text(console, topic, record)
    return count
