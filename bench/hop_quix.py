"""Quix Streams in the place of our worker: the same hops, exactly once, in its own Python."""

import os
import tempfile

from quixstreams import Application
from quixstreams.models import TopicConfig

PREFIX = os.environ["NEWSFLAG_TOPIC_PREFIX"]
TOPICS = ("news.raw", "news.clean", "news.entities", "news.events", "news.enriched")


def main() -> None:
    """Run the four hops until stopped."""
    app = Application(
        broker_address=os.environ["NEWSFLAG_BROKER"],
        consumer_group=os.environ["NEWSFLAG_APP_ID"],
        processing_guarantee="exactly-once",
        auto_offset_reset="earliest",
        commit_interval=0.1,
        state_dir=tempfile.mkdtemp(),
    )
    config = TopicConfig(num_partitions=4, replication_factor=1)
    made = [
        app.topic(
            PREFIX + name, value_deserializer="bytes", value_serializer="bytes", config=config
        )
        for name in TOPICS
    ]
    for source, sink in zip(made, made[1:]):  # noqa: B905, RUF007  (runs on any Python that Quix has)
        app.dataframe(source).to_topic(sink)
    app.run()


if __name__ == "__main__":
    main()
