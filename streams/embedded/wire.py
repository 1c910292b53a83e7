"""Ask a broker in Kafka's own protocol whether it serves: one Metadata request.

An open port says little: a broker listens before it has read its log, and answers before the
controller counts it as alive. Only then does it name itself among the cluster's brokers.
"""

import socket
import struct
from typing import Final

METADATA: Final = 3
VERSION: Final = 0
"""The oldest form of the request, which every broker up to 4.x still speaks."""

RESPONSE_BYTES_MAX: Final = 16 * 1024 * 1024


def serving_brokers(host: str, port: int, timeout_s: float) -> int:
    """How many brokers of the cluster are alive, as one of them says.

    Raises:
        OSError: Nobody listens, or what listens does not speak Kafka.
    """
    client = b"newsflag"
    # Header: key, version, correlation id, client id. Body: the topics of interest, here one that
    # can't exist (a name of one space), since an empty list would mean all.
    request = struct.pack(f">hhih{len(client)}s", METADATA, VERSION, 1, len(client), client)
    request += struct.pack(">ih1s", 1, 1, b" ")
    with socket.create_connection((host, port), timeout=timeout_s) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _read(connection, 4))
        if not 8 <= size <= RESPONSE_BYTES_MAX:
            raise ConnectionError(f"{host}:{port} does not speak Kafka's protocol")
        correlation, brokers = struct.unpack(">ii", _read(connection, size)[:8])
    if correlation != 1:
        raise ConnectionError(f"{host}:{port} does not speak Kafka's protocol")
    return int(brokers)


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError("the broker closed the connection")
        data += part
    return data
