"""`newsflag dead`: list dead letters, show one, send them in again."""

import asyncio
import base64
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from streams import dead
from streams.cli.common import (
    PROBLEMS,
    AsJson,
    Broker,
    connected_settings,
    examples,
    is_terminal,
    new_app,
    print_json,
    say,
)
from streams.cli.reading import parse_start
from streams.delivery.wire import ERROR
from streams.display import plain
from streams.pipeline import PIPELINE
from streams.settings import Settings

app = new_app(help="List, show and replay records that can't be processed.", no_args_is_help=True)

STDOUT: Final = 1
HEX_BYTES_SHOWN: Final = 512
TEXT_CHARS_SHOWN: Final = 20_000

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]...", help="Coordinates on news.dead: PARTITION/OFFSET."),
]
Stage = Annotated[
    str | None, typer.Option("--stage", help="The stage that failed.", show_default=False)
]
Code = Annotated[
    str | None,
    typer.Option(
        "--code",
        help="The code, or its part before the colon: `crash` for all crashes.",
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="TIME",
        help="Records appended at TIME or later: ISO 8601 (UTC) or an age as -2h.",
        show_default=False,
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--to", metavar="TIME", help="Records appended before TIME.", show_default=False),
]


@app.command(
    name="list",
    epilog=examples(
        "newsflag dead list",
        "newsflag dead list --stage entities --code timeout --from -2h",
        "newsflag dead list --open --json",
    ),
)
def list_(
    ids: Ids = None,
    stage: Stage = None,
    code: Code = None,
    since: Since = None,
    until: Until = None,
    open_: Annotated[bool, typer.Option("--open", help="Only those never replayed.")] = False,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters: id, time of the record, stage, code, how often replayed, message.

    With --json each line is one of them, without its payload. Nothing is changed.
    """
    settings = connected_settings(broker)
    choice = _choice(settings, ids, stage, code, since, until)
    asyncio.run(_list(settings, choice, open_only=open_, as_json=as_json))


async def _list(settings: Settings, choice: dead.Choice, *, open_only: bool, as_json: bool) -> None:
    times, counts = await dead.times_replayed(settings), Counter[str]()
    if not as_json:
        typer.echo(f"{'id':<12}{'time':<21}{'stage':<11}{'code':<22}{'replayed':<10}message")
    async for letter in dead.find(settings, choice):
        if open_only and times[letter.id]:
            continue
        counts[f"{letter.error('stage')} {letter.error('code')}"] += 1
        if as_json:
            print_json(_as_dict(letter, times[letter.id]))
        else:
            typer.echo(_row(letter, times[letter.id]))
    if not as_json:
        told = ", ".join(f"{count} {plain(what)}" for what, count in counts.most_common(8))
        say(f"{counts.total()} dead letters" + (f": {told}" if told else ""))


@app.command(
    epilog=examples(
        "newsflag dead show 3/17",
        "newsflag dead show 3/17 --json",
        "newsflag dead show 3/17 --bytes > payload.json",
    )
)
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Coordinates: PARTITION/OFFSET.")],
    raw: Annotated[
        bool, typer.Option("--bytes", help="Write the original value alone, byte for byte.")
    ] = False,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Show a dead letter: why it failed, its headers, its original bytes.

    Text is shown with control characters replaced, anything else as hexadecimal digits, so that
    nothing in a record can move a terminal's cursor. --bytes writes the value as it was, to be
    edited and replayed with --edit; not to a terminal.
    """
    settings = connected_settings(broker)
    choice = _choice(settings, [id_], None, None, None, None)
    if raw and is_terminal(STDOUT):
        raise typer.BadParameter("--bytes does not write to a terminal: send it to a file")
    letter, times = asyncio.run(_one(settings, choice))
    if letter is None:
        say(f"there is no dead letter {choice.ids[0]}, or it is kept no more", "red")
        raise typer.Exit(PROBLEMS)
    if raw:
        sys.stdout.buffer.write(letter.record.value or b"")
    elif as_json:
        print_json(_as_dict(letter, times) | _payload(letter))
    else:
        _print(letter, times)


async def _one(settings: Settings, choice: dead.Choice) -> tuple[dead.DeadLetter | None, int]:
    found = [letter async for letter in dead.find(settings, choice)]
    if not found:
        return None, 0
    times = await dead.times_replayed(settings)
    return found[0], times[found[0].id]


@app.command(
    epilog=examples(
        "newsflag dead replay 3/17 --dry-run",
        "newsflag dead replay --stage sanctions --code unavailable",
        "newsflag dead replay 3/17 --edit payload.json",
        "newsflag dead replay --all --from -1d",
    )
)
def replay(
    ids: Ids = None,
    stage: Stage = None,
    code: Code = None,
    since: Since = None,
    until: Until = None,
    all_: Annotated[bool, typer.Option("--all", help="Needed if nothing else is chosen.")] = False,
    edit: Annotated[
        Path | None,
        typer.Option(
            "--edit",
            metavar="FILE",
            help="Send the bytes of FILE instead, marked as edited; for one ID.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also those that were replayed before.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, write nothing.")] = False,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Send dead letters in again, to the topic that the failed stage reads.

    Key, value, headers and time are the original ones. Each is replayed once unless --again; how
    it ends then is accounted to the original raw record. The exit code is 1 if one of them could
    not be sent, or none was found.
    """
    settings = connected_settings(broker)
    choice = _choice(settings, ids, stage, code, since, until)
    if choice == dead.Choice() and not all_:
        raise typer.BadParameter("say which ones: IDs, --stage, --code, --from, --to, or --all")
    if edit is not None and len(choice.ids) != 1:
        raise typer.BadParameter("--edit needs exactly one ID")
    order = dead.Order(again=again, edited=_edited(edit), dry_run=dry_run)
    sent, left = asyncio.run(_replay(settings, choice, order, as_json=as_json))
    if not as_json:
        verb = "would be replayed" if dry_run else "replayed"
        typer.echo(f"{sent} {verb}, {left} left alone")
    if left or not sent:
        raise typer.Exit(PROBLEMS)


async def _replay(
    settings: Settings, choice: dead.Choice, order: dead.Order, *, as_json: bool
) -> tuple[int, int]:
    sent = left = 0
    async for done in dead.replay(settings, PIPELINE, choice, order):
        sent, left = sent + (not done.refused), left + bool(done.refused)
        if as_json:
            print_json(
                {
                    "id": done.letter.id,
                    "topic": done.topic,
                    "replayed": not done.refused and not order.dry_run,
                    "times_before": done.times_before,
                    "refused": done.refused or None,
                }
            )
        else:
            to = f"left alone: {done.refused}" if done.refused else f"to {done.topic}"
            typer.echo(plain(f"{_short(done.letter.id)}  {to}"))
    return sent, left


def _edited(file: Path | None) -> bytes | None:
    try:
        return None if file is None else file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be read: {error.strerror}") from error


def _choice(
    settings: Settings,
    ids: Sequence[str] | None,
    stage: str | None,
    code: str | None,
    since: str | None,
    until: str | None,
) -> dead.Choice:
    if stage is not None and stage not in (known := [stage.name for stage in PIPELINE]):
        raise typer.BadParameter(f"{stage} is no stage; there are {', '.join(known)}")
    try:
        full = tuple(dead.full_id(settings, text) for text in ids or ())
        return dead.Choice(full, stage, code, _moment(since), _moment(until))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = parse_start(text, datetime.now(UTC))
    if not isinstance(found, datetime):
        raise typer.BadParameter(f"{text} is no time: write 2026-11-24T08:00, or an age as -2h")
    return found


def _row(letter: dead.DeadLetter, times: int) -> str:
    time = letter.time.strftime("%Y-%m-%d %H:%M:%S") if letter.time else "-"
    told = letter.error("message")[:200]
    return plain(
        f"{_short(letter.id):<12}{time:<21}{letter.error('stage'):<11}{letter.error('code'):<22}"
        f"{times or '':<10}{told}"
    )


def _short(coordinates: str) -> str:
    return coordinates.partition("/")[2]


def _as_dict(letter: dead.DeadLetter, times: int) -> dict[str, Any]:
    return {
        "id": letter.id,
        "time": letter.time.isoformat() if letter.time else None,
        "stage": letter.error("stage"),
        "code": letter.error("code"),
        "message": letter.error("message"),
        "source": letter.source,
        "origin": letter.record.origin,
        "pointer": letter.pointer,
        "bytes": len(letter.record.value or b""),
        "replayed": times,
        "replay_of": letter.record.replay,
    }


def _payload(letter: dead.DeadLetter) -> dict[str, Any]:
    record = letter.record
    headers = [(n, None if v is None else v.decode("utf-8", "replace")) for n, v in record.headers]
    told: dict[str, Any] = {
        "key": None if record.key is None else record.key.decode("utf-8", "replace"),
        "headers": headers,
        "traceback": letter.error("traceback") or None,
    }
    try:
        return told | {"value": None if record.value is None else record.value.decode()}
    except UnicodeDecodeError:
        return told | {"value_base64": base64.b64encode(record.value or b"").decode("ascii")}


def _print(letter: dead.DeadLetter, times: int) -> None:
    facts = _as_dict(letter, times)
    for name, value in facts.items():
        if value not in (None, "", False):
            typer.echo(f"{name:<10} {plain(str(value))}")
    for line in letter.error("traceback").splitlines():
        typer.echo(f"  {plain(line)}")
    typer.echo("headers")
    for name, value in letter.record.headers:
        if not name.startswith(ERROR):
            typer.echo(f"  {plain(name)}: {plain((value or b'').decode('utf-8', 'replace'))}")
    key = letter.record.key
    typer.echo(f"key        {'(none)' if key is None else plain(key.decode('utf-8', 'replace'))}")
    typer.echo("value")
    for line in _value_lines(letter.record.value):
        typer.echo(f"  {line}")


def _value_lines(value: bytes | None) -> list[str]:
    """The value for a terminal: JSON indented, other text as it is, bytes as a hexadecimal dump."""
    if value is None:
        return ["(none)"]
    try:
        text = value.decode("utf-8")
        text = orjson.dumps(orjson.loads(value), option=orjson.OPT_INDENT_2).decode()
    except UnicodeDecodeError:
        return _dump(value)
    except orjson.JSONDecodeError:
        pass
    lines = [plain(line) for line in text[:TEXT_CHARS_SHOWN].split("\n")]
    if len(text) > TEXT_CHARS_SHOWN:
        lines.append(f"… {len(text) - TEXT_CHARS_SHOWN} more characters (--bytes writes all)")
    return lines


def _dump(value: bytes) -> list[str]:
    lines = []
    for at in range(0, min(len(value), HEX_BYTES_SHOWN), 16):
        part = value[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{at:08x}  {part.hex(' '):<47}  {shown}")
    if len(value) > HEX_BYTES_SHOWN:
        lines.append(f"… {len(value) - HEX_BYTES_SHOWN} more bytes (--bytes writes all)")
    return lines
