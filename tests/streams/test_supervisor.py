"""Workers are started again when they end, and end with their supervisor, in order or by force."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from streams import supervisor
from streams.supervisor import Event, Supervisor

ROOT = Path(__file__).parents[2]

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
ORDERLY = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); {SLEEP}"


def python(code: str) -> Callable[[int], Sequence[str]]:
    return lambda slot: [sys.executable, "-c", code, str(slot)]


def wait_for(true: Callable[[], object], told: object, within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, told
        time.sleep(0.01)


class Running:
    """A supervisor in a thread, with what it told."""

    def __init__(self, code: str, slots: int = 1, log_dir: Path | None = None) -> None:
        self.events: list[Event] = []
        self.lines: list[tuple[int, str]] = []
        self.result: int | None = None
        self.supervisor = Supervisor(
            python(code),
            slots,
            log_dir=log_dir,
            on_event=self.events.append,
            on_line=lambda slot, line: self.lines.append((slot, line)),
        )
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __repr__(self) -> str:
        return f"{self.events} {self.lines}"

    def _run(self) -> None:
        self.result = self.supervisor.run()

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def wait_for_lines(self, count: int) -> None:
        wait_for(lambda: len(self.lines) >= count, self)

    def end(self, within_s: float = 15.0) -> int | None:
        self.supervisor.stop()
        return self.ended(within_s)

    def ended(self, within_s: float = 15.0) -> int | None:
        self._thread.join(within_s)
        assert not self._thread.is_alive()
        return self.result


Run = Callable[..., Running]


@pytest.fixture
def run() -> Iterator[Run]:
    made: list[Running] = []

    def start(*args: object, **kwargs: object) -> Running:
        made.append(Running(*args, **kwargs))  # type: ignore[arg-type]  # handed through
        return made[-1]

    yield start
    for running in made:
        running.supervisor.stop()
        running.end()


def test_each_worker_gets_its_slot_and_is_told_by_its_lines(run: Run) -> None:
    running = run(f"import sys; print('slot', sys.argv[1]); {SLEEP}", slots=3)
    running.wait_for_lines(6)
    assert {(slot, f"slot {slot}") for slot in range(3)} <= set(running.lines)
    assert sorted(running.supervisor.pids) == [0, 1, 2]


def test_a_killed_worker_is_started_again_and_the_others_left_alone(run: Run) -> None:
    running = run(SLEEP, slots=2)
    running.wait_for_lines(2)
    first, other = running.supervisor.pids[0], running.supervisor.pids[1]
    os.kill(first, signal.SIGKILL)
    running.wait_for_lines(3)
    assert running.supervisor.pids[0] != first
    assert running.supervisor.pids[1] == other
    ended = next(event for event in running.events if event.kind == "ended")
    assert (ended.slot, ended.pid, ended.exit_code) == (0, first, -signal.SIGKILL)
    assert str(ended) == "worker 0 ended (SIGKILL), starting it again in 0.2 s"


def test_a_worker_that_ends_by_itself_is_started_again(run: Run) -> None:
    running = run("print('up')")
    running.wait_for_lines(3)
    assert running.kinds()[:4] == ["started", "ended", "started", "ended"]


def test_the_delay_doubles_up_to_its_limit_and_begins_anew_after_a_healthy_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    watched = Supervisor(python(SLEEP), 1)
    worker = watched._workers[0]
    assert [watched._back_off(worker) for _ in range(6)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0]
    worker.started_at, now = 100.0, 129.9
    assert watched._back_off(worker) == 5.0
    now = 130.0
    assert watched._back_off(worker) == 0.2
    assert worker.start_at == 130.2


def test_a_stop_ends_all_workers_in_order(run: Run) -> None:
    running = run(ORDERLY, slots=2)
    running.wait_for_lines(2)
    begin = time.monotonic()
    assert running.end() == 0
    assert time.monotonic() - begin < 5
    assert running.kinds() == ["started", "started", "stopped", "stopped"]
    assert {event.exit_code for event in running.events[2:]} == {0}
    assert running.supervisor.pids == {}


def test_a_worker_that_does_not_stop_in_time_is_killed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_LIMIT_S", 0.5)
    running = run(STUBBORN)
    running.wait_for_lines(1)
    assert running.end() == 0
    assert running.events[-1].kind == "killed"
    assert running.events[-1].exit_code == -signal.SIGKILL


def test_a_second_stop_kills_at_once(run: Run) -> None:
    running = run(STUBBORN)
    running.wait_for_lines(1)
    running.supervisor.stop()
    begin = time.monotonic()
    assert running.end() == 0
    assert time.monotonic() - begin < 3


def test_a_wrong_configuration_stops_everything_and_is_the_result(run: Run) -> None:
    code = f"import sys; print('bad'); sys.exit(78) if sys.argv[1] == '1' else None; {ORDERLY}"
    running = run(code, slots=3)
    assert running.ended() == 78
    assert running.kinds().count("started") == 3
    assert running.kinds().count("misconfigured") == 1
    assert running.supervisor.pids == {}


def test_output_goes_to_a_file_per_worker(run: Run, tmp_path: Path) -> None:
    running = run(f"import sys; print('to stderr', file=sys.stderr); {SLEEP}", 2, tmp_path / "logs")
    running.wait_for_lines(4)
    running.end()
    for slot in range(2):
        assert (tmp_path / "logs" / f"worker-{slot}.log").read_text() == "to stderr\nup\n"


def test_logs_are_rotated_by_size(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES_MAX", 100)
    running = run(f"[print(f'line {{n:04}}') for n in range(100)]; {SLEEP}", 1, tmp_path)
    running.wait_for_lines(101)
    running.end()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [f"worker-0.log{end}" for end in ("", ".1", ".2", ".3")]
    assert all(file.stat().st_size <= 100 for file in files)
    newest_first = [line for file in files for line in reversed(file.read_text().splitlines())]
    assert newest_first[:4] == ["up", "line 0099", "line 0098", "line 0097"]
    assert newest_first[1:] == sorted(newest_first[1:], reverse=True)


def test_lines_go_to_stderr_behind_the_workers_number(capsys: pytest.CaptureFixture[str]) -> None:
    def stop_after_its_end(event: Event) -> None:
        if event.kind == "ended":
            supervised.stop()

    supervised = Supervisor(python("print('up')"), 1, on_event=stop_after_its_end)
    assert supervised.run() == 0
    assert capsys.readouterr().err == "worker 0 | up\n"


def test_a_command_that_is_missing_is_told_and_tried_again() -> None:
    events: list[Event] = []
    lines: list[str] = []
    supervised = Supervisor(
        lambda _: ["/no/such/program"],
        1,
        on_event=events.append,
        on_line=lambda _, line: lines.append(line),
    )
    thread = threading.Thread(target=supervised.run)
    thread.start()
    wait_for(lambda: len(lines) >= 2, events)
    supervised.stop()
    thread.join(10)
    assert "/no/such/program: No such file or directory" in lines
    assert [event.kind for event in events][:2] == ["started", "ended"]


PROGRAM = f"""
import sys
from streams.supervisor import Supervisor
code = {STUBBORN!r} if sys.argv[1] == "stubborn" else {ORDERLY!r}
supervised = Supervisor(lambda slot: [sys.executable, "-c", code], 2,
                        on_event=lambda event: print(event, event.pid, flush=True))
sys.exit(supervised.run())
"""


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, request.param],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def workers_of(program: subprocess.Popen[str]) -> list[psutil.Process]:
    assert program.stdout is not None
    assert program.stderr is not None
    found = [psutil.Process(int(program.stdout.readline().split()[-1])) for _ in range(2)]
    assert {program.stderr.readline() for _ in range(2)} == {"worker 0 | up\n", "worker 1 | up\n"}
    return found


@pytest.mark.parametrize("program", ["orderly"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_supervisor_stops_its_workers(
    program: subprocess.Popen[str], number: signal.Signals
) -> None:
    workers = workers_of(program)
    program.send_signal(number)
    assert program.wait(10) == 0
    assert program.stdout is not None
    assert "worker 0 stopped (exit code 0)" in program.stdout.read()
    assert not any(worker.is_running() for worker in workers)


@pytest.mark.parametrize("program", ["stubborn"], indirect=True)
def test_no_worker_outlives_a_killed_supervisor(program: subprocess.Popen[str]) -> None:
    workers = workers_of(program)
    program.kill()
    program.wait()
    wait_for(lambda: not any(is_alive(worker) for worker in workers), workers)


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
