"""`newsflag up`: everything at once, from nothing to enriched records on the screen.

Broker (an embedded one where none is set), topics, workers, sample feed, first results; then it
serves until Ctrl-C and stops in order what it started.
"""

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Annotated, Final

import typer

from streams import admin
from streams.cli.common import OK, examples, new_app, out
from streams.cli.running import OwnBroker, Voice, Workers, web_ports
from streams.cli.serving import Plan, serve
from streams.cli.version import own_version
from streams.cli.worker import Slots
from streams.settings import Settings, load_settings

LOOK_EVERY_S: Final = 0.2

app = new_app()


@app.command(
    epilog=examples(
        "newsflag up",
        "newsflag up --slots 2 --port 8080",
        "newsflag up --sample --once",
        "NEWSFLAG_BROKER=kafka:9092 newsflag up",
    )
)
def up(
    slots: Slots = 1,
    sample: Annotated[
        bool | None,
        typer.Option(
            "--sample/--no-sample",
            help="Send the sample feed; unset: at the first start of the embedded broker only.",
            show_default=False,
        ),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Stop once the results have been shown.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port of the web views; 0: a free one."),
    ] = None,
    state_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of the broker's data and the logs.", show_default=False),
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option(
            "--broker",
            "-b",
            metavar="HOST:PORT",
            help="Kafka bootstrap servers, else NEWSFLAG_BROKER; unset: an embedded Kafka.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start everything, show the first enriched records, serve until Ctrl-C.

    Without a broker set it starts an embedded Kafka of its own, whose data stays in the state
    folder. The sample feed is sent when that broker is new; later starts show the latest records
    that are there, and those that come. To a broker of yours it is sent with --sample only.

    The first records are shown whole, later ones as a row each. With --once the exit code is 1 if
    an article of the sample did not come through.
    """
    settings = load_settings(broker=broker, web_port=port, state_dir=state_dir)
    settings = settings.model_copy(update={"web_port": web_ports(settings, slots)})
    voice = Voice(out())
    voice(f"Newsflag {own_version()}", "bold")
    # SIGTERM is Ctrl-C by another name, also while nothing runs yet that could be stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = _up(voice, settings, slots, sample=sample, once=once)
    except KeyboardInterrupt:
        code = OK
    voice("stopped")
    raise typer.Exit(code)


def _up(voice: Voice, settings: Settings, slots: int, *, sample: bool | None, once: bool) -> int:
    with contextlib.ExitStack() as started:
        broker = None
        if settings.broker is None:
            broker = started.enter_context(OwnBroker(voice, settings))
            settings = settings.model_copy(update={"broker": broker.bootstrap})
        _topics(voice, settings)
        workers = started.enter_context(Workers(voice, settings, slots))

        async def watch() -> None:
            while True:
                workers.check()
                if broker is not None:
                    await broker.keep_up()
                await asyncio.sleep(LOOK_EVERY_S)

        plan = Plan(settings, slots, embedded=broker is not None, sample=sample, once=once)
        return asyncio.run(serve(voice.console, plan, watch()))


def _topics(voice: Voice, settings: Settings) -> None:
    made = asyncio.run(admin.create(settings))
    voice(f"topics   {len(made.new) + len(made.existing)}, {len(made.new)} of them new")
    for difference in made.differences:
        voice(str(difference), "yellow")
