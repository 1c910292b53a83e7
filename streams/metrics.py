"""What is counted: Prometheus metrics named `newsflag_<thing>_<unit>[_total]`, one registry an app.

| metric | labels | meaning |
|---|---|---|
| newsflag_records_total | stage, result, code | records that a stage ended with, committed |
| newsflag_batch_records | stage | records in a transaction |
| newsflag_work_seconds | stage | time from a batch's start to its results, waiting included |
| newsflag_commit_seconds | stage | time of a batch's transaction |
| newsflag_latency_seconds | | from the append of a raw record to its enriched record's commit |
| newsflag_partitions_owned | stage | source partitions that this worker owns |
| newsflag_queued_records | stage | records read and not yet worked on |
| newsflag_pool_processes, newsflag_pool_busy_processes | | model processes, and those at work |
| newsflag_pool_replaced_total | | model processes that died or hung and were replaced |
| newsflag_lag_records | stage, partition | records between the committed offset and the end |
| newsflag_ready | | 1 while the worker consumes |
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LATENCY_SECONDS = (0.05, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60, 300)
BATCH_RECORDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """All metrics of one worker."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.records = Counter(
            "newsflag_records_total",
            "Records that a stage ended with, committed.",
            ("stage", "result", "code"),
            registry=self.registry,
        )
        self.batch = Histogram(
            "newsflag_batch_records",
            "Records in a transaction.",
            ("stage",),
            buckets=BATCH_RECORDS,
            registry=self.registry,
        )
        self.work = Histogram(
            "newsflag_work_seconds",
            "Time from a batch's start to its results.",
            ("stage",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.commit = Histogram(
            "newsflag_commit_seconds",
            "Time of a batch's transaction.",
            ("stage",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.latency = Histogram(
            "newsflag_latency_seconds",
            "From the append of a raw record to its enriched record's commit.",
            buckets=LATENCY_SECONDS,
            registry=self.registry,
        )
        self.owned = self._gauge("partitions_owned", "Source partitions owned.", "stage")
        self.queued = self._gauge("queued_records", "Records read, not yet worked on.", "stage")
        self.pool_size = self._gauge("pool_processes", "Model processes.")
        self.pool_busy = self._gauge("pool_busy_processes", "Model processes at work.")
        self.pool_replaced = self._gauge("pool_replaced_total", "Model processes replaced.")
        self.lag = self._gauge("lag_records", "Records not yet committed.", "stage", "partition")
        self.ready = self._gauge("ready", "1 while the worker consumes.")

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"newsflag_{name}", about, labels, registry=self.registry)
