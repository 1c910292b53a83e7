"""The entities stage: who, where, when, how much, and who said it."""

from typing import Final

from agents.stage import Options, Run, Stage


def load(options: Options) -> Run:
    """Load the spaCy pipeline and the knowledge base.

    Raises:
        ValueError: There is no such pipeline, or it cannot serve; the message names the fix.
    """
    # spaCy takes a second to import: only the processes that run the stage pay for it.
    from .run import EntitiesRun  # noqa: PLC0415

    return EntitiesRun(options)


STAGE: Final = Stage(
    name="entities",
    source="news.clean",
    sink="news.entities",
    reads=frozenset({"article"}),
    adds="entities",
    load=load,
)
