"""The runner's patience with what is unavailable."""

from collections.abc import Callable, Sequence

import pytest

from agents.stage import Unavailable
from streams.delivery.runner import UNAVAILABLE_TRIES, Runner
from streams.execution import Dead, Job, Result
from streams.metrics import Metrics
from streams.settings import Settings
from tests.broker.stages import STAGES


class Flaky:
    """Unavailable so many times, then there."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.tries = 0

    async def turn(self, name: str, full: Callable[[], bool]) -> None:
        pass

    async def work(self, names: Sequence[str], jobs: Sequence[Job]) -> list[Result]:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise Unavailable("not yet")
        return [Dead("x", names[0]) for _ in jobs]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("streams.delivery.runner.asyncio.sleep", sleep)
    return waited


async def test_it_comes_back_with_growing_jittered_pauses(pauses: list[float]) -> None:
    workers = Flaky(3)
    made = Runner(Settings(broker="x:1"), STAGES, workers, Metrics())
    assert await made.work(STAGES[0], [Job(b"", "a")]) == [Dead("x", "clean")]
    assert workers.tries == 4
    assert [0.5 <= pause / 2**n <= 1 for n, pause in enumerate(pauses)] == [True] * 3


async def test_after_the_last_try_the_worker_stops(pauses: list[float]) -> None:
    workers = Flaky(99)
    made = Runner(Settings(broker="x:1"), STAGES, workers, Metrics())
    with pytest.raises(Unavailable, match="clean found what it needs unavailable too often"):
        await made.work(STAGES[0], [Job(b"", "a")])
    assert workers.tries == UNAVAILABLE_TRIES
    assert sum(pauses) <= 60
