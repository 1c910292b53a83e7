"""What topics should be like against what they are like, without a broker."""

import asyncio
from typing import Any

import pytest

from streams import admin
from streams.admin import CO_PARTITIONED, TopicState
from streams.errors import BrokerError, TopicsError
from streams.settings import Settings, load_settings
from streams.topics import BY_NAME, DEAD, FLAGGED, OUTCOMES, RAW, TOPICS, Topic

SETTINGS = load_settings({}, broker="127.0.0.1:1", partitions=4, topic_prefix="p.")


def as_wanted(topic: Topic, **more: Any) -> TopicState:
    given = {
        "name": SETTINGS.topic(topic.name),
        "partitions": 4,
        "replication": 1,
        "config": topic.config(SETTINGS),
    }
    return TopicState(topic, **{**given, **more})


class FakeClient:
    """Answers as a broker that has these topics; refuses to create those of `refused`."""

    def __init__(self, partitions: dict[str, int], refused: dict[str, int] | None = None) -> None:
        self.partitions = dict(partitions)
        self.refused = refused or {}
        self.asked: list[Any] = []

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        return [self._described(name) for name in names]

    def _described(self, name: str) -> dict[str, Any]:
        if name not in self.partitions:
            return {"topic": name, "error_code": 3, "partitions": []}
        numbers = range(self.partitions[name])
        partitions = [{"partition": n, "leader": 1, "replicas": [1]} for n in numbers]
        return {"topic": name, "error_code": 0, "partitions": partitions}

    async def describe_configs(self, resources: list[Any]) -> list[Any]:
        return [Answer({"resources": []})]

    async def create_topics(self, topics: list[Any]) -> Any:
        self.asked += topics
        for topic in topics:
            if topic.name not in self.refused:
                self.partitions[topic.name] = topic.num_partitions
        errors = [{"topic": t.name, "error_code": self.refused.get(t.name, 0)} for t in topics]
        return Answer({"topic_errors": errors})


class Answer:
    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def to_object(self) -> dict[str, Any]:
        return self.content


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(**given: Any) -> FakeClient:
        client = FakeClient(**given)
        monkeypatch.setattr(admin, "AIOKafkaAdminClient", lambda **_: client)
        return client

    return install


def every(count: int = 4) -> dict[str, int]:
    return {SETTINGS.topic(topic.name): count for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_as_wanted_has_no_differences(topic: Topic) -> None:
    assert as_wanted(topic).differences(SETTINGS) == []


def test_every_difference_is_told_with_both_values() -> None:
    state = as_wanted(BY_NAME[RAW], partitions=3, config={"retention.ms": "1"})
    told = {d.setting: str(d) for d in state.differences(SETTINGS)}
    assert told["partitions"] == "p.news.raw: partitions is 3, not 4"
    assert told["retention.ms"] == f"p.news.raw: retention.ms is 1, not {168 * 3_600_000}"
    assert told["cleanup.policy"] == "p.news.raw: cleanup.policy is unknown, not delete"
    assert "replication" not in told


def test_a_topic_that_does_not_exist_has_no_differences() -> None:
    state = as_wanted(BY_NAME[RAW], partitions=0)
    assert not state.exists
    assert state.differences(SETTINGS) == []


def test_hops_copy_partition_numbers_between_all_topics_of_articles() -> None:
    others = {topic.name for topic in TOPICS} - {topic.name for topic in CO_PARTITIONED}
    assert others == {DEAD, OUTCOMES}
    assert BY_NAME[FLAGGED] in CO_PARTITIONED


def test_missing_topics_are_created_with_explicit_configuration(fake: Any) -> None:
    client = fake(partitions={})
    made = asyncio.run(admin.create(SETTINGS))
    assert made.new == tuple(SETTINGS.topic(topic.name) for topic in TOPICS)
    assert made.existing == ()
    for topic, asked in zip(TOPICS, client.asked, strict=True):
        assert (asked.num_partitions, asked.replication_factor) == (4, 1)
        assert asked.topic_configs == topic.config(SETTINGS)


def test_creating_again_asks_for_nothing(fake: Any) -> None:
    client = fake(partitions=every())
    made = asyncio.run(admin.create(SETTINGS))
    assert (made.new, client.asked) == ((), [])
    assert len(made.existing) == len(TOPICS)


def test_a_topic_that_somebody_made_in_the_meantime_is_no_error(fake: Any) -> None:
    raced = SETTINGS.topic(RAW)
    client = fake(partitions={}, refused={raced: admin.TOPIC_EXISTS})
    create_topics = client.create_topics

    async def faster(topics: list[Any]) -> Any:
        client.partitions[raced] = 4
        return await create_topics(topics)

    client.create_topics = faster
    made = asyncio.run(admin.create(SETTINGS))
    assert raced in made.existing
    assert raced not in made.new


def test_what_the_broker_refuses_is_told_by_reason(fake: Any) -> None:
    names = [SETTINGS.topic(RAW), SETTINGS.topic(DEAD)]
    fake(partitions={}, refused=dict.fromkeys(names, 38))
    with pytest.raises(
        BrokerError, match=r"InvalidReplicationFactor\w* \(p.news.raw, p.news.dead\)"
    ):
        asyncio.run(admin.create(SETTINGS))


@pytest.mark.parametrize("act", [admin.create, admin.check])
def test_unequal_partition_counts_are_refused_by_name(act: Any, fake: Any) -> None:
    client = fake(partitions={**every(), SETTINGS.topic(FLAGGED): 5})
    with pytest.raises(TopicsError, match=r"unequal partition counts .*p.news.flagged 5"):
        asyncio.run(act(SETTINGS))
    assert client.asked == []


def test_dead_letters_and_outcomes_may_have_counts_of_their_own(fake: Any) -> None:
    fake(partitions={**every(), SETTINGS.topic(DEAD): 1, SETTINGS.topic(OUTCOMES): 2})
    assert asyncio.run(admin.check(SETTINGS)) == 4


def test_a_count_that_is_not_the_set_one_is_told_with_both_ways_out(fake: Any) -> None:
    fake(partitions={SETTINGS.topic(RAW): 8})
    with pytest.raises(TopicsError, match="set NEWSFLAG_PARTITIONS=8, or drain"):
        asyncio.run(admin.create(SETTINGS))


def test_missing_topics_stop_a_worker_with_the_command_that_makes_them(fake: Any) -> None:
    fake(partitions={SETTINGS.topic(RAW): 4})
    with pytest.raises(TopicsError, match=r"p.news.clean.*newsflag topics create"):
        asyncio.run(admin.check(SETTINGS))


def test_a_topic_that_is_needed_is_named_when_it_is_missing(fake: Any) -> None:
    fake(partitions=every(6))
    assert asyncio.run(admin.require(SETTINGS, BY_NAME[RAW])) == 6
    fake(partitions={})
    with pytest.raises(TopicsError, match=r"there is no topic p.news.raw at 127.0.0.1:1"):
        asyncio.run(admin.require(SETTINGS, BY_NAME[RAW]))


def test_a_broker_that_can_not_be_reached_is_named() -> None:
    settings: Settings = SETTINGS.model_copy(update={"security_protocol": "PLAINTEXT"})
    with pytest.raises(BrokerError, match=r"127.0.0.1:1 can't be used: .*\(PLAINTEXT\)"):
        asyncio.run(admin.states(settings))
