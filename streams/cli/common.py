"""What the commands share: exit codes, consoles, common options, the broker to use."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from streams.errors import NewsflagError, SettingsError, TopicsError
from streams.settings import Settings, load_settings

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
CONFIGURATION: Final = 78

WIDTH_PLAIN: Final = 100
"""How wide text is laid out where the output is no terminal."""

Broker = Annotated[
    str | None,
    typer.Option(
        "--broker",
        "-b",
        metavar="HOST:PORT",
        help="Kafka bootstrap servers; else NEWSFLAG_BROKER, else the broker of a running "
        "`newsflag up`.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def new_app(**details: Any) -> typer.Typer:
    """An empty command or group of ours, as `root.COMMANDS` asks for; its texts are Markdown."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        **details,
    )


def examples(*lines: str) -> str:
    """The end of a command's help: command lines to copy."""
    return "Examples:\n\n" + "\n".join(f"- `{line}`" for line in lines)


def out() -> Console:
    """The console of standard output: results."""
    width = None if sys.stdout.isatty() else WIDTH_PLAIN
    return Console(highlight=False, soft_wrap=True, width=width)


def err() -> Console:
    """The console of standard error: progress and problems."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """Write a line on standard error; no markup is read in it."""
    err().print(Text(text, style=style))


def print_json(value: Any) -> None:
    """Write one line of JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def tell_error(error: NewsflagError) -> None:
    """Write an error that the user can mend, without a traceback."""
    err().print(Text.assemble(("error: ", "bold red"), str(error)))


def exit_code(error: NewsflagError) -> int:
    """78 for what the configuration got wrong, 1 for what went wrong out there."""
    return CONFIGURATION if isinstance(error, SettingsError | TopicsError) else PROBLEMS


def connected_settings(broker: str | None = None, **overrides: Any) -> Settings:
    """The settings with a broker: given, from the environment, or that of a running `up`.

    Raises:
        SettingsError: A setting is wrong, or no broker is known.
    """
    settings = load_settings(broker=broker, **overrides)
    if settings.broker:
        return settings
    if found := running_broker(settings.state_dir):
        return settings.model_copy(update={"broker": found})
    raise SettingsError(
        "no Kafka broker is known: give --broker HOST:PORT or set NEWSFLAG_BROKER, or run "
        "`newsflag up`, which starts one of its own"
    )


def running_broker(state_dir: Path) -> str | None:
    """The address of the embedded broker that runs in a state folder; None if none does."""
    from streams.embedded.wire import serving_brokers  # noqa: PLC0415  (seldom needed)

    try:
        known = json.loads((state_dir / "kafka" / "broker.json").read_text("utf-8"))
        port = int(known["port"])
        if serving_brokers("127.0.0.1", port, timeout_s=2.0):
            return f"127.0.0.1:{port}"
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def is_terminal(fd: int) -> bool:
    """Whether a file descriptor is a terminal: people get tables, programs get JSON."""
    try:
        return os.isatty(fd)
    except OSError:
        return False
