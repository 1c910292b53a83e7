"""Checks of a broker that can be reached: topics, transaction log, rights, workers, clocks."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TransactionalIdAuthorizationFailed,
)

from streams.admin import CO_PARTITIONED, TopicState
from streams.doctor.finding import Finding, Status
from streams.doctor.protocol import READ, WRITE, TopicRights, allowed
from streams.kafka import client_options
from streams.scan import committed, scan, spans, with_coordinator
from streams.settings import Settings
from streams.topics import CLEAN, ENTITIES, EVENTS, OUTCOMES, RAW

TRANSACTION_TRY_S: Final = 15.0
FUTURE_MS: Final = 60_000
"""Records from so far in the future mean that a clock is wrong."""

TAIL: Final = 5
"""Offsets at the end of a partition that are looked at; the last may be a transaction's marker."""

READ_BY_WORKERS: Final = frozenset({RAW, CLEAN, ENTITIES, EVENTS})


@dataclass(slots=True)
class Cluster:
    """A broker that answers, and what it said of itself."""

    settings: Settings
    client: AIOKafkaAdminClient
    brokers: int
    topics: list[TopicState]


def acl(settings: Settings, *what: str) -> str:
    """The command that gives this user a right."""
    user = settings.sasl_username or "ANONYMOUS"
    return f"kafka-acls.sh --add --allow-principal User:{user} {' '.join(what)}"


async def replicas(cluster: Cluster) -> Finding:
    """Whether there are as many brokers as copies are asked for."""
    settings, name = cluster.settings, "replicas"
    told = f"{_brokers(cluster)}, NEWSFLAG_REPLICATION={settings.replication}"
    if settings.replication > cluster.brokers:
        fix = f"set NEWSFLAG_REPLICATION={cluster.brokers}, or start more brokers"
        return Finding(name, "fail", told, fix)
    few = [s.name for s in cluster.topics if s.exists and s.replication < settings.replication]
    if few:
        return Finding(name, "warn", f"fewer copies than asked for: {', '.join(few)}",
                       "`kafka-reassign-partitions.sh` adds copies")  # fmt: skip
    if cluster.brokers > 1 and settings.replication == 1:
        fix = "set NEWSFLAG_REPLICATION=3 and NEWSFLAG_MIN_INSYNC_REPLICAS=2"
        return Finding(name, "warn", f"{told}: a broker that is lost takes its records along", fix)
    return Finding(name, "ok", told)


async def transaction_log(cluster: Cluster) -> Finding:
    """Whether the broker's own transaction log can be kept as it is configured."""
    name, prefix = "transaction log", "transaction.state.log."
    config = await _broker_config(cluster, prefix + "replication.factor", prefix + "min.isr")
    if len(config) < 2:
        return Finding(name, "skip", "the broker does not tell its configuration to this user")
    factor, least = (int(config[prefix + key]) for key in ("replication.factor", "min.isr"))
    told = f"{_brokers(cluster)}, replication.factor {factor}, min.isr {least}"
    if factor > cluster.brokers or least > factor:
        return Finding(
            name,
            "fail",
            f"{told}: no transaction can begin",
            f"set {prefix}replication.factor and {prefix}min.isr to at most the number of brokers, "
            "or start more",
        )
    if factor < min(3, cluster.brokers):
        return Finding(name, "warn", f"{told}: lost with one broker, and all transactions with it",
                       f"raise {prefix}replication.factor to 3")  # fmt: skip
    return Finding(name, "ok", told)


def _brokers(cluster: Cluster) -> str:
    return "1 broker" if cluster.brokers == 1 else f"{cluster.brokers} brokers"


async def _broker_config(cluster: Cluster, *names: str) -> dict[str, str]:
    about = await cluster.client.describe_cluster()
    resource = ConfigResource(
        ConfigResourceType.BROKER, str(about["brokers"][0]["node_id"]), dict.fromkeys(names)
    )
    found: dict[str, str] = {}
    for response in await cluster.client.describe_configs([resource]):
        for entry in response.to_object()["resources"]:
            for item in entry["config_entries"]:
                found[item["config_names"]] = item["config_value"]
    return found


