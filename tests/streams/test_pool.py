"""The pool of model processes: real processes, really killed."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import orjson
import pytest

from agents.stage import Options
from streams.execution import Dead, Emit, Job
from streams.pool import Pool
from tests.broker.stages import STAGES


def job(text: str) -> Job:
    return Job(orjson.dumps({"text": text}), "x")


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    made = Pool(STAGES, Options(), processes=2, time_limit_s=2.0, memory_mb=2048)
    await made.warm()
    yield made
    await made.stop()


async def test_results_come_in_order(pool: Pool) -> None:
    results = await pool.work(["clean"], [job(f"story {n}") for n in range(20)])
    texts = [orjson.loads(r.value)["article"]["text"] for r in results if isinstance(r, Emit)]
    assert texts == [f"story {n}" for n in range(20)]


async def test_a_record_that_kills_its_process_is_found_among_others(pool: Pool) -> None:
    before, killer, after = await pool.work(["clean"], [job("a"), job("clean:kill"), job("b")])
    assert isinstance(before, Emit)
    assert isinstance(after, Emit)
    assert killer == Dead("crash:SIGKILL", "the model process was ended by SIGKILL")
    assert pool.replaced >= 2


async def test_a_record_that_hangs_is_ended_in_time(pool: Pool) -> None:
    started = time.monotonic()
    [hung] = await pool.work(["clean"], [job("clean:hang")])
    assert isinstance(hung, Dead)
    assert hung.code == "timeout"
    # Once in the pool, twice alone in a fresh process; loading comes on top.
    assert time.monotonic() - started < 3 * 2.0 + 20


async def test_others_work_on_while_one_hangs(pool: Pool) -> None:
    hanging = asyncio.create_task(pool.work(["clean"], [job("clean:hang")]))
    await asyncio.sleep(0.2)
    started = time.monotonic()
    [result] = await pool.work(["clean"], [job("quick")])
    assert isinstance(result, Emit)
    assert time.monotonic() - started < 2.0
    await hanging


async def test_memory_is_bounded(pool: Pool) -> None:
    [result] = await pool.work(["clean"], [job("clean:exhaust")])
    assert isinstance(result, Dead)
    assert result.code == "bug:MemoryError"


async def test_later_stages_go_first() -> None:
    pool = Pool(STAGES, Options(), processes=1, time_limit_s=5.0, memory_mb=2048)
    await pool.warm()
    done: list[str] = []

    async def run(name: str, jobs: list[Job]) -> None:
        await pool.work([name], jobs)
        done.append(name)

    record = (await pool.work(["clean"], [job("a")]))[0]
    assert isinstance(record, Emit)
    later = [Job(record.value, "x")]
    busy = asyncio.create_task(run("clean", [job("clean:sleep:0.5")]))
    await asyncio.sleep(0.1)
    waiting = [
        asyncio.create_task(run("clean", [job("b")])),
        asyncio.create_task(run("sanctions", later)),
        asyncio.create_task(run("events", later)),
    ]
    await asyncio.gather(busy, *waiting)
    await pool.stop()
    assert done == ["clean", "sanctions", "events", "clean"]


async def test_full_chunks_go_first_and_no_one_waits_for_ever() -> None:
    pool = Pool(STAGES, Options(), processes=1, time_limit_s=5.0, memory_mb=2048)
    await pool.warm()
    done: list[str] = []

    async def run(name: str, stage: str, full: bool, text: str) -> None:
        await pool.turn(stage, lambda: full)
        done.append(name)
        await pool.work(["clean"], [job(text)])

    busy = asyncio.create_task(pool.work(["clean"], [job("clean:sleep:0.4")]))
    await asyncio.sleep(0.1)
    backlog = [
        asyncio.create_task(run(f"full {n}", "clean", True, "clean:sleep:0.5")) for n in range(4)
    ]
    single = asyncio.create_task(run("single", "sanctions", False, "a"))
    await asyncio.gather(busy, single, *backlog)
    await pool.stop()
    assert done[0] == "full 0", "full chunks go before a later stage's single record"
    assert done.index("single") < 4, "after a second the single record goes first"


async def test_a_caller_who_gives_up_leaves_the_process_claimed_until_it_is_idle() -> None:
    pool = Pool(STAGES, Options(), processes=1, time_limit_s=5.0, memory_mb=2048)
    await pool.warm()
    slow = asyncio.create_task(pool.work(["clean"], [job("clean:sleep:0.6")]))
    await asyncio.sleep(0.1)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    assert pool.busy == 1
    [result] = await pool.work(["clean"], [job("next")])
    assert isinstance(result, Emit)
    assert pool.busy == 0
    assert pool.replaced == 0
    await pool.stop()


async def test_an_idle_process_that_is_killed_is_replaced(pool: Pool) -> None:
    for process in pool._processes:
        assert process._pool is not None
        for pid in process._pool._pool_manager.worker_manager.workers:
            os.kill(pid, 9)
    await asyncio.sleep(0.5)
    results = await pool.work(["clean"], [job("a"), job("b")])
    assert all(isinstance(result, Emit) for result in results)
