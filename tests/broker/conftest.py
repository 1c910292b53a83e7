# Fixture policy, beside the one in tests/conftest.py
#
# - `broker` is one Kafka for the whole session: use it, never stop it, and let `settings` keep your
#   topics and groups apart from those of other tests.
# - A test that kills or restarts its Kafka takes `own_broker`.
# - No test leaves a process behind: what it started, orphans included, has to be gone at its end.
"""Fixtures of the tests that need a Kafka broker."""

import ctypes
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from streams.embedded import EmbeddedBroker
from streams.settings import Settings

PR_SET_CHILD_SUBREAPER = 36  # from <linux/prctl.h>
GONE_WITHIN_S = 10.0

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session", autouse=True)
def _adopt_orphans() -> None:
    # Orphans become children of the test process instead of init's, so that they are seen.
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(tmp_path / "own-broker") as running:
        yield running


@pytest.fixture
def settings(broker: EmbeddedBroker, tmp_path: Path) -> Settings:
    """Settings with an application id and topics that no other test has."""
    return fresh_settings(broker, tmp_path)


def fresh_settings(broker: EmbeddedBroker, state_dir: Path) -> Settings:
    name = f"t{uuid.uuid4().hex[:8]}"
    return Settings(
        broker=broker.bootstrap,
        app_id=name,
        topic_prefix=f"{name}.",
        partitions=4,
        state_dir=state_dir,
        web_port=0,
    )


@pytest.fixture(autouse=True)
def _no_process_left(broker: EmbeddedBroker) -> Iterator[None]:
    before = _descendants()
    yield
    deadline = time.monotonic() + GONE_WITHIN_S
    while (left := _descendants() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    told = [" ".join(process.cmdline())[:200] for process in left]
    for process in left:
        process.kill()
    assert not told, f"processes left behind: {told}"


def _descendants() -> set[psutil.Process]:
    return {child for child in psutil.Process().children(recursive=True) if _counts(child)}


def _counts(process: psutil.Process) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # multiprocessing keeps one helper for the life of the process that used it.
        return "multiprocessing.resource_tracker" not in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
