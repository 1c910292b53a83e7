"""Children die with their parent, whatever kills it and whichever thread started them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from streams.process import spawn_tied

ROOT = Path(__file__).parents[2]

PARENT = """
import sys, time
from streams.process import spawn_tied
child = spawn_tied([sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def is_gone(process: psutil.Process, within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_dies_with_its_parent(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        lines = {parent.stdout.readline().strip() for _ in range(2)}
        assert "up" in lines
        (pid,) = lines - {"up"}
        child = psutil.Process(int(pid))
        parent.send_signal(number)
        parent.wait()
        assert is_gone(child)


def test_a_child_outlives_the_thread_that_started_it() -> None:
    started: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(target=lambda: started.append(spawn_tied(["sleep", "600"])))
    thread.start()
    thread.join()
    with started[0] as child:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.5)
        child.kill()
        assert child.wait() == -signal.SIGKILL


def test_a_child_whose_parent_is_gone_already_does_not_start() -> None:
    nobody = 2**22 + 1  # above the largest process id
    script = Path(ROOT, "streams", "process.py")
    done = subprocess.run(
        [sys.executable, str(script), str(nobody), "echo", "ran"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_exit_code_output_and_environment_are_the_commands(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        child = spawn_tied(["sh", "-c", "echo $WORD; exit 7"], stdout=out, env={"WORD": "heard"})
        assert child.wait(10) == 7
    assert (tmp_path / "out").read_text() == "heard\n"


def test_a_command_that_is_missing_is_told(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        assert spawn_tied(["/no/such/program"], stderr=out).wait(10) == 1
    assert "/no/such/program: No such file" in (tmp_path / "out").read_text()


def test_an_open_file_can_be_handed_down() -> None:
    reading, writing = os.pipe()
    child = spawn_tied(["sh", "-c", f"echo through >/dev/fd/{writing}"], pass_fds=(writing,))
    os.close(writing)
    assert child.wait(10) == 0
    with os.fdopen(reading) as stream:
        assert stream.read() == "through\n"
