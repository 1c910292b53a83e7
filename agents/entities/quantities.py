"""Finds counted and measured things: how many or how much, of what, exactly or not."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from schemas import ParsedText, Token
from schemas.entities import Label, Quantity

from .knowledge import cell, rows
from .lexicon import alternatives, words
from .numbers import Number

NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
PRENOMINAL: Final = frozenset({"JJ", "JJR", "JJS", "VBN", "VBG", "HYPH", "POS", "AFX", *NOUNS})
TIME_NOUNS: Final = words("time_nouns")
PEOPLE_BY_STATE: Final = words("people_by_state")
CASUALTY_VERBS: Final = words("casualty_verbs")
NUMBERED: Final = re.compile(rf"(?:{alternatives('numbered')})[\s\u00a0]$")
YEAR: Final = re.compile(r"(?:19|20)\d\d")
OF_THE: Final = re.compile(r"\s+of\s+(?:(?:the|its|their|his|her|these|those|our|more\s+than)\s+)?")
_FARTHEST: Final = 7


class Unit(NamedTuple):
    """A unit of measure and the label of its mentions."""

    symbol: str
    label: Label


class Counted(NamedTuple):
    """A quantity, and the number's own span and label for the list of mentions."""

    quantity: Quantity
    start: int
    end: int
    label: Label


@cache
def units() -> tuple[dict[str, Unit], re.Pattern[str]]:
    """Units by printed name, and the pattern that finds them after a number."""
    table: dict[str, Unit] = {}
    for row in rows("units.tsv"):
        label: Label = "PERCENT" if row["label"] == "PERCENT" else "QUANTITY"
        table |= {name: Unit(row["unit"], label) for name in cell(row, "names")}
    names = "|".join(re.escape(name) for name in sorted(table, key=lambda name: (-len(name), name)))
    return table, re.compile(rf"[\s\u00a0-]?[\s\u00a0]?({names})(?![\w²³])")


def find(
    parsed: ParsedText, numbers: Sequence[Number], taken: Sequence[tuple[int, int]]
) -> list[Counted]:
    """The quantities of a text in order.

    Args:
        parsed: Text and parse.
        numbers: The text's numbers.
        taken: Spans that are something else: money, dates, names that hold a number.
    """
    blocked = bytearray(len(parsed.text) + 1)
    for start, end in taken:
        blocked[start:end] = b"\1" * (end - start)
    found = []
    for number in numbers:
        if any(blocked[number.core : number.end]) or NUMBERED.search(
            parsed.text[max(0, number.core - 12) : number.core]
        ):
            continue
        counted = _measured(parsed, number) or _counted(parsed, number)
        if counted is not None:
            found.append(counted)
            span = counted.quantity
            blocked[span.start : span.end] = b"\1" * (span.end - span.start)
    return found


def _measured(parsed: ParsedText, number: Number) -> Counted | None:
    """A number with a unit: `5 percent of voters`, `2,000 tons of rice`."""
    table, pattern = units()
    text, value, end = parsed.text, number.value, number.end
    match = pattern.match(text, end)
    if match is not None:
        unit, end = table[match[1]], match.end()
    elif number.metres and _noun_after(parsed, end) is None:
        unit, value = Unit("m", "QUANTITY"), round(value / 10**6, 6)
    else:
        return None
    of = None
    if match is not None and (partitive := OF_THE.match(text, end)):
        noun = _noun_after(parsed, partitive.end())
        if noun is not None:
            of, end = text[partitive.end() : noun.end], noun.end
    label_end = match.end() if match is not None else number.end
    return Counted(
        _quantity(text, number, value, end, unit.symbol, of), number.start, label_end, unit.label
    )


def _counted(parsed: ParsedText, number: Number) -> Counted | None:
    """A number with its noun: `roughly 3,000 North Korean soldiers`, `dozens of drones`."""
    text = parsed.text
    if (
        number.form == "digits"
        and not number.approx
        and YEAR.fullmatch(text[number.core : number.end])
    ):
        return None
    start = number.end
    if partitive := OF_THE.match(text, start):
        start = partitive.end()
    elif text[start : start + 1] == "-":
        return None
    elif number.form == "indefinite":
        following = parsed.between(start + 1, min(len(text), start + 12))
        if not following or following[0].text.lower() not in PEOPLE_BY_STATE:
            return None
    noun = _noun_after(parsed, start)
    if noun is None:
        return _counted_people(parsed, number)
    if noun.lemma.lower() in TIME_NOUNS or (number.value == 1 and start > number.end):
        return None
    first = next(token.start for token in parsed.between(start, noun.end))
    of = text[first : noun.end]
    return Counted(
        _quantity(text, number, number.value, noun.end, None, of),
        number.start, number.end, "CARDINAL",
    )  # fmt: skip


def _counted_people(parsed: ParsedText, number: Number) -> Counted | None:
    """A number without a noun as the object of a verb such as "kill": "killed 1,200"."""
    before = parsed.between(max(0, number.start - 12), number.start)
    if not before or before[-1].lemma.lower() not in CASUALTY_VERBS:
        return None
    quantity = _quantity(parsed.text, number, number.value, number.end, None, None)
    return Counted(quantity, number.start, number.end, "CARDINAL")


def _noun_after(parsed: ParsedText, start: int) -> Token | None:
    """The head of the noun phrase that begins at `start`, by tags; None where none does.

    Tags, not the parse alone: small parsers lose the head of long phrases, and hardly ever a noun.
    """
    tokens = parsed.between(start, min(len(parsed.text), start + 120))[:_FARTHEST]
    last: Token | None = None
    for token in tokens:
        if token.start < start or (last is not None and token.sent != last.sent):
            break
        of_people = last is None and token.text.lower() in PEOPLE_BY_STATE
        if of_people and not _before_noun(parsed, token):
            return token
        if token.tag == "CD" and last is not None and _before_noun(parsed, token):
            continue
        if token.tag not in PRENOMINAL and token.text.lower() not in PEOPLE_BY_STATE:
            break
        if token.tag in NOUNS:
            last = token
            if token.tag == "NNS" and not _goes_on(parsed, token):
                break
    return last


def _before_noun(parsed: ParsedText, token: Token) -> bool:
    """Whether a number inside a phrase is part of a name: `30 Leopard 2 tanks`."""
    following = token.i + 1
    return following < len(parsed.tokens) and parsed.tokens[following].tag in NOUNS


def _goes_on(parsed: ParsedText, token: Token) -> bool:
    """Whether a plural noun is only a part of a compound, as in `arms dealers`."""
    return token.dep == "compound" and token.head == token.i + 1


def _quantity(
    text: str, number: Number, value: float, end: int, unit: str | None, of: str | None
) -> Quantity:
    return Quantity(
        start=number.start,
        end=max(end, number.end),
        text=text[number.start : max(end, number.end)],
        value=value,
        until=number.until,
        unit=unit,
        of=of,
        approx=number.approx,
    )
