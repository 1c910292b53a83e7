"""Whose a measure named by a noun is, and whom it is against.

The doer of a verb that acts on the measure, or a name before the noun, is its authority; whom its
`on`, `against`, `for` … phrase names, who has to bear it or is kept under it, is its target.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from schemas import Token

from .grammar import (
    coordinated,
    governing_verb,
    is_verb,
    modifiers,
    patient,
    prepositional,
    subject,
)
from .lexicon import NounFrame, lexicon, party_words
from .reading import Reading

TARGET_PREPOSITIONS: Final = ("on", "against", "upon", "for", "to", "from", "over")


def roles_of(
    reading: Reading, token: Token, top: Token, frame: NounFrame
) -> tuple[list[tuple[str, Token]], bool]:
    """Authority and targets, and whether a word makes the measure international."""
    parse = reading.parse
    before = list(modifiers(parse, token))
    words = {each.text.lower() for each in before}
    international = bool((words & party_words()["international"]) - frame.needs)
    targets = [*targets_of(reading, token), *(targets_of(reading, top) if top.i != token.i else ())]
    targets = targets or list(_kept_under(reading, top))
    roles: list[tuple[str, Token]] = []
    verb = governing_verb(parse, top)
    if verb is not None:
        roles += _doers(reading, verb, token, top)
        if not targets and _acts_on(reading, verb, top):
            targets = list(targets_of(reading, verb))
    taken = any(role == "authority" for role, _ in roles)
    roles += _named_before(reading, before, taken=taken)
    roles += [("target", each) for each in targets]
    roles.sort(key=lambda role: role[0] != "authority")
    return roles, international


def targets_of(reading: Reading, token: Token) -> Iterator[Token]:
    """Parties and states in the token's `on`, `against`, `for` … phrases."""
    for each in prepositional(reading.parse, token, TARGET_PREPOSITIONS):
        if reading.is_party(each) or reading.countries_of(each):
            yield each


def _doers(reading: Reading, verb: Token, token: Token, top: Token) -> Iterator[tuple[str, Token]]:
    """Who acts on the measure, or has to bear it (`Iran faces sanctions`)."""
    speech = lexicon().speech
    doer = subject(reading.parse, verb)
    if doer is None or doer.i in {token.i, top.i} or verb.lemma in lexicon().evasion["verbs"]:
        return
    if not _acts_on(reading, verb, top) or verb.lemma in speech["react"]:
        return
    acts = reading.is_authority(doer) or reading.is_discipline(doer)
    if acts and verb.lemma not in speech["bear"]:
        yield from (("authority", each) for each in coordinated(reading.parse, doer))
    elif reading.is_party(doer):
        yield "target", doer


def _named_before(
    reading: Reading, before: Iterable[Token], *, taken: bool
) -> Iterator[tuple[str, Token]]:
    """Whose measure it is, by the names before it; a second state is whom it is against.

    A body that can impose is never the target (`United Nations sanctions`); a sanctioned state
    named by its noun is (`Syria sanctions`, but `Syrian sanctions`).
    """
    seen: set[tuple[int, int]] = set()
    last = "authority"
    for each in before:
        if not (reading.countries_of(each) or reading.is_authority(each)):
            continue
        span = reading.span_of(each)
        if span in seen:
            continue
        seen.add(span)
        if not reading.is_state(each) or (each.dep == "conj" and len(seen) > 1):
            role = "authority" if not reading.is_state(each) else last
        elif taken or _is_against(reading, each):
            role = "target"
        else:
            role = "authority"
        taken, last = taken or role == "authority", role
        yield role, each


def _is_against(reading: Reading, token: Token) -> bool:
    codes = set(reading.countries_of(token))
    named = token.tag in {"NNP", "NNPS"} and token.dep in {"compound", "nmod"}
    return named and bool(codes & party_words()["sanctioned"])


def _kept_under(reading: Reading, token: Token) -> Iterator[Token]:
    """`the country is under an embargo`, `firms under sanctions`: whom the measure holds."""
    preposition = reading.parse.head(token.i)
    if token.dep != "pobj" or preposition.lemma.lower() != "under":
        return
    above = reading.parse.head(preposition.i)
    held: Token | None = above
    if is_verb(above):
        if above.lemma not in lexicon().listing["under"]:
            return
        held = patient(reading.parse, above) or subject(reading.parse, above)
    if held is not None and (reading.is_party(held) or reading.countries_of(held)):
        yield held


def _acts_on(reading: Reading, verb: Token, token: Token) -> bool:
    thing = patient(reading.parse, verb)
    if thing is not None and any(each.i == token.i for each in coordinated(reading.parse, thing)):
        return True
    return verb.lemma in lexicon().actions
