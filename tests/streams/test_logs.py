"""Log lines: storms are told once a minute, JSON is one object a line."""

import logging

import orjson
import pytest

from streams.logs import REPEAT_AFTER_S, JsonLines, OncePerMinute


def line(name: str, level: int, message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(name, level, "file.py", 1, message, args, None)


def test_a_storm_of_one_kind_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("streams.logs.time.monotonic", lambda: now[0])
    once = OncePerMinute()
    lines = [line("aiokafka.conn", logging.ERROR, "Unable to connect to %s", n) for n in range(9)]
    assert [once.filter(record) for record in lines] == [True] + [False] * 8
    now[0] += REPEAT_AFTER_S + 1
    again = line("aiokafka.conn", logging.ERROR, "Unable to connect to %s", 9)
    assert once.filter(again)
    assert again.getMessage() == "Unable to connect to 9 (and 8 more like it)"


def test_our_own_lines_and_other_kinds_are_all_told() -> None:
    once = OncePerMinute()
    assert all(once.filter(line("streams.worker", logging.ERROR, "the same")) for _ in range(3))
    assert once.filter(line("aiokafka.conn", logging.ERROR, "one"))
    assert once.filter(line("aiokafka.conn", logging.ERROR, "two"))


def test_json_lines_hold_level_logger_and_message() -> None:
    told = orjson.loads(JsonLines().format(line("streams.x", logging.WARNING, "%d records", 3)))
    assert (told["level"], told["logger"], told["message"]) == ("WARNING", "streams.x", "3 records")
