"""Deeds that are evasion by their kind: transfers from ship to ship, front companies, covert moves.

A ship-to-ship transfer or a front company alone is business. It is a deed of evasion when an
embargoed state is named in the sentence, when the sentence tells that it was hidden, or when the
article speaks of sanctions on such a state.
"""

import re
from typing import Final, NamedTuple

from schemas import Token

from .grammar import governing_verb, modifiers, prepositional
from .lexicon import lexicon, party_words
from .reading import Reading
from .regimes import regimes_of

_SHIP_TO_SHIP: Final = re.compile(r"\bship[- ]to[- ]ship(?: [\w-]+)?$", re.IGNORECASE)
_LONGEST: Final = 40
"""Characters before a noun in which `ship-to-ship` and a word between are looked for."""


class Deed(NamedTuple):
    """A covert deed: its kind, the verb it hangs on, its words, and why a person should look."""

    kind: str
    verb: Token | None
    span: tuple[int, int]
    doubt: str | None


def covert_noun(reading: Reading, token: Token) -> Deed | None:
    """The deed that a noun names, if it does."""
    if not token.tag.startswith("NN"):
        return None
    start = _ship_to_ship(reading, token)
    kind = "ship_to_ship"
    if start is None:
        start, kind = _front(reading, token), "front_company"
    if start is None:
        return None
    near = touches_regime(reading, token)
    hidden = kind == "ship_to_ship" and bool(
        reading.lemmas_near(token) & lexicon().dealing["hidden"]
    )
    if not near and not hidden and not reading.speaks_of_sanctions:
        return None
    doubt = None if near else "no embargoed party is named in the sentence"
    return Deed(kind, governing_verb(reading.parse, token), (start, token.end), doubt)


def touches_regime(reading: Reading, token: Token) -> bool:
    """Whether the token's sentence names an embargoed territory or a state under sanctions."""
    start, end = reading.sentence_span(token)
    return bool(regimes_of(reading, start, end)) or bool(
        reading.countries_between(start, end) & party_words()["sanctioned"]
    )


def between_ships(reading: Reading, token: Token) -> bool:
    """Whether the token's sentence hands a cargo from ship to ship, in those words or others."""
    if "ship-to-ship" in reading.lemmas_near(token):
        return True
    dealing = lexicon().dealing
    return any(
        thing.lemma.lower() in dealing["vessels"]
        for each in reading.parse.sentence(token.i)
        if each.lemma in dealing["handovers"]
        for thing in prepositional(reading.parse, each, ("to", "from", "onto"))
    )


def _ship_to_ship(reading: Reading, token: Token) -> int | None:
    """Start of `ship-to-ship transfers`."""
    if token.lemma.lower() not in {"transfer", "operation", "transshipment", "transhipment"}:
        return None
    first = max(token.start - _LONGEST, reading.sentence_span(token)[0])
    found = _SHIP_TO_SHIP.search(reading.parse.text[first : token.start].rstrip())
    return first + found.start() if found is not None else None


def _front(reading: Reading, token: Token) -> int | None:
    """Start of `front company`, `shell firms`."""
    if token.lemma.lower() not in {"company", "firm", "corporation"}:
        return None
    marks = [each for each in modifiers(reading.parse, token) if each.i == token.i - 1]
    return marks[0].start if marks and marks[0].lemma.lower() in {"front", "shell"} else None
