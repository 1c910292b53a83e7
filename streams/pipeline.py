"""The whole flow in one screen.

news.raw ─ clean ─> news.clean ─ entities ─> news.entities ─ events ─> news.events
         ─ sanctions ─> news.enriched (+ news.flagged)
every stage ─> news.dead          every end of a raw record ─> news.outcomes
"""

from collections.abc import Iterable, Sequence
from typing import Final

from agents import clean, entities, events, sanctions
from agents.stage import Stage
from streams.errors import SettingsError
from streams.topics import BY_NAME, ENRICHED, RAW

PIPELINE: Final[tuple[Stage, ...]] = (clean.STAGE, entities.STAGE, events.STAGE, sanctions.STAGE)


def check(stages: Sequence[Stage]) -> None:
    """Check that each stage finds its input: a wrong order can't start.

    Raises:
        ValueError: A source is not the former stage's sink, a topic is unknown, or a stage reads
            a block that nobody added before it.
    """
    added: set[str] = set()
    source = RAW
    for stage in stages:
        if stage.source != source:
            raise ValueError(f"stage {stage.name} reads {stage.source}, but {source} comes to it")
        if stage.sink not in BY_NAME:
            raise ValueError(f"stage {stage.name} writes {stage.sink}, which is no topic")
        if missing := stage.reads - added:
            raise ValueError(f"stage {stage.name} reads {', '.join(sorted(missing))} too early")
        added.add(stage.adds)
        source = stage.sink
    if source != ENRICHED:
        raise ValueError(f"the flow ends in {source}, not in {ENRICHED}")


def choose(names: Iterable[str], stages: Sequence[Stage] = PIPELINE) -> tuple[Stage, ...]:
    """The stages of these names, in the order of the flow; no name means all.

    Raises:
        SettingsError: There is no stage of that name.
    """
    wanted = list(names)
    known = {stage.name for stage in stages}
    for name in wanted:
        if name not in known:
            raise SettingsError(
                f"{name} is no stage; there are {', '.join(s.name for s in stages)}"
            )
    return tuple(stage for stage in stages if not wanted or stage.name in wanted)


check(PIPELINE)
