"""When an event happened, with how that was found, and whether that is long ago."""

import re

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import DateMention
from schemas.events import EventDate

from .candidates import Candidate
from .facts import Facts
from .frames import Lexicon
from .scope import Scope

YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
DAYS_A_YEAR = 365


def read_date(
    doc: ParsedText, candidate: Candidate, scope: Scope, record: ArticleRecord, facts: Facts
) -> EventDate | None:
    """The date from the clause, the sentence, or the day of publication."""
    trigger = doc.tokens[candidate.trigger]
    dates = facts.dates.get(trigger.sent, [])
    inside = _within(dates, scope.clause)
    for date in sorted(inside, key=lambda d: abs(d.start - trigger.start)):
        if facts.said.get(date.start, candidate.anchor) == candidate.anchor:
            return _date(date, "clause")
    for date in dates:
        if date.start not in facts.said:
            return _date(date, "sentence")
    published = record.article.published
    if published is None:
        return None
    return EventDate(value=published.value, precision=published.precision, how="published")


def _within(dates: list[DateMention], tokens: list[Token]) -> list[DateMention]:
    return [d for d in dates if any(d.start <= token.start < d.end for token in tokens)]


def _date(date: DateMention, how: str) -> EventDate:
    return EventDate.model_validate(
        {
            "value": date.value,
            "until": date.until,
            "precision": date.precision or "day",
            "how": how,
        }
    )


def is_historical(
    date: EventDate | None, record: ArticleRecord, scope: Scope, lexicon: Lexicon
) -> bool:
    """Whether the event lies more than about a year before publication, or is marked as past."""
    published = record.article.published
    if published is not None and date is not None and date.how in ("clause", "sentence"):
        gap = _days(published.value) - _days(date.until or date.value, late=True)
        if gap > DAYS_A_YEAR:
            return True
        if date.how == "clause":
            return False
    marks = lexicon.grammar["historical"]
    if any(token.lemma.lower() in marks for token in scope.clause):
        return True
    if published is None:
        return False
    years = [int(t.text) for t in scope.clause if YEAR.fullmatch(t.text) and t.dep == "pobj"]
    return any(year < int(published.value[:4]) - 1 for year in years)


def _days(value: str, *, late: bool = False) -> int:
    """Days since year 0, roughly; a month or year without a day counts by its end if `late`."""
    parts = [int(part) for part in re.findall(r"\d+", value[:10])]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if late else 1)
    day = parts[2] if len(parts) > 2 else (28 if late else 1)
    return year * DAYS_A_YEAR + (month - 1) * 30 + day
