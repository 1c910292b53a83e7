"""Free ports of the loopback address that stay free while a broker is down."""

import random
import socket
from pathlib import Path
from typing import Final

from streams.errors import BrokerError

FIRST_PORT: Final = 20000


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of the loopback address now."""
    with socket.socket() as candidate:
        # As Java does it: connections that are still closing don't count.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
        return port != 0


def free_port(other_than: int = 0) -> int:
    """A free port below the range that the kernel gives to outgoing connections.

    A port in that range could be taken by any client while the broker is down, most easily by one
    that is trying to reach the broker: the kernel then connects it to itself.

    Raises:
        BrokerError: A hundred tries found none.
    """
    for _ in range(100):
        port = random.randint(FIRST_PORT, _first_outgoing_port() - 1)  # noqa: S311  (no secret)
        if port != other_than and is_free(port):
            return port
    raise BrokerError("no free port was found on 127.0.0.1; stop what takes them all")


def _first_outgoing_port() -> int:
    try:
        text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii")
        return max(int(text.split()[0]), FIRST_PORT + 1000)
    except (OSError, ValueError, IndexError):
        return 32768
