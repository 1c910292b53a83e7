"""Log lines: one form for all of a worker, as text or JSON, and no storms.

While a broker is down, aiokafka logs each failed connection of each client, hundreds a second. Here
a line of theirs is told at most once a minute, with the number of those left out.
"""

import logging
import sys
import time
from typing import Final

import orjson

from streams.settings import Settings

NOISY: Final = ("aiokafka", "faust", "mode", "kafka")
REPEAT_AFTER_S: Final = 60.0
KINDS_MAX: Final = 1000
"""Kinds of lines remembered at most; then the memory starts anew."""


class OncePerMinute(logging.Filter):
    """Lets a kind of line (logger, format, level) through once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is told; the count of those left out is added to it."""
        if not record.name.startswith(NOISY) or record.levelno < logging.WARNING:
            return True
        kind = (record.name, str(record.msg)[:80], record.levelno)
        last, left_out = self._seen.get(kind, (-REPEAT_AFTER_S, 0))
        now = time.monotonic()
        if now - last < REPEAT_AFTER_S:
            self._seen[kind] = (last, left_out + 1)
            return False
        if len(self._seen) > KINDS_MAX:
            self._seen.clear()
        self._seen[kind] = (now, 0)
        if left_out:
            record.msg = f"{record.getMessage()} (and {left_out} more like it)"
            record.args = ()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def set_up(settings: Settings) -> None:
    """Send all log lines of this process to stderr in the form that is set."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(OncePerMinute())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Their informational lines are about every join and fetch.
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
