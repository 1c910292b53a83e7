"""Arithmetic of the calendar: the value of a date expression, in ISO 8601 as far as it goes."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Precision = Literal["time", "day", "week", "month", "season", "year", "decade"]

SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of the meteorological seasons of the northern hemisphere."""
PARTS_OF_MONTH: Final = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
PARTS_OF_YEAR: Final = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}


@dataclass(frozen=True, slots=True)
class When:
    """A resolved expression; `value` None where there is no base to resolve it."""

    value: str | None
    precision: Precision | None
    until: str | None = None


UNKNOWN: Final = When(None, None)


def of_day(day: date, until: date | None = None) -> When:
    """A day, or the days from one to another."""
    return When(day.isoformat(), "day", until.isoformat() if until else None)


def of_week(day: date) -> When:
    """The week from Monday to Sunday that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return When(monday.isoformat(), "week", (monday + timedelta(days=6)).isoformat())


def of_month(year: int, month: int) -> When:
    """A month; months before January and after December count on into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return When(f"{year:04}-{month:02}", "month")


def of_months(first: When, last: When) -> When:
    """The months from one to another."""
    return When(first.value, "month", last.value)


def of_year(year: int, until: int | None = None) -> When:
    """A year, or the years from one to another."""
    return When(f"{year:04}", "year", f"{until:04}" if until else None)


def of_decade(year: int) -> When:
    """The ten years from `year` on."""
    return When(f"{year:04}", "decade", f"{year + 9:04}")


def of_season(name: str, year: int) -> When:
    """A season of a year; winter begins in its December."""
    first = SEASONS[name]
    return When(of_month(year, first).value, "season", of_month(year, first + 2).value)


def part_of_month(year: int, month: int, first: str, last: str) -> When:
    """A part of a month, `early` to `mid` for instance; thirds of ten days."""
    days = calendar.monthrange(year, month)[1]
    start, end = PARTS_OF_MONTH[first][0], min(days, PARTS_OF_MONTH[last][1])
    return When(date(year, month, start).isoformat(), "week", date(year, month, end).isoformat())


def part_of_year(year: int, part: str) -> When:
    """A part of a year; thirds of four months."""
    first, last = PARTS_OF_YEAR[part]
    return When(f"{year:04}-{first:02}", "month", f"{year:04}-{last:02}")


def shifted(base: date, unit: str, count: int) -> When:
    """The day, week, month or year `count` units after a day; before it where negative."""
    if unit == "day":
        return of_day(base + timedelta(days=count))
    if unit == "week":
        return of_week(base + timedelta(weeks=count))
    if unit == "month":
        return of_month(base.year, base.month + count)
    return of_year(base.year + count * (10 if unit == "decade" else 1))


def moved(base: date, unit: str, count: int) -> date:
    """A day moved by units, to the last day of a month where the month is too short."""
    if unit in ("day", "week"):
        return base + timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "year": 12, "decade": 120}[unit]
    year = base.year + (base.month - 1 + months) // 12
    month = (base.month - 1 + months) % 12 + 1
    return date(year, month, min(base.day, calendar.monthrange(year, month)[1]))


def stretch(base: date, unit: str, count: int) -> When:
    """The `count` units up to a day, or from it on: "the past three days", "the next two weeks"."""
    other = moved(base, unit, count)
    first, last = sorted((base, other))
    return of_day(first, last)


def weekday(base: date, number: int, direction: int) -> date:
    """The last day with a weekday up to a day (-1), or the first from it on (1)."""
    ahead = (number - base.weekday()) % 7
    return base + timedelta(days=ahead if direction > 0 or ahead == 0 else ahead - 7)


def nearest_year(base: date, month: int, day: int | None, *, future: bool, past: bool) -> int:
    """The year of a month or day that the text names without it.

    News tells what was; a date counts as past unless its clause is in the future, or unless the
    past one lies most of a year back and the coming one is near (nearer, where the sentence has a
    verb in the past: "asked for answers by May 10").
    """
    anchor = _day(base.year, month, day)
    reach = base if day else base.replace(day=calendar.monthrange(base.year, base.month)[1])
    before = base.year if anchor <= reach else base.year - 1
    now = base if day else base.replace(day=1)
    coming = base.year if anchor >= now else base.year + 1
    if future:
        return coming
    ahead = (_day(coming, month, day) - base).days
    behind = (base - _day(before, month, day)).days
    near, far = (35, 300) if past else (60, 240)
    return coming if ahead <= near and behind >= far else before


def _day(year: int, month: int, day: int | None) -> date:
    return date(year, month, min(day or 1, calendar.monthrange(year, month)[1]))
