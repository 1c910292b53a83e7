"""The web views of a real worker, and Faust's own command line."""

import asyncio
import json
import re
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from streams.embedded.ports import free_port
from streams.settings import Settings
from tests.broker.harness import article, feed, fleet, settle


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"web_port": free_port(), "pool_processes": 1})


def get(settings: Settings, path: str, accept: str = "*/*") -> tuple[int, str, dict[str, str]]:
    address = f"http://127.0.0.1:{settings.web_port}{path}"
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


async def until_ready(settings: Settings, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            status, _, _ = await asyncio.to_thread(get, settings, "/ready")
        except OSError:
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.2)
    raise TimeoutError("the worker did not become ready")


async def test_the_pages_tell_how_the_pipeline_stands(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0):
        await until_ready(settings)
        fed = await feed(settings, [*(article(n) for n in range(20)), article(99, "clean:poison")])
        await settle(settings, fed, 60)
        await asyncio.sleep(3)  # one more look at the offsets
        _, told, _ = await asyncio.to_thread(get, settings, "/", "application/json")
        flow = json.loads(told)
        assert [stage["name"] for stage in flow["stages"]] == [
            "clean", "entities", "events", "sanctions",
        ]  # fmt: skip
        assert [stage["lag"] for stage in flow["stages"]] == [0, 0, 0, 0]
        assert flow["stages"][0]["results"] == {"emitted": 20, "dead": 1}
        assert flow["ready"] is True

        status, page, headers = await asyncio.to_thread(get, settings, "/", "text/html")
        assert status == 200
        assert "<h3>entities</h3>" in page
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"

        assert (await asyncio.to_thread(get, settings, "/live"))[0] == 200
        _, metrics, _ = await asyncio.to_thread(get, settings, "/metrics")
        assert 'newsflag_records_total{code="",result="emitted",stage="sanctions"} 20.0' in metrics
        assert 'newsflag_records_total{code="told",result="dead",stage="clean"} 1.0' in metrics
        assert re.search(r"newsflag_latency_seconds_count 20\.0", metrics)
        assert 'newsflag_lag_records{partition="0",stage="events"} 0.0' in metrics


async def test_nothing_of_fausts_own_pages_is_served(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path, 0):
        await until_ready(settings)
        for path in ("/table/", "/router/", "/graph/", "/performance/", "/assignment/"):
            assert (await asyncio.to_thread(get, settings, path))[0] == 404


async def test_a_worker_that_waits_for_its_turn_is_not_ready(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0):
        told = set()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and "consuming" not in told:
            try:
                status, body, _ = await asyncio.to_thread(get, settings, "/ready")
            except OSError:
                await asyncio.sleep(0.05)
                continue
            reason = json.loads(body)["reason"]
            assert (status == 200) == (reason == "consuming")
            told.add(reason)
            await asyncio.sleep(0.05)
        assert "consuming" in told
        assert len(told) > 1, "before it consumed it was not ready, with a reason"


async def test_fausts_own_command_line_runs_the_worker(settings: Settings, tmp_path: Path) -> None:
    async with fleet(settings, tmp_path) as workers:
        workers.command = (
            sys.executable,
            "-m",
            "faust",
            "-A",
            "streams.app",
            "worker",
            "-l",
            "info",
        )
        workers.start(0)
        await until_ready(settings, 90)
        fed = await feed(settings, [article(1, "The minister met his colleague in Oslo. " * 20)])
        ledger = await settle(settings, fed, 60)
    assert ledger.faults(fed) == {}, workers.log_text()
    assert ledger.ends() == {"enriched": 1}
