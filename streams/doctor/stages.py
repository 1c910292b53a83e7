"""Checks of what the stages are made with: the model and the sanctions lists."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from agents.stage import Stage
from streams.doctor.finding import Finding
from streams.model_process import one_thread_each
from streams.pool import Pool
from streams.settings import Settings

LISTS_OLD_DAYS: Final = 7
"""Official lists change several times a month."""

STARTER: Final = "starter"

PLENTY_MB: Final = 1 << 20
"""An address space that no pipeline fills."""


async def models(settings: Settings, stages: Sequence[Stage]) -> Finding:
    """Load every stage as a worker does: in a process, within NEWSFLAG_POOL_MEMORY_MB."""
    named = settings.model or "the shipped pipeline"
    error = await _load_error(settings, stages, settings.pool_memory_mb)
    if error is None:
        return Finding("model", "ok", f"{named} is loaded")
    # Short of memory, libraries fail in ways that name something else: ask again with plenty.
    if await _load_error(settings, stages, PLENTY_MB) is None:
        return Finding(
            "model",
            "fail",
            f"{named} does not fit into NEWSFLAG_POOL_MEMORY_MB={settings.pool_memory_mb}",
            "raise NEWSFLAG_POOL_MEMORY_MB",
        )
    fix = "set NEWSFLAG_MODEL and NEWSFLAG_LISTS to what can be read, or unset them"
    return Finding("model", "fail", f"the stages can't be loaded: {error}", fix)


async def _load_error(
    settings: Settings, stages: Sequence[Stage], memory_mb: int
) -> Exception | None:
    one_thread_each()
    pool = Pool(
        stages,
        settings.options(),
        processes=1,
        time_limit_s=settings.record_time_limit_s,
        memory_mb=memory_mb,
    )
    try:
        await pool.warm()
    except Exception as error:  # whatever a stage can't be loaded for, a worker can't either
        return error
    finally:
        await pool.stop()
    return None


async def lists(settings: Settings, stages: Sequence[Stage], today: date) -> Finding:
    """Which sanctions lists are used, and how old they are."""
    stage = next(stage for stage in stages if stage.adds == "flags")
    fix = "set NEWSFLAG_LISTS to fresh files of official lists (agents/sanctions/README.md)"
    try:
        run = await asyncio.to_thread(stage.load, settings.options())
    except (OSError, ValueError) as error:
        return Finding("lists", "fail", f"NEWSFLAG_LISTS: {error}", fix)
    told = ", ".join(text.partition(":")[0] for text in run.lists) or "none"
    if all(text.startswith(STARTER) for text in run.lists):
        return Finding("lists", "warn", f"only the shipped starter list ({told})", fix)
    days = {text: _age(text, today) for text in run.lists}
    old = [f"{text.partition(':')[0]} {age} days" for text, age in days.items()
           if age is not None and age > LISTS_OLD_DAYS]  # fmt: skip
    if old:
        return Finding("lists", "warn", f"old: {', '.join(old)}", fix)
    return Finding("lists", "ok", told)


def _age(text: str, today: date) -> int | None:
    """Days since the date of `name@date:digest`; None where the list tells no date."""
    try:
        return (today - date.fromisoformat(text.partition("@")[2].partition(":")[0])).days
    except ValueError:
        return None
