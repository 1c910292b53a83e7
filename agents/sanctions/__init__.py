"""Sanctions: listed parties, measures and evasion in an article, flagged with evidence."""

from typing import Final

from agents.stage import Options, Run, Stage


def load(options: Options) -> Run:
    """Load the lists and build the index.

    Raises:
        Refused: A file is no usable list; the message names the fix.
    """
    # The index takes a second and 100 MB: only the processes that run the stage pay for it.
    from .run import SanctionsRun  # noqa: PLC0415

    return SanctionsRun(options)


STAGE: Final = Stage(
    name="sanctions",
    source="news.events",
    sink="news.enriched",
    reads=frozenset({"article", "entities", "events"}),
    adds="flags",
    load=load,
    drops=frozenset({"parse"}),
)
