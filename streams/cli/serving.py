"""What `up` does once everything runs: wait for the workers, send the sample, show what comes."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import aiohttp
from rich.console import Console
from rich.text import Text

from streams.cli.articles import read_articles
from streams.cli.common import OK, PROBLEMS
from streams.cli.producing import Sent, send
from streams.cli.reading import recent
from streams.cli.showing import Show
from streams.errors import NewsflagError
from streams.sample import FEED
from streams.settings import Settings
from streams.topics import BY_NAME, ENRICHED, RAW

READY_WITHIN_S: Final = 180.0
"""The first start of a worker loads the model from a cold disk; more than this is a fault."""

RESULTS_WITHIN_S: Final = 120.0
LOOK_EVERY_S: Final = 0.2
RECENT_MAX: Final = 3
"""Records of earlier runs shown at a later start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` was asked for.

    Attributes:
        settings: With the broker that is used.
        slots: Number of workers.
        embedded: Whether the broker is ours.
        sample: Send the sample feed; None: if the broker is ours and has no articles yet.
        once: End when the results have been shown.
    """

    settings: Settings
    slots: int
    embedded: bool
    sample: bool | None
    once: bool


async def serve(console: Console, plan: Plan, watch: Coroutine[None, None, None]) -> int:
    """Serve until SIGINT or SIGTERM, or until the results are shown if that is all.

    Args:
        console: What people see.
        plan: What was asked for.
        watch: Looks after what was started, for ever; raises if something can't be kept up.

    Returns:
        The exit code.

    Raises:
        NewsflagError: The workers gave up or never got ready, or the broker went away.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(_work(console, plan))
    watching = asyncio.create_task(watch)
    stopped = asyncio.create_task(stop.wait())
    tasks = (work, watching, stopped)
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if stopped in done:
            return OK
        if watching in done:
            watching.result()  # raises what could not be kept up
        return work.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _work(console: Console, plan: Plan) -> int:
    settings, web = plan.settings, _web_address(plan.settings)
    show = Show(console)
    send_sample = plan.sample
    if send_sample is None:
        send_sample = plan.embedded and not await recent(settings, BY_NAME[RAW], 1)
    if not send_sample:
        await _show_earlier(console, settings, show)
    with console.status("starting the workers: the model is being loaded"):
        await _wait_until_ready(settings, plan.slots)
    console.print(Text(f"workers  {plan.slots}, logs in {settings.state_dir / 'logs'}"))
    console.print(Text(f"web      {web}\n"))
    follower = asyncio.create_task(show.follow(settings, datetime.now(UTC)))
    try:
        code = await _send_sample(console, settings, show) if send_sample else OK
        if not plan.once:
            console.print(Text(f"Serving at {web}. Ctrl-C stops everything.", style="bold"))
            await follower
        return code
    finally:
        follower.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await follower


async def _show_earlier(console: Console, settings: Settings, show: Show) -> None:
    """Show the latest records of earlier runs; that needs no worker."""
    records = await recent(settings, BY_NAME[ENRICHED], RECENT_MAX)
    if records:
        console.print(Text(f"\nthe latest {len(records)} of earlier runs:\n", style="dim"))
    for record in records:
        show.earlier(record)


async def _send_sample(console: Console, settings: Settings, show: Show) -> int:
    """Send the sample feed and wait until each of its articles has ended."""
    begun = time.monotonic()
    with FEED.open("rb") as feed:
        sent = [result async for result in send(settings, read_articles(feed))]
    origins = {f"{s.topic}/{s.partition}/{s.offset}" for s in sent if isinstance(s, Sent)}
    console.print(Text(f"sample   {len(origins)} articles sent\n"))
    show.expect(origins)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(show.done.wait(), RESULTS_WITHIN_S)
    console.print(Text.assemble(show.summary(), f", in {time.monotonic() - begun:.1f} s\n"))
    return OK if show.all_enriched() else PROBLEMS


async def _wait_until_ready(settings: Settings, slots: int) -> None:
    """Wait until every worker says that it consumes.

    Raises:
        NewsflagError: One does not in time.
    """
    deadline = time.monotonic() + READY_WITHIN_S
    waiting = {_web_address(settings, slot) + "ready" for slot in range(slots)}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as client:
        while waiting:
            for url in sorted(waiting):
                if await _is_ready(client, url):
                    waiting.remove(url)
            if time.monotonic() > deadline:
                raise NewsflagError(
                    f"the workers did not get ready within {READY_WITHIN_S:.0f} s; "
                    f"see {settings.state_dir / 'logs'}"
                )
            await asyncio.sleep(LOOK_EVERY_S)


async def _is_ready(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _web_address(settings: Settings, slot: int = 0) -> str:
    host = "127.0.0.1" if settings.web_host in {"0.0.0.0", "::"} else settings.web_host  # noqa: S104
    return f"http://{host}:{settings.web_port + slot}/"
