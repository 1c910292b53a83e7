"""Worker processes as the command line starts them: their command and their environment."""

import os
import sys
from collections.abc import Mapping

from pydantic import SecretStr

from streams.settings import PREFIX, Settings


def worker_command(slot: int) -> list[str]:
    """The command line of the worker with a number."""
    return [sys.executable, "-m", "streams", "work", "--slot", str(slot)]


def worker_environment(
    settings: Settings, slots: int, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment of workers that use these settings.

    What was given on the command line is handed on; the model processes of a machine are shared
    out among its workers.

    Args:
        settings: As loaded; only what differs from the defaults is written.
        slots: How many workers share the machine.
        environ: The environment of this process, which the workers inherit.
    """
    given = dict(environ)
    for name in settings.model_fields_set - {"slot"}:
        value = getattr(settings, name)
        if value is not None:
            given[PREFIX + name.upper()] = _written(value)
    if settings.pool_processes is None:
        given[PREFIX + "POOL_PROCESSES"] = str(max((os.cpu_count() or 1) // slots, 1))
    return given


def _written(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
