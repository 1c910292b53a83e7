"""Restrictive measures reported: who restricts whom in what way, and what becomes of it.

Nouns (`an arms embargo on …`) are read in `measure_nouns`, verbs (`sanctioned the bank`) in
`measure_verbs`, legal acts that prohibit something (`resolutions that prohibit the procurement of
arms`) here. A keyword alone is never enough: a measure needs an authority that is a state or a
union of states, a target that can be sanctioned, or a word that makes it international; and nothing
near it may speak of sport, courts or the trade itself. Measures of states that answer sanctions
with their own are counter-sanctions.
"""

from collections.abc import Iterator
from dataclasses import replace

from schemas import Token

from .actions import action_on_noun
from .finding import Finding
from .grammar import is_verb, modifiers, prepositional, subject
from .lexicon import lexicon, party_words
from .measure_nouns import noun_measure
from .measure_verbs import partners, traded, verb_measure
from .reading import Reading
from .wording import Draft, finish, has_legal_act


def find_measures(reading: Reading) -> Iterator[Finding]:
    """All measures of the article, in order of the text; one a kind, status and sentence."""
    seen: set[tuple[int, str, str]] = set()
    for token in reading.parse.tokens:
        for draft in _drafts(reading, token):
            finding = _counter(reading, finish(reading, draft))
            key = (token.sent, finding.subtype, finding.status)
            if key not in seen:
                seen.add(key)
                yield finding


def _drafts(reading: Reading, token: Token) -> Iterator[Draft]:
    """Of several readings of one token the first holds."""
    if _is_told_by_ban(reading, token):
        return
    for read in (_legal_act, noun_measure, verb_measure):
        draft = read(reading, token)
        if draft is not None:
            yield draft
            return


def _is_told_by_ban(reading: Reading, token: Token) -> bool:
    """`Sanctions bar firms from buying oil` is one measure: the verb tells which."""
    verb = reading.parse.head(token.i)
    if token.dep != "nsubj" or verb.lemma not in lexicon().legal["bans"]:
        return False
    return _legal_act(reading, verb) is not None


def _legal_act(reading: Reading, token: Token) -> Draft | None:
    legal = lexicon().legal
    if not is_verb(token):
        return None
    if token.lemma not in legal["bans"]:
        return _forbidden(reading, token)
    act = subject(reading.parse, token)
    if act is None or act.lemma.lower() not in legal["acts"]:
        return None
    subtype = traded(reading, token)
    action = action_on_noun(reading, act)
    roles: list[tuple[str, Token]] = []
    author = subject(reading.parse, action.doing) if action.doing is not None else None
    if author is not None and author.i != act.i and _may_sign(reading, author):
        roles.append(("authority", author))
    official = _is_official(reading, act) or bool(roles) or has_legal_act(reading, token)
    if subtype is None or not official:
        return None
    authors = (*modifiers(reading.parse, act), *prepositional(reading.parse, act, ("of",)))
    named = [each for each in authors if reading.is_authority(each)]
    roles += [("authority", each) for each in named[: 0 if roles else 1]]
    roles += [("target", each) for each in partners(reading, token)]
    return Draft(token, act, subtype, "measure.legal_act", roles, action.name, action.governor)


def _may_sign(reading: Reading, author: Token) -> bool:
    entity = reading.head_entity(author)
    return reading.is_authority(author) or (entity is not None and entity.label == "PERSON")


def _is_official(reading: Reading, act: Token) -> bool:
    named = {each.text.lower() for each in modifiers(reading.parse, act)}
    for each in prepositional(reading.parse, act, ("of",)):
        named |= {below.text.lower() for below in reading.parse.subtree(each.i)}
    named |= {act.text.lower()} & {"sanctions"}
    return bool(named & lexicon().legal["official"]) or bool(reading.countries_of(act))


def _forbidden(reading: Reading, verb: Token) -> Draft | None:
    """`Under Resolution 1929, Iran may not buy heavy weapons`."""
    children = reading.parse.children(verb.i)
    if verb.lemma not in lexicon().dealing["verbs"] or not has_legal_act(reading, verb):
        return None
    barred = any(child.dep == "neg" for child in children) and any(
        child.dep == "aux" and child.text.lower() in {"may", "can", "must", "could"}
        for child in children
    )
    subtype = traded(reading, verb)
    if not barred or subtype is None:
        return None
    doer = subject(reading.parse, verb)
    roles = [("target", doer)] if doer is not None else []
    return Draft(verb, verb, subtype, "measure.forbidden", roles, "existing", None)


def _counter(reading: Reading, finding: Finding) -> Finding:
    """A measure whose only authority is a state that answers sanctions is a counter-sanction."""
    codes = {
        code
        for role, each in finding.roles
        if role == "authority"
        for code in reading.countries_of(each)
    }
    if finding.action in {"blocked", "requested"}:
        return finding
    if codes and codes <= party_words()["counter"]:
        return replace(finding, type="counter_sanctions")
    return finding
