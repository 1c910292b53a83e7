"""Topics by the names that people type: `news.enriched`, or short `enriched`."""

import difflib
from collections.abc import Sequence

import typer

from streams.topics import TOPICS, Topic


def find_topic(name: str) -> Topic:
    """The topic of a full or short name.

    Raises:
        typer.BadParameter: There is none; the nearest right name is told.
    """
    by_name = {short(topic): topic for topic in TOPICS} | {topic.name: topic for topic in TOPICS}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(map(short, TOPICS))}"
    raise typer.BadParameter(f"{name} is no topic of the pipeline; {hint}")


def find_topics(names: Sequence[str]) -> tuple[Topic, ...]:
    """The topics of these names; no name means all.

    Raises:
        typer.BadParameter: There is no topic of a name.
    """
    return tuple(find_topic(name) for name in names) or TOPICS


def short(topic: Topic) -> str:
    """The short name of a topic."""
    return topic.name.partition(".")[2]
