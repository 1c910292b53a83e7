"""Records that can't be processed: each becomes one dead letter, and the others go on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.admin import create
from streams.settings import Settings
from streams.topics import BY_NAME, DEAD_HEADROOM_BYTES, RAW
from tests.broker.harness import Ledger, article, feed, fleet, settle

LIMIT = 64 * 1024


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"max_record_kb": LIMIT // 1024, "record_time_limit_s": 2.0, "pool_processes": 1}
    )


async def _through(settings: Settings, logs: Path, values: Sequence[bytes | None]) -> Ledger:
    async with fleet(settings, logs, 0) as workers:
        fed = await feed(settings, values)
        ledger = await settle(settings, fed, 120)
        assert workers.processes[0].poll() is None, "no record may end the worker"
    assert ledger.faults(fed) == {}, workers.log_text()
    return ledger


def _error(message: Any, name: str) -> str:
    headers = dict(message.headers)
    return bytes(headers.get(f"newsflag-error-{name}", b"")).decode()


async def test_records_that_raise_hang_exhaust_memory_or_kill_their_process(
    settings: Settings, tmp_path: Path
) -> None:
    orders = ["clean:raise", "entities:poison", "entities:kill", "events:hang", "events:exhaust"]
    bad = [article(n, order) for n, order in enumerate(orders)]
    good = [article(n) for n in range(100, 140)]
    ledger = await _through(settings, tmp_path, [*good[:20], *bad, *good[20:]])
    assert ledger.ends() == {
        "enriched": 40,
        "dead:bug:LookupError": 1,
        "dead:told": 1,
        "dead:crash:SIGKILL": 1,
        "dead:timeout": 1,
        "dead:bug:MemoryError": 1,
    }
    by_code = {_error(message, "code"): message for message in ledger.dead}
    raised = by_code["bug:LookupError"]
    assert raised.value == article(0, "clean:raise")
    assert raised.key is not None
    assert _error(raised, "stage") == "clean"
    assert _error(raised, "message") == "told to raise"
    assert "LookupError: told to raise" in _error(raised, "traceback")
    assert _error(raised, "topic") == settings.topic(RAW)
    assert orjson.loads(by_code["crash:SIGKILL"].value)["article"]["text"] == "entities:kill"


async def test_a_rejected_record_ends_in_its_outcome(settings: Settings, tmp_path: Path) -> None:
    ledger = await _through(settings, tmp_path, [article(1), article(2, "entities:reject")])
    assert ledger.ends() == {"enriched": 1, "rejected:too_short": 1}
    assert ledger.dead == []


async def test_values_that_are_no_article(settings: Settings, tmp_path: Path) -> None:
    def of_size(size: int) -> bytes:
        frame = len(orjson.dumps({"url": "https://example.org/size", "text": ""}))
        return orjson.dumps({"url": "https://example.org/size", "text": "x" * (size - frame)})

    # The limit is on what comes in; the stages' own blocks need some room above it.
    roomy = settings.model_copy(update={"max_record_kb": LIMIT // 1024 + 8})
    limit = roomy.max_record_bytes
    values = [
        b"\xff\xfe not JSON",
        b"",
        None,
        b"[1, 2]",
        b"12",
        orjson.dumps({"url": 7, "text": "x"}),
        orjson.dumps({"url": "https://example.org/empty"}),
        b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"text": "\\ud800"}',
        of_size(limit + 1),
        article(1),
    ]
    ledger = await _through(roomy, tmp_path, values)
    assert ledger.ends() == {
        "enriched": 1,
        "dead:undecodable": 4,
        "dead:null_value": 1,
        "dead:wrong_type": 2,
        "dead:invalid": 2,
        "dead:too_large:raw": 1,
    }
    assert sorted(message.value or b"" for message in ledger.dead) == sorted(
        value or b"" for value in values[:-1]
    )
    told = {_error(message, "message") for message in ledger.dead}
    assert any(message.startswith("url: ") for message in told)
    assert any("one of html, text and summary is needed" in message for message in told)


async def test_a_value_exactly_at_the_limit_is_taken_and_its_growth_beyond_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    frame = len(orjson.dumps({"url": "https://example.org/1", "text": ""}))
    at_limit = orjson.dumps({"url": "https://example.org/1", "text": "x" * (LIMIT - frame)})
    assert len(at_limit) == LIMIT
    ledger = await _through(settings, tmp_path, [at_limit, article(2)])
    # It was read and worked on: what is too large is the stage's output with its own fields.
    assert ledger.ends() == {"enriched": 1, "dead:too_large:clean": 1}
    assert ledger.dead[0].value == at_limit


async def test_what_even_the_dead_letter_topic_can_not_hold_becomes_a_pointer(
    settings: Settings, tmp_path: Path
) -> None:
    await create(settings.model_copy(update={"max_record_kb": 1024}), [BY_NAME[RAW]])
    huge = article(1, "x" * (LIMIT + 2 * DEAD_HEADROOM_BYTES))
    ledger = await _through(settings, tmp_path, [huge, article(2)])
    assert ledger.ends() == {"enriched": 1, "dead:too_large:raw": 1}
    pointer = orjson.loads(ledger.dead[0].value)
    assert pointer["too_large"] >= len(huge)
    assert pointer["at"].startswith(settings.topic(RAW))
