"""Topics by full and short names."""

import pytest
import typer

from streams.cli.names import find_topic, find_topics, short
from streams.topics import TOPICS


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_found_by_both_names(topic: object) -> None:
    found = [t for t in TOPICS if t is topic]
    assert find_topics([found[0].name, short(found[0])]) == (topic, topic)


def test_no_name_means_all() -> None:
    assert find_topics([]) == TOPICS


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("enriche", "did you mean enriched"),
        ("news.clena", "did you mean news.clean"),
        ("zzz", "there are raw, clean"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest_right_one(name: str, hint: str) -> None:
    with pytest.raises(typer.BadParameter, match=hint):
        find_topic(name)
