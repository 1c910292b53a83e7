"""Where reading of a topic starts."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.cli.reading import parse_start

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["earliest", "latest"])
def test_the_two_ends_stay_words(text: str) -> None:
    assert parse_start(text, NOW) == text


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("-90s", timedelta(seconds=90)),
        ("-5m", timedelta(minutes=5)),
        ("-2h", timedelta(hours=2)),
        ("-1d", timedelta(days=1)),
    ],
)
def test_an_age_counts_from_now(text: str, age: timedelta) -> None:
    assert parse_start(text, NOW) == NOW - age


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24T08:30", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-24T08:30:00Z", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-24T09:30+01:00", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_utc(text: str, moment: datetime) -> None:
    assert parse_start(text, NOW) == moment


@pytest.mark.parametrize("text", ["yesterday", "-2w", "2h", "-h", "", "--5m", "2026-13-01"])
def test_anything_else_is_told_with_what_can_be_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"write earliest, latest, a time as .* or an age as -2h"):
        parse_start(text, NOW)
