"""The events stage: an article with its parse becomes events in PLOVER 2.0, each with its words."""

from collections.abc import Sequence

from agents.release import release
from agents.stage import Options, Run, Stage
from schemas import ArticleRecord, EventsBlock

from .coder import Coder, Dropped, Explanation, load_coder
from .plover import plover


class EventsRun:
    """The loaded stage: pure, over a batch of article records."""

    model: str | None = None

    def __init__(self, coder: Coder) -> None:
        self.coder = coder
        self.version = release(__file__)
        self.lists: list[str] = [f"lexicon:{coder.lexicon.digest}"]

    def __call__(self, records: Sequence[ArticleRecord], /) -> list[EventsBlock]:
        """One block a record, in order."""
        return [EventsBlock(events=self.coder.explain(record).events) for record in records]


def load(_: Options, /) -> Run:
    """Read the lexicon and return the stage's function."""
    return EventsRun(load_coder())


STAGE = Stage(
    name="events",
    source="news.entities",
    sink="news.events",
    reads=frozenset({"article", "entities"}),
    adds="events",
    load=load,
)

__all__ = ["STAGE", "Coder", "Dropped", "EventsRun", "Explanation", "load", "load_coder", "plover"]
