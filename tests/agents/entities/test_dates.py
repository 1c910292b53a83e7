from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.entities import dates
from agents.entities.date_words import DAYS
from agents.entities.setting import Setting
from schemas import ParsedText
from schemas.entities import DateMention

BASE = Setting(published=date(2024, 10, 23), outlet="USA")
"""A Wednesday."""


def find(text: str, setting: Setting = BASE) -> list[DateMention]:
    return dates.find(ParsedText(text, [], []), setting)


@pytest.mark.parametrize(
    ("text", "expression", "value", "until", "precision"),
    [
        ("He said so on Wednesday.", "Wednesday", "2024-10-23", None, "day"),
        ("He said so on Thursday.", "Thursday", "2024-10-17", None, "day"),
        ("They will meet on Thursday.", "Thursday", "2024-10-24", None, "day"),
        ("It fell last Wednesday.", "last Wednesday", "2024-10-16", None, "day"),
        ("It fell in early to mid-October.", "early to mid-October", "2024-10-01", "2024-10-20",
         "week"),
        ("It fell in late September.", "late September", "2024-09-21", "2024-09-30", "week"),
        ("It began in February 2022.", "February 2022", "2022-02", None, "month"),
        ("It began last month.", "last month", "2024-09", None, "month"),
        ("It began last year.", "last year", "2023", None, "year"),
        ("It ends next week.", "next week", "2024-10-28", "2024-11-03", "week"),
        ("He fled three days ago.", "three days ago", "2024-10-20", None, "day"),
        ("Born on 12 March 1968.", "12 March 1968", "1968-03-12", None, "day"),
        ("On Oct. 8 it fell.", "Oct. 8", "2024-10-08", None, "day"),
        ("A vote is set for Nov. 5.", "Nov. 5", "2024-11-05", None, "day"),
        ("From Oct. 8 to Oct. 13 it rained.", "Oct. 8 to Oct. 13", "2024-10-08", "2024-10-13",
         "day"),
        ("Between March and May 2023 it rained.", "March and May 2023", "2023-03", "2023-05",
         "month"),
        ("It rained in the past three days.", "the past three days", "2024-10-20", "2024-10-23",
         "day"),
        ("It grew in the 1990s.", "the 1990s", "1990", "1999", "decade"),
        ("War of 2014-16.", "2014-16", "2014", "2016", "year"),
        ("It fell last summer.", "last summer", "2024-06", "2024-08", "season"),
        ("At 10:30 a.m. Wednesday it fell.", "10:30 a.m. Wednesday", "2024-10-23T10:30", None,
         "time"),
        ("It fell on 2024-10-20.", "2024-10-20", "2024-10-20", None, "day"),
        ("The third quarter of 2024 was good.", "The third quarter of 2024", "2024-07", "2024-09",
         "month"),
    ],
)  # fmt: skip
def test_resolved(
    text: str, expression: str, value: str, until: str | None, precision: str
) -> None:
    (found,) = find(text)
    assert found.text.lower() == expression.lower() or found.text == expression.removeprefix("The ")
    assert (found.value, found.until, found.precision) == (value, until, precision)


@pytest.mark.parametrize("text", ["on Wednesday", "last month", "on Oct. 8", "three days ago"])
def test_without_a_base_nothing_is_guessed(text: str) -> None:
    (found,) = find(f"It fell {text}.", Setting())
    assert found.value is None


def test_an_absolute_date_needs_no_base() -> None:
    (found,) = find("It fell on 8 October 2023.", Setting())
    assert found.value == "2023-10-08"


@pytest.mark.parametrize(
    "text", ["They may go.", "Theresa May spoke.", "They march on.", "Resolution 2022 was passed."]
)
def test_no_date(text: str) -> None:
    assert find(text) == []


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)))
def test_every_full_date_is_read_back(day: date) -> None:
    (found,) = find(f"It fell on {day:%B} {day.day}, {day.year}.", Setting())
    assert found.value == day.isoformat()


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)), st.sampled_from(list(DAYS)))
def test_a_weekday_is_within_the_last_week(day: date, name: str) -> None:
    if len(name) < 6:
        return
    (found,) = find(f"It fell on {name}.", Setting(published=day))
    value = date.fromisoformat(found.value or "")
    assert 0 <= (day - value).days < 7
    assert f"{value:%A}" == name
