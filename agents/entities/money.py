"""Finds amounts of money and reads them as an amount and an ISO 4217 currency."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from schemas.entities import Money

from .knowledge import Knowledge, cell, rows
from .numbers import Number, qualified_start
from .setting import Setting

AMBIGUOUS_SYMBOLS: Final = {
    "$": "dollar", "¥": "yen", "Rs": "rupee", "Rs.": "rupee", "R": "rand", "kr": "krone",
}  # fmt: skip
"""Marks that several currencies share, by the noun that they stand for."""
WEIGHT: Final = re.compile(r"\s+(?:of|heavier|lighter|in\s+weight|per\s+square|overweight)\b")
ALWAYS_MONEY: Final = frozenset({"peso", "pesos", "rupee", "rupees", "franc", "francs"})
"""Nouns that mean money even where the text does not tell whose."""
WEIGHT_NOUNS: Final = frozenset({"pound", "pounds"})
_LONGEST_SYMBOL: Final = 8


@dataclass(frozen=True, slots=True)
class Currencies:
    """The table of currencies, ready for look-up.

    Attributes:
        by_symbol: Code by a mark that means one currency alone.
        by_noun: Codes by noun, in order of the table.
        by_default: Code by a noun that needs no further evidence.
        hundredths: Nouns of a hundredth part.
        countries: States that use a currency, by code.
        noun: The pattern that finds a currency's noun after a number.
        symbol: The pattern that finds a mark or code before a number.
    """

    by_symbol: dict[str, str]
    by_noun: dict[str, tuple[str, ...]]
    by_default: dict[str, str]
    hundredths: frozenset[str]
    countries: dict[str, tuple[str, ...]]
    noun: re.Pattern[str]
    symbol: re.Pattern[str]


@cache
def currencies() -> Currencies:
    """Read `currencies.tsv`."""
    by_symbol: dict[str, str] = {}
    by_noun: dict[str, list[str]] = {}
    by_default: dict[str, str] = {}
    hundredths: set[str] = set()
    countries: dict[str, tuple[str, ...]] = {}
    for row in rows("currencies.tsv"):
        code = row["code"]
        countries[code] = cell(row, "countries")
        by_symbol |= dict.fromkeys((code, *cell(row, "symbols")), code)
        hundredths |= set(cell(row, "hundredth"))
        for noun in (*cell(row, "nouns"), *cell(row, "hundredth")):
            by_noun.setdefault(noun, []).append(code)
        for noun in cell(row, "default"):
            by_default[noun] = code
            if code not in by_noun.setdefault(noun, []):
                by_noun[noun].append(code)
    codes = _alternatives(countries)
    return Currencies(
        by_symbol,
        {noun: tuple(group) for noun, group in by_noun.items()},
        by_default,
        frozenset(hundredths),
        countries,
        re.compile(
            r"(?P<joint>[\s\u00a0-]+(?:of\s+)?|)"
            r"(?:(?P<adjective>(?:[A-Z][\w.'-]*\s){1,3}?))??"
            rf"(?P<noun>{_alternatives(by_noun)}|{codes})\b"
        ),
        re.compile(rf"(?:{_alternatives([*by_symbol, *AMBIGUOUS_SYMBOLS])})[\s\u00a0]?$"),
    )


def _alternatives(words: Iterable[str]) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        (r"(?<![A-Za-z])" if word[0].isalpha() else "") + re.escape(word) for word in ordered
    )


def find(
    text: str, numbers: Sequence[Number], setting: Setting, knowledge: Knowledge
) -> list[Money]:
    """The amounts of a text in order.

    A mark or noun that several currencies share is read by the adjective beside it, by the
    outlet's country and by the countries that the text is about; `currency` is None where these
    do not tell.
    """
    found = []
    for number in numbers:
        money = _before(text, number, setting, knowledge) or _after(
            text, number, setting, knowledge
        )
        if money is not None:
            found.append(money)
    return found


def _before(text: str, number: Number, setting: Setting, knowledge: Knowledge) -> Money | None:
    """An amount whose mark or code stands before the number: `$20 billion`, `EUR 5m`."""
    table = currencies()
    head = text[max(0, number.core - _LONGEST_SYMBOL) : number.core]
    match = table.symbol.search(head)
    if match is None:
        return None
    symbol = match.group().strip()
    start = number.core - (len(head) - match.start())
    code, end = table.by_symbol.get(symbol), number.end
    if code is None:
        noun = AMBIGUOUS_SYMBOLS[symbol]
        named = _named(text, number.end, noun, knowledge)
        code, end = named or (_shared(noun, setting, alone=True), end)
    return _money(text, number, start, end, code)


def _named(text: str, end: int, noun: str, knowledge: Knowledge) -> tuple[str, int] | None:
    """Currency and end of `$5 million Australian`, `$5 million (AUD)` or `$20 USD`."""
    match = re.compile(r"\s\(?([A-Z]{3}|[A-Z][a-z]+)\b(?:\sdollars)?\)?").match(text, end)
    if match is None:
        return None
    table = currencies()
    if match[1] in table.countries:
        return match[1], match.end()
    adjectival = match.group().endswith("dollars") or match.group().endswith(")")
    code = _of_country(match[1], noun, knowledge) if adjectival else None
    return (code, match.end()) if code else None


def _after(text: str, number: Number, setting: Setting, knowledge: Knowledge) -> Money | None:
    """An amount whose currency follows: `1.2bn euros`, `20 million Australian dollars`."""
    table = currencies()
    match = table.noun.match(text, number.end)
    if match is None or (not match["joint"] and number.form != "digits"):
        return None
    if "of" in match["joint"] and number.form != "indefinite":
        return None
    noun, adjective = match["noun"], (match["adjective"] or "").strip()
    if noun in table.countries:
        return None if adjective else _money(text, number, number.start, match.end(), noun)
    if adjective:
        code = _of_country(adjective, noun, knowledge)
    elif noun in WEIGHT_NOUNS and WEIGHT.match(text, match.end()):
        return None
    else:
        code = _shared(noun, setting, alone=False)
    if code is None and (adjective or noun not in ALWAYS_MONEY):
        return None
    share = 0.01 if noun in table.hundredths else 1.0
    return _money(text, number, number.start, match.end(), code, share)


def _of_country(adjective: str, noun: str, knowledge: Knowledge) -> str | None:
    """The currency called `noun` of the country that an adjective or name stands for."""
    table = currencies()
    for surface in knowledge.surfaces.get(adjective, ()):
        for code in table.by_noun.get(noun, ()):
            if surface.entry.country in table.countries[code]:
                return code
    return None


def _shared(noun: str, setting: Setting, *, alone: bool) -> str | None:
    """The currency meant by a noun or mark without an adjective.

    Args:
        noun: The noun, or that which a mark stands for.
        setting: Outlet and countries of the text.
        alone: It is a mark, which the outlet's own currency explains where it shares it.
    """
    table = currencies()
    codes = table.by_noun.get(noun, ())
    if noun == "yen" and alone:
        codes = ("JPY", "CNY")
    if noun == "krone":
        codes = ("NOK", "DKK", "SEK", "ISK")
    for code in codes:
        if setting.outlet and setting.outlet in table.countries[code]:
            return code
    if noun in table.by_default and not (noun == "yen" and alone):
        return table.by_default[noun]
    weights = {
        code: sum(setting.countries.get(country, 0) for country in table.countries[code])
        for code in codes
    }
    best = max(weights.values(), default=0)
    likely = [code for code in codes if weights[code] == best]
    if best and len(likely) == 1:
        return likely[0]
    return "JPY" if noun == "yen" else None


def _money(
    text: str, number: Number, start: int, end: int, code: str | None, share: float = 1.0
) -> Money:
    outer, approx = qualified_start(text, start)
    first = min(outer, start, number.start)
    return Money(
        start=first,
        end=end,
        text=text[first:end],
        amount=round(number.value * share, 6),
        currency=code,
        until=None if number.until is None else round(number.until * share, 6),
        approx=number.approx or approx,
    )
