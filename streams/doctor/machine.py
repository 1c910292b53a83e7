"""Checks of this machine: is there room for what the settings ask for?"""

import ctypes
import os
import resource
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from streams.doctor.finding import Finding
from streams.settings import Settings

DISK_FAIL_MB: Final = 512
DISK_WARN_MB: Final = 5 * 1024
PROCESS_MB: Final = 450
"""What a model process takes once it has worked for a while, with the shipped pipeline."""
WORKER_MB: Final = 150
OPEN_FILES_MIN: Final = 1024

TIME_ERROR: Final = 5
"""What adjtimex(2) returns while nothing keeps the kernel's clock right."""


def disk(settings: Settings) -> Finding:
    """Free space where the embedded broker, caches and logs are."""
    folder = _existing(settings.state_dir)
    free_mb = shutil.disk_usage(folder).free >> 20
    told = f"{free_mb:,} MB free at {folder}"
    fix = "free some space, or set NEWSFLAG_STATE_DIR to a larger disk"
    if free_mb < DISK_FAIL_MB:
        return Finding("disk", "fail", f"only {told}: a full disk stops the broker", fix)
    if free_mb < DISK_WARN_MB:
        return Finding("disk", "warn", told, fix)
    return Finding("disk", "ok", told)


def state_folder(settings: Settings) -> Finding:
    """Whether the state folder can be written to."""
    folder = settings.state_dir
    fix = "make it a folder that this user may write to, or set NEWSFLAG_STATE_DIR to another"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding("state folder", "fail", f"{folder}: {error.strerror}", fix)
    return Finding("state folder", "ok", str(folder))


def memory(settings: Settings) -> Finding:
    """Whether the model processes fit into what is available."""
    processes = settings.pool_processes or os.cpu_count() or 1
    needed = WORKER_MB + processes * PROCESS_MB
    available = _available_mb()
    told = f"{available:,} MB available, {processes} model processes take about {needed:,} MB"
    fix = "set NEWSFLAG_POOL_PROCESSES to fewer, or give the machine more memory"
    if needed > available:
        return Finding("memory", "fail", told, fix)
    if needed * 1.5 > available:
        return Finding("memory", "warn", told, fix)
    return Finding("memory", "ok", told)


def _available_mb() -> int:
    """What may still be taken: of the machine, or of the container if that is less."""
    fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    machine = int(fields["MemAvailable"].split()[0]) >> 10
    group = Path("/sys/fs/cgroup")
    try:
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
    except (OSError, ValueError):  # no limit, or another kind of cgroup
        return machine
    return min(machine, (limit - used) >> 20)


def port(settings: Settings) -> Finding:
    """Whether the port of the web views is free, or our own worker's."""
    if not settings.web_port:
        return Finding("web port", "ok", "no web views (NEWSFLAG_WEB_PORT=0)")
    number = settings.web_port + settings.slot
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, number))
        except OSError as error:
            if _is_ours(settings.web_host, number):
                return Finding("web port", "ok", f"{number} has a worker of ours")
            return Finding(
                "web port",
                "fail",
                f"{settings.web_host}:{number} can't be used: {error.strerror}",
                "stop the program that has it, or set NEWSFLAG_WEB_PORT to another port",
            )
    return Finding("web port", "ok", f"{number} is free")


def _is_ours(host: str, number: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{number}/metrics", timeout=2) as page:
            return b"newsflag_" in page.read(1 << 20)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def clock(settings: Settings) -> Finding:
    """Whether something keeps the kernel's clock right."""
    timex = ctypes.create_string_buffer(256)  # larger than struct timex; modes 0 reads only
    state = ctypes.CDLL(None).adjtimex(timex)
    if state == TIME_ERROR:
        return Finding(
            "clock",
            "warn",
            "the kernel says that nothing keeps this machine's clock right",
            "run a time service (chrony, systemd-timesyncd); retention goes by these times",
        )
    return Finding("clock", "ok", "kept right by a time service")


def open_files(settings: Settings) -> Finding:
    """Whether enough files may be open for all connections of a worker."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < OPEN_FILES_MIN:
        return Finding(
            "open files",
            "fail",
            f"{soft} may be open, a worker needs {OPEN_FILES_MIN}",
            f"raise it with `ulimit -n {OPEN_FILES_MIN}` or LimitNOFILE= (at most {hard} now)",
        )
    return Finding("open files", "ok", f"{soft:,} may be open")


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


CHECKS: Final = (disk, state_folder, memory, port, clock, open_files)
