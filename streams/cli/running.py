"""What `up` starts and stops: the embedded broker, the workers, the ports of their web views."""

import asyncio
import contextlib
import signal
import socket
import threading
from typing import Final, Self

from rich.console import Console
from rich.text import Text

from streams.cli.workers import worker_command, worker_environment
from streams.errors import NewsflagError, SettingsError
from streams.settings import Settings
from streams.supervisor import EXIT_CONFIGURATION, Event, Supervisor

LOG_LINES_TOLD: Final = 12
PORT_TRIES: Final = 100


class Voice:
    """Tells what is started and stopped; a terminal that is gone must not keep that back."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def __call__(self, text: str, style: str = "") -> None:
        """Print a line, if anybody can still read it."""
        with contextlib.suppress(OSError):
            self.console.print(Text(text, style=style))


class OwnBroker:
    """The embedded broker, started again if it ends."""

    def __init__(self, voice: Voice, settings: Settings) -> None:
        from streams.embedded import EmbeddedBroker  # noqa: PLC0415  (only where none is set)

        self._voice = voice
        self._state_dir = settings.state_dir
        self._broker = EmbeddedBroker(settings.state_dir, report=voice)

    @property
    def bootstrap(self) -> str:
        """The bootstrap servers."""
        return self._broker.bootstrap

    async def keep_up(self) -> None:
        """Start it again if it has ended.

        Raises:
            BrokerError: It can't be started.
        """
        if self._broker.pid is None:
            self._voice(f"the broker ended, starting it again; {self._broker.log_file}", "red")
            await asyncio.to_thread(self._broker.restart)

    def __enter__(self) -> Self:
        with self._voice.console.status("starting Kafka"):
            bootstrap = self._broker.start()
        self._voice(f"broker   {bootstrap}, embedded, data in {self._state_dir}")
        return self

    def __exit__(self, *_: object) -> None:
        self._voice("stopping the broker")
        self._broker.stop()


class Workers:
    """Supervised workers on a thread of their own; stopped in order, or killed at a second ask."""

    def __init__(self, voice: Voice, settings: Settings, slots: int) -> None:
        self._voice = voice
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
        self._voice("stopping the workers")
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
            self._voice(f"{event}; its log: {log}", "red")


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
