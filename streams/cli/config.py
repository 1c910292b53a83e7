"""`newsflag config`: the settings in force, where each comes from, and whether they can work."""

import os
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from pydantic import SecretStr
from rich.table import Table

from streams.cli.common import AsJson, examples, new_app, out, print_json, say
from streams.errors import SettingsError
from streams.settings import PREFIX, Settings, load_settings

HIDDEN: Final = "(hidden)"

app = new_app(help="Show and check the settings.", no_args_is_help=True)


@app.callback()
def config() -> None:
    """Show and check the settings."""


@app.command(
    epilog=examples(
        "newsflag config show", "newsflag config show --check", "newsflag config show --json"
    )
)
def show(
    check: Annotated[
        bool,
        typer.Option("--check", help="Also look whether files and stages that are named exist."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show every setting, its value and where it comes from; secrets are hidden.

    A setting that is unknown, mistyped or contradicts another ends in exit code 78.
    """
    settings = load_settings()
    rows = describe(settings, os.environ)
    if as_json:
        print_json(rows)
    else:
        table = Table(box=None, pad_edge=False)
        for column in ("setting", "value", "from"):
            table.add_column(column, no_wrap=column != "value", overflow="fold")
        for row in rows:
            style = "bold" if row["origin"] == "environment" else ""
            value = "" if row["value"] is None else _plain(row["value"])
            table.add_row(row["name"], value, row["origin"], style=style)
        out().print(table, soft_wrap=False)
        typer.echo("What each is for: docs/settings.md, or `newsflag config show --json`.")
    if check:
        check_files(settings)
        say("the settings are consistent, and what they name is there", "green")


def describe(settings: Settings, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a setting: `name`, `value` (secrets hidden), `origin`, `about`."""
    rows = []
    for field, info in Settings.model_fields.items():
        value = getattr(settings, field)
        name = PREFIX + field.upper()
        if isinstance(value, SecretStr):
            value = HIDDEN
        elif isinstance(value, tuple):
            value = list(value)
        elif not isinstance(value, str | int | float | bool | None):
            value = str(value)
        origin = "environment" if environ.get(name) else "default"
        rows.append(
            {"name": name, "value": value, "origin": origin, "about": info.description or ""}
        )
    return rows


def check_files(settings: Settings) -> None:
    """Check what the settings name outside themselves: certificates, stages, lists, state folder.

    Raises:
        SettingsError: Something is missing or can't be used.
    """
    from streams.kafka import ssl_context  # noqa: PLC0415  (aiokafka is slow to import)
    from streams.pipeline import choose  # noqa: PLC0415  (so are the stages)

    ssl_context(settings)
    choose(settings.stages)
    for path in settings.options().lists:
        if not path.is_file():
            raise SettingsError(f"{PREFIX}LISTS names {path}, which is no file")
    folder = settings.state_dir
    while not folder.exists():
        folder = folder.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise SettingsError(f"{PREFIX}STATE_DIR is {settings.state_dir}: {folder} can't be written")


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
