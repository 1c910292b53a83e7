"""One registry of all topics: name, who may read them, how long and how large their records are."""

from dataclasses import dataclass
from typing import Final

from streams.settings import Settings

DEAD_HEADROOM_BYTES: Final = 64 * 1024
"""Room for the headers of a dead letter above the largest raw record."""

RECORD_OVERHEAD_BYTES: Final = 4 * 1024
"""Room for key, headers and framing above the largest value."""

RAW: Final = "news.raw"
CLEAN: Final = "news.clean"
ENTITIES: Final = "news.entities"
EVENTS: Final = "news.events"
ENRICHED: Final = "news.enriched"
FLAGGED: Final = "news.flagged"
DEAD: Final = "news.dead"
OUTCOMES: Final = "news.outcomes"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's layout.

    Attributes:
        name: Without the prefix that a cluster may ask for.
        about: What its records are, for people.
        record: Name of the record type, as in `schemas/json`; None where the bytes are foreign.
        public: Whether consumers may build on it.
        keep_longer: Kept four times as long as the pipeline's records.
    """

    name: str
    about: str
    record: str | None
    public: bool = True
    keep_longer: bool = False

    def config(self, settings: Settings) -> dict[str, str]:
        """Kafka's topic configuration."""
        hours = settings.retention_hours * (4 if self.keep_longer else 1)
        headroom = DEAD_HEADROOM_BYTES if self.name == DEAD else RECORD_OVERHEAD_BYTES
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(hours * 3_600_000),
            "retention.bytes": str(settings.retention_mb * 1024 * 1024),
            "max.message.bytes": str(settings.max_record_bytes + headroom),
            "min.insync.replicas": str(settings.min_insync_replicas),
            "compression.type": "producer",
        }


TOPICS: Final = (
    Topic(RAW, "Articles as feeders found them; any key.", "raw"),
    Topic(CLEAN, "Articles without boilerplate; keyed by article id from here on.", "record"),
    Topic(ENTITIES, "The same with mentions, entities, dates, money, quotes, parse.", "record"),
    Topic(EVENTS, "The same with PLOVER events.", "record"),
    Topic(ENRICHED, "The whole record with sanctions flags: what most people read.", "record"),
    Topic(FLAGGED, "Enriched records that have at least one flag.", "record"),
    Topic(DEAD, "Records that can't be processed, original bytes.", None, keep_longer=True),
    Topic(OUTCOMES, "How each raw record ended, once each.", "outcome", keep_longer=True),
)

BY_NAME: Final = {topic.name: topic for topic in TOPICS}
