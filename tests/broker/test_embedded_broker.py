"""The embedded broker as a process: it serves, survives, and never outlives its parent."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.embedded import EmbeddedBroker
from streams.embedded.folder import Folder
from streams.embedded.wire import serving_brokers
from streams.errors import BrokerError

ROOT = Path(__file__).parents[2]
MEBIBYTE = 1024 * 1024

PARENT = """
import sys, time
from pathlib import Path
from threading import Thread
from streams.embedded import EmbeddedBroker

broker = EmbeddedBroker(Path(sys.argv[1]))
starter = Thread(target=broker.start)  # a thread that ends long before the broker
starter.start()
starter.join()
print(broker.pid, broker.bootstrap, flush=True)
time.sleep(600)
"""


async def create_topic(bootstrap: str, name: str, **config: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        response = await admin.create_topics([NewTopic(name, 1, 1, topic_configs=config)])
        assert response.topic_errors[0][1] == 0, response
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", max_request_size=70 * MEBIBYTE
    )
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        values: list[bytes] = []
        while len(values) < count:
            values.append((await consumer.getone()).value)
        return values
    finally:
        await consumer.stop()


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that started a broker, and has printed its pid and address."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "state")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def started(parent: subprocess.Popen[str]) -> tuple[psutil.Process, str]:
    assert parent.stdout is not None
    pid, bootstrap = parent.stdout.readline().split()
    return psutil.Process(int(pid)), bootstrap


def test_the_broker_dies_with_a_parent_that_was_killed(parent: subprocess.Popen[str]) -> None:
    java, bootstrap = started(parent)
    host, port = bootstrap.split(":")
    assert serving_brokers(host, int(port), timeout_s=5) == 1

    parent.kill()

    psutil.wait_procs([java], timeout=5)
    assert not java.is_running() or java.status() == psutil.STATUS_ZOMBIE
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_killed_parents_folder_is_taken_over_at_once_with_its_port(
    parent: subprocess.Popen[str], tmp_path: Path
) -> None:
    _, bootstrap = started(parent)
    parent.kill()
    with EmbeddedBroker(tmp_path / "state") as successor:
        assert successor.bootstrap == bootstrap


def test_a_second_instance_is_refused(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.embedded.folder.LOCK_WAIT_S", 0.2)
    state_dir = broker.log_file.parents[2]
    with pytest.raises(BrokerError, match=f"running .* already .process {broker.pid}."):
        EmbeddedBroker(state_dir).start()
    assert broker.pid is not None


def test_the_second_start_needs_no_network(
    tmp_path: Path, broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "jgo", None)  # an import of it would fail
    with EmbeddedBroker(tmp_path / "state") as offline:
        assert offline.pid is not None


async def test_records_survive_a_stop_and_a_kill(own_broker: EmbeddedBroker) -> None:
    bootstrap = own_broker.bootstrap
    await create_topic(bootstrap, "kept")
    await send(bootstrap, "kept", b"one")

    own_broker.kill()
    assert own_broker.pid is None
    assert own_broker.restart() == bootstrap
    await send(bootstrap, "kept", b"two")

    own_broker.stop()
    assert own_broker.restart() == bootstrap
    assert await read(bootstrap, "kept", 2) == [b"one", b"two"]


async def test_the_largest_records_pass(broker: EmbeddedBroker) -> None:
    """NEWSFLAG_MAX_RECORD_KB goes up to 64 MiB; several of these must not exhaust the broker."""
    limit = str(65 * MEBIBYTE)
    await create_topic(broker.bootstrap, "large", **{"max.message.bytes": limit})
    values = [bytes([letter]) * (64 * MEBIBYTE) for letter in b"ab"]
    await send(broker.bootstrap, "large", *values)
    assert [value[:1] for value in await read(broker.bootstrap, "large", 2)] == [b"a", b"b"]


def test_it_listens_on_loopback_alone(broker: EmbeddedBroker) -> None:
    assert broker.pid is not None
    listening = {
        connection.laddr.ip
        for connection in psutil.Process(broker.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_a_taken_port_is_refused_when_asked_for(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(BrokerError, match=f"port {port} .* is taken"):
            EmbeddedBroker(tmp_path, port=port).start()


def test_a_broker_that_fails_says_why_and_gives_the_folder_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.embedded.broker.JVM", ("-Xmx16m",))
    failing = EmbeddedBroker(tmp_path)
    with pytest.raises(BrokerError, match="ran out of memory"):
        failing.start()
    assert failing.pid is None
    with Folder(tmp_path) as free:
        assert free.lock is not None


def test_a_broker_may_be_left_running_on_purpose(tmp_path: Path) -> None:
    script = PARENT.replace("(Path(sys.argv[1]))", "(Path(sys.argv[1]), kill_with_parent=False)")
    done = subprocess.run(
        [sys.executable, "-c", script.replace("time.sleep(600)", ""), str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    pid = int(done.stdout.split()[0])
    try:
        assert psutil.pid_exists(pid)
    finally:
        os.kill(pid, signal.SIGKILL)
