"""`newsflag screen`: names against sanctions lists, without articles and without Kafka."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from streams.cli.common import PROBLEMS, examples, new_app, say
from streams.errors import SettingsError
from streams.settings import load_settings

app = new_app()


@app.command(
    epilog=examples(
        "newsflag screen names.jsonl --list sdn.csv --list un.xml",
        'echo \'{"id": 1, "name": "Wladimir Putin", "kind": "person"}\' | newsflag screen -',
    )
)
def screen(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - is stdin.")],
    lists: Annotated[
        list[Path] | None,
        typer.Option(
            "--list",
            metavar="FILE",
            help="A list's file, or the folder of OFAC's CSV files; else NEWSFLAG_LISTS, else the "
            "starter list.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Screen names; one answer a line comes out, in order.

    A line is {"id", "name", "kind", "countries", "context"}; kind is person, organization, vessel,
    aircraft or any, and all but the name may be missing. The answer is {"id", "matches"}; each
    match has entry, list, name, matched_name, score, decision (match or review), parts and gates.
    A line that can't be screened goes to standard error, and the exit code is 1.
    """
    from agents.sanctions.loading import Refused, load_list, starter_path  # noqa: PLC0415
    from agents.sanctions.screen import Screener, screen_records  # noqa: PLC0415  (slow to load)

    paths = lists or load_settings().options().lists or (starter_path(),)
    try:
        screener = Screener([load_list(path) for path in paths])
    except (OSError, Refused) as error:
        raise SettingsError(f"a sanctions list can't be used: {error}") from error
    failed = False
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                [answer] = screen_records(screener, [_record(line)])
            except ValueError as error:
                failed = True
                say(json.dumps({"line": number, "error": str(error)}, ensure_ascii=False))
                continue
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(PROBLEMS)


def _record(line: bytes) -> dict[str, Any]:
    record = orjson.loads(line)
    if not isinstance(record, dict):
        # A wrong line is told like any other wrong value.
        raise ValueError(  # noqa: TRY004
            f'a line is an object like {{"id": 1, "name": "…"}}, not {record!r:.40}'
        )
    return record
