"""Dates as feeds and pages write them, into ISO 8601 with the precision that they have.

Nothing is made up: a day without a time stays a day, a time without a zone stays without one.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.article import Precision, Timestamp

from .rules import MONTHS, ZONES

EARLIEST_YEAR: Final = 1990
LATEST_YEAR: Final = 2100
MAX_CHARS: Final = 200

_ISO: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:(?:T|\s+|\s*T\s*)(?P<hour>\d{1,2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Z]{2,5})?)?)?)?(?:\[[\w/]+\])?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?"
)
_SLASHED_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b")
_NUMERIC: Final = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b")
_CJK: Final = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_WORDY: Final = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|º|er|\.)?,?\s+(?:de\s+|of\s+)?(?P<month>[^\W\d_]{3,12})\.?,?\s+"
    r"(?:de\s+|del\s+)?(?P<year>\d{4})\b"
    r"|\b(?P<month2>[^\W\d_]{3,12})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"\s*(?P<zone>Z\b|UTC[+-]\d{1,2}\b|GMT[+-]\d{1,2}\b|[A-Z]{2,5}\b|[+-]\d{2}:?\d{2}\b)?",
    re.IGNORECASE,
)
_ZONED: Final = re.compile(r"[+-]\d{2}:\d{2}$")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")
_URL_DATE: Final = re.compile(
    r"[/_-](?P<year>(?:19|20)\d{2})(?P<gap>[/_-]?)(?P<month>0?[1-9]|1[0-2]|[a-z]{3})(?P=gap)"
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)",
    re.IGNORECASE,
)


def parse(value: str | None, source: str, day_first: bool = True) -> Timestamp | None:
    """Read a date.

    Args:
        value: ISO 8601, RFC 2822, seconds or milliseconds since 1970, or as people write it.
        source: Goes into the timestamp: where the value was found.
        day_first: How to read `3/4/2024` where the numbers alone don't tell.

    Returns:
        None if there is no date that could be an article's in it.
    """
    text = " ".join((value or "")[:MAX_CHARS].split())
    if not text:
        return None
    for reader in (_iso, _compact, _epoch, _rfc2822):
        if found := reader(text):
            return _timestamp(*found, source)
    found = _wordy(text, day_first)
    return _timestamp(*found, source) if found else None


def from_url(url: str) -> Timestamp | None:
    """The day that an address such as `/2024/oct/23/` names."""
    for match in _URL_DATE.finditer(url):
        month = match["month"]
        number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
        if found := _moment(int(match["year"]), number, int(match["day"])):
            return _timestamp(found, "day", "url")
    return None


def find(text: str, source: str, day_first: bool = True) -> Timestamp | None:
    """The first date written out in a short text, such as a byline."""
    found = _wordy(" ".join(text[:MAX_CHARS].split()), day_first)
    return _timestamp(*found, source) if found else None


def best(candidates: Iterable[tuple[str, str]], day_first: bool = True) -> Timestamp | None:
    """The first candidate that names a day, or one of the same day that tells more of it.

    Args:
        candidates: Source and value, the most trusted first.
        day_first: As in `parse`.
    """
    read = [found for source, value in candidates if (found := parse(value, source, day_first))]
    if not read:
        return None
    first = next((found for found in read if found.precision not in {"year", "month"}), read[0])
    return max((found for found in read if day(found) == day(first)), key=_telling)


def _telling(timestamp: Timestamp) -> tuple[bool, bool]:
    timed = timestamp.precision in {"hour", "minute", "second"}
    return timed, timed and bool(_ZONED.search(timestamp.value))


def day(timestamp: Timestamp) -> str:
    """Its day as `YYYY-MM-DD`, as far as known."""
    return timestamp.value[:10]


def _iso(text: str) -> tuple[datetime, Precision] | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    parts = [match[name] for name in ("year", "month", "day", "hour", "minute", "second")]
    known = [int(part) for part in parts if part is not None]
    precision: Precision = ("year", "month", "day", "hour", "minute", "second")[len(known) - 1]
    return _with(known, match["zone"], precision)


def _compact(text: str) -> tuple[datetime, Precision] | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    known = [int(part) for part in match.groups()[:6] if part is not None]
    return _with(
        known, match[7], "second" if len(known) == 6 else "minute" if len(known) == 5 else "day"
    )


def _epoch(text: str) -> tuple[datetime, Precision] | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC), "second"


def _rfc2822(text: str) -> tuple[datetime, Precision] | None:
    if ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    # `-0000` means that the zone is unknown, and so does a naive result.
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    zone_name = text.rsplit(" ", 1)[-1]
    if moment.tzinfo is None and (offset := ZONES.get(zone_name.upper())) is not None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    return moment, "second"


def _wordy(text: str, day_first: bool) -> tuple[datetime, Precision] | None:
    numbers, start, end = _day_numbers(text, day_first)
    if not numbers:
        return None
    time = _TIME.search(text[end : end + 60]) or _TIME.search(text[:start])
    if not time or int(time["hour"]) > 23 or int(time["minute"]) > 59:
        return _with(list(numbers), None, "day")
    hour = int(time["hour"])
    if time["half"]:
        hour = hour % 12 + (12 if time["half"].lower().startswith("p") else 0)
    second = time["second"]
    known = [*numbers, hour, int(time["minute"]), *([int(second)] if second else [])]
    return _with(known, time["zone"], "second" if second else "minute")


def _day_numbers(text: str, day_first: bool) -> tuple[tuple[int, int, int] | None, int, int]:
    """Year, month and day of the first date in the text, and where it stands."""
    for pattern in (_CJK, _SLASHED_YEAR_FIRST):
        if match := pattern.search(text):
            return (int(match[1]), int(match[2]), int(match[3])), match.start(), match.end()
    for match in _WORDY.finditer(text):
        month = MONTHS.get((match["month"] or match["month2"]).lower().rstrip("."))
        if month:
            year, number = match["year"] or match["year2"], match["day"] or match["day2"]
            return (int(year), month, int(number)), match.start(), match.end()
    iso = re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", text)
    if iso:
        return (int(iso[1]), int(iso[2]), int(iso[3])), iso.start(), iso.end()
    if match := _NUMERIC.search(text):
        first, second = int(match[1]), int(match[3])
        # A dot is never month first; with a slash the numbers decide where they can.
        if second > 12 or (not day_first and match[2] == "/" and first <= 12):
            first, second = second, first
        return (int(match[4]), second, first), match.start(), match.end()
    return None, 0, 0


def _with(
    known: list[int], zone: str | None, precision: Precision
) -> tuple[datetime, Precision] | None:
    padded = [*known, 1, 1][: max(3, len(known))] if len(known) < 3 else known
    moment = _moment(*padded)
    if moment is None:
        return None
    offset = _offset(zone)
    if offset is not None and precision in {"hour", "minute", "second"}:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    return moment, precision


def _moment(
    year: int, month: int, day_: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return datetime(year, month, day_, hour, minute, second)  # the zone is added where known
    except ValueError:
        return None


def _offset(zone: str | None) -> int | None:
    """Minutes east of Greenwich."""
    if not zone:
        return None
    name = zone.upper()
    if name in ZONES:
        return ZONES[name]
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if match[1] == "-" else minutes


def _timestamp(moment: datetime, precision: Precision, source: str) -> Timestamp:
    whole = moment.isoformat(timespec="seconds")
    cut = {"year": 4, "month": 7, "day": 10}.get(precision)
    if cut:
        whole = whole[:cut]
    elif precision in {"hour", "minute"}:
        whole = moment.isoformat(timespec="minutes")
    return Timestamp(value=whole, precision=precision, source=source)
