"""Finds expressions of time and resolves them against the day of publication."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from schemas import ParsedText
from schemas.entities import DateMention

from . import calendar_math as cal
from .calendar_math import UNKNOWN, When
from .numbers import words_value
from .setting import Setting
from .taken import Taken

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "January Jan", "February Feb", "March Mar", "April Apr", "May", "June Jun",
            "July Jul", "August Aug", "September Sept Sep", "October Oct", "November Nov",
            "December Dec",
        ), start=1,
    )
    for name in names.split()
}  # fmt: skip
DAYS: Final = {
    name: number
    for number, names in enumerate(
        ("Monday Mon", "Tuesday Tues Tue", "Wednesday Wed", "Thursday Thurs Thur Thu",
         "Friday Fri", "Saturday Sat", "Sunday Sun")
    )
    for name in names.split()
}  # fmt: skip
FIXED_DAYS: Final = {
    "Christmas Day": (12, 25), "Christmas Eve": (12, 24), "Christmas": (12, 25),
    "Boxing Day": (12, 26), "New Year's Eve": (12, 31), "New Year's Day": (1, 1),
    "Valentine's Day": (2, 14), "Halloween": (10, 31), "May Day": (5, 1),
}  # fmt: skip
_M: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_D: Final = (
    r"(?:(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)\.(?=,?\s)))"
)
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|,\d{3}|\.\d)"
_YEAR: Final = r"(?P<year>(?:1[5-9]|20)\d\d)\b(?!,\d|\.\d|%)"
_PART: Final = r"(?P<part>[Ee]arly|[Mm]id(?:dle)?|[Ll]ate)"
_UNIT: Final = r"(?P<unit>day|week|month|year|decade)s?"
_COUNT: Final = (
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|"
    r"twenty|thirty|forty|fifty|sixty|ninety|couple\s+of|few|several)"
)
_PARTS_OF_DAY: Final = r"(?P<partofday>\s+(?:morning|afternoon|evening|night|noon|midnight))?"
FUTURE_CUE: Final = re.compile(
    r"\b(?:will|won['’]t|shall|scheduled|due|slated|upcoming|set|plans?|planned|planning|expects?|"
    r"expected|ahead\s+of|going|would|forthcoming|until|deadline)\b|['’]ll\b",
    re.IGNORECASE,
)
CLAUSE: Final = re.compile(r"[.!?;]\s|\n|,\s(?:but|and|who|which)\s|\bsaid\b")
MONTH_CUE: Final = re.compile(
    r"\b(?:in|of|by|since|until|till|from|to|between|through|during|last|next|this|early|late|mid|"
    r"and|for|before|after|[Ii]n|[Ss]ince|[Bb]y|[Ll]ast|[Ee]arly|[Ll]ate|[Bb]etween|[Ff]rom)"
    r"[\s\u00a0-]$"
)
NOT_YEAR: Final = re.compile(
    r"(?:[$€£¥#]|\b(?:No\.|Resolution|resolution|Room|Flight|about|roughly|nearly|over|than|some|"
    r"approximately|around|Order|Model|Type|Article|page|Route)\s)$"
)
YEAR_CUE: Final = re.compile(
    r"\b(?:in|since|until|till|by|from|before|after|during|of|early|late|mid|year|between|to|the|"
    r"through|fiscal|and|around|circa|for|this|spring|summer|autumn|fall|winter|their|its|his|her|"
    r"late-|early-|mid-)[\s\u00a0-]$|['’]s\s$|[(–—-]$|mid-$",
    re.IGNORECASE,
)
RANGE: Final = re.compile(r"\s*(?:[-–—]|\s(?:to|through|until|till)\s)\s*", re.IGNORECASE)
RANGE_AND: Final = re.compile(r"\s+and\s+")
OPENED: Final = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
CLOCK: Final = re.compile(
    r"(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\.?)?"
    r"(?:\s(?P<zone>GMT|UTC))?(?![\w%])|\b(?P<name>noon|midnight)\b",
    re.IGNORECASE,
)
CLOCK_JOINT: Final = re.compile(r"\s(?:on\s)?|,\s(?:on\s)?")
_SEEN_BEFORE: Final = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands, and what it is resolved by."""

    parsed: ParsedText
    setting: Setting
    match: re.Match[str]

    @property
    def base(self) -> date | None:
        """Day of publication."""
        return self.setting.published

    @property
    def future(self) -> bool:
        """Whether the clause speaks of what is to come.

        By the words between the sentence's begin and the expression; the verb in the parse would
        miss "is scheduled for" and infinitives as often.
        """
        return FUTURE_CUE.search(self.parsed.text, self._clause, self.match.start()) is not None

    @property
    def past(self) -> bool:
        """Whether the sentence has a verb in the past, and its clause none in the future."""
        tokens = self.parsed.between(self.match.start(), self.match.end())
        if self.future or not tokens:
            return False
        return any(token.tag in ("VBD", "VBN") for token in self.parsed.sentence(tokens[0].i))

    @property
    def _clause(self) -> int:
        """Where the clause of the expression begins, by its marks and the verb of saying."""
        start = self.match.start()
        first = max(0, start - _SEEN_BEFORE)
        begins = [match.end() for match in CLAUSE.finditer(self.parsed.text, first, start)]
        return begins[-1] if begins else first

    def group(self, name: str) -> str | None:
        """A named group of the pattern; None where the pattern has none or it is empty."""
        return self.match.groupdict().get(name)

    def before(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern that ends in `$` matches just before the expression."""
        start = self.match.start()
        return pattern.search(self.parsed.text[max(0, start - 16) : start]) is not None


class Read(NamedTuple):
    """An expression that was read."""

    start: int
    end: int
    when: When


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


_WHICH: Final = r"(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his(?:\s+coming)?|[Pp]ast)\s+)?"
_OF_YEAR: Final = rf"(?:,?\s+(?:of\s+)?{_YEAR}|\s+(?:of\s+)?(?P<ofyear>last|this|next)\s+year)?"
READERS: Final[Sequence[tuple[re.Pattern[str], Reader]]] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (
            rf"\b(?:{_D},?\s+(?:the\s+)?)?{_M}\s*{_DAY}(?:\s*[-–—]\s*(?P<lastday>[0-3]?\d)(?!\d))?"
            rf"(?:,?\s+{_YEAR})?",
            _full_date,
        ),
        (
            rf"\b(?:{_D},?\s+(?:the\s+)?)?{_DAY}(?:\s*(?:[-–—]|\sto\s)\s*(?P<lastday>[0-3]?\d)"
            rf"(?:st|nd|rd|th)?)?\s+(?:of\s+)?{_M}(?:,?\s+{_YEAR})?",
            _full_date,
        ),
        (
            rf"\b(?:{_PART}(?:-?(?:\s+(?:to|or|and)\s+(?P<lastpart>mid|late)-?\s?)|[\s-]+)|{_WHICH})"
            rf"{_M}\b{_OF_YEAR}",
            _month_only,
        ),
        (
            r"\b(?:the\s+)?(?P<part>beginning|start|middle|end)\s+of\s+"
            rf"{_M}\b{_OF_YEAR}",
            _month_only,
        ),
        (rf"\b{_WHICH}{_D}\b{_PARTS_OF_DAY}", _weekday),
        (
            r"\b(?P<near>[Tt]he\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|[Tt]oday|[Tt]onight|"
            r"[Yy]esterday|[Tt]omorrow|[Ll]ast\s+night|[Tt]his\s+(?:morning|afternoon|evening))\b"
            rf"{_PARTS_OF_DAY}",
            _near_day,
        ),
        (
            r"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Cc]oming|[Cc]urrent)\s+"
            r"(?P<unit>week|month|year|decade)\b(?!-)",
            _near_unit,
        ),
        (
            rf"\b(?:(?:[Aa]bout|[Aa]round|[Nn]early|[Aa]lmost|[Mm]ore\s+than|[Oo]ver|[Jj]ust)\s+)?"
            rf"(?i:{_COUNT})\s+{_UNIT}\s+ago\b",
            _ago,
        ),
        (
            r"\b(?:[Tt]he\s+)?(?P<way>[Pp]ast|[Ll]ast|[Nn]ext|[Cc]oming|[Ff]ollowing|[Pp]revious)\s+"
            rf"{_COUNT}\s+{_UNIT}\b",
            _stretch,
        ),
        (
            r"\b[Tt]he\s+(?P<way>past|next|coming)\s+(?P<unit>day|week|month|year|decade)\b",
            _stretch,
        ),
        (rf"\b(?P<within>[Ii]n|[Ww]ithin)\s+{_COUNT}\s+{_UNIT}(?!['’])\b", _within),
        (r"\b(?:[Oo]ver\s+)?(?:(?P<which>last|this|next)|the)\s+weekend\b", _weekend),
        (
            rf"\b(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext)\s+|the\s+|[Ii]n\s+)?"
            rf"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
            rf"(?:\s+(?:of\s+)?{_YEAR}|(?<=\w)(?=\b))",
            _season,
        ),
        (
            rf"(?<![\w.,/$€£¥-])(?:{_PART}[\s-]+)?{_YEAR}"
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
            rf"Valentine['’]s\sDay|Halloween|May\sDay)\b(?:,?\s{_YEAR})?",
            _fixed,
        ),
        (
            r"\b(?:the\s+)?(?:(?P<ordinal>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)[\s-]"
            r"(?:quarter|(?P<half>half))|Q(?P<number>[1-4]))"
            rf"\s+(?:of\s+)?{_YEAR}",
            _quarter,
        ),
    )
)


def find(parsed: ParsedText, setting: Setting) -> list[DateMention]:
    """The expressions of time of a text in order; of overlapping ones the longest.

    An expression that needs the day of publication has value None where that is not known.
    """
    text = parsed.text
    candidates: list[Read] = []
    for pattern, reader in READERS:
        for match in pattern.finditer(text):
            when = reader(Place(parsed, setting, match))
            if when is not None:
                candidates.append(Read(match.start(), match.end(), when))
    candidates.sort(key=lambda one: (one.start - one.end, one.start))
    kept = sorted(Taken(len(text)).free(candidates), key=lambda one: one.start)
    return [_mention(text, *item) for item in _clocked(text, _joined(text, kept))]


def _joined(text: str, found: Sequence[tuple[int, int, When]]) -> list[tuple[int, int, When]]:
    """Two dates that are a range as one: `from Oct. 8 to Oct. 13`, `between March and May`."""
    joined: list[tuple[int, int, When]] = []
    for start, end, when in found:
        if joined:
            first_start, first_end, first = joined[-1]
            gap = text[first_end:start]
            opened = OPENED.search(text[max(0, first_start - 10) : first_start])
            if RANGE.fullmatch(gap) or (opened and RANGE_AND.fullmatch(gap)):
                yearless = not re.search(r"\d{4}", text[first_start:first_end])
                both = _both(first, when, shared_year=yearless)
                if both is not None:
                    joined[-1] = (first_start, end, both)
                    continue
        joined.append((start, end, when))
    return joined


def _both(first: When, last: When, *, shared_year: bool) -> When | None:
    """The range of two dates, or None where they make none; the year of the last serves both."""
    if first.until or last.until or not (first.value and last.value):
        return None
    start = first.value
    if shared_year and first.precision in ("day", "month"):
        year = int(last.value[:4])
        year -= start[4:] > last.value[4:]
        start = f"{year:04}{start[4:]}"
    if first.precision != last.precision or start >= last.value:
        return None
    return When(start, first.precision, last.value)


def _clocked(text: str, found: Sequence[tuple[int, int, When]]) -> list[tuple[int, int, When]]:
    """Days with the time of day that stands beside them: `10 a.m. Wednesday`."""
    clocked = []
    for start, end, when in found:
        item = (start, end, when)
        if when.precision == "day" and when.until is None and when.value:
            before = _clock_before(text, start)
            after = None if before else _clock_after(text, end)
            if clock := before or after:
                first = clock.start() if before else start
                last = end if before else clock.end()
                item = (first, last, When(f"{when.value}T{_time(clock)}", "time"))
        clocked.append(item)
    return clocked


def _clock_before(text: str, start: int) -> re.Match[str] | None:
    for match in CLOCK.finditer(text, max(0, start - 22), start):
        if CLOCK_JOINT.fullmatch(text[match.end() : start]) and _is_clock(text, match):
            return match
    return None


def _clock_after(text: str, end: int) -> re.Match[str] | None:
    joint = re.compile(r",?\s(?:at|around|by|before|after)\s").match(text, end)
    match = CLOCK.match(text, joint.end()) if joint else None
    return match if match and _is_clock(text, match) else None


def _is_clock(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()]
    named = match["name"] or match["half"] or match["zone"]
    return bool(named or match["minute"]) and not (before.isalnum() or before in ":.,$")


def _time(match: re.Match[str]) -> str:
    if match["name"]:
        return "12:00" if match["name"].lower() == "noon" else "00:00"
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return f"{hour:02}:{minute:02}{'Z' if match['zone'] else ''}"


def _mention(text: str, start: int, end: int, when: When) -> DateMention:
    return DateMention(
        start=start,
        end=end,
        text=text[start:end],
        value=when.value,
        until=when.until,
        precision=when.precision,
    )
