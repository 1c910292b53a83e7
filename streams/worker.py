"""One worker process: runs the app until it is told to stop. `newsflag work`."""

import fcntl
import logging
import os
from collections.abc import Sequence

import faust

from agents.stage import Stage
from streams.app import build_app
from streams.errors import SettingsError
from streams.logs import set_up
from streams.pipeline import PIPELINE
from streams.settings import Settings

log = logging.getLogger(__name__)


def run_worker(settings: Settings, stages: Sequence[Stage] = PIPELINE) -> None:
    """Run one worker until SIGTERM or SIGINT; ends the process.

    Raises:
        BrokerError: No broker is set.
        SettingsError: A stage or a file named in the settings does not exist, or another worker of
            this machine has the same id.
        SystemExit: Always, in the end: 0 after a signal.
    """
    set_up(settings)
    claim_id(settings)
    app = build_app(settings, stages)
    log.info("worker %s starts", settings.instance_id)
    worker = faust.Worker(
        app, loglevel=None, override_logging=False, redirect_stdouts=False, quiet=True
    )
    worker.spinner = None  # it writes terminal codes, to files too
    worker.execute_from_commandline()


def claim_id(settings: Settings) -> int:
    """Claim this worker's id on this machine until the process ends.

    Two members of one static id throw each other out of the group for ever.

    Returns:
        The descriptor that holds the claim.

    Raises:
        SettingsError: Another worker has it.
    """
    folder = settings.state_dir / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{settings.instance_id}.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 32).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise SettingsError(
            f"another worker (process {holder}) has the id {settings.instance_id}: give each "
            "worker of a machine a slot of its own (NEWSFLAG_SLOT, `newsflag worker --slots N`)"
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock
