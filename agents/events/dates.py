"""When an event happened, with how that was found, and whether that is long ago."""

import re

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import DateMention
from schemas.events import EventDate

from . import syntax
from .candidates import Candidate
from .frames import Lexicon
from .scope import Scope

YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
DAYS_A_YEAR = 365


def read_date(
    doc: ParsedText, candidate: Candidate, scope: Scope, record: ArticleRecord, lexicon: Lexicon
) -> EventDate | None:
    """The date from the clause, the sentence, or the day of publication."""
    dates = [d for d in record.dates or [] if d.value]
    said = _dates_of_saying(doc, dates, lexicon)
    inside = _within(dates, scope.clause)
    for date in sorted(inside, key=lambda d: abs(d.start - doc.tokens[candidate.trigger].start)):
        if date.start not in said or doc.tokens[candidate.anchor].i in said[date.start]:
            return _date(date, "clause")
    for date in _within(dates, scope.sentence):
        if date.start not in said:
            return _date(date, "sentence")
    published = record.article.published
    if published is None:
        return None
    return EventDate(value=published.value, precision=published.precision, how="published")


def _within(dates: list[DateMention], tokens: list[Token]) -> list[DateMention]:
    starts = {token.start for token in tokens}
    return [
        date for date in dates
        if date.start in starts or any(date.start <= s < date.end for s in starts)
    ]  # fmt: skip


def _dates_of_saying(
    doc: ParsedText, dates: list[DateMention], lexicon: Lexicon
) -> dict[int, set[int]]:
    """Dates that say when somebody spoke, with the verb: "said Wednesday"."""
    found: dict[int, set[int]] = {}
    for date in dates:
        tokens = doc.between(date.start, date.end)
        if not tokens:
            continue
        verb = syntax.clause_verb(doc, tokens[-1].i)
        if verb is not None and doc.tokens[verb].lemma in lexicon.grammar["report"]:
            found[date.start] = {verb}
    return found


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
