"""Resolve a version of Kafka and print `kafka.lock` for it.

python -m streams.embedded.lock 4.1.2 > streams/embedded/kafka.lock
"""

import hashlib
import sys
from pathlib import Path
from typing import Final

import jgo

from streams.embedded.jars import KAFKA

LOG_CORE: Final = "org.apache.logging.log4j:log4j-core:"
LOG_BINDING: Final = "org.apache.logging.log4j:log4j-slf4j-impl:"
"""Kafka's distribution carries it, its Maven coordinate does not; without it there is no log."""


def lock_lines(version: str) -> list[str]:
    """The lock of a Kafka version: all jars it needs, each downloaded and digested."""
    jars = _digests(f"{KAFKA}:{version}")
    core = next(name for name in jars if name.startswith(LOG_CORE))
    # Resolved apart, and only itself taken: its parent's POM would set other versions for Kafka.
    binding = LOG_BINDING + core.removeprefix(LOG_CORE)
    jars[binding] = _digests(binding)[binding]
    return [
        f"# Apache Kafka {version}: all jars of the broker with their SHA-256.",
        f"# Made by `python -m streams.embedded.lock {version}`.",
        *(f"{name} {digest}" for name, digest in sorted(jars.items())),
    ]


def _digests(endpoint: str) -> dict[str, str]:
    return {
        f"{jar.groupId}:{jar.artifactId}:{jar.version}": hashlib.sha256(
            Path(jar.resolve()).read_bytes()
        ).hexdigest()
        for jar in jgo.resolve(endpoint)
    }


if __name__ == "__main__":
    print("\n".join(lock_lines(sys.argv[1])))  # noqa: T201
