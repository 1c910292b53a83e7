"""Finds expressions of time and resolves them against the day of publication."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas import ParsedText
from schemas.entities import DateMention

from .calendar_math import When
from .date_context import Place
from .date_readers import READERS
from .setting import Setting
from .taken import Taken

RANGE: Final = re.compile(r"\s*(?:[-–—]|\s(?:to|through|until|till)\s)\s*", re.IGNORECASE)
RANGE_AND: Final = re.compile(r"\s+and\s+")
OPENED: Final = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
CLOCK: Final = re.compile(
    r"(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\.?)?"
    r"(?:\s(?P<zone>GMT|UTC))?(?![\w%])|\b(?P<name>noon|midnight)\b",
    re.IGNORECASE,
)
CLOCK_JOINT: Final = re.compile(r"\s(?:on\s)?|,\s(?:on\s)?")


class Read(NamedTuple):
    """An expression that was read."""

    start: int
    end: int
    when: When


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
