"""The command line against a real broker, as people and scripts run it."""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from streams.admin import create
from streams.cli.common import running_broker
from streams.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import BY_NAME, ENRICHED, OUTCOMES, RAW, TOPICS
from tests.broker.harness import ROOT, environment

MORE_THAN_ENOUGH_S = 60


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    def json_lines(self) -> list[Any]:
        return [orjson.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(settings: Settings) -> Run:
    """`run("topics", "list")` with the test's own topics; keywords are settings."""

    def ran(*arguments: str, stdin: bytes = b"", **more: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "streams", *arguments],
            cwd=ROOT,
            env=environment(settings, **{f"NEWSFLAG_{k.upper()}": v for k, v in more.items()}),
            input=stdin,
            capture_output=True,
            timeout=MORE_THAN_ENOUGH_S,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ran


@pytest.fixture
def topics(settings: Settings) -> None:
    """The test's topics exist."""
    asyncio.run(create(settings))


def lines(*articles: Any) -> bytes:
    return b"\n".join(a if isinstance(a, bytes) else orjson.dumps(a) for a in articles)


def test_topics_are_created_once_listed_and_described(run: Run, settings: Settings) -> None:
    first = run("topics", "create")
    assert (first.code, first.err) == (0, "")
    assert f"{len(TOPICS)} created, 0 were there" in first.out
    again = run("topics", "create", "--json")
    (told,) = again.json_lines()
    assert again.code == 0
    assert (told["created"], told["differences"]) == ([], [])
    assert len(told["existing"]) == len(TOPICS)
    (listed,) = run("topics", "list", "--json").json_lines()
    assert [(t["topic"], t["partitions"]) for t in listed] == [
        (settings.topic(topic.name), 4) for topic in TOPICS
    ]
    (described,) = run("topics", "describe", "raw", "news.dead", "--json").json_lines()
    assert [t["config"] for t in described] == [
        BY_NAME[name].config(settings) for name in ("news.raw", "news.dead")
    ]


@pytest.mark.usefixtures("topics")
def test_a_topic_that_differs_is_told_and_left_alone(run: Run, settings: Settings) -> None:
    told = run("topics", "create", retention_hours="1")
    assert told.code == 1
    name, was = settings.topic(RAW), 168 * 3_600_000
    assert f"{name}: retention.ms is {was}, not 3600000" in told.err
    (described,) = run("topics", "describe", "raw", "--json").json_lines()
    assert described[0]["config"]["retention.ms"] == str(was)


@pytest.mark.usefixtures("topics")
def test_another_partition_count_is_refused(run: Run) -> None:
    told = run("topics", "create", "--partitions", "6")
    assert told.code == 78
    assert "set NEWSFLAG_PARTITIONS=4, or drain" in told.err


def test_missing_topics_are_described_as_missing(run: Run) -> None:
    told = run("topics", "describe")
    assert told.code == 1
    assert told.out.count("  missing\n") == len(TOPICS)
    assert "`newsflag topics create` makes them" in told.err


@pytest.mark.parametrize("arguments", [["ingest", "-"], ["subscribe", "raw", "--to-end"]])
def test_without_topics_it_is_said_how_to_make_them(arguments: list[str], run: Run) -> None:
    told = run(*arguments, stdin=b'{"text": "t"}')
    assert told.code == 78
    assert "`newsflag topics create` makes it" in told.err


@pytest.mark.usefixtures("topics")
def test_good_lines_arrive_and_wrong_ones_are_told(run: Run, settings: Settings) -> None:
    good = {"url": "https://a.example.org/1", "text": "Troops crossed.", "case": "x"}
    told = run("ingest", "-", "--json", stdin=lines(good, b"no json", {"guid": "g", "text": "t"}))
    assert told.code == 1
    assert "line 2: no JSON" in told.err
    sent = told.json_lines()
    assert [set(line) for line in sent[:2]] == [
        {"line", "topic", "partition", "offset", "url"},
        {"line", "error"},
    ]
    records = read_back(run)
    assert {(r["topic"], r["partition"], r["offset"]) for r in records} == {
        (line["topic"], line["partition"], line["offset"]) for line in sent if "topic" in line
    }
    by_key = {record["key"]: record["value"] for record in records}
    assert by_key["https://a.example.org/1"] == {
        "url": "https://a.example.org/1",
        "text": "Troops crossed.",
        "extra": {"case": "x"},
    }
    assert by_key["g"] == {"guid": "g", "text": "t"}


def read_back(run: Run, topic: str = "raw") -> list[dict[str, Any]]:
    told = run("subscribe", topic, "--from", "earliest", "--to-end", "--meta", "--format", "jsonl")
    assert (told.code, told.err) == (0, "")
    return told.json_lines()


@pytest.mark.usefixtures("topics")
def test_what_arrives_is_a_cloud_event_with_a_trace(run: Run) -> None:
    for _ in range(2):
        assert run("ingest", "-", stdin=lines({"url": "u", "text": "t"})).out == (
            "1 sent, 0 refused\n"
        )
    first, second = read_back(run)
    message = KafkaMessage(
        headers={name: value.encode() for name, value in first["headers"].items()},
        key=first["key"],
        value=orjson.dumps(first["value"]),
    )
    event = from_binary_event(message)
    assert event.get_type() == "newsflag.raw.v1"
    assert event.get_source() == "/newsflag/ingest"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == {"url": "u", "text": "t"}
    # The same content is the same event, sent on two journeys.
    assert first["headers"]["ce_id"] == second["headers"]["ce_id"]
    traces = [record["headers"]["traceparent"] for record in (first, second)]
    assert all(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace) for trace in traces)
    assert traces[0] != traces[1]


