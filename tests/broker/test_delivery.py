"""Nothing lost, nothing doubled: real workers on the real broker, with real faults."""

import asyncio
import random
import signal
import time
from pathlib import Path

import psutil
import pytest

from streams.embedded import EmbeddedBroker
from streams.settings import Settings
from tests.broker.conftest import fresh_settings
from tests.broker.harness import article, feed, first_outcomes, fleet, keep_running, settle

RECORDS = 1000
SESSION_S = 6.0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"session_timeout_s": SESSION_S, "record_time_limit_s": 60.0})


@pytest.fixture
def own_settings(own_broker: EmbeddedBroker, tmp_path: Path) -> Settings:
    made = fresh_settings(own_broker, tmp_path)
    return made.model_copy(update={"session_timeout_s": SESSION_S})


async def _feed_slowly(settings: Settings, count: int, seconds: float) -> list[str]:
    return await feed(settings, (article(n) for n in range(count)), pace_s=seconds / count)


async def test_sigkill_of_random_workers_under_load(settings: Settings, tmp_path: Path) -> None:
    dice = random.Random(11)  # noqa: S311  (a fault's time is no secret)
    async with fleet(settings, tmp_path, 0, 1) as workers, keep_running(workers):
        feeding = asyncio.create_task(_feed_slowly(settings, RECORDS, 20))
        await first_outcomes(settings, 10)
        for _ in range(6):
            workers.send(dice.choice([0, 1]), signal.SIGKILL)
            await asyncio.sleep(dice.uniform(1.5, 4))
        fed = await feeding
        ledger = await settle(settings, fed, 90)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": RECORDS}
    assert -signal.SIGKILL in workers.exits


async def test_sigstop_beyond_the_session_with_batches_in_the_pool(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0, 1) as workers, keep_running(workers):
        fed = await feed(settings, (article(n) for n in range(100)))
        await first_outcomes(settings, 100)
        fed += await feed(
            settings, (article(n, f"entities:sleep:15:{n}") for n in range(1000, 1008))
        )
        fed += await feed(settings, (article(n) for n in range(2000, 2100)))
        await asyncio.sleep(3)
        workers.send(0, signal.SIGSTOP)
        await asyncio.sleep(3 * settings.session_timeout_s)
        workers.send(0, signal.SIGCONT)
        ledger = await settle(settings, fed, 150)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 208}


async def test_rebalances_with_batches_in_the_pool(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0) as workers, keep_running(workers):
        fed = await feed(settings, (article(n) for n in range(100)))
        await first_outcomes(settings, 50)
        slow = asyncio.create_task(
            feed(
                settings,
                (article(n, f"entities:sleep:{n % 3}:{n}") for n in range(1000, 1060)),
                pace_s=0.3,
            )
        )
        for slot in (1, 2, 1):  # join, join, come back after leaving
            await asyncio.sleep(3)
            workers.start(slot)
            await asyncio.sleep(4)
            process = workers.processes.pop(slot)
            process.terminate()
            assert await asyncio.to_thread(process.wait, 15) == 0
        fed += await slow
        ledger = await settle(settings, fed, 120)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 160}


async def test_sigterm_under_load_ends_in_time_and_loses_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0, 1) as workers:
        feeding = asyncio.create_task(_feed_slowly(settings, 600, 15))
        await first_outcomes(settings, 10)
        for slot in (0, 1, 0):
            started = time.monotonic()
            workers.send(slot, signal.SIGTERM)
            code = await asyncio.to_thread(workers.wait, slot)
            assert code == 0, workers.log_text()
            assert time.monotonic() - started < 10
            workers.start(slot)
            await asyncio.sleep(2)
        fed = await feeding
        ledger = await settle(settings, fed, 90)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 600}


async def test_broker_killed_and_restarted_under_load(
    own_broker: EmbeddedBroker, own_settings: Settings, tmp_path: Path
) -> None:
    async with fleet(own_settings, tmp_path, 0, 1) as workers, keep_running(workers):
        before = await feed(own_settings, (article(n) for n in range(400)))
        await first_outcomes(own_settings, 50)
        await asyncio.to_thread(own_broker.kill)
        await asyncio.sleep(3)
        await asyncio.to_thread(own_broker.restart)
        fed = before + await feed(own_settings, (article(n) for n in range(400, 800)))
        ledger = await settle(own_settings, fed, 120)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 800}


