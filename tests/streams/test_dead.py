"""Which dead letters are meant, and how their ids are read."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.dead import Choice, DeadLetter, full_id
from streams.delivery.wire import ERROR, Incoming
from streams.settings import Settings

WHEN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def letter(offset: int = 17, **errors: str) -> DeadLetter:
    told = {"stage": "entities", "code": "crash:SIGKILL"} | errors
    headers = [(ERROR + name, text.encode()) for name, text in told.items()]
    stamp = int(WHEN.timestamp() * 1000)
    return DeadLetter(Incoming("p.news.dead", 3, offset, stamp, None, b"x", headers))


@pytest.mark.parametrize(
    ("choice", "meant"),
    [
        (Choice(), True),
        (Choice(ids=("p.news.dead/3/17",)), True),
        (Choice(ids=("p.news.dead/3/1",)), False),
        (Choice(stage="entities"), True),
        (Choice(stage="clean"), False),
        (Choice(code="crash:SIGKILL"), True),
        (Choice(code="crash"), True),
        (Choice(code="cra"), False),
        (Choice(code="crash:SIG"), False),
        (Choice(since=WHEN, until=WHEN + timedelta(seconds=1)), True),
        (Choice(until=WHEN), False),
        (Choice(since=WHEN + timedelta(seconds=1)), False),
        (Choice(stage="entities", code="timeout"), False),
    ],
)
def test_a_choice_means_what_fits_all_that_is_set(choice: Choice, meant: bool) -> None:
    assert (letter() in choice) is meant


def test_a_record_without_a_time_is_in_no_span_of_time() -> None:
    undated = DeadLetter(Incoming("news.dead", 0, 1, -1, None, None, []))
    assert undated in Choice()
    assert undated not in Choice(since=datetime.min.replace(tzinfo=UTC))
    assert undated not in Choice(until=datetime.max.replace(tzinfo=UTC))


def test_ids_are_read_short_and_whole() -> None:
    settings = Settings(topic_prefix="p.")
    assert full_id(settings, "3/17") == "p.news.dead/3/17"
    assert full_id(settings, "p.news.dead/3/17") == "p.news.dead/3/17"


@pytest.mark.parametrize("text", ["", "17", "3/", "a/b", "3/-1", "news.raw/0/1", "x/1/2/3"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is (no dead letter|not of the form)"):
        full_id(Settings(), text)
