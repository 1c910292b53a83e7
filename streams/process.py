"""Child processes that die with their parent, however it ends: SIGKILL and the OOM killer included.

The kernel does it (Linux, `PR_SET_PDEATHSIG`, see prctl(2)): a process asks to be sent SIGKILL when
its parent ends. On other systems a thread looks once a second whether the parent is still there.

Run as a script, `python process.py PARENT COMMAND…`, it asks for the signal and becomes COMMAND:
the request outlives exec, so a program in any language is tied to its parent without running code
between fork and exec, which is unsafe in a process with threads. It imports the standard library
alone and starts in about 20 ms.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

PR_SET_PDEATHSIG: Final = 1
"""From <linux/prctl.h>."""

LOOK_EVERY_S: Final = 1.0
"""How often the parent is looked for where the kernel does not tell of its end."""

Output = IO[bytes] | int | None
"""Where a child writes: an open file, a constant of `subprocess`, or None for the parent's own."""


def die_with_parent(parent_pid: int) -> None:
    """Tie the calling process to its parent: it gets SIGKILL when the parent ends.

    The kernel watches the *thread* that started the child, so that thread has to live as long as
    the child may (`spawn_tied` sees to it). Exits at once if the parent is gone already.

    Args:
        parent_pid: The parent's process id, as the parent itself told it: asking the kernel for it
            here would come too late if the parent has ended in between.

    Raises:
        OSError: The kernel refused.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), "prctl(PR_SET_PDEATHSIG)")
    else:
        threading.Thread(target=_watch, args=(parent_pid,), name="parent", daemon=True).start()
    if os.getppid() != parent_pid:
        os._exit(1)


def _watch(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGKILL)


def spawn_tied(
    command: Sequence[str | os.PathLike[str]],
    *,
    stdout: Output = None,
    stderr: Output = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program that dies with this process; the calling thread may end before it.

    The child is in a session of its own, so that Ctrl-C reaches only this process, which then ends
    the child in its own time. Its stdin is empty.

    Raises:
        OSError: It can't be started.
    """
    tied = [sys.executable, "-I", "-S", str(Path(__file__)), str(os.getpid()), *command]
    started: list[subprocess.Popen[bytes] | OSError] = []
    ready = threading.Event()

    def start_and_outlive() -> None:
        try:
            child = subprocess.Popen(  # noqa: S603  (the caller's own command, no shell)
                tied,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=env,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        except OSError as error:
            started.append(error)
            ready.set()
            return
        started.append(child)
        ready.set()
        try:
            # WNOWAIT leaves the exit code to be read by the Popen object.
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            return  # it has ended and was read already

    threading.Thread(target=start_and_outlive, name="tied-child", daemon=True).start()
    ready.wait()
    child = started[0]
    if isinstance(child, OSError):
        raise child
    return child


def _main(arguments: Sequence[str]) -> None:
    parent_pid, *command = arguments
    die_with_parent(int(parent_pid))
    try:
        os.execvp(command[0], command)  # noqa: S606  (becoming the command is what this is for)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    _main(sys.argv[1:])
