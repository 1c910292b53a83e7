"""A worker with the light stages, settings from the environment.

`python -m tests.broker.worker`; errors and exit codes as those of `newsflag work`.
"""

import sys

from streams.errors import NewsflagError
from streams.settings import load_settings
from streams.worker import run_worker
from tests.broker.stages import STAGES

if __name__ == "__main__":
    try:
        run_worker(load_settings(), STAGES)
    except NewsflagError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(78)
