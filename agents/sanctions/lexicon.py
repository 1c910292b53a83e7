"""The lexicon of measures and evasion, from `data/lexicon.toml` and `data/parties.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class NounFrame:
    """A measure named by a noun, with the words of which one must modify it (none: bare)."""

    subtype: str
    heads: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class VerbFrame:
    """A measure named by a verb, and what its object must be."""

    subtype: str
    lemmas: frozenset[str]
    object: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Dealings that are evasion by their kind: one of the verbs with one of the words near it."""

    kind: str
    verbs: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables of `data/lexicon.toml`; plain tables are sets of lemmas by name."""

    nouns: tuple[NounFrame, ...]
    verbs: tuple[VerbFrame, ...]
    actions: dict[str, str]
    trade: dict[str, str]
    legal: dict[str, frozenset[str]]
    asset: dict[str, frozenset[str]]
    evasion: dict[str, frozenset[str]]
    speech: dict[str, frozenset[str]]
    evasion_kind: dict[str, frozenset[str]]
    judgement: dict[str, frozenset[str]]
    dealing: dict[str, frozenset[str]]
    holding: dict[str, frozenset[str]]
    listing: dict[str, frozenset[str]]
    irregular: dict[str, frozenset[str]]
    carriers: dict[str, str]
    enact: dict[str, frozenset[str]]
    signs: tuple[Sign, ...]


@cache
def lexicon() -> Lexicon:
    """The lexicon."""
    table = _load("lexicon.toml")
    return Lexicon(
        nouns=tuple(
            NounFrame(each["subtype"], frozenset(each["heads"]), frozenset(each["with"]))
            for each in table["noun"]
        ),
        verbs=tuple(
            VerbFrame(each["subtype"], frozenset(each["lemmas"]), each["object"])
            for each in table["verb"]
        ),
        actions=_inverted(table["action"]),
        trade=_inverted(table["trade"]),
        legal=_sets(table["legal"]),
        asset=_sets(table["asset"]),
        evasion=_sets(table["evasion"]),
        speech=_sets(table["speech"]),
        evasion_kind=_sets(table["evasion_kind"]),
        judgement=_sets(table["judgement"]),
        dealing=_sets(table["dealing"]),
        holding=_sets(table["holding"]),
        listing=_sets(table["listing"]),
        irregular=_sets(table["irregular"]),
        carriers=_inverted(table["carrier"]),
        enact=_sets(table["enact"]),
        signs=tuple(
            Sign(each["kind"], frozenset(each["verbs"]), frozenset(each["words"]))
            for each in table["sign"]
        ),
    )


@cache
def party_words() -> dict[str, frozenset[str]]:
    """The tables of `data/parties.toml`."""
    return _sets(_load("parties.toml"))


def _load(name: str) -> dict[str, Any]:
    with (_DATA / name).open("rb") as stream:
        return tomllib.load(stream)


def _sets(table: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in table.items()}


def _inverted(table: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, lemmas in table.items():
        for lemma in lemmas:
            found.setdefault(lemma, key)
    return found
