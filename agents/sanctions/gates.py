"""The checks that a name's resemblance must pass before it may be called a hit.

In news, context beats string similarity: a ministry of defence is on a list under that bare name,
ships are called SNOW and MARIA, and two different men are listed under one name. Each gate answers
`pass`, `fail` or `unknown`; what that does to a candidate is decided in `screen`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from .countries import countries_in
from .entry import ListedName, ListEntry
from .names.align import Aligned
from .names.normalise import tokens
from .names.tables import particles, without_legal_form
from .query import Query
from .words import phrases, single_words

Outcome = Literal["pass", "fail", "unknown"]
_LEAST_SINGLE = 5
_LEAST_FUZZY = 6
_FATHER_OF = frozenset({"abu", "abou", "umm", "abul"})
_FATHER_ALONE = 2
_SPORT_WORDS = 2
_NEAR = "named near it"
OTHER_SPELLING = 0.94
"""Least score of another spelling, by sound or variant, of a longer single word."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate's answer."""

    name: str
    outcome: Outcome
    detail: str | None = None


def check(query: Query, entry: ListEntry, name: ListedName, aligned: Aligned) -> list[Verdict]:
    """All gates that have something to say about a candidate, in the order of their yield."""
    country = _country(query, entry)
    own = _own_words(query)
    verdicts = [_type(query, entry)]
    if name.alias_class == "weak":
        verdicts.append(Verdict("weak_alias", "fail", f"{name.text} is a weak name"))
    if entry.kind == "vessel":
        verdicts.append(_vessel(query))
    if len(own) == 1 and name.alias_class != "original_script":
        verdicts.append(_single_word(query, entry, own[0], aligned, country))
    elif entry.kind == "organization" and _is_generic(own):
        verdicts.append(_generic(query, entry, country))
    elif entry.kind == "person" and _is_common(own):
        verdicts.append(_common_name(query, entry, country))
    if entry.kind == "person" and country.outcome != "pass" and _is_athlete(query.context):
        verdicts.append(Verdict("setting", "fail", "an athlete, by the words near the name"))
    verdicts.append(country)
    return verdicts


def _own_words(query: Query) -> tuple[str, ...]:
    words, _ = without_legal_form(tokens(query.name))
    if len(words) == 1 and query.kind != "person":
        words = tokens(query.name)
    bare = tuple(word for word in words if word not in particles())
    return bare or words


def _type(query: Query, entry: ListEntry) -> Verdict:
    if query.place:
        return Verdict("type", "fail", "the text uses the name for a place")
    if query.kind is None:
        return Verdict("type", "unknown")
    if query.kind == entry.kind:
        return Verdict("type", "pass", entry.kind)
    return Verdict("type", "fail", f"{query.kind} in the text, {entry.kind} on the list")


def _vessel(query: Query) -> Verdict:
    words = set(re.findall(r"[\w/-]+", query.context.lower()))
    for cue in sorted(phrases("vessel_cues.txt")):
        if all(word in words for word in cue.split()):
            return Verdict("vessel_cue", "pass", cue)
    if query.kind == "vessel" and not query.context:
        return Verdict("vessel_cue", "pass", "given as a vessel")
    return Verdict("vessel_cue", "fail", "nothing near the name speaks of a ship")


def _single_word(
    query: Query, entry: ListEntry, word: str, aligned: Aligned, country: Verdict
) -> Verdict:
    gate = "single_word"
    if entry.kind == "person":
        return Verdict("surname_only", "fail", "one name part is no person")
    if aligned.score < (OTHER_SPELLING if len(word) > _LEAST_FUZZY else 1):
        return Verdict(gate, "fail", "a single word must be the listed name itself")
    if query.name.isupper() and len(word) > _LEAST_FUZZY:
        return Verdict(gate, "fail", "a word in capitals")
    common = single_words("common_words.txt")
    if entry.kind == "organization" and (word in common or word.removesuffix("s") in common):
        return Verdict(gate, "fail", "an ordinary word")
    if len(word) < _LEAST_SINGLE and country.outcome != "pass":
        return Verdict(gate, "fail", "a short name needs its country")
    return Verdict(gate, "pass")


def _is_common(words: tuple[str, ...]) -> bool:
    """Names of very many people, and a father's name alone (`Abu Hassan`)."""
    common = single_words("common_names.txt")
    if words[0] in _FATHER_OF and len(words) == _FATHER_ALONE:
        return True
    return all(word in common for word in words)


def _is_athlete(context: str) -> bool:
    words = set(re.findall(r"[a-z]+", context.lower()))
    return len(words & phrases("sport_words.txt")) >= _SPORT_WORDS


def _is_generic(words: tuple[str, ...]) -> bool:
    generic = single_words("generic_names.txt")
    return all(word in generic or word.isdigit() for word in words)


def _generic(query: Query, entry: ListEntry, country: Verdict) -> Verdict:
    if country.outcome == "pass" and not (country.detail or "").endswith(_NEAR):
        return Verdict("generic_name", "pass", country.detail)
    if country.outcome == "pass" and len(query.context_countries) == 1:
        return Verdict("generic_name", "pass", country.detail)
    if not entry.countries:
        return Verdict("generic_name", "unknown", "others may bear it; the list names no country")
    return Verdict("generic_name", "fail", "many states have one of this name")


def _country(query: Query, entry: ListEntry) -> Verdict:
    listed = set(entry.countries)
    said = dict.fromkeys([*query.countries, *countries_in(query.name)])
    if not listed:
        return Verdict("country", "unknown", "the list names no country")
    agreeing = [code for code in said if code in listed]
    if agreeing:
        return Verdict("country", "pass", agreeing[0])
    if said:
        return Verdict(
            "country",
            "fail",
            f"{', '.join(said)} in the text, {', '.join(sorted(listed))} on the list",
        )
    described = [code for code in query.described_countries if code in listed]
    if described:
        return Verdict("country", "pass", f"{described[0]} in the words before it")
    near = [code for code in query.context_countries if code in listed]
    if near:
        return Verdict("country", "pass", f"{near[0]} {_NEAR}")
    return Verdict("country", "unknown")


def _common_name(query: Query, entry: ListEntry, country: Verdict) -> Verdict:
    if country.outcome == "pass" and not (country.detail or "").endswith(_NEAR):
        return Verdict("common_name", "pass", country.detail)
    if role_words(query.context) & role_words(entry.title or ""):
        return Verdict("common_name", "pass", "office agrees")
    if query.context:
        return Verdict("common_name", "fail", "many bear this name, and nothing near it agrees")
    return Verdict("common_name", "unknown", "many people bear this name")


def role_words(text: str) -> set[str]:
    """Words of an office that tell two bearers of one name apart."""
    small = particles()
    return {
        word for word in tokens(text) if len(word) > 3 and word not in small and word not in _DULL
    }


_DULL = frozenset({"member", "former", "said", "with", "from", "that", "have", "been"})
