"""Model processes: one a core, each loads the stages once and works on batches, one at a time.

Every process has its own Pebble pool of one worker, and so its own pipe: a process that dies, hangs
or is killed while idle takes nothing else with it, and only that one is replaced. Time limits are
kept here, by the loop's own clock, so that a jump of the system clock times nobody out.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final

from pebble import ProcessExpired, ProcessPool

from agents.stage import Options, Stage
from streams.execution import Dead, Executor, Job, Result
from streams.process import die_with_parent

LOAD_LIMIT_S: Final = 120.0
"""Longest time that models may take to load, on a machine under load."""

FRESH_ATTEMPTS: Final = 2
"""How often a record must kill or hang a fresh process, alone, before it is called guilty."""

PATIENCE_S: Final = 1.0
"""What waits longer for a process goes like a full chunk."""

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class ProcessFailedError(Exception):
    """A process died or ran out of time; `code` is that of the dead letter if it is proven."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


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
        self._processes = [_Process(self._initargs) for _ in range(processes)]
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
        await asyncio.gather(*(process.run(_load, (), LOAD_LIMIT_S) for process in self._processes))
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
        task.add_done_callback(_forget)
        return await asyncio.shield(task)

    async def _run(
        self, process: "_Process", names: tuple[str, ...], jobs: Sequence[Job]
    ) -> list[Result]:
        try:
            results: list[Result] = await process.run(
                _chain, (names, list(jobs)), self._time_limit_s * len(names)
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
                process = _Process(self._initargs)
                try:
                    await process.run(_load, (), LOAD_LIMIT_S)
                    results: list[Result] = await process.run(
                        _chain, (names, [job]), self._time_limit_s * len(names)
                    )
                    return results[0]
                except ProcessFailedError as error:
                    failure = error
                finally:
                    await process.stop()
        return Dead(failure.code, failure.message)

    async def _claim(self, order: int, full: Callable[[], bool]) -> "_Process":
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

    def _release(self, process: "_Process") -> None:
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
    future: "asyncio.Future[_Process]"

    def rank(self, now: float) -> tuple[bool, int, float]:
        """Lowest goes first: full chunks, then later stages, then who waits longest."""
        pressing = now - self.since > PATIENCE_S or self.full()
        return (not pressing, -self.order, self.since)


class _Process:
    """One process, replaced when it dies; made at its first task."""

    def __init__(self, initargs: tuple[tuple[Stage, ...], Options, int, int]) -> None:
        self._initargs = initargs
        self._pool: ProcessPool | None = None

    async def run(self, function: Callable[..., Any], args: tuple[Any, ...], limit_s: float) -> Any:
        """Run a function in the process.

        Raises:
            ProcessFailedError: The process died, or the time was up and it was killed.
        """
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1,
                initializer=_begin,
                initargs=self._initargs,
                context=multiprocessing.get_context("spawn"),
            )
        try:
            future = asyncio.wrap_future(self._pool.schedule(function, args=args))
        except RuntimeError as error:  # Pebble's word for a pool that broke while it was idle
            await self.stop()
            raise ProcessFailedError(
                "crash:idle", f"the model process died while idle: {error}"
            ) from None
        # Not wait_for: cancelling Pebble's future would kill the process with its loaded models.
        done, _ = await asyncio.wait([future], timeout=limit_s)
        if not done:
            future.add_done_callback(_forget)
            await self.stop()
            raise ProcessFailedError("timeout", f"took longer than {limit_s:g} s")
        try:
            return future.result()
        except ProcessExpired as error:
            await self.stop()
            raise ProcessFailedError(*_death(error.exitcode)) from None
        except (BrokenProcessPool, asyncio.CancelledError) as error:
            await self.stop()
            raise ProcessFailedError(
                "crash:unknown", f"the model process broke: {error!r}"
            ) from None

    async def stop(self) -> None:
        """Kill the process; the next task makes a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_end, pool)


def _forget(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # Pebble annotates its results only
    pool.join()


def _death(exitcode: int | None) -> tuple[str, str]:
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        return f"crash:{name}", f"the model process was ended by {name}"
    return f"crash:exit_{exitcode}", f"the model process ended with exit code {exitcode}"


_executor: Executor | None = None


def _begin(stages: tuple[Stage, ...], options: Options, memory_mb: int, parent: int) -> None:
    global _executor  # noqa: PLW0603  (a process has one executor, made by Pebble's initializer)
    die_with_parent(parent)
    # Ctrl-C reaches the whole process group; the worker decides when its processes end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    _executor = Executor(stages, options)


def _load() -> None:
    if _executor is not None:
        _executor.load()


def _chain(names: tuple[str, ...], jobs: list[Job]) -> list[Result]:
    if _executor is None:
        raise RuntimeError("the model process was not initialised")
    return _executor.chain(names, jobs)


def one_thread_each() -> None:
    """Keep the matrix libraries of all later processes to one thread: the pool is the parallelism.

    Sets environment variables, so it has to be called before the processes start.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
