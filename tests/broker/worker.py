"""A worker with the light stages, settings from the environment: `python -m tests.broker.worker`."""

from streams.settings import load_settings
from streams.worker import run_worker
from tests.broker.stages import STAGES

if __name__ == "__main__":
    run_worker(load_settings(), STAGES)
