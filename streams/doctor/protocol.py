"""A request of Kafka's protocol that aiokafka lacks: what may this user do with a topic?"""

from typing import Any, Final

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

READ: Final = 3
WRITE: Final = 4
DESCRIBE: Final = 8
"""Operations of Kafka's access control lists, by their numbers."""

UNKNOWN: Final = -(1 << 31)
"""What a broker answers that does not tell rights."""


class MetadataResponseV8(Response):  # type: ignore[misc]  # aiokafka ships no types
    """Metadata of topics with the operations that are allowed on them."""

    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(
                ("node_id", Int32),
                ("host", String("utf-8")),
                ("port", Int32),
                ("rack", String("utf-8")),
            ),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class MetadataRequestV8(RequestStruct):  # type: ignore[misc]  # aiokafka ships no types
    """Asks for topics by name, with rights; never makes one."""

    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = MetadataResponseV8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class TopicRights(Request[MetadataRequestV8]):  # type: ignore[misc]  # aiokafka ships no types
    """What the user may do with topics."""

    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[MetadataRequestV8]) -> MetadataRequestV8:
        """The request as it is sent."""
        return request_struct_class(self._topics, False, False, True)


def allowed(response: Any) -> dict[str, set[int]]:
    """The operations that are allowed, by topic; a topic that may not even be seen has none."""
    return {
        entry["topic"]: {n for n in range(2, 15) if entry["authorized_operations"] >> n & 1}
        if entry["authorized_operations"] != UNKNOWN
        else set()
        for entry in response.to_object()["topics"]
    }