async def transactions(cluster: Cluster) -> Finding:
    """Begin one, as every worker does; nothing is written."""
    name, settings = "transactions", cluster.settings
    producer = AIOKafkaProducer(
        **client_options(settings), transactional_id=f"{settings.app_id}-doctor"
    )
    try:
        async with asyncio.timeout(TRANSACTION_TRY_S):
            await producer.start()
    except TransactionalIdAuthorizationFailed:
        return Finding(
            name,
            "fail",
            f"no right to transactional ids that begin with {settings.app_id}",
            acl(cluster.settings, "--operation Write --operation Describe --transactional-id",
                        settings.app_id, "--resource-pattern-type prefixed"),
        )  # fmt: skip
    except TimeoutError:
        return Finding(
            name,
            "fail",
            f"none could begin in {TRANSACTION_TRY_S:.0f} s",
            "look at the transaction log above, and at the broker's own log",
        )
    finally:
        await producer.stop()
    return Finding(name, "ok", f"begin as {settings.app_id}-…")


async def topics_there(cluster: Cluster) -> Finding:
    """Whether all topics exist and every partition has a leader."""
    if missing := [state.name for state in cluster.topics if not state.exists]:
        told = f"missing: {', '.join(missing)}"
        return Finding("topics", "fail", told, "`newsflag topics create` makes them")
    if offline := [f"{s.name} {', '.join(map(str, s.offline))}" for s in cluster.topics
                   if s.offline]:  # fmt: skip
        return Finding("topics", "fail", f"partitions without a leader: {'; '.join(offline)}",
                       "start the brokers that have their copies")  # fmt: skip
    return Finding("topics", "ok", f"all {len(cluster.topics)} are there")


async def partitions(cluster: Cluster) -> Finding:
    """Whether the pipeline's topics have the same partition counts, that of the settings."""
    counts = {
        s.name: s.partitions for s in cluster.topics if s.exists and s.topic in CO_PARTITIONED
    }
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    if len(set(counts.values())) > 1:
        return Finding("partitions", "fail", f"unequal: {told}",
                       "drain the pipeline, make the odd ones anew (docs/topics.md)")  # fmt: skip
    count = next(iter(counts.values()), cluster.settings.partitions)
    if count != cluster.settings.partitions:
        wanted = cluster.settings.partitions
        return Finding("partitions", "fail", f"{count}, NEWSFLAG_PARTITIONS says {wanted}",
                       f"set NEWSFLAG_PARTITIONS={count}")  # fmt: skip
    return Finding("partitions", "ok", f"{count} each")


async def record_size(cluster: Cluster) -> Finding:
    """Whether the topics take the largest record that the settings let through."""
    small = [
        f"{state.name} {found}"
        for state in cluster.topics
        if (found := state.config.get("max.message.bytes"))
        and int(found) < int(state.topic.config(cluster.settings)["max.message.bytes"])
    ]
    if small:
        return Finding(
            "record size",
            "fail",
            f"max.message.bytes is too small: {', '.join(small)}",
            f"raise it for NEWSFLAG_MAX_RECORD_KB={cluster.settings.max_record_kb} "
            "(`newsflag topics describe` says to what), or lower that setting",
        )
    return Finding("record size", "ok", f"{cluster.settings.max_record_kb} KiB fit")


async def topic_settings(cluster: Cluster) -> Finding:
    """Whether retention, clean-up and the like are as the settings ask for."""
    told = [
        str(difference)
        for state in cluster.topics
        if state.exists and state.config
        for difference in state.differences(cluster.settings)
        if difference.setting not in {"max.message.bytes", "partitions"}
    ]
    if told:
        return Finding("topic settings", "warn", "; ".join(told[:4]),
                       "change the setting, or the topic with your cluster's tools")  # fmt: skip
    return Finding("topic settings", "ok", "as asked for")


async def topic_rights(cluster: Cluster) -> Finding:
    """Whether this user may read what workers read and write what they write."""
    names = {state.name: state.topic.name for state in cluster.topics}
    response = await cluster.client._client.send(
        cluster.client._client.get_random_node(), TopicRights(list(names))
    )
    missing = []
    for topic, rights in allowed(response).items():
        needed = {"Read": READ} if names[topic] in READ_BY_WORKERS else {}
        needed |= {} if names[topic] == RAW else {"Write": WRITE}
        missing += [(word, topic) for word, number in needed.items() if number not in rights]
    if not missing:
        return Finding("topic rights", "ok", "read and write as workers need")
    word, topic = missing[0]
    told = ", ".join(f"{word} {topic}" for word, topic in missing)
    fix = acl(
        cluster.settings, f"--operation {word} --topic {topic}", *(["…"] if missing[1:] else [])
    )
    return Finding("topic rights", "fail", f"not allowed: {told}", fix)


