"""`newsflag up` and `newsflag worker` as people run them: start, show, serve, stop, break."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

import psutil
import pytest

from streams.admin import create
from streams.sample import FEED
from streams.settings import Settings
from tests.broker.harness import ROOT, environment

READY_WITHIN_S = 90.0
STOPS_WITHIN_S = 25.0

ARTICLES = len(FEED.read_bytes().splitlines())


class Started:
    """A command that runs, its output so far, and its end."""

    def __init__(self, arguments: list[str], env: dict[str, str]) -> None:
        self.text = ""
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "streams", *arguments],
            cwd=ROOT,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.text += line

    def wait_for(self, words: str, timeout_s: float = READY_WITHIN_S) -> None:
        deadline = time.monotonic() + timeout_s
        while words not in self.text:
            assert self.process.poll() is None, f"ended before {words!r}:\n{self.text}"
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.text}"
            time.sleep(0.05)

    def end(self, timeout_s: float = READY_WITHIN_S) -> int:
        code = self.process.wait(timeout_s)
        self._reader.join(5)
        return code

    def close(self) -> None:
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self._reader.join(5)
        self.process.stdout.close()


Start = Callable[..., Started]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """`start(["up"], embedded=True)`; what still runs at the end is killed."""
    started: list[Started] = []

    def begin(arguments: list[str], *, embedded: bool = False, **more: str) -> Started:
        env = environment(settings, **{f"NEWSFLAG_{k.upper()}": v for k, v in more.items()})
        if embedded:
            del env["NEWSFLAG_BROKER"]
        started.append(Started(arguments, env))
        return started[-1]

    yield begin
    for one in started:
        one.close()


def test_from_nothing_to_enriched_records_and_again_on_the_same_data(start: Start) -> None:
    first = start(["up", "--once"], embedded=True)
    assert first.end() == 0, first.text
    assert f"{ARTICLES} articles: {ARTICLES} enriched, in " in first.text
    assert "Norway and Turkey hold talks on drifting mines in the Black Sea" in first.text
    assert re.search(r"flags +none", first.text)
    assert first.text.splitlines()[-3:] == [
        "stopping the workers",
        "stopping the broker",
        "stopped",
    ]
    second = start(["up"], embedded=True)
    second.wait_for("the latest 3 of earlier runs")
    assert "web " not in second.text  # they are shown without waiting for the workers
    second.wait_for("Serving at http://127.0.0.1:")
    assert ", 0 of them new" in second.text
    assert " articles sent" not in second.text
    second.process.send_signal(signal.SIGINT)
    assert second.end(STOPS_WITHIN_S) == 0, second.text


def test_it_serves_while_its_broker_is_restarted_and_others_find_it(
    start: Start, settings: Settings
) -> None:
    up = start(["up", "--no-sample"], embedded=True)
    up.wait_for("Serving at")
    web = re.search(r"Serving at (http://\S+)\.", up.text)
    assert web is not None
    address = urllib.parse.urlsplit(web[1])
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    connection.request("GET", "/ready")
    assert connection.getresponse().status == 200
    connection.close()
    rival = start(["up"], embedded=True)
    assert rival.end() == 1
    assert "a broker is running in" in rival.text
    assert start(["ingest", str(FEED)], embedded=True).end() == 0
    up.wait_for("Brightwater beats forecasts")
    broker = next(
        child
        for child in psutil.Process(up.process.pid).children(recursive=True)
        if "kafka.Kafka" in child.cmdline()
    )
    broker.kill()
    up.wait_for("the broker ended, starting it again")
    marker = settings.state_dir / "more.jsonl"
    marker.write_text('{"title": "After the crash", "text": "Troops crossed the river today."}')
    deadline = time.monotonic() + READY_WITHIN_S
    while (again := start(["ingest", str(marker)], embedded=True)).end() != 0:
        assert time.monotonic() < deadline, again.text
    up.wait_for("After the crash")
    up.process.send_signal(signal.SIGTERM)
    assert up.end(STOPS_WITHIN_S) == 0, up.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(start: Start, number: signal.Signals) -> None:
    up = start(["up", "--slots", "2"])
    up.wait_for("Serving at")
    assert " articles sent" not in up.text  # a broker that is not ours gets no sample unasked
    up.process.send_signal(number)
    assert up.end(STOPS_WITHIN_S) == 0, up.text
    assert up.text.splitlines()[-2:] == ["stopping the workers", "stopped"]


def test_a_signal_while_the_workers_are_starting_stops_everything_too(start: Start) -> None:
    up = start(["up"])
    up.wait_for("topics ")
    up.process.send_signal(signal.SIGTERM)
    assert up.end(STOPS_WITHIN_S) == 0, up.text


def test_nothing_is_left_when_it_is_killed(start: Start) -> None:
    up = start(["up", "--no-sample"])
    up.wait_for("Serving at")
    children = psutil.Process(up.process.pid).children(recursive=True)
    assert children
    up.process.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_the_sample_can_be_sent_to_a_broker_of_ones_own(start: Start, settings: Settings) -> None:
    up = start(["up", "--sample", "--once"])
    assert up.end() == 0, up.text
    assert f"{ARTICLES} articles: {ARTICLES} enriched" in up.text
    logs = {str(path.relative_to(settings.state_dir)) for path in settings.state_dir.rglob("*.log")}
    assert logs == {"logs/worker-0.log"}


def test_a_reader_that_goes_away_ends_it(start: Start, settings: Settings) -> None:
    env = environment(settings)
    command = [sys.executable, "-m", "streams", "up", "--sample"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as up:
        assert up.stdout is not None
        assert up.stdout.readline().startswith(b"Newsflag ")
        up.stdout.close()
        assert up.wait(READY_WITHIN_S) == 1


def test_a_port_that_is_taken_is_told_before_anything_is_started(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        up = start(["up", "--port", str(port)])
        assert up.end() == 78
    assert f"port {port} for the web views is taken" in up.text
    assert "topics" not in up.text


def test_workers_that_find_their_configuration_wrong_are_given_up(start: Start) -> None:
    up = start(["up"], model="/nowhere/model")
    assert up.end() == 78
    assert "the workers gave up" in up.text
    assert "/nowhere/model" in up.text


def test_a_broker_that_does_not_answer_is_one_message(start: Start) -> None:
    up = start(["up"], broker="127.0.0.1:1")
    assert up.end() == 1
    assert "error: the Kafka broker at 127.0.0.1:1 can't be used" in up.text
    assert "Traceback" not in up.text


async def test_workers_run_until_they_are_told_to_stop(start: Start, settings: Settings) -> None:
    await create(settings)
    worker = start(["worker", "--slots", "2"])
    for slot in range(2):
        worker.wait_for(f"worker {slot} | ")
    victim = next(
        child
        for child in psutil.Process(worker.process.pid).children(recursive=True)
        if "work" in child.cmdline() and child.cmdline()[-2:] == ["--slot", "1"]
    )
    os.kill(victim.pid, signal.SIGKILL)
    worker.wait_for("worker 1 ended (SIGKILL), starting it again")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.end(STOPS_WITHIN_S) == 0, worker.text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["worker"], "topics are missing"),
        (["worker", "--stages", "entitie"], "entitie is no stage"),
    ],
)
def test_workers_are_not_started_in_vain(start: Start, arguments: list[str], told: str) -> None:
    worker = start(arguments)
    assert worker.end() == 78
    assert told in worker.text
