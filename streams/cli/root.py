"""`newsflag`: finds the module of a command, runs it, and tells errors as one clear message."""

import importlib
import logging
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from streams.cli.common import PROBLEMS, exit_code, new_app, tell_error
from streams.errors import NewsflagError

COMMANDS: Final = {
    "up": "streams.cli.up",
    "worker": "streams.cli.worker",
    "topics": "streams.cli.topics",
    "ingest": "streams.cli.ingest",
    "subscribe": "streams.cli.subscribe",
    "dead": "streams.cli.dead",
    "audit": "streams.cli.audit",
    "doctor": "streams.cli.doctor",
    "stage": "streams.cli.stage",
    "explain": "streams.cli.explain",
    "screen": "streams.cli.screen",
    "config": "streams.cli.config",
    "test": "streams.cli.testing",
    "version": "streams.cli.version",
    "work": "streams.cli.work",
}
"""Each command and its module. A module offers `app`, a `typer.Typer`: with one command it is that
command, with several (or a callback) it is a group of them."""


class Commands(TyperGroup):
    """The commands, in the order of `COMMANDS`; a module is imported when its command is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None if there is none."""
        names = self.list_commands(ctx)
        if cmd_name not in names:
            # Typer looks for the nearest right name among the commands that are loaded.
            self.commands = {name: self._load(name) for name in names}
            return None
        return self._load(cmd_name)

    def _load(self, name: str) -> Any:
        if name not in self.commands:
            module = importlib.import_module(COMMANDS[name])
            command = typer.main.get_command(module.app)
            command.name = name
            self.commands[name] = command
        return self.commands[name]


app = new_app(
    cls=Commands,
    no_args_is_help=True,
    epilog="Start here: `newsflag up`. Help for a command: `newsflag COMMAND --help`.",
)


@app.callback()
def newsflag() -> None:
    """Newsflag: news articles in, who did what to whom and whether sanctions are touched out."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command.

    Args:
        arguments: Without the program's name; None takes those of the process.

    Raises:
        SystemExit: Always, with the exit code.
    """
    # aiokafka logs every failed connection that it goes on to raise.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    command = typer.main.get_command(app)
    try:
        command.main(args=None if arguments is None else list(arguments), prog_name="newsflag")
    except NewsflagError as error:
        tell_error(error)
        sys.exit(exit_code(error))
    sys.exit(PROBLEMS)  # not reached: the command ends by itself
