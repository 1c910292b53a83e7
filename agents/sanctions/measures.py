"""Restrictive measures reported: who restricts whom in what way, and what becomes of it.

Nouns (`an arms embargo on …`) are read in `measure_nouns`, verbs (`sanctioned the bank`) in
`measure_verbs`, legal acts that prohibit something (`resolutions that prohibit the procurement of
arms`) here. A keyword alone is never enough: a measure needs an authority that is a state or a union
of states, a target that can be sanctioned, or a word that makes it international; and nothing near
it may speak of sport, courts or the trade itself. Measures of states that answer sanctions with
their own are counter-sanctions.
"""

from collections.abc import Iterator
from dataclasses import replace

from schemas import Token

from .finding import Finding
from .grammar import is_verb, modifiers, patient, prepositional, subject
from .lexicon import lexicon, party_words
from .measure_nouns import noun_measure
from .measure_verbs import traded, verb_measure
from .reading import Reading
from .wording import Draft, finish, has_legal_act

_PARTNER = ("on", "against", "to", "from", "with")


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
    for read in (_legal_act, noun_measure, verb_measure):
        draft = read(reading, token)
        if draft is not None:
            yield draft
            return


def _legal_act(reading: Reading, token: Token) -> Draft | None:
    legal = lexicon().legal
    if not is_verb(token) or token.lemma not in legal["bans"]:
        return None
    act = subject(reading.parse, token)
    if act is None or act.lemma not in legal["acts"]:
        return None
    named = {each.text.lower() for each in modifiers(reading.parse, act)}
    official = bool(named & legal["official"]) or bool(reading.countries_of(act))
    subtype = traded(reading, token)
    if subtype is None or not (official or has_legal_act(reading, token)):
        return None
    roles = [
        ("authority", each) for each in modifiers(reading.parse, act) if reading.is_authority(each)
    ][:1]
    roles += [("target", each) for each in _partners(reading, token)]
    return Draft(token, act, subtype, "measure.legal_act", roles, "existing", None)


def _partners(reading: Reading, ban: Token) -> Iterator[Token]:
    """Whom the banned dealings are with: at the verb, or anywhere in its object."""
    thing = patient(reading.parse, ban)
    below = reading.parse.subtree(thing.i) if thing is not None else []
    found: dict[int, Token] = {}
    for token in (ban, *below):
        for each in prepositional(reading.parse, token, _PARTNER):
            if reading.countries_of(each):
                found.setdefault(each.i, each)
    yield from found.values()


def _counter(reading: Reading, finding: Finding) -> Finding:
    """A measure whose only authority is a state that answers sanctions is a counter-sanction."""
    codes = {
        code
        for role, each in finding.roles
        if role == "authority"
        for code in reading.countries_of(each)
    }
    if codes and codes <= party_words()["counter"]:
        return replace(finding, type="counter_sanctions")
    return finding
