"""Records of topics as lines of JSON and as rows."""

import base64
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from rich.console import Console

from streams.cli.records import json_line, pipeline_seconds, print_text, row, row_head
from streams.topics import BY_NAME, DEAD, ENRICHED, OUTCOMES, RAW, TOPICS


def consumed(value: bytes | None, **more: Any) -> Any:
    given = {
        "topic": "news.x",
        "partition": 3,
        "offset": 17,
        "timestamp": 1_795_000_000_000,
        "key": b"k",
        "headers": (),
    }
    return SimpleNamespace(value=value, **{**given, **more})


ENRICHED_VALUE = orjson.dumps(
    {
        "article": {"id": "0" * 32, "text": "t", "title": "A title", "source": {"name": "Post"}},
        "entities": [],
        "events": None,
        "flags": [],
    }
)


def test_jsonl_is_the_value_alone() -> None:
    line = json_line(BY_NAME[RAW], consumed(b'{\n "text": "\xc3\xa9"\n}'), meta=False)
    assert line == '{"text":"é"}'


def test_meta_puts_coordinates_and_headers_around_the_value() -> None:
    headers = (("ce_id", b"1"), ("ce_id", b"2"), ("bad", b"\xff"), ("none", None))
    record = consumed(b'{"text": "t"}', headers=headers)
    assert orjson.loads(json_line(BY_NAME[RAW], record, meta=True)) == {
        "topic": "news.x",
        "partition": 3,
        "offset": 17,
        "timestamp": "2026-11-18T11:06:40+00:00",
        "key": "k",
        "headers": {"ce_id": "2", "bad": "\ufffd", "none": None},
        "value": {"text": "t"},
    }


def test_a_dead_letter_is_always_told_with_its_headers_and_its_bytes() -> None:
    line = orjson.loads(json_line(BY_NAME[DEAD], consumed(b"\xff{"), meta=False))
    assert line["value"] is None
    assert base64.b64decode(line["value_base64"]) == b"\xff{"


def test_a_null_value_is_null() -> None:
    assert json_line(BY_NAME[RAW], consumed(None), meta=False) == "null"
    assert "value_base64" not in orjson.loads(json_line(BY_NAME[DEAD], consumed(None), meta=False))


@pytest.mark.parametrize(
    ("topic", "record", "cells"),
    [
        (RAW, consumed(b'{"url": "https://a.example.org/"}'), ["https://a.example.org/"]),
        (RAW, consumed(b'{"title": "T", "source": {"name": "Post"}}'), ["Post", "T"]),
        (ENRICHED, consumed(ENRICHED_VALUE), ["0", "0", "0", "Post", "A", "title"]),
        (
            OUTCOMES,
            consumed(b'{"outcome": "rejected", "reason": "language", "origin": "news.raw/0/1"}'),
            ["rejected", "language", "news.raw/0/1"],
        ),
        (
            DEAD,
            consumed(
                b"x",
                headers=(
                    ("newsflag-error-stage", b"clean"),
                    ("newsflag-error-code", b"undecodable"),
                    ("newsflag-error-message", b"no JSON"),
                ),
            ),
            ["clean", "undecodable", "no", "JSON"],
        ),
    ],
)
def test_a_row_begins_with_the_time_and_has_what_matters(
    topic: str, record: Any, cells: list[str]
) -> None:
    assert row(BY_NAME[topic], record).split() == ["11-18", "11:06:40", *cells]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[1]", b'{"source": 1, "article": null}'])
def test_no_bytes_break_a_row(topic: Any, value: bytes | None) -> None:
    assert row(topic, consumed(value)).startswith("11-18 11:06:40")
    assert row_head(topic).startswith("time")


def test_control_characters_never_reach_a_row() -> None:
    line = row(BY_NAME[RAW], consumed(orjson.dumps({"title": "a\x1b[2Jb\nc"})))
    assert line.isprintable()


def test_seconds_run_from_the_append_of_the_raw_record() -> None:
    record = consumed(b"", headers=(("newsflag-origin-time", b"1794999999500"),))
    assert pipeline_seconds(record) == 0.5
    assert pipeline_seconds(record, until_ms=1_795_000_000_500) == 1.0
    assert pipeline_seconds(record, until_ms=0) == 0


@pytest.mark.parametrize("headers", [(), (("newsflag-origin-time", b"soon"),)])
def test_seconds_are_unknown_without_that_time(headers: Any) -> None:
    assert pipeline_seconds(consumed(b"", headers=headers)) is None


def test_text_shows_an_article_and_anything_else_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_text(Console(), BY_NAME[ENRICHED], consumed(ENRICHED_VALUE))
    assert capsys.readouterr().out.startswith("A title\n")
    print_text(Console(soft_wrap=True), BY_NAME[ENRICHED], consumed(b'{"article": "[b]"}'))
    told = capsys.readouterr().out
    assert orjson.loads(told)["value"] == {"article": "[b]"}
