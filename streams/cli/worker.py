"""`newsflag worker`: workers under a supervisor, against a broker that is there."""

import asyncio
from typing import Annotated

import typer

from streams import admin
from streams.cli.common import Broker, connected_settings, examples, new_app, say
from streams.cli.workers import worker_command, worker_environment
from streams.supervisor import Supervisor

app = new_app()

Slots = Annotated[
    int, typer.Option(min=1, max=64, help="Worker processes on this machine.", metavar="N")
]


@app.command(
    epilog=examples(
        "NEWSFLAG_BROKER=kafka:9092 newsflag worker",
        "newsflag worker --slots 2 --stages entities,events -b kafka:9092",
    )
)
def worker(
    slots: Slots = 1,
    stages: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="Run only these stages: clean, entities, events, sanctions.",
            show_default=False,
        ),
    ] = None,
    broker: Broker = None,
) -> None:
    """Run workers until SIGTERM or Ctrl-C; one that ends is started again.

    The topics have to be there (`newsflag topics create`). What the workers log goes to standard
    error, each line behind the worker's number. A wrong setting ends in exit code 78.
    """
    from streams.pipeline import choose  # noqa: PLC0415  (the stages' libraries are slow to import)

    settings = connected_settings(broker, stages=stages)
    choose(settings.stages)
    asyncio.run(admin.check(settings))
    supervisor = Supervisor(
        worker_command,
        slots,
        env=worker_environment(settings, slots),
        on_event=lambda event: say(str(event)),
    )
    raise typer.Exit(supervisor.run())