async def group(cluster: Cluster) -> Finding:
    """Whether this user may use the workers' group, and who is in it."""
    app_id, name = cluster.settings.app_id, "workers"
    try:
        found = await _members(cluster)
    except GroupAuthorizationFailedError:
        fix = acl(cluster.settings, "--operation Read --group", app_id)
        return Finding(name, "fail", f"no right to the group {app_id}", fix)
    mine = cluster.settings.instance_id
    if same := await _other_of_this_id(cluster, found):
        return Finding(
            name,
            "fail",
            f"a worker at {same[0]} has the id {mine} of this one: they throw each other out",
            "give each machine its own NEWSFLAG_INSTANCE, each worker of one its NEWSFLAG_SLOT",
        )
    lag, found = await _lag(cluster), await _members(cluster)
    if not found:
        status: Status = "warn" if lag else "ok"
        return Finding(name, status, f"none in the group {app_id}, {lag} raw records wait",
                       "`newsflag worker` starts them" if lag else "")  # fmt: skip
    return Finding(name, "ok", f"{len(found)} in the group {app_id}, {lag} raw records wait")


async def _other_of_this_id(cluster: Cluster, found: Sequence[tuple[str, str]]) -> list[str]:
    """Hosts of a worker that has this one's id and is not this machine's.

    A static member that was stopped stays in the group for its session timeout, so whoever is
    found is looked at again after that.
    """
    mine = cluster.settings.instance_id
    if mine not in {instance for instance, _ in found} or _holds_id(cluster.settings):
        return []
    await asyncio.sleep(cluster.settings.session_timeout_s + 1)
    return [host for instance, host in await _members(cluster) if instance == mine]


async def _members(cluster: Cluster) -> list[tuple[str, str]]:
    """Static id and host of each member; Kafka names a member `static id-UUID`."""
    members: list[tuple[str, str]] = []
    app_id = cluster.settings.app_id
    described_groups = await with_coordinator(
        lambda: cluster.client.describe_consumer_groups([app_id])
    )
    for response in described_groups:
        for described in response.to_object()["groups"]:
            for member in described["members"]:
                instance = re.sub(r"-[0-9a-zA-Z_-]{22}$|-[0-9a-f-]{36}$", "", member["member_id"])
                members.append((instance, member["client_host"].lstrip("/")))
    return members


def _holds_id(settings: Settings) -> bool:
    """Whether a worker of this machine and state folder runs with this one's id."""
    import fcntl  # noqa: PLC0415  (used here alone)

    path = settings.state_dir / "workers" / f"{settings.instance_id}.lock"
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


async def _lag(cluster: Cluster) -> int:
    if not all(state.exists for state in cluster.topics if state.topic.name == RAW):
        return 0
    stood = await committed(cluster.settings)
    kept = await spans(cluster.settings, [RAW])
    return sum(max(0, span.stop - max(stood.get(tp, 0), span.start)) for tp, span in kept.items())


async def clocks(cluster: Cluster) -> Finding:
    """Whether the latest records are from the future: this clock or a writer's is wrong."""
    now_ms, latest = time.time() * 1000, 0.0
    there = {state.topic.name for state in cluster.topics if state.exists}
    wanted = await spans(cluster.settings, sorted(there & {RAW, OUTCOMES}))
    tails = {tp: range(max(span.start, span.stop - TAIL), span.stop) for tp, span in wanted.items()}
    async with aclosing(scan(cluster.settings, tails)) as records:
        async for record in records:
            latest = max(latest, float(record.timestamp_ms))
    ahead_s = (latest - now_ms) / 1000
    if latest - now_ms > FUTURE_MS:
        return Finding(
            "clocks",
            "fail",
            f"a record is from {ahead_s:,.0f} s in the future",
            "set the clock of the machine that wrote it, or of this one; run a time service",
        )
    return Finding("clocks", "ok", "no record is from the future")


Check = Callable[[Cluster], Awaitable[Finding]]

CHECKS: Final[dict[str, Check]] = {
    "replicas": replicas,
    "transaction log": transaction_log,
    "transactions": transactions,
    "topics": topics_there,
    "partitions": partitions,
    "record size": record_size,
    "topic settings": topic_settings,
    "topic rights": topic_rights,
    "workers": group,
    "clocks": clocks,
}
"""Checks of the cluster, by the name of what they find."""


async def examine(cluster: Cluster) -> list[Finding]:
    """Run all checks; one that the broker refuses is told as such."""
    findings = []
    for name, check in CHECKS.items():
        try:
            findings.append(await check(cluster))
        except (KafkaError, OSError, TimeoutError) as error:
            told: Any = str(error) or type(error).__name__
            findings.append(Finding(name, "fail", f"the broker says: {told}", "see its log"))
    return findings
