"""The doctor, tried by breaking what it looks at: each fault is named, with its fix."""

import asyncio
import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner

from streams.admin import create
from streams.cli.root import app
from streams.doctor import reach
from streams.doctor.examine import examine
from streams.doctor.finding import Finding
from streams.embedded import EmbeddedBroker, folder
from streams.embedded.ports import free_port
from streams.settings import Settings
from streams.topics import BY_NAME, DEAD, EVENTS, RAW
from tests.broker.harness import article, environment, feed, first_outcomes, fleet
from tests.broker.secured import (
    DESCRIBE,
    DESCRIBE_CONFIGS,
    GROUP,
    LITERAL,
    PASSWORD,
    PREFIXED,
    READ,
    TOPIC,
    TRANSACTIONAL_ID,
    USER,
    WRITE,
    Secured,
    allow,
    secured_broker,
)
from tests.broker.stages import STAGES

TODAY = datetime.now(UTC).date()


async def look(settings: Settings) -> dict[str, Finding]:
    """What the doctor says, by check, without the model."""
    found = await examine(settings, STAGES, TODAY, models=False)
    return {finding.check: finding for finding in found}


def changed(settings: Settings, **more: Any) -> Settings:
    return Settings.model_validate(settings.model_dump() | more)


def failed(found: dict[str, Finding], check: str, *words: str) -> None:
    """The check failed, with these words in what it told or its fix."""
    finding = found[check]
    assert finding.status == "fail", finding
    assert finding.fix
    for word in words:
        assert word in f"{finding.told} {finding.fix}"


def only(found: dict[str, Finding], *checks: str) -> None:
    """Nothing else failed."""
    assert {name for name, finding in found.items() if finding.status == "fail"} == set(checks)


async def test_a_pipeline_that_is_well(settings: Settings) -> None:
    await create(settings)
    found = await look(settings)
    only(found)
    assert found["broker"].told.startswith("reached")
    assert found["workers"].told.startswith("none in the group")
    assert found["topic rights"].status == found["transactions"].status == "ok"


async def test_the_command_prints_a_screen_and_json(settings: Settings) -> None:
    env = {name: value for name, value in environment(settings).items() if "NEWSFLAG" in name}

    async def ran(*arguments: str, **more: str) -> Any:
        given = ["doctor", "--quick", *arguments]
        return await asyncio.to_thread(CliRunner().invoke, app, given, env=env | more)

    bad = await ran()
    assert bad.exit_code == 1
    assert "`newsflag topics create` makes them" in bad.stdout
    await create(settings)
    good = await ran("--json")
    assert good.exit_code == 0
    told = orjson.loads(good.stdout)
    assert {"settings", "disk", "broker", "topics", "workers"} <= {line["check"] for line in told}
    screen = (await ran()).stdout.splitlines()
    assert len(screen) <= 26
    wrong = await ran(NEWSFLAG_PARTITION="8")
    assert wrong.exit_code == 1
    assert "did you mean NEWSFLAG_PARTITIONS?" in wrong.stdout


async def test_a_broker_that_is_down_or_somewhere_else(settings: Settings) -> None:
    down = await look(changed(settings, broker=f"127.0.0.1:{free_port()}"))
    failed(down, "broker", "nobody listens", "start the broker")
    assert down["topics"].status == "skip"
    failed(await look(changed(settings, broker="no.such.host.invalid:9092")), "broker",
           "can't be resolved")  # fmt: skip
    failed(await look(changed(settings, broker="localhost")), "broker", "host:port")


