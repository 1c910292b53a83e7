"""Topics on the broker: create those of the registry, compare what is there with what should be.

The pipeline's topics need equal partition counts, because every hop after `clean` writes to the
partition number that it read from.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from streams.errors import BrokerError, TopicsError
from streams.kafka import client_options
from streams.settings import Settings
from streams.topics import TOPICS, Topic

NO_ERROR: Final = 0
UNKNOWN_TOPIC: Final = 3
NO_LEADER_YET: Final = 5
TOPIC_EXISTS: Final = 36
"""Error codes of the Kafka protocol."""

REQUEST_TIMEOUT_MS: Final = 10_000
SETTLE_TIMEOUT_S: Final = 15.0
"""How long a new topic may take until every broker that is asked knows its partitions."""

CO_PARTITIONED: Final = tuple(topic for topic in TOPICS if topic.record in {"raw", "record"})
"""The topics that the hops copy partition numbers between."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting of an existing topic that is not what the registry asks for."""

    topic: str
    setting: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.setting} is {self.found}, not {self.wanted}"


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as the broker has it; `partitions` is 0 where it does not exist.

    Attributes:
        topic: The registry's entry.
        name: Its name in this cluster, prefix included.
        partitions: Number of partitions.
        replication: Smallest number of replicas of a partition.
        config: The values of the settings that the registry asks for.
        offline: Partitions without a leader.
    """

    topic: Topic
    name: str
    partitions: int = 0
    replication: int = 0
    config: dict[str, str] = field(default_factory=dict)
    offline: tuple[int, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether the broker knows the topic."""
        return self.partitions > 0

    def differences(self, settings: Settings) -> list[Difference]:
        """What is not as the registry and the settings ask for; empty where it does not exist."""
        if not self.exists:
            return []
        wanted = {
            "partitions": str(settings.partitions),
            "replication": str(settings.replication),
            **self.topic.config(settings),
        }
        found = {
            "partitions": str(self.partitions),
            "replication": str(self.replication),
            **self.config,
        }
        return [
            Difference(self.name, setting, found.get(setting, "unknown"), value)
            for setting, value in wanted.items()
            if found.get(setting) != value
        ]


@dataclass(frozen=True, slots=True)
class Created:
    """What `create` did: topics that are new, those that were there, and how these differ."""

    new: tuple[str, ...]
    existing: tuple[str, ...]
    differences: tuple[Difference, ...]


