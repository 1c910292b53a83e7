"""Origins, names and replays as headers tell them, and whom they are believed."""

from datetime import UTC, datetime

import orjson
import pytest

from schemas.outcome import Outcome
from streams.delivery import wire
from streams.delivery.wire import EDITED, ERROR, ORIGIN, REPLAY_OF, Incoming, Outgoing, outgoing
from streams.execution import Dead, Emit, Reject, Result
from streams.pipeline import PIPELINE
from streams.settings import Settings
from streams.topics import DEAD_HEADROOM_BYTES

CLEAN, ENTITIES, _, SANCTIONS = PIPELINE
SETTINGS = Settings(topic_prefix="p.")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DEAD_ID = b"p.news.dead/1/5"


def record(topic: str = "p.news.clean", value: bytes = b"{}", **headers: bytes) -> Incoming:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Incoming(topic, 3, 17, 1000, b"k", value, [("ce_id", b"ce"), *named])


def written(stage: int, read: Incoming, result: Result) -> dict[str, Outgoing]:
    _, _, records = outgoing(PIPELINE[stage], SETTINGS, read, result, NOW)
    return {out.topic: out for out in records}


def test_a_raw_record_is_its_own_origin_whatever_it_says() -> None:
    copied = record("p.news.raw", newsflag_origin=b"p.news.raw/0/1", newsflag_origin_time=b"9")
    assert copied.origin == copied.name == "p.news.raw/3/17"
    out = written(0, copied, Emit(b"{}", "id", "ce2", False))["p.news.clean"]
    assert dict(out.headers)[ORIGIN] == b"p.news.raw/3/17"
    assert dict(out.headers)[wire.ORIGIN_TIME] == b"1000"


def test_a_hop_s_record_is_named_by_its_ce_id_and_keeps_its_origin() -> None:
    hop = record(newsflag_origin=b"p.news.raw/0/1")
    assert (hop.origin, hop.name, hop.replay) == ("p.news.raw/0/1", "ce", None)


def test_a_replayed_raw_record_keeps_its_origin_and_is_named_by_its_place() -> None:
    again = record(
        "p.news.raw", newsflag_origin=b"p.news.raw/0/1", newsflag_replay_of=b"p.news.dead/1/5"
    )
    assert again.origin == "p.news.raw/0/1"
    assert again.name == "p.news.raw/3/17"
    assert again.replay == "p.news.dead/1/5"


def test_a_replay_without_an_origin_is_none() -> None:
    alone = record("p.news.raw", newsflag_replay_of=b"p.news.dead/1/5")
    assert (alone.origin, alone.replay) == ("p.news.raw/3/17", None)


@pytest.mark.parametrize(
    ("stage", "result"),
    [
        (1, Reject("too_short", None, "id", None)),
        (2, Dead("told", "told to")),
        (3, Emit(b"{}", "id", "ce2", True)),
    ],
)
def test_the_end_of_a_replay_says_so(stage: int, result: Result) -> None:
    read = record(newsflag_origin=b"p.news.raw/0/1", newsflag_replay_of=DEAD_ID)
    end = written(stage, read, result)["p.news.outcomes"]
    outcome = Outcome.model_validate_json(end.value or b"")
    assert (outcome.origin, outcome.replay) == ("p.news.raw/0/1", DEAD_ID.decode())
    first = written(stage, record(newsflag_origin=b"p.news.raw/0/1"), result)["p.news.outcomes"]
    assert "replay" not in orjson.loads(first.value or b"")
    assert dict(first.headers)["ce_id"] != dict(end.headers)["ce_id"]


def test_replay_and_edit_are_handed_on_to_every_topic() -> None:
    read = record(
        newsflag_origin=b"p.news.raw/0/1", newsflag_replay_of=DEAD_ID, newsflag_edited=b"was x"
    )
    for stage, topics in ((1, ["p.news.entities"]), (3, ["p.news.enriched", "p.news.flagged"])):
        out = written(stage, read, Emit(b"{}", "id", "ce2", True))
        for topic in topics:
            headers = dict(out[topic].headers)
            assert (headers[REPLAY_OF], headers[EDITED]) == (DEAD_ID, b"was x")


def test_an_edit_mark_alone_is_not_handed_on() -> None:
    read = record(newsflag_origin=b"p.news.raw/0/1", newsflag_edited=b"was x")
    out = written(1, read, Emit(b"{}", "id", "ce2", False))["p.news.entities"]
    assert EDITED not in dict(out.headers)


def test_a_dead_letter_of_a_raw_record_corrects_a_foreign_origin() -> None:
    copied = record("p.news.raw", newsflag_origin=b"p.news.raw/0/1")
    letter = written(0, copied, Dead("told", "m"))["p.news.dead"]
    assert dict(letter.headers)[ORIGIN] == b"p.news.raw/3/17"


def test_a_pointer_keeps_origin_and_replay() -> None:
    huge = record(
        value=b"x" * (SETTINGS.max_record_bytes + DEAD_HEADROOM_BYTES),
        newsflag_origin=b"p.news.raw/0/1",
        newsflag_replay_of=DEAD_ID,
    )
    letter = written(2, huge, Dead("too_large:raw", "m"))["p.news.dead"]
    headers = dict(letter.headers)
    assert headers[ERROR + "pointer"] == b"true"
    assert (headers[ORIGIN], headers[REPLAY_OF]) == (b"p.news.raw/0/1", DEAD_ID)
