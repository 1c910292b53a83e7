"""One record of a topic as a line of JSON, as a row of a table, or as readable text."""

import base64
import shutil
import sys
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from pydantic import ValidationError
from rich.console import Console

from schemas import ArticleRecord
from streams.delivery.wire import ERROR, ORIGIN_TIME
from streams.display import plain, print_record
from streams.topics import Topic

TIME: Final = "%m-%d %H:%M:%S"

COLUMNS: Final[dict[str | None, str]] = {
    "raw": "time            source              title",
    "record": "time            entities  events  flags  source              title",
    "outcome": "time            outcome     why                   origin",
    None: "time            stage       code                  message",
}
"""The head of a table, by type of record."""


def json_line(topic: Topic, record: Any, *, meta: bool) -> str:
    """A record as one line of JSON.

    Args:
        topic: Where it was read.
        record: aiokafka's `ConsumerRecord`.
        meta: Coordinates, time, key and headers around the value; a topic of foreign bytes, whose
            meaning is in the headers, always has them.
    """
    value = _value(record.value)
    if not meta and topic.record is not None:
        return _dumped(value)
    line = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": _iso(record.timestamp),
        "key": _text(record.key),
        "headers": headers_of(record),
        "value": value,
    }
    if value is None and record.value is not None:
        line["value_base64"] = base64.b64encode(record.value).decode("ascii")
    return _dumped(line)


def row_head(topic: Topic) -> str:
    """The head of the topic's table."""
    return COLUMNS[topic.record]


def row(topic: Topic, record: Any) -> str:
    """A record as one row, cut to the terminal's width."""
    value = _value(record.value)
    fields = value if isinstance(value, dict) else {}
    told = {"raw": _raw_row, "record": _record_row, "outcome": _outcome_row}
    if topic.record in told:
        cells = told[topic.record](fields)
    else:
        headers = headers_of(record)
        cells = "  ".join(
            [
                f"{headers.get(ERROR + 'stage') or '':<10}",
                f"{headers.get(ERROR + 'code') or '':<20}",
                headers.get(ERROR + "message") or "",
            ]
        )
    moment = datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC).strftime(TIME)
    line = plain(f"{moment}  {cells}")
    if sys.stdout.isatty():
        line = line[: shutil.get_terminal_size().columns - 1]
    return line


def print_text(console: Console, topic: Topic, record: Any) -> None:
    """Print a record readably; one that is no article record, as JSON with its headers."""
    if topic.record == "record":
        try:
            article = ArticleRecord.model_validate_json(record.value or b"null")
        except ValidationError:
            pass
        else:
            print_record(console, article, pipeline_seconds(record))
            return
    console.print(json_line(topic, record, meta=True), markup=False)


def pipeline_seconds(record: Any, until_ms: float | None = None) -> float | None:
    """Seconds from the append of the raw record to this one, or to another point in time.

    Returns:
        None where the record's headers don't tell when the raw one was appended.
    """
    begun = headers_of(record).get(ORIGIN_TIME)
    if begun is None or not begun.isdecimal():
        return None
    return max((record.timestamp if until_ms is None else until_ms) - int(begun), 0) / 1000


def headers_of(record: Any) -> dict[str, str | None]:
    """The headers as text; the last one of a name counts."""
    return {name: _text(value) for name, value in record.headers}


def _raw_row(fields: dict[str, Any]) -> str:
    source = _name(fields.get("source"))
    return f"{source[:18]:<18}  {fields.get('title') or fields.get('url') or ''}"


def _record_row(fields: dict[str, Any]) -> str:
    counts = [len(fields.get(name) or []) for name in ("entities", "events", "flags")]
    article = fields.get("article") or {}
    numbers = f"{counts[0]:>8}  {counts[1]:>6}  {counts[2]:>5}"
    source = _name(article.get("source"))
    return f"{numbers}  {source[:18]:<18}  {article.get('title') or ''}"


def _outcome_row(fields: dict[str, Any]) -> str:
    parts = (fields.get("reason"), fields.get("stage"), fields.get("code"))
    why = " ".join(part for part in parts if part)
    return f"{fields.get('outcome') or '':<10}  {why:<20}  {fields.get('origin') or ''}"


def _name(source: Any) -> str:
    return str(source.get("name") or "") if isinstance(source, dict) else ""


def _value(data: bytes | None) -> Any:
    try:
        return None if data is None else orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _dumped(value: Any) -> str:
    return orjson.dumps(value).decode()


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace")


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(max(milliseconds, 0) / 1000, UTC).isoformat()
