"""Dealings with territories under embargo: goods, people, money, arms or services that move.

A mention alone is no flag: `Iran beat Wales` names the country and nothing else. The territory, or
something of it, must take part in a dealing.
"""

from collections.abc import Iterator
from typing import Final

from schemas import Token

from .finding import Finding
from .grammar import is_verb, modifiers
from .lexicon import lexicon, party_words
from .reading import Reading
from .regimes import Regime, regimes_of
from .status import attribution

_OF_NOUN: Final = frozenset({"prep", "poss", "compound", "amod", "nmod"})
_NOT_BARRING: Final = frozenset({"require", "impose"})
_WHAT_IS_BARRED: Final = frozenset({"dobj", "prep", "pcomp", "nsubjpass"})


def find_territory(reading: Reading) -> Iterator[Finding]:
    """One finding a territory, with all sentences in which it deals."""
    found: dict[str, Finding] = {}
    for token in reading.parse.tokens:
        if token.pos not in {"PROPN", "ADJ", "NOUN"} or not token.text[:1].isupper():
            continue
        for regime in regimes_of(reading, token.start, token.end):
            deal = _deal(reading, token)
            if deal is None:
                continue
            if regime.code in found:
                found[regime.code].spans.append(reading.span_of(token))
            else:
                found[regime.code] = _finding(reading, token, deal, regime)
    yield from found.values()


def _finding(reading: Reading, token: Token, deal: Token, regime: Regime) -> Finding:
    said, _ = attribution(reading, deal)
    published = reading.record.article.published
    force = regime.in_force(published.value[:10] if published is not None else None)
    return Finding(
        type="territory",
        subtype=regime.code,
        status="reported" if force is not False else "historical",
        rule="territory.deal",
        trigger=token,
        roles=[("subject", token)],
        spans=[reading.span_of(token), (deal.start, deal.end)],
        attribution=said,
        programme=regime.programme,
        confidence=0.6,
        reason="an embargoed territory takes part; whether it is allowed is for a person to say",
    )


def _deal(reading: Reading, token: Token) -> Token | None:
    """The verb or noun of dealing that the territory takes part in."""
    if reading.lemmas_near(token) & party_words()["elsewhere"] or reading.is_question(token):
        return None
    dealing = lexicon().dealing
    parse = reading.parse
    below, cargo = token, False
    for ancestor in parse.ancestors(token.i):
        lemma, form = ancestor.lemma.lower(), ancestor.text.lower()
        if not is_verb(ancestor):
            own = below.dep in _OF_NOUN and bool({lemma, form} & dealing["cargo"])
            cargo = cargo or own
            if lemma in lexicon().evasion["objects"] or _is_of_opponents(reading, ancestor):
                return None
            if lemma in dealing["nouns"] and below.dep in _OF_NOUN:
                return None if _is_barred(reading, ancestor) else ancestor
        elif _is_other(reading, ancestor):
            return None
        elif (lemma in dealing["verbs"] and not _is_idle(reading, ancestor, below)) or (
            lemma in dealing["moves"] and (cargo or _moves_cargo(reading, ancestor))
        ):
            return None if _is_barred(reading, ancestor) else ancestor
        below = ancestor
    return None


def _is_of_opponents(reading: Reading, noun: Token) -> bool:
    """`Syrian opposition forces`, `refugees from Iran`: no party of the territory's."""
    words = (noun, *modifiers(reading.parse, noun))
    return any(each.lemma.lower() in lexicon().dealing["opponents"] for each in words)


def _is_idle(reading: Reading, verb: Token, below: Token) -> bool:
    """`delivered a message`, `trained in Cuba`: nothing changes hands with the territory."""
    dealing = lexicon().dealing
    if verb.lemma in dealing["elsewhere"] and below.lemma.lower() == "in":
        return True
    if verb.lemma not in dealing["loose"]:
        return False
    things = [each for each in reading.parse.children(verb.i) if each.dep in {"dobj", "nsubjpass"}]
    return any(each.lemma.lower() in dealing["idle"] for each in things)


def _is_barred(reading: Reading, deal: Token) -> bool:
    """Whether the dealing is what a verb above forbids: `forbid the transfer of goods to …`."""
    below = deal
    for ancestor in reading.parse.ancestors(deal.i):
        if is_verb(ancestor):
            barred = ancestor.lemma in lexicon().legal["bans"] - _NOT_BARRING
            return barred and below.dep in _WHAT_IS_BARRED
        below = ancestor
    return False


def _is_other(reading: Reading, verb: Token) -> bool:
    """`may not buy`, `carried out`: no dealing."""
    after = reading.parse.tokens[verb.i + 1 : verb.i + 2]
    particles = [*reading.parse.children(verb.i), *after]
    return any(child.dep == "neg" or child.text.lower() == "out" for child in particles)


def _moves_cargo(reading: Reading, verb: Token) -> bool:
    """Whether goods or workers move; foreign soldiers who reach a territory wage war, not trade."""
    cargo = lexicon().dealing["cargo"] - lexicon().dealing["military"]
    return any(
        child.dep in {"nsubj", "nsubjpass", "dobj"}
        and (child.lemma.lower() in cargo or child.text.lower() in cargo)
        for child in reading.parse.children(verb.i)
    )
