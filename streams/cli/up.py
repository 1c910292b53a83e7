"""`newsflag up`: everything at once, from nothing to enriched records on the screen.

Broker (an embedded one where none is set), topics, workers, sample feed, first results; then it
serves until Ctrl-C and stops in order what it started.
"""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Self

import typer
from rich.console import Console
from rich.text import Text

from streams import admin
from streams.cli.common import examples, new_app, out
from streams.cli.serving import Plan, serve
from streams.cli.version import own_version
from streams.cli.worker import Slots
from streams.cli.workers import worker_command, worker_environment
from streams.errors import NewsflagError, SettingsError
from streams.settings import Settings, load_settings
from streams.supervisor import EXIT_CONFIGURATION, Event, Supervisor

LOG_LINES_TOLD: Final = 12
PORT_TRIES: Final = 100

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
    console = out()
    console.print(Text(f"Newsflag {own_version()}", style="bold"))
    # SIGTERM is Ctrl-C by another name, also while nothing runs yet that could be stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = _up(console, settings, slots, sample=sample, once=once)
    except KeyboardInterrupt:
        code = 0
    console.print("stopped")
    raise typer.Exit(code)


def _up(
    console: Console, settings: Settings, slots: int, *, sample: bool | None, once: bool
) -> int:
    with contextlib.ExitStack() as started:
        embedded = settings.broker is None
        if embedded:
            bootstrap = started.enter_context(_embedded_broker(console, settings))
            settings = settings.model_copy(update={"broker": bootstrap})
        _topics(console, settings)
        workers = started.enter_context(Workers(console, settings, slots))
        plan = Plan(settings, slots, embedded=embedded, sample=sample, once=once)
        return asyncio.run(serve(console, plan, workers.check))


@contextlib.contextmanager
def _embedded_broker(console: Console, settings: Settings) -> Iterator[str]:
    from streams.embedded import EmbeddedBroker  # noqa: PLC0415  (only where none is set)

    def report(text: str) -> None:
        console.print(Text(text))

    broker = EmbeddedBroker(settings.state_dir, report=report)
    with console.status("starting Kafka"):
        bootstrap = broker.start()
    try:
        console.print(Text(f"broker   {bootstrap}, embedded, data in {settings.state_dir}"))
        yield bootstrap
    finally:
        console.print("stopping the broker")
        broker.stop()


def _topics(console: Console, settings: Settings) -> None:
    made = asyncio.run(admin.create(settings))
    count = len(made.new) + len(made.existing)
    console.print(Text(f"topics   {count}, {len(made.new)} of them new"))
    for difference in made.differences:
        console.print(Text(str(difference), style="yellow"))


class Workers:
    """Supervised workers on a thread of their own; stopped in order, or killed at a second ask."""

    def __init__(self, console: Console, settings: Settings, slots: int) -> None:
        self._console = console
        self._logs = settings.state_dir / "logs"
        self._supervisor = Supervisor(
            worker_command,
            slots,
            log_dir=self._logs,
            env=worker_environment(settings, slots),
            on_event=self._tell,
        )
        self._result: int | None = None
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def check(self) -> None:
        """See that the workers have not been given up.

        Raises:
            SettingsError: They found their configuration wrong.
            NewsflagError: They can't be started.
        """
        if self._thread.is_alive():
            return
        log = self._logs / "worker-0.log"
        last = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
        told = "\n".join(["the workers gave up:", *last[-LOG_LINES_TOLD:], f"The log: {log}"])
        raise (SettingsError if self._result == EXIT_CONFIGURATION else NewsflagError)(told)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._thread.is_alive():
            return
        self._console.print("stopping the workers")
        self._supervisor.stop()
        # A second Ctrl-C means at once.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._supervisor.stop())
        self._thread.join()

    def _run(self) -> None:
        self._result = self._supervisor.run()

    def _tell(self, event: Event) -> None:
        if event.kind in {"ended", "killed", "misconfigured"}:
            log = self._logs / f"worker-{event.slot}.log"
            self._console.print(Text(f"{event}; its log: {log}", style="red"))


def web_ports(settings: Settings, slots: int) -> int:
    """The first of as many free ports in a row as there are workers.

    Raises:
        SettingsError: One of the ports that are set is taken.
    """
    if settings.web_port:
        for port in range(settings.web_port, settings.web_port + slots):
            if not _is_free(settings.web_host, port):
                raise SettingsError(
                    f"port {port} for the web views is taken, perhaps by another `newsflag up`: "
                    "stop that one, or choose another with --port (0: a free one)"
                )
        return settings.web_port
    for _ in range(PORT_TRIES):
        with socket.socket() as probe:
            probe.bind((settings.web_host, 0))
            first: int = probe.getsockname()[1]
        if all(_is_free(settings.web_host, port) for port in range(first, first + slots)):
            return first
    raise SettingsError(f"no {slots} free ports in a row were found on {settings.web_host}")


def _is_free(host: str, port: int) -> bool:
    if port > 65535:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