@pytest.mark.usefixtures("topics")
def test_an_article_at_the_size_limit_is_taken_and_one_above_it_refused(run: Run) -> None:
    frame = len(orjson.dumps({"text": ""}))
    at_limit = {"text": "x" * (16 * 1024 - frame)}
    above = {"text": "x" * (16 * 1024 - frame + 1)}
    told = run("ingest", "-", stdin=lines(above, at_limit), max_record_kb="16")
    assert (told.code, told.out) == (1, "1 sent, 1 refused\n")
    assert "line 1: the article is too large (16385 bytes)" in told.err
    assert [record["value"] for record in read_back(run)] == [at_limit]


@pytest.mark.usefixtures("topics")
def test_a_page_needs_its_address_and_brings_it(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><p>Troops crossed the river.</p>")
    assert run("ingest", str(page)).code == 2
    assert run("ingest", str(page), "--url", "https://a.example.org/p").code == 0
    (record,) = read_back(run)
    assert record["key"] == record["value"]["url"] == "https://a.example.org/p"
    assert record["value"]["html"] == page.read_text()


@pytest.mark.usefixtures("topics")
def test_many_articles_arrive_once_each_in_the_order_of_their_key(run: Run) -> None:
    told = run("ingest", "-", stdin=lines(*({"url": "u", "text": f"{i}"} for i in range(3000))))
    assert (told.code, told.out) == (0, "3000 sent, 0 refused\n")
    records = read_back(run)
    assert [record["value"]["text"] for record in records] == [str(i) for i in range(3000)]


async def write(settings: Settings, topic: str, commits: Iterable[bool]) -> None:
    """One transaction of two records for each of `commits`, aborted where it is false."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker, transactional_id=settings.app_id + "-test"
    )
    await producer.start()
    try:
        for number, commit in enumerate(commits):
            await producer.begin_transaction()
            for part in range(2):
                value = orjson.dumps({"number": number, "part": part})
                await producer.send_and_wait(settings.topic(topic), value, partition=1)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    finally:
        await producer.stop()


@pytest.mark.usefixtures("topics")
def test_only_committed_records_are_read_and_markers_do_not_hold_the_end_back(
    run: Run, settings: Settings
) -> None:
    asyncio.run(write(settings, ENRICHED, [True, False, True, False]))
    told = run("subscribe", "enriched", "--from", "earliest", "--to-end")
    assert told.code == 0
    assert [(r["number"], r["part"]) for r in told.json_lines()] == [(0, 0), (0, 1), (2, 0), (2, 1)]


@pytest.mark.usefixtures("topics")
def test_reading_starts_at_a_point_in_time(run: Run, settings: Settings) -> None:
    asyncio.run(write(settings, OUTCOMES, [True]))
    time.sleep(1.1)
    asyncio.run(write(settings, OUTCOMES, [True]))
    records = read_back(run, "outcomes")
    assert len(records) == 4
    for start, count in {
        records[2]["timestamp"]: 2,
        "-1h": 4,
        "2020-01-01": 4,
        "2100-01-01": 0,
        "latest": 0,
    }.items():
        told = run("subscribe", "outcomes", "--from", start, "--to-end")
        assert len(told.json_lines()) == count, start


@pytest.mark.usefixtures("topics")
def test_a_limit_ends_it_and_too_few_records_are_told_by_the_exit_code(
    run: Run, settings: Settings
) -> None:
    asyncio.run(write(settings, ENRICHED, [True]))
    some = run("subscribe", "enriched", "--from", "earliest", "--limit", "1")
    assert (some.code, len(some.json_lines())) == (0, 1)
    few = run("subscribe", "enriched", "--from", "earliest", "--limit", "3", "--timeout", "1")
    assert (few.code, len(few.json_lines())) == (1, 2)


@pytest.mark.usefixtures("topics")
def test_a_table_and_readable_text_can_be_asked_for(run: Run) -> None:
    run("ingest", "-", stdin=lines({"url": "u", "text": "t", "title": "A title"}))
    asked = ["subscribe", "raw", "--from", "earliest", "--to-end", "--format"]
    table = run(*asked, "table").out.splitlines()
    assert table[0].split() == ["time", "source", "title"]
    assert table[1].endswith("A title")
    (whole,) = run(*asked, "text").json_lines()
    assert whole["value"]["title"] == "A title"


def test_the_broker_of_a_running_up_is_found_by_its_state_folder(
    run: Run, broker: EmbeddedBroker, tmp_path: Path
) -> None:
    state = broker.log_file.parents[2]
    assert running_broker(state) == broker.bootstrap
    assert running_broker(tmp_path) is None
    assert run("topics", "create", broker="", state_dir=str(state)).code == 0


def test_the_address_of_a_broker_that_is_gone_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / "broker.json").write_text('{"port": 1}')
    assert running_broker(tmp_path) is None
    (tmp_path / "kafka" / "broker.json").write_text("cut")
    assert running_broker(tmp_path) is None
