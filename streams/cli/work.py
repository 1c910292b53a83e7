"""`newsflag work`: one worker process, as the supervisor starts it."""

from typing import Annotated

import typer

from streams.cli.common import Broker, connected_settings, examples, new_app

app = new_app()


@app.command(epilog=examples("newsflag work --slot 1 -b kafka:9092"))
def work(
    slot: Annotated[
        int | None, typer.Option(min=0, help="Number of this worker on its machine.")
    ] = None,
    broker: Broker = None,
) -> None:
    """Run one worker in this process, without a supervisor, until SIGTERM or Ctrl-C.

    When it must not go on (it was fenced, or a transaction failed) it ends with exit code 70, and
    has to be started again: `newsflag worker` does so.
    """
    settings = connected_settings(broker, slot=slot)
    from streams.worker import run_worker  # noqa: PLC0415  (the stages' libraries are slow to load)

    run_worker(settings)
