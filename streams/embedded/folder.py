"""The broker's state folder: whose it is, which ports it has, how the broker is configured.

STATE/kafka/broker.json        what we know of it: cluster id, Kafka version, ports
STATE/kafka/lock               held by whoever runs the broker
STATE/kafka/data/              Kafka's own
STATE/kafka/server.properties  written anew at every start
STATE/kafka/logs/              broker.log, rotated by size; java.out
"""

import base64
import fcntl
import json
import os
import shutil
import time
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

from streams.embedded.ports import free_port, is_free
from streams.errors import BrokerError

FREE_BYTES_MIN: Final = 512 * 1024 * 1024
"""Below this the broker does not start: a full disk stops Kafka in the middle of a write."""

LOCK_WAIT_S: Final = 5.0
"""A broker whose parent was killed needs a moment to go; a running one keeps the lock."""

RECORD_BYTES_MAX: Final = 70 * 1024 * 1024
"""Largest record batch; each topic sets its own, smaller limit."""

PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}

# One node holds everything once.
default.replication.factor=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
auto.create.topics.enable=false

# Groups settle at once, and a dead worker's open transaction holds readers back only shortly.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
transaction.max.timeout.ms=300000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
# A broker that was killed is let in again only after this; with the default, after 9 s.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Longer than any topic keeps records: a group that was away for weeks goes on where it was.
offsets.retention.minutes=86400

# Retention by time and by size, for topics that set neither; it deletes whole closed segments.
log.retention.hours=168
log.retention.bytes=1073741824
log.retention.check.interval.ms=60000
log.segment.bytes=134217728
log.index.size.max.bytes=1048576
metadata.log.segment.bytes=16777216

message.max.bytes={record_bytes}
replica.fetch.max.bytes={record_bytes}
replica.fetch.response.max.bytes={record_bytes}
fetch.max.bytes={record_bytes}
socket.request.max.bytes={request_bytes}

# One machine, shared with the model processes.
num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=2
log.cleaner.dedupe.buffer.size=67108864
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a start remembers for the next one."""

    cluster_id: str
    kafka: str
    port: int
    controller_port: int


class Folder:
    """The state folder, locked from `open` to `close`."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir.absolute() / "kafka"
        self.data = self.path / "data"
        self.logs = self.path / "logs"
        self.properties = self.path / "server.properties"
        self._identity_file = self.path / "broker.json"
        self._lock: int | None = None

    @property
    def lock(self) -> int | None:
        """The lock's file descriptor: a child that inherits it keeps the folder locked."""
        return self._lock

    def open(self) -> None:
        """Make the folder and lock it.

        Raises:
            BrokerError: It can't be written, its disk is nearly full, or somebody else runs a
                broker in it.
        """
        if self._lock is not None:
            return
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise BrokerError(
                f"the state folder {self.path} can't be written ({error.strerror}); "
                "set NEWSFLAG_STATE_DIR to a folder that can"
            ) from error
        try:
            _take(lock, self.path)
            _check_space(self.path)
        except BrokerError:
            os.close(lock)
            raise
        self._lock = lock

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def note_owner(self, pid: int) -> None:
        """Write into the lock file which process runs the broker, for people who look for it."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{pid}\n".encode(), 0)

    def identity(self, kafka: str) -> Identity | None:
        """What the last start left; None for a folder without data.

        Raises:
            BrokerError: The data is not ours, of another cluster, or of a newer Kafka.
        """
        remedy = (
            f"set NEWSFLAG_STATE_DIR to another folder, or move {self.path} away to start empty"
        )
        if not self._identity_file.exists():
            if self.data.exists() and any(self.data.iterdir()):
                raise BrokerError(f"{self.data} holds data that is not ours; {remedy}")
            return None
        try:
            identity = Identity(**json.loads(self._identity_file.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise BrokerError(f"{self._identity_file} is damaged ({error}); {remedy}") from error
        if (cluster := self.formatted_as()) not in {None, identity.cluster_id}:
            raise BrokerError(
                f"{self.data} belongs to the Kafka cluster {cluster}, not to ours "
                f"({identity.cluster_id}); {remedy}"
            )
        if _version(identity.kafka) > _version(kafka):
            raise BrokerError(
                f"{self.data} was written by Kafka {identity.kafka}, which is newer than the "
                f"{kafka} of this release; {remedy}"
            )
        return identity

    def formatted_as(self) -> str | None:
        """The cluster id that Kafka wrote into its data folder; None before it was formatted."""
        try:
            lines = (self.data / "meta.properties").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return None
        values = dict(line.split("=", 1) for line in lines if "=" in line)
        return values.get("cluster.id", "unknown")

    def configure(self, kafka: str, port: int | None) -> Identity:
        """Settle identity and ports and write the broker's configuration.

        Args:
            kafka: Version of Kafka that is going to run.
            port: Port to listen on; None: the last one if it is free, else any free one.

        Raises:
            BrokerError: As `identity`, or the wanted port is taken.
        """
        if port is not None and not is_free(port):
            raise BrokerError(
                f"port {port} of 127.0.0.1 is taken by another program; stop that one, or leave "
                "the port away and a free one is taken"
            )
        known = self.identity(kafka) or Identity(new_cluster_id(), kafka, 0, 0)
        listen = port or (known.port if is_free(known.port) else free_port())
        control = known.controller_port
        if control == listen or not is_free(control):
            control = free_port(other_than=listen)
        identity = replace(known, kafka=kafka, port=listen, controller_port=control)
        # Written before Kafka formats its folder: a start that was interrupted there is resumed.
        _write_whole(self._identity_file, json.dumps(asdict(identity), indent=2) + "\n")
        content = PROPERTIES.format(
            port=listen,
            controller_port=control,
            data=self.data,
            record_bytes=RECORD_BYTES_MAX,
            request_bytes=RECORD_BYTES_MAX + 10 * 1024 * 1024,
        )
        _write_whole(self.properties, content)
        return identity

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_space(path: Path) -> None:
    if (free := shutil.disk_usage(path).free) < FREE_BYTES_MIN:
        raise BrokerError(
            f"{path} has {free >> 20} MB free and the broker needs {FREE_BYTES_MIN >> 20} MB; "
            "free some, or set NEWSFLAG_STATE_DIR to a larger disk"
        )


def _take(lock: int, path: Path) -> None:
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            owner = os.pread(lock, 20, 0).decode().strip() or "unknown"
            raise BrokerError(
                f"a broker is running in {path} already (process {owner}); use that one by "
                "NEWSFLAG_BROKER, stop it, or set NEWSFLAG_STATE_DIR to another folder"
            ) from None
        return


def _write_whole(path: Path, content: str) -> None:
    """Write a file so that it is there in full or not at all."""
    part = path.with_suffix(".part")
    part.write_text(content, "utf-8")
    part.replace(path)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def new_cluster_id() -> str:
    """A cluster id in Kafka's own form: a UUID in URL-safe base64 without padding.

    As Kafka's own, it does not begin with a dash: its tools would take it for an option.
    """
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))[0] == "-":
        pass
    return made
