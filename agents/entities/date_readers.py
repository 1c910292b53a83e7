"""Readers of date expressions: each pattern with the function that resolves its matches."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from . import calendar_math as cal
from .calendar_math import UNKNOWN, When
from .date_context import Place
from .date_words import (
    COUNT,
    DAY,
    DAYS,
    FIXED_DAYS,
    MONTH,
    MONTH_CUE,
    MONTHS,
    NOT_YEAR,
    OF_YEAR,
    PART,
    PARTS_OF_DAY,
    UNIT,
    WEEKDAY,
    WHICH,
    YEAR,
    YEAR_CUE,
)
from .numbers import words_value

Reader = Callable[[Place], When | None]


def _month(place: Place) -> int:
    return MONTHS[(place.group("month") or "").rstrip(".")]


def _with_year(place: Place) -> int | None:
    """The year that stands there, else the likely one; None where there is no base."""
    if year := place.group("year"):
        return int(year)
    if place.base is None:
        return None
    day = place.group("day")
    number = int(day) if day else None
    return cal.nearest_year(place.base, _month(place), number, future=place.future, past=place.past)


def _safe_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_date(place: Place) -> When | None:
    """`Oct. 23, 2024`, `23 October`, `Wednesday, Oct. 23`, `Oct. 8-13`."""
    if not 1 <= int(place.group("day") or 0) <= 31:
        return None
    year = _with_year(place)
    if year is None:
        return UNKNOWN
    first = _safe_day(year, _month(place), int(place.group("day") or 0))
    if first is None:
        return None
    last = place.group("lastday")
    until = _safe_day(year, _month(place), int(last)) if last else None
    return cal.of_day(first, until)


def _month_only(place: Place) -> When | None:
    """`October 2024`, `in October`, `early to mid-October`, `last March`."""
    name, base = (place.group("month") or "").rstrip("."), place.base
    year, parts = place.group("year"), [place.group("part"), place.group("lastpart")]
    which = (place.group("which") or "").lower()
    if not (year or any(parts) or which) and name in ("May", "March", "Mar"):
        if not place.before(MONTH_CUE):
            return None
    elif not (year or any(parts) or which) and len(name) <= 3:
        return None
    month = MONTHS[name]
    if year:
        known = int(year)
    elif base is None:
        return UNKNOWN
    elif which in ("last", "past"):
        known = base.year - (1 if month >= base.month else 0)
    elif which == "next":
        known = base.year + (1 if month <= base.month else 0)
    elif place.group("ofyear"):
        known = (
            base.year + {"last": -1, "this": 0, "next": 1}[(place.group("ofyear") or "").lower()]
        )
    else:
        known = cal.nearest_year(base, month, None, future=place.future, past=place.past)
    first = _part(parts[0])
    if first is None:
        return cal.of_month(known, month)
    return cal.part_of_month(known, month, first, _part(parts[1]) or first)


def _part(word: str | None) -> str | None:
    names = {
        "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid",
        "late": "late", "end": "late",
    }  # fmt: skip
    return names[word.lower()] if word else None


def _weekday(place: Place) -> When | None:
    """`Wednesday`, `last Friday`, `next Monday night`."""
    base, which = place.base, (place.group("which") or "").lower()
    if base is None:
        return UNKNOWN
    number = DAYS[(place.group("weekday") or "").rstrip(".")]
    if which == "last":
        return cal.of_day(cal.weekday(base - timedelta(days=1), number, -1))
    if which in ("next", "coming"):
        return cal.of_day(cal.weekday(base + timedelta(days=1), number, 1))
    if which == "this":
        return cal.of_day(base - timedelta(days=base.weekday()) + timedelta(days=number))
    return cal.of_day(cal.weekday(base, number, 1 if place.future else -1))


def _near_day(place: Place) -> When | None:
    """`today`, `yesterday`, `tomorrow morning`, `last night`."""
    if place.base is None:
        return UNKNOWN
    word = re.sub(r"\s+", " ", place.match["near"].lower())
    shift = {
        "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "last night": -1,
        "the day before yesterday": -2, "the day after tomorrow": 2, "this morning": 0,
        "this afternoon": 0, "this evening": 0,
    }[word]  # fmt: skip
    return cal.of_day(place.base + timedelta(days=shift))


def _near_unit(place: Place) -> When | None:
    """`last week`, `this month`, `next year`, `the previous decade`."""
    if place.base is None:
        return UNKNOWN
    which, unit = place.match["which"].lower(), place.match["unit"]
    shift = {"last": -1, "this": 0, "current": 0, "next": 1, "coming": 1}[which]
    if unit == "decade":
        return cal.of_decade(place.base.year // 10 * 10 + 10 * shift)
    return cal.shifted(place.base, unit, shift)


def _count(place: Place) -> int | None:
    word = re.sub(r"\s+", " ", place.match["count"].lower())
    if word in ("few", "several"):
        return None
    if word == "couple of":
        return 2
    return int(word) if word.isdigit() else int(words_value(word))


def _ago(place: Place) -> When | None:
    """`three days ago`, `a year ago`."""
    count = _count(place)
    if place.base is None or count is None:
        return UNKNOWN
    return cal.shifted(place.base, place.match["unit"], -count)


def _stretch(place: Place) -> When | None:
    """`the past three days`, `the next two weeks`, `the coming year`."""
    count = _count(place) if place.group("count") else 1
    if place.base is None or count is None:
        return UNKNOWN
    ahead = place.match["way"].lower() in ("next", "coming", "following")
    return cal.stretch(place.base, place.match["unit"], count if ahead else -count)


def _within(place: Place) -> When | None:
    """`in two weeks`, `within 30 days`: from now on, where the clause is in the future."""
    count = _count(place)
    if not place.future:
        return None
    if place.base is None or count is None:
        return UNKNOWN
    if place.match["within"].lower() == "within":
        return cal.stretch(place.base, place.match["unit"], count)
    return cal.shifted(place.base, place.match["unit"], count)


def _weekend(place: Place) -> When | None:
    if place.base is None:
        return UNKNOWN
    which = (place.group("which") or "").lower()
    saturday = cal.weekday(place.base, 5, -1)
    if which == "next" or (which != "last" and place.future):
        saturday = cal.weekday(place.base, 5, 1)
    return cal.of_day(saturday, saturday + timedelta(days=1))


def _season(place: Place) -> When | None:
    """`spring 2023`, `last summer`, `this winter`."""
    name, year = place.match["season"].lower(), place.group("year")
    if year:
        return cal.of_season(name, int(year))
    if place.base is None:
        return UNKNOWN
    which = (place.group("which") or "").lower()
    if not which:
        return None
    shift = {"last": -1, "this": 0, "next": 1}[which]
    if which == "last" and cal.SEASONS[name] + 3 <= place.base.month:
        shift = 0
    if which == "this" and name == "winter" and place.base.month < 3:
        shift = -1
    return cal.of_season(name, place.base.year + shift)


def _year(place: Place) -> When | None:
    """`in 2022`, `2014-16`, `early 2023`, `the 2015 deal`."""
    year, part, last = int(place.match["year"]), _part(place.group("part")), place.group("lastyear")
    if place.before(NOT_YEAR):
        return None
    if part:
        return cal.part_of_year(year, part)
    if last:
        until = int(last) if len(last) == 4 else year // 100 * 100 + int(last)
        return cal.of_year(year, until) if until > year else None
    after = place.parsed.text[place.match.end() : place.match.end() + 1]
    if not place.before(YEAR_CUE) and place.match.start() and after not in ".,;)\n":
        tokens = place.parsed.between(place.match.end(), place.match.end() + 12)
        if not tokens or tokens[0].tag in ("NNS", "IN", "CC"):
            return None
    return cal.of_year(year)


def _decade(place: Place) -> When | None:
    digits = place.match["decade"]
    year = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return cal.of_decade(year)


def _numeric(place: Place) -> When | None:
    """`2024-10-23`, `23.10.2024`, `10/23/2024`; day and month by outlet where both orders fit."""
    match = place.match
    if match.groupdict().get("iso"):
        day = _safe_day(*(int(part) for part in match["iso"].split("-")))
        return cal.of_day(day) if day else None
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    american = place.setting.outlet in ("USA", "PHL")
    if "." in match.group() or first > 12 or (place.setting.outlet and not american):
        first, second = second, first
    elif second <= 12 and first != second and not american:
        return UNKNOWN
    day = _safe_day(year, first, second)
    return cal.of_day(day) if day else None


def _fixed(place: Place) -> When | None:
    month, day = FIXED_DAYS[place.match["fixed"].replace("’", "'")]
    if year := place.group("year"):
        return cal.of_day(date(int(year), month, day))
    if place.base is None:
        return UNKNOWN
    year_near = cal.nearest_year(place.base, month, day, future=place.future, past=place.past)
    return cal.of_day(date(year_near, month, day))


def _quarter(place: Place) -> When | None:
    """`third quarter of 2024`, `Q3 2024`, `first half of 2023`."""
    word = (place.group("ordinal") or place.group("number") or "").lower()
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(word) or int(word)
    length = 6 if place.group("half") else 3
    year = int(place.match["year"])
    first = cal.of_month(year, (number - 1) * length + 1)
    return cal.of_months(first, cal.of_month(year, number * length))


READERS: Final[Sequence[tuple[re.Pattern[str], Reader]]] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (
            rf"\b(?:{WEEKDAY},?\s+(?:the\s+)?)?{MONTH}\s*{DAY}(?:\s*[-–—]\s*(?P<lastday>[0-3]?\d)(?!\d))?"
            rf"(?:,?\s+{YEAR})?",
            _full_date,
        ),
        (
            rf"\b(?:{WEEKDAY},?\s+(?:the\s+)?)?{DAY}(?:\s*(?:[-–—]|\sto\s)\s*(?P<lastday>[0-3]?\d)"
            rf"(?:st|nd|rd|th)?)?\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?",
            _full_date,
        ),
        (
            rf"\b(?:{PART}(?:-?(?:\s+(?:to|or|and)\s+(?P<lastpart>mid|late)-?\s?)|[\s-]+)|{WHICH})"
            rf"{MONTH}\b{OF_YEAR}",
            _month_only,
        ),
        (
            r"\b(?:the\s+)?(?P<part>beginning|start|middle|end)\s+of\s+"
            rf"{MONTH}\b{OF_YEAR}",
            _month_only,
        ),
        (rf"\b{WHICH}{WEEKDAY}\b{PARTS_OF_DAY}", _weekday),
        (
            r"\b(?P<near>[Tt]he\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|[Tt]oday|[Tt]onight|"
            r"[Yy]esterday|[Tt]omorrow|[Ll]ast\s+night|[Tt]his\s+(?:morning|afternoon|evening))\b"
            rf"{PARTS_OF_DAY}",
            _near_day,
        ),
        (
            r"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Cc]oming|[Cc]urrent)\s+"
            r"(?P<unit>week|month|year|decade)\b(?!-)",
            _near_unit,
        ),
        (
            rf"\b(?:(?:[Aa]bout|[Aa]round|[Nn]early|[Aa]lmost|[Mm]ore\s+than|[Oo]ver|[Jj]ust)\s+)?"
            rf"(?i:{COUNT})\s+{UNIT}\s+ago\b",
            _ago,
        ),
        (
            r"\b(?:[Tt]he\s+)?(?P<way>[Pp]ast|[Ll]ast|[Nn]ext|[Cc]oming|[Ff]ollowing|[Pp]revious)\s+"
            rf"{COUNT}\s+{UNIT}\b",
            _stretch,
        ),
        (
            r"\b[Tt]he\s+(?P<way>past|next|coming)\s+(?P<unit>day|week|month|year|decade)\b",
            _stretch,
        ),
        (rf"\b(?P<within>[Ii]n|[Ww]ithin)\s+{COUNT}\s+{UNIT}(?!['’])\b", _within),
        (r"\b(?:[Oo]ver\s+)?(?:(?P<which>last|this|next)|the)\s+weekend\b", _weekend),
        (
            rf"\b(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext)\s+|the\s+|[Ii]n\s+)?"
            rf"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
            rf"(?:\s+(?:of\s+)?{YEAR}|(?<=\w)(?=\b))",
            _season,
        ),
        (
            rf"(?<![\w.,/$€£¥-])(?:{PART}[\s-]+)?{YEAR}"
            r"(?:\s?[-–—/]\s?(?P<lastyear>(?:(?:19|20)\d\d|\d\d))(?![\d-]))?(?![\w-]\w|/)",
            _year,
        ),
        (
            r"\b(?:[Tt]he\s+)?(?:(?P<era>early|mid|late)[\s-]+)?(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b",
            _decade,
        ),
        (r"(?<![\w])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w-])", _numeric),
        (
            r"(?<![\w./])(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)"
            r"(?P<year>(?:19|20)\d\d)(?![\w/])",
            _numeric,
        ),
        (
            r"\b(?P<fixed>Christmas(?:\s(?:Day|Eve))?|Boxing\sDay|New\sYear['’]s\s(?:Eve|Day)|"
            rf"Valentine['’]s\sDay|Halloween|May\sDay)\b(?:,?\s{YEAR})?",
            _fixed,
        ),
        (
            r"\b(?:the\s+)?(?:(?P<ordinal>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)[\s-]"
            r"(?:quarter|(?P<half>half))|Q(?P<number>[1-4]))"
            rf"\s+(?:of\s+)?{YEAR}",
            _quarter,
        ),
    )
)