async def test_something_else_listens_there(settings: Settings) -> None:
    async def page(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 400 no\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(page, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await reach.reach(changed(settings, broker=f"127.0.0.1:{port}"))
    assert "does not speak Kafka" in found[0].told


async def test_one_bootstrap_server_of_two_is_enough(settings: Settings) -> None:
    both = f"127.0.0.1:{free_port()},{settings.broker}"
    assert [found.status for found in await reach.reach(changed(settings, broker=both))] == [
        "ok",
        "warn",
    ]


async def test_topics_that_are_missing_unequal_too_small_or_different(settings: Settings) -> None:
    failed(await look(settings), "topics", settings.topic(RAW), "newsflag topics create")
    small = changed(settings, max_record_kb=64, retention_hours=1)
    await create(small, [BY_NAME[DEAD]])
    await create(changed(settings, partitions=2), [BY_NAME[EVENTS]])
    rest = [topic for topic in BY_NAME.values() if topic.name not in {DEAD, EVENTS}]
    await create(settings, rest)
    found = await look(settings)
    failed(found, "partitions", "unequal", f"{settings.topic(EVENTS)} 2")
    failed(found, "record size", settings.topic(DEAD), "NEWSFLAG_MAX_RECORD_KB")
    assert "retention.ms" in found["topic settings"].told
    only(found, "partitions", "record size")


async def test_another_partition_count_and_more_copies_than_brokers(settings: Settings) -> None:
    await create(settings)
    found = await look(changed(settings, partitions=6, replication=3))
    failed(found, "partitions", "NEWSFLAG_PARTITIONS=4")
    failed(found, "replicas", "NEWSFLAG_REPLICATION=1")
    only(found, "partitions", "replicas")


async def test_a_record_from_the_future(settings: Settings) -> None:
    await create(settings)
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker)
    await producer.start()
    soon = int((time.time() + 1800) * 1000)  # Kafka takes up to an hour
    await producer.send_and_wait(settings.topic(RAW), b"{}", timestamp_ms=soon)
    await producer.stop()
    found = await look(settings)
    failed(found, "clocks", "s in the future", "time service")
    assert found["workers"] == Finding(
        "workers",
        "warn",
        f"none in the group {settings.app_id}, 1 raw records wait",
        "`newsflag worker` starts them",
    )


async def test_two_workers_with_one_id_and_one_that_was_stopped(
    settings: Settings, tmp_path: Path
) -> None:
    settings = changed(settings, session_timeout_s=3.0)
    async with fleet(settings, tmp_path, 0):
        await feed(settings, [article(1)])
        await first_outcomes(settings, 1)
        same_machine = await look(settings)
        other = changed(settings, state_dir=tmp_path / "other-machine")
        failed(await look(other), "workers", settings.instance_id, "NEWSFLAG_INSTANCE")
        another_name = await look(changed(other, instance="second"))
    only(same_machine)
    only(another_name)
    assert same_machine["workers"].told.startswith("1 in the group")
    # A stopped one is in the group until its session times out, and is no second worker.
    stopped = await look(settings)
    only(stopped)
    assert stopped["workers"].told.startswith("none in the group")


async def test_a_transaction_log_that_one_broker_can_not_keep(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            folder, "PROPERTIES", folder.PROPERTIES + "transaction.state.log.replication.factor=3\n"
        )
        patched.setattr("streams.doctor.cluster.TRANSACTION_TRY_S", 2.0)
        with EmbeddedBroker(tmp_path / "broker") as broker:
            settings = Settings(broker=broker.bootstrap, web_port=0, state_dir=tmp_path)
            await create(settings)
            found = await look(settings)
    failed(found, "transaction log", "replication.factor 3", "number of brokers")
    failed(found, "transactions", "none could begin")
    only(found, "transaction log", "transactions")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the broker's certificate, and is not installed")
    with secured_broker(tmp_path_factory.mktemp("secured")) as running:
        yield running


def login(listeners: Secured, path: Path, **more: Any) -> Settings:
    name = f"t{uuid.uuid4().hex[:8]}"
    given = {
        "broker": listeners.sasl,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_username": USER,
        "sasl_password": PASSWORD,
        "app_id": name,
        "topic_prefix": f"{name}.",
        "partitions": 2,
        "web_port": 0,
        "state_dir": path,
    }
    return Settings.model_validate(given | more)


async def test_tls_and_plain_that_are_mixed_up(secured: Secured, tmp_path: Path) -> None:
    def with_(broker: str, protocol: str, **more: Any) -> Settings:
        return login(secured, tmp_path, broker=broker, security_protocol=protocol, **more)

    cases: list[tuple[Settings, tuple[str, ...]]] = [
        (with_(secured.tls, "PLAINTEXT"), ("speaks TLS", "NEWSFLAG_SECURITY_PROTOCOL=SSL")),
        (with_(secured.tls, "SASL_PLAINTEXT"), ("speaks TLS", "=SASL_SSL")),
        (with_(secured.plain, "SSL"), ("speaks no TLS", "=PLAINTEXT")),
        (with_(secured.sasl, "SASL_SSL"), ("speaks no TLS", "=SASL_PLAINTEXT")),
        (with_(secured.tls, "SSL"), ("not trusted", "NEWSFLAG_SSL_CA")),
        (with_(secured.tls, "SSL", ssl_ca=tmp_path / "no.pem"), ("NEWSFLAG_SSL_CA", "No such")),
        (with_(secured.sasl, "PLAINTEXT"), ("does it ask for a login",)),
        (with_(secured.sasl, "SASL_PLAINTEXT", sasl_password="wrong"), (USER, "_PASSWORD")),  # noqa: S106
        (with_(secured.sasl, "SASL_PLAINTEXT", sasl_mechanism="SCRAM-SHA-512"), ("_MECHANISM",)),
    ]
    for settings, words in cases:
        (found,) = await reach.reach(settings)
        failed({"broker": found}, "broker", *words)
    (good,) = await reach.reach(with_(secured.tls, "SSL", ssl_ca=secured.authority))
    assert good.status == "ok"


def rights(settings: Settings) -> dict[str, list[tuple[int, str, int, int]]]:
    """The least that a worker needs."""
    prefix = settings.topic_prefix
    return {
        "topics": [
            (TOPIC, prefix, PREFIXED, operation) for operation in (READ, DESCRIBE, DESCRIBE_CONFIGS)
        ],
        "write": [(TOPIC, prefix, PREFIXED, WRITE)],
        "group": [(GROUP, settings.app_id, LITERAL, READ)],
        "transactional": [
            (TRANSACTIONAL_ID, settings.app_id, PREFIXED, operation)
            for operation in (WRITE, DESCRIBE)
        ],
    }


@pytest.mark.parametrize(
    ("missing", "check", "words"),
    [
        ("write", "topic rights", ("Write", "kafka-acls.sh", f"User:{USER}")),
        ("group", "workers", ("no right to the group", "--operation Read --group")),
        ("transactional", "transactions", ("transactional ids", "--transactional-id")),
    ],
)
async def test_a_right_that_is_missing(
    missing: str, check: str, words: tuple[str, ...], secured: Secured, tmp_path: Path
) -> None:
    settings = login(secured, tmp_path)
    await create(changed(settings, broker=secured.plain, security_protocol="PLAINTEXT"))
    given = [
        right for name, group in rights(settings).items() if name != missing for right in group
    ]
    await allow(secured, *given)
    found = await look(settings)
    failed(found, check, *words)
    only(found, check)


async def test_a_user_without_any_right(secured: Secured, tmp_path: Path) -> None:
    settings = login(secured, tmp_path)
    await create(changed(settings, broker=secured.plain, security_protocol="PLAINTEXT"))
    found = await look(settings)
    failed(found, "topic rights", "not allowed to see", f"--topic {settings.topic_prefix}")
    only(found, "topic rights")


async def test_with_the_least_rights_all_is_well_and_articles_come_through(
    secured: Secured, tmp_path: Path
) -> None:
    settings = login(secured, tmp_path)
    plain = changed(settings, broker=secured.plain, security_protocol="PLAINTEXT")
    await create(plain)
    await allow(secured, *(right for group in rights(settings).values() for right in group))
    async with fleet(plain, tmp_path) as workers:
        workers.settings = settings
        workers.more["NEWSFLAG_SASL_PASSWORD"] = PASSWORD
        workers.start(0)
        await feed(plain, [article(n) for n in range(20)])
        await first_outcomes(plain, 20)
        only(await look(settings))
