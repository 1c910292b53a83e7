"""`newsflag doctor`: look at everything, name each fault with its fix."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from streams.cli.common import (
    PROBLEMS,
    AsJson,
    Broker,
    examples,
    new_app,
    out,
    print_json,
    running_broker,
)
from streams.display import plain
from streams.doctor.examine import examine
from streams.doctor.finding import Finding
from streams.errors import SettingsError
from streams.pipeline import PIPELINE
from streams.settings import load_settings

app = new_app()

STYLES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red", "skip": "dim"}


@app.command(
    epilog=examples("newsflag doctor", "newsflag doctor --json -b kafka:9092", "newsflag doctor -q")
)
def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", "-q", help="Don't load the model, which takes seconds.")
    ] = False,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Check settings, machine, model, lists, broker, topics, rights and workers.

    Nothing is changed, except that a transaction is begun and given up. The exit code is 1 when
    something keeps the pipeline from running rightly.
    """
    try:
        settings = load_settings(broker=broker)
    except SettingsError as error:
        findings = [Finding("settings", "fail", str(error), "`newsflag config show` lists them")]
    else:
        if not settings.broker and (found := running_broker(settings.state_dir)):
            settings = settings.model_copy(update={"broker": found})
        today = datetime.now(UTC).date()
        findings = [Finding("settings", "ok", "every one is known and right")]
        findings += asyncio.run(examine(settings, PIPELINE, today, models=not quick))
    if as_json:
        print_json([asdict(found) for found in findings])
    else:
        _print(out(), findings)
    if any(found.status == "fail" for found in findings):
        raise typer.Exit(PROBLEMS)


def _print(console: Console, findings: Sequence[Finding]) -> None:
    for found in findings:
        line = Text(f"{found.status:<5}", style=STYLES[found.status])
        line.append(f"{found.check:<16}{plain(found.told)}", style="")
        console.print(line)
        if found.fix:
            console.print(Text(f"{'':<21}→ {plain(found.fix)}", style="bold"))
    counts = {status: sum(f.status == status for f in findings) for status in STYLES}
    console.print(", ".join(f"{count} {status}" for status, count in counts.items() if count))
