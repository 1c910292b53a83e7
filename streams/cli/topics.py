"""`newsflag topics`: create the topics of the registry, list them, compare them with it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from streams import admin
from streams.cli.common import (
    PROBLEMS,
    AsJson,
    Broker,
    connected_settings,
    examples,
    new_app,
    out,
    print_json,
    say,
)
from streams.cli.names import find_topics
from streams.settings import Settings

app = new_app(help="Create, list and check the Kafka topics.", no_args_is_help=True)

Partitions = Annotated[
    int | None,
    typer.Option(min=1, max=1024, help="Partitions of a new topic.", show_default=False),
]
Replication = Annotated[
    int | None, typer.Option(min=1, max=9, help="Replicas of a new topic.", show_default=False)
]


@app.command(
    epilog=examples(
        "newsflag topics create", "newsflag topics create --partitions 16 -b kafka:9092"
    )
)
def create(
    partitions: Partitions = None,
    replication: Replication = None,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Create the topics that are missing; run again, it changes nothing.

    Topics that are there already are never altered: what differs from the registry is told, and
    the exit code is 1.
    """
    settings = connected_settings(broker, partitions=partitions, replication=replication)
    done = asyncio.run(admin.create(settings))
    if as_json:
        print_json(
            {
                "created": done.new,
                "existing": done.existing,
                "differences": _as_dicts(done.differences),
            }
        )
    else:
        for name in done.new:
            typer.echo(f"created {name}")
        typer.echo(f"{len(done.new)} created, {len(done.existing)} were there")
    _tell(done.differences)


@app.command(name="list", epilog=examples("newsflag topics list", "newsflag topics list --json"))
def list_(broker: Broker = None, as_json: AsJson = False) -> None:
    """List the topics: partitions, record type, what is in them."""
    settings = connected_settings(broker)
    found = asyncio.run(admin.states(settings))
    if as_json:
        print_json([_summary(state) for state in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("topic", "partitions", "record", "about"):
        table.add_column(column, no_wrap=column != "about")
    for state in found:
        count = str(state.partitions) if state.exists else "missing"
        table.add_row(state.name, count, state.topic.record or "bytes", state.topic.about)
    out().print(table)


@app.command(
    epilog=examples("newsflag topics describe", "newsflag topics describe enriched dead --json")
)
def describe(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOPIC]...", help="Full or short names; none: all."),
    ] = None,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Show how topics are laid out, and what differs from the registry (exit code 1)."""
    topics = find_topics(names or [])
    settings = connected_settings(broker)
    found = asyncio.run(admin.states(settings, topics))
    differences = [d for state in found for d in state.differences(settings)]
    if as_json:
        print_json([_details(state, settings) for state in found])
    else:
        for state in found:
            _print_state(state)
    _tell(differences, missing=[state.name for state in found if not state.exists])


def _print_state(state: admin.TopicState) -> None:
    typer.echo(f"{state.name}: {state.topic.about}")
    if not state.exists:
        typer.echo("  missing")
        return
    typer.echo(f"  partitions={state.partitions} replication={state.replication}")
    for name, value in state.config.items():
        typer.echo(f"  {name}={value}")
    if state.offline:
        typer.echo(f"  without a leader: {', '.join(map(str, state.offline))}")


def _summary(state: admin.TopicState) -> dict[str, Any]:
    return {
        "topic": state.name,
        "partitions": state.partitions,
        "replication": state.replication,
        "record": state.topic.record,
        "public": state.topic.public,
        "about": state.topic.about,
    }


def _details(state: admin.TopicState, settings: Settings) -> dict[str, Any]:
    return {
        **_summary(state),
        "config": state.config,
        "offline": state.offline,
        "differences": _as_dicts(state.differences(settings)),
    }


def _as_dicts(differences: Sequence[admin.Difference]) -> list[dict[str, str]]:
    return [
        {"topic": d.topic, "setting": d.setting, "found": d.found, "wanted": d.wanted}
        for d in differences
    ]


def _tell(differences: Sequence[admin.Difference], missing: Sequence[str] = ()) -> None:
    for difference in differences:
        say(str(difference), "yellow")
    if differences:
        say(
            "these topics are left as they are: change the setting (docs/settings.md), or the "
            "topic with your cluster's own tools"
        )
    if missing:
        say(f"missing: {', '.join(missing)}; `newsflag topics create` makes them", "yellow")
    if differences or missing:
        raise typer.Exit(PROBLEMS)