@contextlib.asynccontextmanager
async def admin_client(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected admin client.

    Raises:
        BrokerError: No broker is set, or it can't be reached or used.
    """
    client = AIOKafkaAdminClient(
        **client_options(settings),
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        client_id="newsflag-admin",
    )
    try:
        try:
            await client.start()
            yield client
        except (KafkaError, OSError) as error:
            raise BrokerError(unreachable(settings, error)) from error
    finally:
        await client.close()


def unreachable(settings: Settings, error: Exception) -> str:
    """The message of a broker that can't be used, with what to look at."""
    return (
        f"the Kafka broker at {settings.broker} can't be used: {error}. Is it running, reachable "
        f"from here, and of the kind that NEWSFLAG_SECURITY_PROTOCOL ({settings.security_protocol})"
        " says?"
    )


async def states(settings: Settings, topics: Sequence[Topic] = TOPICS) -> list[TopicState]:
    """How the broker has each topic, in the order given.

    Raises:
        BrokerError: The broker can't be reached or used.
    """
    async with admin_client(settings) as client:
        return await _states(client, settings, topics)


async def create(settings: Settings, topics: Sequence[Topic] = TOPICS) -> Created:
    """Create the topics that are missing, with the registry's explicit configuration.

    Running it again changes nothing. An existing topic is never altered: what differs is told.

    Raises:
        BrokerError: The broker can't be reached, or refused to create a topic.
        TopicsError: The partition counts are unequal or not those of the settings.
    """
    async with admin_client(settings) as client:
        found = await _states(client, settings, topics)
        _require_equal_partitions(found)
        _require_partitions(found, settings)
        missing = [state for state in found if not state.exists]
        new = await _create(client, settings, missing)
        await _settle(client, settings, [state.topic for state in missing])
    there = [state for state in found if state.exists]
    return Created(
        new=tuple(state.name for state in missing if state.name in new),
        existing=tuple(state.name for state in found if state.name not in new),
        differences=tuple(d for state in there for d in state.differences(settings)),
    )


async def require(settings: Settings, topic: Topic) -> int:
    """Check that a topic exists, by a request that every producer and consumer may make.

    Returns:
        Its partition count.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: It does not exist.
    """
    name = settings.topic(topic.name)
    async with admin_client(settings) as client:
        (entry,) = await client.describe_topics([name])
    if entry["error_code"] == UNKNOWN_TOPIC:
        raise TopicsError(
            f"there is no topic {name} at {settings.broker}; `newsflag topics create` makes it"
        )
    return len(entry["partitions"])


async def check(settings: Settings) -> int:
    """Check that the topics are laid out so that the pipeline can run.

    Returns:
        The partition count of the pipeline's topics.

    Raises:
        BrokerError: The broker can't be reached or used.
        TopicsError: Topics are missing, or their partition counts are unequal.
    """
    found = await states(settings)
    if missing := [state.name for state in found if not state.exists]:
        raise TopicsError(
            f"topics are missing: {', '.join(missing)}; `newsflag topics create` makes them"
        )
    return _require_equal_partitions(found)


def _require_equal_partitions(found: Iterable[TopicState]) -> int:
    counts = {s.name: s.partitions for s in found if s.exists and s.topic in CO_PARTITIONED}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise TopicsError(
            f"the pipeline's topics have unequal partition counts ({told}). A hop writes to the "
            "partition number that it read from, so they must be equal: drain the pipeline, then "
            "make the odd ones anew with the right count (docs/topics.md)"
        )
    return next(iter(counts.values()), 0)


def _require_partitions(found: Iterable[TopicState], settings: Settings) -> None:
    for state in found:
        if state.exists and state.topic in CO_PARTITIONED:
            if state.partitions != settings.partitions:
                raise TopicsError(
                    f"{state.name} has {state.partitions} partitions, but NEWSFLAG_PARTITIONS is "
                    f"{settings.partitions}: set NEWSFLAG_PARTITIONS={state.partitions}, or drain "
                    "the pipeline and make its topics anew (docs/topics.md)"
                )
            return


async def _states(
    client: AIOKafkaAdminClient, settings: Settings, topics: Sequence[Topic]
) -> list[TopicState]:
    names = [settings.topic(topic.name) for topic in topics]
    described = {entry["topic"]: entry for entry in await client.describe_topics(names)}
    configs = await _configs(client, settings, topics)
    found = []
    for topic, name in zip(topics, names, strict=True):
        entry = described.get(name, {"error_code": UNKNOWN_TOPIC, "partitions": []})
        if entry["error_code"] not in {NO_ERROR, UNKNOWN_TOPIC, NO_LEADER_YET}:
            raise for_code(entry["error_code"])(name)
        partitions: list[dict[str, Any]] = entry["partitions"]
        found.append(
            TopicState(
                topic=topic,
                name=name,
                partitions=len(partitions),
                replication=min((len(p["replicas"]) for p in partitions), default=0),
                config=configs.get(name, {}),
                offline=tuple(sorted(p["partition"] for p in partitions if p["leader"] < 0)),
            )
        )
    return found


async def _configs(
    client: AIOKafkaAdminClient, settings: Settings, topics: Sequence[Topic]
) -> dict[str, dict[str, str]]:
    resources = [
        ConfigResource(
            ConfigResourceType.TOPIC,
            settings.topic(topic.name),
            dict.fromkeys(topic.config(settings)),
        )
        for topic in topics
    ]
    found: dict[str, dict[str, str]] = {}
    for response in await client.describe_configs(resources):
        for resource in response.to_object()["resources"]:
            found[resource["resource_name"]] = {
                entry["config_names"]: entry["config_value"] for entry in resource["config_entries"]
            }
    return found


async def _create(
    client: AIOKafkaAdminClient, settings: Settings, missing: Sequence[TopicState]
) -> set[str]:
    if not missing:
        return set()
    response = await client.create_topics(
        [
            NewTopic(
                name=state.name,
                num_partitions=settings.partitions,
                replication_factor=settings.replication,
                topic_configs=state.topic.config(settings),
            )
            for state in missing
        ]
    )
    new: set[str] = set()
    refused: dict[str, list[str]] = {}
    for entry in response.to_object()["topic_errors"]:
        name, code = entry["topic"], entry["error_code"]
        if code == NO_ERROR:
            new.add(name)
        elif code != TOPIC_EXISTS:  # another worker that starts now may have been faster
            reason = entry.get("error_message") or for_code(code).__name__
            refused.setdefault(reason, []).append(name)
    if refused:
        told = "\n".join(f"{reason} ({', '.join(names)})" for reason, names in refused.items())
        raise BrokerError(f"the broker refused to create topics:\n{told}")
    return new


async def _settle(client: AIOKafkaAdminClient, settings: Settings, topics: Sequence[Topic]) -> None:
    """Wait until the new topics can be written to: creation is told before it has spread."""
    if not topics:
        return
    deadline = asyncio.get_running_loop().time() + SETTLE_TIMEOUT_S
    while True:
        found = await _states(client, settings, topics)
        late = [state.name for state in found if not state.exists or state.offline]
        if not late:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise BrokerError(
                f"{', '.join(late)}: created, but without a leader after {SETTLE_TIMEOUT_S:.0f} s; "
                "are enough brokers of the cluster up?"
            )
        await asyncio.sleep(0.1)
