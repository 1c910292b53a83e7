"""Datelines and credits."""

import pytest

from agents.clean import wire

REST = "The ship left port on Monday."


@pytest.mark.parametrize(
    ("head", "place", "date", "agency"),
    [
        ("SEOUL, South Korea (AP) — ", "SEOUL, South Korea", None, "AP"),
        ("SEOUL, Oct. 23 (Yonhap) -- ", "SEOUL", "Oct. 23", "Yonhap"),
        ("BEIJING, Oct. 24 (Xinhua) -- ", "BEIJING", "Oct. 24", "Xinhua"),
        ("MOSCOW, October 23. /TASS/. ", "MOSCOW", "October 23", "TASS"),
        ("LONDON, Oct 23 (Reuters) - ", "LONDON", "Oct 23", "Reuters"),
        ("WASHINGTON (AP) — ", "WASHINGTON", None, "AP"),
        ("Berlin (dpa) - ", "Berlin", None, "dpa"),
        ("PARIS — ", "PARIS", None, None),
        ("ST. PETERSBURG, Fla. — ", "ST. PETERSBURG, Fla.", None, None),
        ("NEW YORK – ", "NEW YORK", None, None),
        ("WASHINGTON/LONDON (Reuters) - ", "WASHINGTON/LONDON", None, "Reuters"),
        ("KYIV, Ukraine, Oct. 23 (UPI) -- ", "KYIV, Ukraine", "Oct. 23", "UPI"),
        ("BERGEN, Nov. 3 (Northern Press) — ", "BERGEN", "Nov. 3", "Northern Press"),
        ("N’DJAMENA (Sahel News Agency) — ", "N’DJAMENA", None, "Sahel News Agency"),
    ],
)
def test_datelines(head: str, place: str, date: str | None, agency: str | None) -> None:
    taken = wire.take([head + REST, "Second."])
    assert taken.paragraphs == [REST, "Second."]
    assert taken.dateline is not None
    assert (taken.dateline.place, taken.dateline.date, taken.agency) == (place, date, agency)
    assert taken.removed == (("dateline", len(head)),)


def test_an_agency_alone() -> None:
    taken = wire.take(["(Reuters) - " + REST])
    assert (taken.paragraphs, taken.dateline, taken.agency) == ([REST], None, "Reuters")


@pytest.mark.parametrize(
    "paragraph",
    [
        "BREAKING — The ship left port.",
        "Moscow — once a friend of the port — has not replied.",
        "EXCLUSIVE - The ship left port.",
        "The minister (left) – who resigned – did not reply.",
        "Maersk (MAERSKb.CO) - the largest line - did not reply.",
        "NATO — the alliance — met on Monday.",
        "UPDATE: The ship left port.",
        "It rained.",
        "",
    ],
)
def test_heads_that_are_no_dateline(paragraph: str) -> None:
    assert wire.take([paragraph, "Second."]).paragraphs == [paragraph, "Second."]


def test_credits_on_lines_of_their_own() -> None:
    taken = wire.take(["(AP)", REST, "© AFP"])
    assert (taken.paragraphs, taken.agency) == ([REST], "AP")
