"""Keep N worker processes running: start them again when they end, stop them all in order.

A worker that can't go on ends itself, since a fresh one with a new membership is the surest way
back; so starting it again, soon but not in a storm, is part of the delivery.
"""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from streams.process import spawn_tied

EXIT_CONFIGURATION: Final = 78
"""A worker's exit code for a wrong setting (EX_CONFIG of sysexits.h): no new start mends it."""

BACKOFF_FIRST_S: Final = 0.2
BACKOFF_MAX_S: Final = 5.0
HEALTHY_AFTER_S: Final = 30.0
"""After a life this long the delays begin anew with the first."""

STOP_LIMIT_S: Final = 12.0
"""Workers stop in 10 s; what still lives then is killed, which loses and doubles nothing."""

LOOK_EVERY_S: Final = 0.05
LOG_BYTES_MAX: Final = 10 * 1024 * 1024
LOG_FILES: Final = 4
LINE_BYTES_MAX: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a worker.

    Attributes:
        kind: `started`; `ended`, and it will be started again; `stopped`, as asked for;
            `killed`, since it did not stop in time; `misconfigured`, so that all are stopped.
        slot: The worker's number.
        pid: Its process id.
        exit_code: How it ended, as `subprocess` has it: negative for a signal.
        restart_in_s: Seconds until it is started again.
    """

    kind: Literal["started", "ended", "stopped", "killed", "misconfigured"]
    slot: int
    pid: int
    exit_code: int | None = None
    restart_in_s: float | None = None

    def __str__(self) -> str:
        how = "" if self.exit_code is None else f" ({_how(self.exit_code)})"
        again = (
            "" if self.restart_in_s is None else f", starting it again in {self.restart_in_s:g} s"
        )
        return f"worker {self.slot} {self.kind}{how}{again}"


@dataclass(slots=True)
class _Worker:
    slot: int
    process: subprocess.Popen[bytes] | None = None
    pump: threading.Thread | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    backoff_s: float = BACKOFF_FIRST_S
    was_killed: bool = False


class Supervisor:
    """Runs workers until it is told to stop; all of them die with this process in any case."""

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        slots: int,
        *,
        log_dir: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
        on_line: Callable[[int, str], None] | None = None,
    ) -> None:
        """Describe the workers; nothing is started.

        Args:
            command: The command line of the worker with a number, from 0.
            slots: How many workers there are.
            log_dir: Where their output goes, `worker-<slot>.log`, rotated by size; None: nowhere.
            env: Their environment; None: that of this process.
            on_event: Told what happens, from the thread that runs `run`.
            on_line: Told each line of output with the worker's number, from a thread of that
                worker; None: lines go to this process's stderr behind `worker <slot> | ` unless
                there is a `log_dir`.
        """
        self._command = command
        self._log_dir = log_dir
        self._env = env
        self._on_event = on_event
        self._on_line = on_line or (_to_stderr if log_dir is None else lambda *_: None)
        self._workers = [_Worker(slot) for slot in range(slots)]
        self._stops_asked = 0  # plain numbers: signal handlers must not take locks
        self._stop_deadline: float | None = None
        self._result = 0

    @property
    def pids(self) -> dict[int, int]:
        """The process id of each worker that runs, by its number."""
        running = [(worker.slot, worker.process) for worker in self._workers]
        return {slot: process.pid for slot, process in running if process is not None}

    def stop(self) -> None:
        """Ask the workers to stop, at once and from any thread; a second time kills them."""
        self._stops_asked += 1

    def run(self) -> int:
        """Run the workers until `stop`, or, in the main thread, SIGTERM or SIGINT.

        Returns:
            0 after a stop that was asked for; 78 if a worker found its configuration wrong.

        Raises:
            OSError: A worker can't be started or a log can't be written.
        """
        restore = self._handle_signals()
        try:
            while self._tick():
                time.sleep(LOOK_EVERY_S)
        finally:
            for worker in self._workers:
                if worker.process is not None:
                    worker.process.kill()
                    worker.process.wait()
            restore()
        return self._result

    def _handle_signals(self) -> Callable[[], None]:
        if threading.current_thread() is not threading.main_thread():
            return lambda: None
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, lambda *_: self.stop()) for number in numbers}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        return restore

    def _tick(self) -> bool:
        """Look at every worker once; False when all is over."""
        if self._stops_asked and self._stop_deadline is None:
            self._begin_stop()
        for worker in self._workers:
            if worker.process is not None and (code := worker.process.poll()) is not None:
                self._ended(worker, code)
            if worker.process is None and not self._stops_asked:
                self._start_if_due(worker)
        if self._stop_deadline is None:
            return True
        if self._stops_asked > 1 or time.monotonic() > self._stop_deadline:
            for worker in self._workers:
                if worker.process is not None and not worker.was_killed:
                    worker.was_killed = True
                    worker.process.kill()
        return any(worker.process is not None for worker in self._workers)

    def _begin_stop(self) -> None:
        self._stop_deadline = time.monotonic() + STOP_LIMIT_S
        for worker in self._workers:
            if worker.process is not None:
                worker.process.terminate()

    def _start_if_due(self, worker: _Worker) -> None:
        now = time.monotonic()
        if now < worker.start_at:
            return
        log = None
        if self._log_dir is not None:
            log = _RotatedFile(self._log_dir / f"worker-{worker.slot}.log")
        process = spawn_tied(
            self._command(worker.slot),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._env,
        )
        worker.process, worker.started_at = process, now
        worker.pump = threading.Thread(
            target=_pump,
            args=(process, log, worker.slot, self._on_line),
            name=f"output-{worker.slot}",
            daemon=True,
        )
        worker.pump.start()
        self._on_event(Event("started", worker.slot, process.pid))

    def _ended(self, worker: _Worker, code: int) -> None:
        process, worker.process = worker.process, None
        assert process is not None  # noqa: S101  (the caller looked)
        if worker.pump is not None:
            worker.pump.join(1.0)  # its last words come before the event
        if code == EXIT_CONFIGURATION:
            self._result = EXIT_CONFIGURATION
            self._stops_asked = max(self._stops_asked, 1)
            self._on_event(Event("misconfigured", worker.slot, process.pid, code))
        elif self._stop_deadline is not None:
            kind: Literal["killed", "stopped"] = "killed" if worker.was_killed else "stopped"
            self._on_event(Event(kind, worker.slot, process.pid, code))
        else:
            delay = self._back_off(worker)
            self._on_event(Event("ended", worker.slot, process.pid, code, delay))

    def _back_off(self, worker: _Worker) -> float:
        now = time.monotonic()
        if now - worker.started_at >= HEALTHY_AFTER_S:
            worker.backoff_s = BACKOFF_FIRST_S
        delay = worker.backoff_s
        worker.start_at = now + delay
        worker.backoff_s = min(delay * 2, BACKOFF_MAX_S)
        return delay


class _RotatedFile:
    """A log file that is renamed to `.1`, `.2`, … when it has grown too large."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file: IO[bytes] = path.open("ab", buffering=0)

    def write(self, line: bytes) -> None:
        if self._file.closed or self._file.tell() + len(line) > LOG_BYTES_MAX:
            self._file.close()
            for number in range(LOG_FILES - 2, -1, -1):
                older = self._numbered(number)
                if older.exists():
                    older.replace(self._numbered(number + 1))
            self._file = self._path.open("ab", buffering=0)
        self._file.write(line)

    def close(self) -> None:
        self._file.close()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path


def _pump(
    process: subprocess.Popen[bytes],
    log: _RotatedFile | None,
    slot: int,
    on_line: Callable[[int, str], None],
) -> None:
    """Hand a worker's output on until it ends; no full disk or closed terminal may block it."""
    stream = process.stdout
    assert stream is not None  # noqa: S101  (made with PIPE)
    with stream, contextlib.closing(log) if log is not None else contextlib.nullcontext():
        while line := stream.readline(LINE_BYTES_MAX):
            if log is not None:
                with contextlib.suppress(OSError):
                    log.write(line)
            with contextlib.suppress(OSError, ValueError):
                on_line(slot, line.decode("utf-8", "replace").rstrip("\n"))


def _to_stderr(slot: int, line: str) -> None:
    sys.stderr.write(f"worker {slot} | {line}\n")


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
