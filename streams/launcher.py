"""Make the project's own Python environment on first use, then become the program in it.

The environment is `.venv` in the project (or in the folder that NEWSFLAG_HOME names), installed
from `requirements.lock`, every file checked against its hash. It is made anew when the lock, the
Python version or the project's place changes. `newsflag test` adds `requirements-test.lock`.

This runs in the Python that the user has, before anything is installed: it imports the standard
library alone, and is started by the script `newsflag`.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

from streams.setup_errors import FREE_MB_MIN, SetUpError, explained, told

ROOT: Final = Path(__file__).resolve().parents[1]
HOME: Final = Path(os.environ.get("NEWSFLAG_HOME") or ROOT).resolve()
VENV: Final = HOME / ".venv"
PYTHON: Final = VENV / "bin" / "python"
MARKER: Final = VENV / "newsflag.json"
"""Written last: an environment without it was interrupted, and is made anew."""

RUN_LOCK: Final = "requirements.lock"
TEST_LOCK: Final = "requirements-test.lock"
TOLD_EVERY_S: Final = 5.0


def main(arguments: Sequence[str]) -> NoReturn:
    """Make the environment if needed and become the program in it."""
    locks = [RUN_LOCK, TEST_LOCK] if arguments[:1] == ["test"] else [RUN_LOCK]
    try:
        if missing_locks(locks):
            set_up(locks)
    except SetUpError as error:
        sys.exit(f"newsflag: {error}")
    except KeyboardInterrupt:
        say("stopped; the next start goes on with what is downloaded already")
        sys.exit(130)
    environment = dict(os.environ)
    inherited = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = str(ROOT) + (os.pathsep + inherited if inherited else "")
    # A folder that happens to be called `streams` or `agents` where the user stands stays unread.
    environment["PYTHONSAFEPATH"] = "1"
    environment.pop("PYTHONHOME", None)
    os.execve(PYTHON, [str(PYTHON), "-m", "streams", *arguments], environment)  # noqa: S606


def missing_locks(locks: Sequence[str]) -> list[str]:
    """The locks that are not installed in the environment as they are now; all if it is stale."""
    try:
        marker = json.loads(MARKER.read_text("utf-8"))
    except (OSError, ValueError):
        return list(locks)
    if not PYTHON.exists() or marker.get("made_for") != made_for():
        return list(locks)
    installed = marker["locks"]
    if RUN_LOCK not in installed or any(
        (ROOT / lock).exists() and installed[lock] != digest(lock) for lock in installed
    ):
        return list(locks)
    return [lock for lock in locks if lock not in installed]


def made_for() -> dict[str, str]:
    """What an environment depends on besides the locks."""
    return {"python": sys.version.split()[0], "base": sys.base_prefix, "root": str(ROOT)}


def digest(lock: str) -> str:
    """SHA-256 of a lock file.

    Raises:
        SetUpError: It is missing.
    """
    try:
        return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    except OSError as error:
        raise SetUpError(
            f"{ROOT / lock} can't be read ({error.strerror}): the source tree is not complete. "
            "Clone it anew, or `git checkout` that file."
        ) from error


def set_up(locks: Sequence[str]) -> None:
    """Make the environment, or add to it; concurrent starts wait for the first.

    Raises:
        SetUpError: It can't be made.
    """
    begin = time.monotonic()
    digests = {lock: digest(lock) for lock in locks}
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            major, minor = sys.version_info[:2]
            raise SetUpError(
                f"this Python has no module {module}, which makes environments. Install it: "
                f"apt install python{major}.{minor}-venv"
            )
    with only_one() as lock_file:
        missing = missing_locks(locks)
        if not missing:
            return
        check_space()
        say(f"setting up in {VENV}, once; this takes a minute or two")
        try:
            if RUN_LOCK in missing:
                make_environment(lock_file)
            marker = read_marker()
            for lock in missing:
                install(lock, lock_file)
                marker["locks"][lock] = digests[lock]
                write_marker(marker)
        except OSError as error:
            raise SetUpError(told(error, HOME)) from error
    say(f"ready after {time.monotonic() - begin:.0f} s")


@contextmanager
def only_one() -> Iterator[int]:
    """Hold the lock of the environment; gives its file descriptor."""
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        lock_file = os.open(HOME / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SetUpError(told(error, HOME)) from error
    try:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is setting up the environment; waiting for it")
            fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield lock_file
    finally:
        os.close(lock_file)


def check_space() -> None:
    """Refuse before half an environment fills the disk.

    Raises:
        SetUpError: There is too little space.
    """
    free = shutil.disk_usage(HOME).free >> 20
    if free < FREE_MB_MIN:
        raise SetUpError(
            f"the environment needs {FREE_MB_MIN} MB and {HOME} has {free} MB free. Free some, or "
            "set NEWSFLAG_HOME to a folder on a larger disk."
        )


def make_environment(lock_file: int) -> None:
    """Make an empty environment in place of what was there.

    Raises:
        SetUpError: `venv` failed.
    """
    begin = time.monotonic()
    MARKER.unlink(missing_ok=True)
    command = [sys.executable, "-I", "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(  # noqa: S603  (our own command, no shell)
        command, capture_output=True, text=True, check=False, pass_fds=(lock_file,)
    )
    if done.returncode != 0:
        raise SetUpError(
            explained("the environment can't be made", done.stdout + done.stderr, HOME)
        )
    # Programs of the environment (`.venv/bin/faust`, an editor) find the project too.
    site_packages = next(VENV.glob("lib/python*/site-packages"))
    (site_packages / "newsflag.pth").write_text(f"{ROOT}\n", "utf-8")
    write_marker({"made_for": made_for(), "locks": {}})
    say(f"  empty environment for Python {made_for()['python']}: {time.monotonic() - begin:.0f} s")


def install(lock: str, lock_file: int) -> None:
    """Install the packages of a lock, each checked against its hash.

    Raises:
        SetUpError: pip failed.
    """
    begin = time.monotonic()
    total = sum("==" in line for line in (ROOT / lock).read_text("utf-8").splitlines())
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--no-deps", "--require-hashes"]
    command += ["--prefer-binary", "--no-input", "--progress-bar", "off", "-r", str(ROOT / lock)]
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    output: list[str] = []
    with (
        (VENV / "install.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603  (our own command, no shell)
            command,
            env=environment | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=(lock_file,),
        ) as pip,
    ):
        progress = Progress(lock, total, begin)
        assert pip.stdout is not None  # noqa: S101  (made with PIPE)
        for line in pip.stdout:
            output.append(line)
            log.write(line)
            progress.follow(line)
    if pip.returncode != 0:
        raise SetUpError(explained(f"{lock} can't be installed", "".join(output), HOME))
    say(f"  {lock}: {total} packages, {time.monotonic() - begin:.0f} s")


MISLEADING: Final = frozenset(
    {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIREMENT", "PIP_CONSTRAINT"}
    | {"PIP_NO_BINARY", "PIP_DRY_RUN", "PIP_QUIET", "PIP_LOG", "PIP_PYTHON"}
)
"""Settings of pip that would send the packages elsewhere or choose others."""


class Progress:
    """Says every few seconds how far pip is."""

    def __init__(self, lock: str, total: int, begin: float) -> None:
        self._lock = lock
        self._total = total
        self._begin = begin
        self._collected = 0
        self._told_at = begin

    def follow(self, line: str) -> None:
        """Look at one line of pip's output and tell if it is time to."""
        now = time.monotonic()
        if line.startswith("Collecting "):
            self._collected += 1
            doing = f"fetching {self._collected} of {self._total} packages"
        elif line.startswith("Installing collected packages"):
            self._told_at = 0.0
            doing = f"unpacking {self._total} packages"
        elif "Retrying" in line:
            self._told_at = 0.0
            doing = "the package index does not answer, trying again"
        else:
            return
        if now - self._told_at >= TOLD_EVERY_S:
            self._told_at = now
            say(f"  {self._lock}: {doing}, {now - self._begin:.0f} s")


def read_marker() -> dict[str, Any]:
    """The marker of an environment that is there."""
    marker: dict[str, Any] = json.loads(MARKER.read_text("utf-8"))
    return marker


def write_marker(marker: dict[str, Any]) -> None:
    """Write the marker in full or not at all."""
    part = MARKER.with_suffix(".part")
    part.write_text(json.dumps(marker, indent=2) + "\n", "utf-8")
    part.replace(MARKER)


def say(text: str) -> None:
    """Tell the user; standard output belongs to the program."""
    sys.stderr.write(f"newsflag: {text}\n")
    sys.stderr.flush()
