"""The generated JSON Schemas: current, valid, and of one mind with the models."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas import generate
from schemas.generate import DIALECT, MODELS, drifted, file_of, main, render, schema_of, write
from streams.sample import FEED
from streams.topics import TOPICS


@pytest.mark.parametrize("name", MODELS)
def test_the_files_say_what_the_models_say(name: str) -> None:
    text = file_of(name).read_text("utf-8")
    assert text == render(schema_of(name)), "run `python -m schemas.generate`"


@pytest.mark.parametrize("name", MODELS)
def test_each_is_a_valid_schema_of_2020_12_with_a_name_of_its_own(name: str) -> None:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"].startswith("urn:newsflag:")
    assert len({schema_of(other)["$id"] for other in MODELS}) == len(MODELS)


def test_every_topic_names_a_schema_that_is_there() -> None:
    assert {topic.record for topic in TOPICS if topic.record} == set(MODELS)


RAW: list[tuple[dict[str, Any], bool]] = [
    ({"text": "t"}, True),
    ({"html": "<p>", "url": "u", "authors": ["a"]}, True),
    ({"summary": "s", "anything": {"else": 1}}, True),
    ({"text": "t", "source": {"name": "n", "more": 1}, "extra": {"a": 1}}, True),
    ({"text": None, "summary": "s"}, True),
    ({}, False),
    ({"url": "u"}, False),
    ({"text": None}, False),
    ({"text": 1}, False),
    ({"text": "t", "authors": "a"}, False),
    ({"text": "t", "source": "Post"}, False),
    ({"text": "t", "extra": []}, False),
]

RECORD: list[tuple[dict[str, Any], bool]] = [
    ({"article": {"id": "0", "text": "t"}}, True),
    ({"schema": "newsflag.enriched/1", "article": {"id": "0", "text": "t"}, "later": 1}, True),
    ({"article": {"id": "0", "text": "t"}, "events": [], "flags": None}, True),
    ({"article": {"id": "0"}}, False),
    ({"article": {"id": "0", "text": "t", "access": "maybe"}}, False),
    ({"article": {"id": "0", "text": "t"}, "entities": [{"id": "e0"}]}, False),
]

OUTCOME: list[tuple[dict[str, Any], bool]] = [
    ({"origin": "news.raw/0/1", "outcome": "enriched", "article": "0"}, True),
    ({"origin": "news.raw/0/1", "outcome": "lost"}, False),
    ({"outcome": "enriched"}, False),
]

CASES = [
    (name, value, right)
    for name, cases in (("raw", RAW), ("record", RECORD), ("outcome", OUTCOME))
    for value, right in cases
]


@pytest.mark.parametrize(("name", "value", "right"), CASES)
def test_schema_and_model_take_and_refuse_the_same(
    name: str, value: dict[str, Any], right: bool
) -> None:
    assert Draft202012Validator(schema_of(name)).is_valid(value) is right
    model, _ = MODELS[name]
    if right:
        model.model_validate_json(json.dumps(value))
    else:
        with pytest.raises(ValidationError):
            model.model_validate_json(json.dumps(value))


def test_the_sample_feed_keeps_the_schema() -> None:
    validator = Draft202012Validator(schema_of("raw"))
    for line in FEED.read_text("utf-8").splitlines():
        assert list(validator.iter_errors(json.loads(line))) == []


def test_drift_is_found_by_name_and_mended_by_writing(tmp_path: Path) -> None:
    assert drifted(tmp_path) == list(MODELS)
    write(tmp_path)
    assert drifted(tmp_path) == []
    file_of("raw", tmp_path).write_text("{}\n")
    file_of("outcome", tmp_path).unlink()
    assert drifted(tmp_path) == ["raw", "outcome"]


def test_a_check_fails_on_drift_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"]) == 0
    monkeypatch.setattr(generate, "drifted", lambda: ["raw"])
    assert main(["--check"]) == 1
    assert "raw.schema.json" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
