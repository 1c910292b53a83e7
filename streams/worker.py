"""One worker process: runs the app until it is told to stop. `newsflag work`."""

import logging
from collections.abc import Sequence

import faust

from agents.stage import Stage
from streams.app import build_app
from streams.logs import set_up
from streams.pipeline import PIPELINE
from streams.settings import Settings

log = logging.getLogger(__name__)


def run_worker(settings: Settings, stages: Sequence[Stage] = PIPELINE) -> None:
    """Run one worker until SIGTERM or SIGINT; ends the process.

    Raises:
        BrokerError: No broker is set.
        SettingsError: A stage or a file named in the settings does not exist.
        SystemExit: Always, in the end: 0 after a signal.
    """
    set_up(settings)
    app = build_app(settings, stages)
    log.info("worker %s starts", settings.instance_id)
    faust.Worker(
        app, loglevel=None, override_logging=False, redirect_stdouts=False, quiet=True
    ).execute_from_commandline()
