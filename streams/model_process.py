"""One model process: it loads the stages once and works on chunks, and is replaced when it dies.

Every process has its own Pebble pool of one worker, and so its own pipe: a process that dies, hangs
or is killed while idle takes nothing else with it. Time limits are kept here, by the loop's own
clock, so that a jump of the system clock times nobody out.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from pebble import ProcessExpired, ProcessPool

from agents.stage import Options, Stage
from streams.execution import Executor, Job, Result
from streams.process import die_with_parent

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class ProcessFailedError(Exception):
    """A process died or ran out of time; `code` is that of the dead letter if it is proven."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class ModelProcess:
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
            future.add_done_callback(forget)
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


def forget(future: asyncio.Future[Any]) -> None:
    """Take note of a future's error that nobody waits for any more."""
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


def load_stages() -> None:
    """In a model process: load all stages.

    Raises:
        ValueError: A model or a list is missing or unfit.
    """
    if _executor is not None:
        _executor.load()


def chain_stages(names: tuple[str, ...], jobs: list[Job]) -> list[Result]:
    """In a model process: run stages over a chunk, one result a job, in order.

    Raises:
        Unavailable: The chunk may succeed later.
    """
    if _executor is None:
        raise RuntimeError("the model process was not initialised")
    return _executor.chain(names, jobs)


def one_thread_each() -> None:
    """Keep the matrix libraries of all later processes to one thread: the pool is the parallelism.

    Sets environment variables, so it has to be called before the processes start.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
