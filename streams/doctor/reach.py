"""Can the broker be reached, and does it speak as the settings say? Step by step.

A Kafka client that can't connect says little more than that. Here each step is tried alone, so the
first one that fails is named: the name, the port, TLS, what listens there, the password.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from typing import Any, Final

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from streams.doctor.finding import Finding
from streams.errors import NewsflagError
from streams.kafka import client_options, ssl_context
from streams.settings import Settings

NAME: Final = "broker"
TIMEOUT_S: Final = 5.0

API_VERSIONS: Final = struct.pack(">ihhih", 10, 18, 0, 1, -1)
"""An ApiVersions request: the one thing that a listener answers before anybody logs in."""

TLS_HELLO: Final = b"\x15\x03"
"""How TLS begins its answer to what is no TLS: with an alert."""


async def reach(settings: Settings) -> list[Finding]:
    """Try every bootstrap server; the first that can be used is enough."""
    findings: list[Finding] = []
    for server in (settings.broker or "").split(","):
        found = await _try(settings, server.strip())
        if found.status == "ok":
            rest = [Finding(NAME, "warn", f.told, f.fix) for f in findings]
            return [found, *rest]
        findings.append(found)
    return findings


async def _try(settings: Settings, server: str) -> Finding:
    host, _, number = server.rpartition(":")
    if not host or not number.isdecimal():
        return _fail(f"{server} is no address", "write NEWSFLAG_BROKER=host:port")
    host = host.strip("[]")
    try:
        return (
            await _name(host)
            or await _listens(host, int(number))
            or await _speaks(settings, host, int(number))
            or await _lets_in(settings, host, int(number))
        )
    except (OSError, TimeoutError) as error:
        return _fail(f"{server}: {error or 'no answer in time'}", "try again; is it overloaded?")


def _fail(told: str, fix: str) -> Finding:
    return Finding(NAME, "fail", told, fix)


async def _name(host: str) -> Finding | None:
    try:
        await asyncio.get_running_loop().getaddrinfo(host, None)
    except socket.gaierror as error:
        return _fail(
            f"the name {host} can't be resolved: {error.strerror}",
            "correct the host in NEWSFLAG_BROKER, or this machine's DNS",
        )
    return None


async def _listens(host: str, port: int) -> Finding | None:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return _fail(
            f"{host}:{port} does not answer", "is a firewall between, or the address of another?"
        )
    except OSError as error:
        return _fail(
            f"nobody listens at {host}:{port} ({error.strerror or error})",
            "start the broker, or correct NEWSFLAG_BROKER",
        )
    await _close(writer)
    return None


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()


async def _speaks(settings: Settings, host: str, port: int) -> Finding | None:
    """Whether the listener is of the kind that the settings say."""
    if "SSL" in settings.security_protocol:
        return await _speaks_tls(settings, host, port)
    answer = await _ask(host, port, None)
    if answer.startswith(TLS_HELLO):
        secure = {"PLAINTEXT": "SSL", "SASL_PLAINTEXT": "SASL_SSL"}[settings.security_protocol]
        return _fail(
            f"{host}:{port} speaks TLS, NEWSFLAG_SECURITY_PROTOCOL says "
            f"{settings.security_protocol}",
            f"set NEWSFLAG_SECURITY_PROTOCOL={secure}, or take the plain port",
        )
    return None if _is_kafka(answer) else _not_kafka(host, port)


async def _speaks_tls(settings: Settings, host: str, port: int) -> Finding | None:
    try:
        answer = await _ask(host, port, ssl_context(settings))
    except NewsflagError as error:
        return _fail(str(error), "correct the path, or its rights")
    except ssl.SSLCertVerificationError as error:
        return _fail(
            f"the certificate of {host}:{port} is not trusted: {error.verify_message}",
            "set NEWSFLAG_SSL_CA to the authority that signed it, and use the name that is in it",
        )
    except (ssl.SSLError, ConnectionError, TimeoutError) as error:
        if _is_kafka(await _ask(host, port, None)):
            plain = {"SSL": "PLAINTEXT", "SASL_SSL": "SASL_PLAINTEXT"}[settings.security_protocol]
            return _fail(
                f"{host}:{port} speaks no TLS, NEWSFLAG_SECURITY_PROTOCOL says "
                f"{settings.security_protocol}",
                f"take the TLS port, or set NEWSFLAG_SECURITY_PROTOCOL={plain}",
            )
        return _fail(f"TLS with {host}:{port} fails: {error}", "compare certificates and versions")
    return None if _is_kafka(answer) else _not_kafka(host, port)


def _not_kafka(host: str, port: int) -> Finding:
    return _fail(f"what listens at {host}:{port} does not speak Kafka", "correct NEWSFLAG_BROKER")


async def _ask(host: str, port: int, context: ssl.SSLContext | None) -> bytes:
    """The first bytes of the answer to an ApiVersions request; empty if it is refused."""
    async with asyncio.timeout(TIMEOUT_S):
        reader, writer = await asyncio.open_connection(host, port, ssl=context)
        try:
            writer.write(API_VERSIONS)
            await writer.drain()
            return await reader.read(10)
        except ConnectionError:
            return b""
        finally:
            await _close(writer)


def _is_kafka(answer: bytes) -> bool:
    """Whether it begins with a size, our correlation id, and no error."""
    return answer[4:10] == struct.pack(">ih", 1, 0)


async def _lets_in(settings: Settings, host: str, port: int) -> Finding:
    """Connect as every client of ours does, with its name and password."""
    options: dict[str, Any] = client_options(settings)
    options.pop("bootstrap_servers")
    told = f"{host}:{port} by {settings.security_protocol}"
    connection = AIOKafkaConnection(host, port, request_timeout_ms=TIMEOUT_S * 1000, **options)
    try:
        await connection.connect()
        # Whoever has to log in first and does not is thrown out at the first real question.
        await connection.send(MetadataRequest([]))
    except (KafkaError, OSError, TimeoutError) as error:
        if settings.security_protocol.startswith("SASL"):
            return _fail(
                f"{told} refuses {settings.sasl_username} ({settings.sasl_mechanism}): {error}",
                "correct NEWSFLAG_SASL_USERNAME, _PASSWORD and _MECHANISM",
            )
        return _fail(
            f"{told}: {error!r}",
            "does it ask for a login (SASL) or a client's certificate (NEWSFLAG_SSL_CERT, _KEY)?",
        )
    finally:
        if (closed := connection.close()) is not None:
            await asyncio.wait([closed], timeout=1)
    return Finding(NAME, "ok", f"reached at {told}")
