"""The executor: bytes in, results out; each bad record is found, and found alone."""

from dataclasses import replace

import orjson
import pytest

from agents.stage import Options, Unavailable
from schemas import ArticleRecord
from streams.execution import Dead, Emit, Executor, Job, Reject
from tests.broker.stages import STAGES

EXECUTOR = Executor(STAGES, Options())


def raw(text: str, **more: object) -> Job:
    return Job(orjson.dumps({"url": "https://example.org/1", "text": text, **more}), "news.raw/0/7")


def test_a_raw_article_becomes_a_record_with_provenance_and_what_was_unknown() -> None:
    [result] = EXECUTOR.work("clean", [raw("story", case="c1")])
    assert isinstance(result, Emit)
    record = ArticleRecord.model_validate_json(result.value)
    assert record.article.text == "story"
    assert record.extra == {"case": "c1"}
    assert [(p.stage, p.input) for p in record.provenance] == [("clean", "news.raw/0/7")]
    assert result.article == record.article.id


def test_the_chain_grows_the_record_and_keeps_what_came_before() -> None:
    [result] = EXECUTOR.chain([stage.name for stage in STAGES], [raw("story")])
    assert isinstance(result, Emit)
    record = orjson.loads(result.value)
    assert [entry["stage"] for entry in record["provenance"]] == [s.name for s in STAGES]
    assert record["events"] == record["flags"] == record["mentions"] == []
    assert record["schema"] == "newsflag.enriched/1"


def test_the_same_input_gives_the_same_bytes_alone_and_in_a_batch() -> None:
    jobs = [raw(f"story {n}") for n in range(5)]
    names = [stage.name for stage in STAGES]
    together = EXECUTOR.chain(names, jobs)
    assert together == [Executor(STAGES, Options()).chain(names, [job])[0] for job in jobs]


def test_one_bad_record_takes_no_other_with_it() -> None:
    jobs = [raw("a"), raw("clean:raise"), raw("clean:poison"), raw("clean:reject"), raw("b")]
    good, raised, poison, rejected, other = EXECUTOR.work("clean", jobs)
    assert isinstance(good, Emit)
    assert isinstance(other, Emit)
    assert isinstance(raised, Dead)
    assert (raised.code, raised.message) == ("bug:LookupError", "told to raise")
    assert "in obey" in raised.trace
    assert poison == Dead("told", "told to be poison")
    assert isinstance(rejected, Reject)
    assert (rejected.reason, rejected.url) == ("too_short", "https://example.org/1")


def test_a_chain_ends_a_record_where_it_ended() -> None:
    names = [stage.name for stage in STAGES]
    first, second = EXECUTOR.chain(names, [raw("entities:raise"), raw("fine")])
    assert isinstance(first, Dead)
    assert isinstance(second, Emit)


@pytest.mark.parametrize(
    ("value", "code", "told"),
    [
        (None, "null_value", "no value"),
        (b"{", "undecodable", "no JSON"),
        (b"[]", "wrong_type", "JSON list"),
        (b'{"url": 1, "text": ""}', "invalid", "url: "),
        (b'{"url": "x"}', "invalid", "one of html, text and summary is needed"),
    ],
)
def test_what_is_no_raw_article_is_dead_and_says_why(
    value: bytes | None, code: str, told: str
) -> None:
    [result] = EXECUTOR.work("clean", [Job(value, "x")])
    assert isinstance(result, Dead)
    assert result.code == code
    assert told in result.message


def test_what_is_unavailable_is_not_the_records_fault() -> None:
    class Gone:
        version = "1"
        model: str | None = None
        lists: list[str] = []  # noqa: RUF012

        def __call__(self, _: object, /) -> list[object]:
            raise Unavailable("the list is being swapped")

    executor = Executor(STAGES, Options())
    executor._runs["clean"] = Gone()  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        executor.work("clean", [raw("a"), raw("b")])


def test_a_missing_block_is_named() -> None:
    stage = replace(STAGES[2], reads=frozenset({"entities"}))
    [made] = EXECUTOR.work("clean", [raw("a")])
    assert isinstance(made, Emit)
    [result] = Executor([stage], Options()).work("events", [Job(made.value, "x")])
    assert result == Dead("missing_block", "the field entities is needed and not there")
