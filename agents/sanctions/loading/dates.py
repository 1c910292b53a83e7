"""Dates as sanctions lists write them, into ISO 8601."""

import re

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
_NUMERIC = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_YEAR = re.compile(r"(?<!\d)(1[89]\d{2}|20\d{2})(?!\d)")


def iso_date(text: str | None, *, month_first: bool = False) -> str | None:
    """The first full date in the text as `YYYY-MM-DD`; None if there is none.

    Args:
        text: `24 Feb 2022`, `24-Feb-2022`, `2022-02-24`, `24/02/2022`.
        month_first: Whether `02/24/2022` is meant, as OFAC writes in the head of its XML.
    """
    if not text:
        return None
    if found := _ISO.search(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_MONTH_YEAR.search(text):
        day, month, year = (
            int(found.group(1)),
            _MONTHS.get(found.group(2).lower(), 0),
            int(found.group(3)),
        )
    elif found := _NUMERIC.search(text):
        first, second, year = (int(part) for part in found.groups())
        month, day = (first, second) if month_first else (second, first)
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def years(text: str | None) -> tuple[int, ...]:
    """All years from 1800 to 2099 in the text, in order, each once."""
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text or "")))
