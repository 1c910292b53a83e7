"""An embedded broker with a plain, a SASL and a TLS listener, and access control.

Whoever comes by the plain listener may do all; the user of the SASL listener what `allow` gives.
"""

import asyncio
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int8, Int16, Int32, Schema, String

from streams.embedded import EmbeddedBroker, folder
from streams.embedded.ports import free_port

USER: Final = "alice"
PASSWORD: Final = "wonderland"  # noqa: S105  (of a broker that lives for a test)

TOPIC, GROUP, TRANSACTIONAL_ID = 2, 3, 5
LITERAL, PREFIXED = 3, 4
READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS = 3, 4, 8, 10
ALLOW = 3

PROPERTIES: Final = """
listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller_port}},\
SASL_PLAINTEXT://127.0.0.1:{sasl},SSL://127.0.0.1:{tls}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,\
SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={pem}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


@dataclass(frozen=True)
class Secured:
    """The addresses of the three listeners, and the authority of the TLS one."""

    plain: str
    sasl: str
    tls: str
    authority: Path


@contextmanager
def secured_broker(path: Path) -> Iterator[Secured]:
    """Start one; its certificate is made by openssl."""
    pem, authority = path / "broker.pem", path / "authority.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out",
         authority],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_text(pem.read_text() + authority.read_text())
    sasl, tls = free_port(), free_port()
    more = PROPERTIES.format(sasl=sasl, tls=tls, user=USER, password=PASSWORD, pem=pem)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folder, "PROPERTIES", folder.PROPERTIES + more)
        with EmbeddedBroker(path / "state") as broker:
            yield Secured(broker.bootstrap, f"127.0.0.1:{sasl}", f"127.0.0.1:{tls}", authority)


class CreateAclsResponse(Response):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 30
    API_VERSION = 1
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("results", Array(("error_code", Int16), ("error_message", String("utf-8")))),
    )


class CreateAclsRequest(RequestStruct):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 30
    API_VERSION = 1
    RESPONSE_TYPE = CreateAclsResponse
    SCHEMA = Schema(
        (
            "creations",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                ("pattern_type", Int8),
                ("principal", String("utf-8")),
                ("host", String("utf-8")),
                ("operation", Int8),
                ("permission", Int8),
            ),
        )
    )


class CreateAcls(Request[CreateAclsRequest]):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 30

    def __init__(self, rights: Iterable[tuple[int, str, int, int]]) -> None:
        self._rights = [
            (kind, name, pattern, f"User:{USER}", "*", operation, ALLOW)
            for kind, name, pattern, operation in rights
        ]

    def build(self, request_struct_class: type[CreateAclsRequest]) -> CreateAclsRequest:
        return request_struct_class(self._rights)


async def allow(broker: Secured, *rights: tuple[int, str, int, int]) -> None:
    """Give the user rights: kind of resource, its name, pattern, operation."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.plain)
    await admin.start()
    try:
        response = await admin._client.send(admin._client.get_random_node(), CreateAcls(rights))
        assert all(code == 0 for code, _ in response.results), response
        await asyncio.sleep(1)  # the controller tells the broker a moment later
    finally:
        await admin.close()