async def test_a_killed_pool_process_is_replaced(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0) as workers:
        feeding = asyncio.create_task(_feed_slowly(settings, 400, 10))
        await first_outcomes(settings, 10)
        worker = psutil.Process(workers.processes[0].pid)
        for _ in range(3):
            pool = [child for child in worker.children() if _is_pool(child)]
            assert pool
            pool[0].kill()
            await asyncio.sleep(1.5)
        fed = await feeding
        ledger = await settle(settings, fed, 60)
        assert workers.processes[0].poll() is None, "the worker itself must live on"
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 400}


async def test_pool_processes_die_with_a_killed_worker(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0) as workers:
        await feed(settings, [article(1)])
        await first_outcomes(settings, 1)
        children = psutil.Process(workers.processes[0].pid).children(recursive=True)
        assert any(_is_pool(child) for child in children)
        workers.send(0, signal.SIGKILL)
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
        assert alive == []


async def test_workers_that_share_out_the_stages(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path) as workers:
        workers.more["NEWSFLAG_STAGES"] = "entities,events"
        workers.start(0)
        workers.more["NEWSFLAG_STAGES"] = "clean,sanctions"
        workers.start(1)
        fed = await feed(settings, (article(n) for n in range(200)))
        ledger = await settle(settings, fed, 60)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 200}


async def test_a_slow_partition_holds_no_other_back(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0):
        await feed(settings, [article(1)])
        await first_outcomes(settings, 1)
        started = time.monotonic()
        slow = await feed(settings, [article(2, "events:sleep:20:")])
        quick = await feed(settings, (article(n) for n in range(100, 200)))
        ledger = await settle(settings, quick, 18)
        assert time.monotonic() - started < 20 + 5
        others = [origin for origin in quick if origin in ledger.outcomes]
        late = await settle(settings, slow + quick, 60)
    # Those that share the slow one's partition after `clean` wait for it; the rest do not.
    assert len(others) >= 50
    assert slow[0] not in ledger.outcomes
    assert set(slow + quick) <= late.outcomes.keys()


async def test_what_is_unavailable_is_tried_again(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "there"
    async with fleet(settings, tmp_path, 0) as workers:
        fed = await feed(settings, [article(1), article(2, f"events:await:{there}"), article(3)])
        await first_outcomes(settings, 2)
        await asyncio.sleep(2)
        there.touch()
        ledger = await settle(settings, fed, 60)
        assert workers.processes[0].poll() is None
    assert ledger.faults(fed) == {}
    assert ledger.ends() == {"enriched": 3}


async def test_a_second_worker_of_one_id_is_refused_on_the_same_machine(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0) as workers:
        await feed(settings, [article(1)])
        await first_outcomes(settings, 1)
        first = workers.processes.pop(0)
        try:
            workers.start(0)
            assert await asyncio.to_thread(workers.wait, 0) == 78
            assert f"another worker (process {first.pid}) has the id" in workers.log_text()
            assert first.poll() is None
        finally:
            workers.processes[0] = first


async def test_two_workers_of_one_id_on_two_machines_end_in_one_clear_error(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0) as workers:
        await feed(settings, [article(1)])
        await first_outcomes(settings, 1)
        first = workers.processes.pop(0)
        workers.more["NEWSFLAG_STATE_DIR"] = str(tmp_path / "other-machine")
        workers.start(0)
        second = workers.processes[0]
        try:
            for _ in range(400):
                ended = [p for p in (first, second) if p.poll() is not None]
                if ended:
                    break
                await asyncio.sleep(0.1)
            assert [process.returncode for process in ended] == [78]
            assert "another worker of the group has the id" in workers.log_text()
        finally:
            first.terminate()
            await asyncio.to_thread(first.wait, 20)


def _is_pool(process: psutil.Process) -> bool:
    return any("multiprocessing.spawn" in part for part in process.cmdline())
