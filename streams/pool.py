"""Model processes: one a core, each loads the stages once and works on batches, one at a time.

Who gets an idle process is decided here, and what is to be thought of a record whose process died.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from agents.stage import Options, Stage
from streams.execution import Dead, Job, Result
from streams.model_process import (
    ModelProcess,
    ProcessFailedError,
    chain_stages,
    forget,
    load_stages,
)

LOAD_LIMIT_S: Final = 120.0
"""Longest time that models may take to load, on a machine under load."""

FRESH_ATTEMPTS: Final = 2
"""How often a record must kill or hang a fresh process, alone, before it is called guilty."""

PATIENCE_S: Final = 1.0
"""What waits longer for a process goes like a full chunk."""


class Pool:
    """A pool of model processes for the stages of one worker.

    Args:
        stages: What the processes load.
        options: What the stages are configured with.
        processes: How many.
        time_limit_s: Longest time for one record in one stage, and for a batch.
        memory_mb: Address space of one process.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        options: Options,
        *,
        processes: int,
        time_limit_s: float,
        memory_mb: int,
    ) -> None:
        self._order = {stage.name: place for place, stage in enumerate(stages)}
        self._initargs = (tuple(stages), options, memory_mb, os.getpid())
        self._time_limit_s = time_limit_s
        self._processes = [ModelProcess(self._initargs) for _ in range(processes)]
        self._idle = list(self._processes)
        self._waiting: list[_Waiter] = []
        self._fresh = asyncio.Semaphore(1)
        self.warm_now = False
        """Whether all processes have loaded the stages."""
        self.replaced = 0
        """Processes that had to be replaced so far."""

    @property
    def size(self) -> int:
        """Number of processes."""
        return len(self._processes)

    @property
    def busy(self) -> int:
        """Processes at work now."""
        return len(self._processes) - len(self._idle)

    async def warm(self) -> None:
        """Load all stages in all processes.

        Raises:
            ValueError: A model or a list is missing or unfit; the message names the fix.
            ProcessFailedError: A process died while it loaded.
        """
        await asyncio.gather(
            *(process.run(load_stages, (), LOAD_LIMIT_S) for process in self._processes)
        )
        self.warm_now = True

    async def turn(self, name: str, full: Callable[[], bool]) -> None:
        """Wait until a process is idle and it is this stage's turn.

        Whoever calls `work` next, without awaiting anything else in between, gets that process. So
        a lane takes its records as late as it can, and takes more when there are many.

        Args:
            name: The stage.
            full: Tells whether there is a full chunk of records to work on. Full chunks go first:
                large transactions are what a backlog needs, and live news never makes one. What has
                waited for a second goes like a full one, so that no backlog holds others back.
        """
        self._idle.append(await self._claim(self._order[name], full))
        # If the caller does not call `work` after all, the next in turn gets the process.
        asyncio.get_running_loop().call_soon(self._hand_over)

    async def work(self, names: Sequence[str], jobs: Sequence[Job]) -> list[Result]:
        """Run stages over a batch, one result a job, in order.

        Later stages go first: what is nearly done leaves before new work comes in. A record that
        kills or hangs its process is found by running the batch one by one, and is called `crash`
        or `timeout` only when it alone did so in fresh processes.

        Raises:
            Unavailable: The batch may succeed later.
        """
        try:
            return await self._attempt(tuple(names), jobs)
        except ProcessFailedError:
            if len(jobs) == 1:
                return [await self._prove(tuple(names), jobs[0])]
        results: list[Result] = []
        for job in jobs:
            results += await self.work(names, [job])
        return results

    async def stop(self) -> None:
        """Kill all processes, whatever they do."""
        await asyncio.gather(*(process.stop() for process in self._processes))

    async def _attempt(self, names: tuple[str, ...], jobs: Sequence[Job]) -> list[Result]:
        process = await self._claim(self._order[names[-1]], lambda: True)
        # A task of its own, so that a caller who gives up leaves the process claimed until it is
        # really idle again.
        task = asyncio.create_task(self._run(process, names, jobs))
        task.add_done_callback(forget)
        return await asyncio.shield(task)

    async def _run(
        self, process: ModelProcess, names: tuple[str, ...], jobs: Sequence[Job]
    ) -> list[Result]:
        try:
            results: list[Result] = await process.run(
                chain_stages, (names, list(jobs)), self._time_limit_s * len(names)
            )
            return results  # noqa: TRY300  (the failure is counted where it is seen)
        except ProcessFailedError:
            self.replaced += 1
            raise
        finally:
            self._release(process)

    async def _prove(self, names: tuple[str, ...], job: Job) -> Result:
        failure = ProcessFailedError("crash", "")
        async with self._fresh:
            for _ in range(FRESH_ATTEMPTS):
                process = ModelProcess(self._initargs)
                try:
                    await process.run(load_stages, (), LOAD_LIMIT_S)
                    results: list[Result] = await process.run(
                        chain_stages, (names, [job]), self._time_limit_s * len(names)
                    )
                    return results[0]
                except ProcessFailedError as error:
                    failure = error
                finally:
                    await process.stop()
        return Dead(failure.code, failure.message)

    async def _claim(self, order: int, full: Callable[[], bool]) -> ModelProcess:
        if self._idle:
            return self._idle.pop()
        waiter = _Waiter(order, full, time.monotonic(), asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            return await waiter.future
        except asyncio.CancelledError:
            if waiter.future.done() and not waiter.future.cancelled():
                self._release(waiter.future.result())
            raise

    def _hand_over(self) -> None:
        if self._idle and self._waiting:
            self._release(self._idle.pop())

    def _release(self, process: ModelProcess) -> None:
        self._waiting = [waiter for waiter in self._waiting if not waiter.future.done()]
        if not self._waiting:
            self._idle.append(process)
            return
        now = time.monotonic()
        chosen = min(self._waiting, key=lambda waiter: waiter.rank(now))
        self._waiting.remove(chosen)
        chosen.future.set_result(process)


@dataclass(eq=False, slots=True)
class _Waiter:
    """Somebody who waits for a process."""

    order: int
    full: Callable[[], bool]
    since: float
    future: asyncio.Future[ModelProcess]

    def rank(self, now: float) -> tuple[bool, int, float]:
        """Lowest goes first: full chunks, then later stages, then who waits longest."""
        pressing = now - self.since > PATIENCE_S or self.full()
        return (not pressing, -self.order, self.since)
