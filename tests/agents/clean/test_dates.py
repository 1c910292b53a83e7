"""Dates in the forms of feeds and pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.clean import dates


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("2024-10-23", "2024-10-23", "day"),
        ("2024-10", "2024-10", "month"),
        ("2024", "2024", "year"),
        ("2024-10-23T08:15:00Z", "2024-10-23T08:15:00+00:00", "second"),
        ("2024-10-23T08:15:00.123456+02:00", "2024-10-23T08:15:00+02:00", "second"),
        ("2024-10-23T08:15+0530", "2024-10-23T08:15+05:30", "minute"),
        ("2024-10-23 08:15:00", "2024-10-23T08:15:00", "second"),
        ("2024-10-23 08:15:00 EDT", "2024-10-23T08:15:00-04:00", "second"),
        ("20241023", "2024-10-23", "day"),
        ("20241023T081500Z", "2024-10-23T08:15:00+00:00", "second"),
        ("Wed, 23 Oct 2024 08:15:00 GMT", "2024-10-23T08:15:00+00:00", "second"),
        ("Wed, 23 Oct 2024 08:15:00 -0400", "2024-10-23T08:15:00-04:00", "second"),
        ("1729671300", "2024-10-23T08:15:00+00:00", "second"),
        ("1729671300000", "2024-10-23T08:15:00+00:00", "second"),
        ("October 23, 2024", "2024-10-23", "day"),
        ("Oct. 23rd, 2024", "2024-10-23", "day"),
        ("23 October 2024", "2024-10-23", "day"),
        (
            "Published: Wednesday, 23 October 2024 at 8:15 pm BST",
            "2024-10-23T20:15+01:00",
            "minute",
        ),
        ("23. Oktober 2024, 08:15 Uhr", "2024-10-23T08:15", "minute"),
        ("23 de octubre de 2024", "2024-10-23", "day"),
        ("le 3 août 2024 à 12h30", "2024-08-03T12:30", "minute"),
        ("2024年10月23日", "2024-10-23", "day"),
        ("23.10.2024", "2024-10-23", "day"),
        ("10/23/2024", "2024-10-23", "day"),
        ("2024/10/23", "2024-10-23", "day"),
    ],
)
def test_forms(written: str, value: str, precision: str) -> None:
    read = dates.parse(written, "feed")
    assert read is not None
    assert (read.value, read.precision, read.source) == (value, precision, "feed")


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "None",
        "yesterday",
        "0000-00-00",
        "1970-01-01T00:00:00Z",
        "2024-13-40",
        "31 February 2024",
        "12",
        "99999999999999999999",
    ],
)
def test_what_is_no_date(written: str | None) -> None:
    assert dates.parse(written, "feed") is None


def test_ambiguous_numbers_follow_the_hint() -> None:
    day_first, month_first = (
        dates.parse("3/4/2024", "x"),
        dates.parse("3/4/2024", "x", day_first=False),
    )
    assert day_first is not None and day_first.value == "2024-04-03"
    assert month_first is not None and month_first.value == "2024-03-04"


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://e.example/news/2024/oct/23/white-house", "2024-10-23"),
        ("https://e.example/2024/10/23/story.html", "2024-10-23"),
        ("https://e.example/a-2024-10-23", "2024-10-23"),
        ("https://e.example/20241023/story", "2024-10-23"),
    ],
)
def test_days_in_addresses(url: str, value: str) -> None:
    read = dates.from_url(url)
    assert read is not None
    assert (read.value, read.source) == (value, "url")


@pytest.mark.parametrize(
    "url",
    ["https://e.example/story-1234567", "https://e.example/2024/99/99/x", "https://e.example/"],
)
def test_addresses_without_day(url: str) -> None:
    assert dates.from_url(url) is None


def test_of_one_day_the_more_telling_wins() -> None:
    best = dates.best(
        [
            ("json-ld", "2024-10-23"),
            ("meta", "2024-10-23T08:15:00+02:00"),
            ("visible", "2024-10-25"),
        ]
    )
    assert best is not None
    assert (best.value, best.source) == ("2024-10-23T08:15:00+02:00", "meta")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    read = dates.parse(text, "feed")
    assert read is None or read.value[:4].isdigit()
