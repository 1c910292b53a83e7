"""Violation and evasion reported: who is said to break which measure, and how far that is proved.

Three constructions: a verb of breaking with a measure as its object (`would violate resolutions`),
a noun of breaking (`in breach of Resolution 2397`, `sanctions evasion`), and dealings that are
evasion by their kind (`ship-to-ship transfers of North Korean coal`, `smuggled chips to Russia`).
What is reported is an allegation until it is judged.
"""

import re
from collections.abc import Iterator

from schemas import Token

from .finding import Finding
from .grammar import (
    coordinated,
    governing_verb,
    is_passive,
    is_verb,
    modifiers,
    patient,
    phrase,
    prepositional,
    subject,
)
from .lexicon import lexicon, party_words
from .measure_nouns import is_measure_noun
from .reading import Reading
from .regimes import regimes_of
from .status import attribution, modality
from .wording import legal_act

_FRONT = re.compile(r"\b(?:front|shell) (?:compan|firm|corporation)", re.IGNORECASE)
_KIND_ORDER = (
    "labour", "cyber_theft", "luxury_goods", "ship_to_ship", "price_cap_breach", "arms_transfer",
    "front_company", "export_diversion", "oil", "procurement",
)  # fmt: skip


def find_evasion(reading: Reading) -> Iterator[Finding]:
    """All reports of evasion, one for each violator, kind and status of a sentence."""
    seen: set[tuple[int, str, str]] = set()
    for token in reading.parse.tokens:
        finding = (
            _by_verb(reading, token)
            or _by_noun(reading, token)
            or _above_cap(reading, token)
            or _by_deal(reading, token)
        )
        if finding is None:
            continue
        key = (token.sent, finding.subtype, finding.status)
        if key not in seen:
            seen.add(key)
            yield finding


def _by_verb(reading: Reading, token: Token) -> Finding | None:
    if not is_verb(token) or token.lemma not in lexicon().evasion["verbs"]:
        return None
    thing = patient(reading.parse, token)
    if thing is None:
        return None
    measure = next(
        (each for each in coordinated(reading.parse, thing) if _is_measure(reading, each)), None
    )
    if measure is None:
        return None
    return _finish(reading, token, token, measure, "evasion.verb")


def _by_noun(reading: Reading, token: Token) -> Finding | None:
    evasion = lexicon().evasion
    if token.lemma.lower() not in evasion["nouns"] and token.text.lower() not in evasion["nouns"]:
        return None
    if is_verb(token) and token.dep not in {"pobj", "dobj", "nsubj", "compound"}:
        return None
    candidates = [
        *prepositional(reading.parse, token, ("of", "to", "against", "on")),
        *modifiers(reading.parse, token),
    ]
    measure = next((each for each in candidates if _is_measure(reading, each)), None)
    if measure is None:
        return None
    verb = governing_verb(reading.parse, token)
    return _finish(reading, token, verb, measure, "evasion.noun")


def _above_cap(reading: Reading, token: Token) -> Finding | None:
    """`sold oil above the price cap`."""
    preposition = reading.parse.head(token.i)
    if token.lemma != "cap" or preposition.text.lower() not in {"above", "over", "beyond"}:
        return None
    if not _is_measure(reading, token):
        return None
    verb = governing_verb(reading.parse, token)
    return _finish(reading, token, verb, token, "evasion.above_cap", "price_cap_breach")


def _by_deal(reading: Reading, token: Token) -> Finding | None:
    """Dealings that are evasion by their kind, where an embargoed state is named."""
    if not is_verb(token):
        return None
    words = reading.lemmas_near(token)
    kind = _covert_kind(reading, token, words)
    if kind is None:
        return None
    return _finish(reading, token, token, None, "evasion.deal", kind)


def _covert_kind(reading: Reading, verb: Token, words: frozenset[str]) -> str | None:
    dealing = lexicon().dealing
    deals = verb.lemma in dealing["verbs"] | dealing["moves"]
    if deals and _despite_measure(reading, verb):
        return _kind(reading, verb)
    if not _touches_regime(reading, verb):
        return None
    if verb.lemma in dealing["covert"] or (
        deals and (_accused_of(reading, verb) or _charged(reading, verb))
    ):
        return _kind(reading, verb)
    for sign in lexicon().signs:
        if verb.lemma in sign.verbs and words & sign.words:
            return sign.kind
    return "front_company" if _uses_front(reading, verb) else None


def _accused_of(reading: Reading, verb: Token) -> bool:
    """`blacklisted a trader for moving …`, `jailed a man for selling …`."""
    preposition = reading.parse.head(verb.i)
    if verb.dep != "pcomp" or preposition.text.lower() not in {"for", "of", "over", "with"}:
        return False
    judgement = lexicon().judgement
    above = reading.parse.head(preposition.i)
    found = above if is_verb(above) else governing_verb(reading.parse, preposition)
    return found is not None and found.lemma in judgement["accused"] | judgement["adjudicated"]


def _charged(reading: Reading, verb: Token) -> bool:
    """Whether what is said of the verb is a charge: `…, prosecutors allege`."""
    charges = lexicon().speech["charges"]
    near = (*reading.parse.ancestors(verb.i), *reading.parse.children(verb.i))
    return any(is_verb(each) and each.lemma in charges for each in near)


def _uses_front(reading: Reading, verb: Token) -> bool:
    if verb.lemma not in {"use", "set", "create", "run", "establish"}:
        return False
    thing = patient(reading.parse, verb)
    if thing is None or thing.lemma not in {"company", "firm", "network"}:
        return False
    return any(each.lemma in {"front", "shell"} for each in modifiers(reading.parse, thing))


def _touches_regime(reading: Reading, verb: Token) -> bool:
    start, end = reading.sentence_span(verb)
    return bool(regimes_of(reading, start, end)) or bool(
        reading.countries_between(start, end) & party_words()["sanctioned"]
    )


def _despite_measure(reading: Reading, verb: Token) -> bool:
    for child in reading.parse.children(verb.i):
        if child.dep == "prep" and child.text.lower() == "despite":
            return any(
                _is_measure(reading, each)
                for each in prepositional(reading.parse, verb, ("despite",))
            )
    return False


def _is_measure(reading: Reading, token: Token) -> bool:
    """Whether a noun is a measure of states: sanctions, a numbered resolution, an arms embargo."""
    lemma, form = token.lemma.lower(), token.text.lower()
    objects = lexicon().evasion["objects"]
    if lemma not in objects and form not in objects:
        return False
    if reading.lemmas_near(token) & party_words()["elsewhere"]:
        return False
    if form == "sanctions" or is_measure_noun(reading, token):
        return not reading.lemmas_near(token) & party_words()["bodies"] or bool(
            reading.countries_near(token)
        )
    start, end = phrase(reading.parse, token)
    stretch = reading.parse.text[max(0, start - 12) : end + 12]
    before = {each.text.lower() for each in modifiers(reading.parse, token)}
    return bool(
        legal_act(stretch)
        or before & (party_words()["international"] | lexicon().evasion["marks"])
        or any(reading.countries_of(each) for each in modifiers(reading.parse, token))
        or (lemma == "cap" and reading.lemmas_near(token) & {"oil", "crude", "barrel"})
    )


def _kind(reading: Reading, token: Token) -> str:
    if _FRONT.search(reading.parse.text, *reading.sentence_span(token)):
        return "front_company"
    words = reading.lemmas_near(token)
    kinds = lexicon().evasion_kind
    return next((kind for kind in _KIND_ORDER if words & kinds[kind]), "sanctions_evasion")


def _finish(
    reading: Reading,
    trigger: Token,
    verb: Token | None,
    measure: Token | None,
    rule: str,
    kind: str | None = None,
) -> Finding:
    violator, judge = _violator(reading, verb)
    said, _ = attribution(reading, verb or trigger)
    if judge is not None and not said:
        accuser = subject(reading.parse, judge)
        if accuser is not None and (violator is None or accuser.i != violator.i):
            said = [reading.name_of(accuser)]
    roles = [("alleged_violator", each) for each in _parties(reading, violator)]
    spans = [(trigger.start, trigger.end)]
    if measure is not None:
        spans.append(phrase(reading.parse, measure))
    spans += [reading.span_of(each) for _, each in roles]
    sentence = reading.parse.text[slice(*reading.sentence_span(trigger))]
    status = _status(reading, verb, judge)
    return Finding(
        type="evasion",
        subtype=kind or _kind(reading, trigger),
        status=status,
        rule=rule,
        trigger=trigger,
        roles=roles,
        spans=spans,
        attribution=said,
        legal_act=legal_act(sentence),
        confidence=0.8 if violator is not None else 0.6,
        reason=None if violator is not None else "no violator named",
    )


def _parties(reading: Reading, violator: Token | None) -> Iterator[Token]:
    """Who is behind the violator when that is a deed: `cooperation between Russia and …`."""
    if violator is None:
        return
    found = [
        each
        for each in prepositional(reading.parse, violator, ("between", "by", "of", "from", "with"))
        if reading.is_party(each)
    ]
    deed = reading.head_entity(violator) is None and not reading.is_party(violator)
    yield from found if deed and found else [violator]


def _status(reading: Reading, verb: Token | None, judge: Token | None) -> str:
    if verb is None:
        return "alleged"
    claim = modality(reading, verb)
    if claim == "negated":
        return "denied" if attribution(reading, verb)[0] else "negated"
    if judge is not None and judge.lemma in lexicon().judgement["adjudicated"]:
        return "adjudicated"
    return claim if claim in {"denied", "hypothetical", "planned"} else "alleged"


def _violator(reading: Reading, verb: Token | None) -> tuple[Token | None, Token | None]:
    """Who breaks the measure, and the verb of judging or accusing above, if there is one."""
    if verb is None:
        return None, None
    judges = lexicon().judgement["adjudicated"] | lexicon().judgement["accused"]
    parse = reading.parse
    for ancestor in (verb, *parse.ancestors(verb.i)):
        if not is_verb(ancestor) or ancestor.lemma not in judges:
            continue
        if ancestor.lemma in {"plead", "settle"}:
            return subject(parse, ancestor), ancestor
        accused = patient(parse, ancestor)
        if accused is not None:
            return accused, ancestor
    own = subject(parse, verb)
    if own is None and not is_passive(parse, verb):
        above = governing_verb(parse, verb)
        own = subject(parse, above) if above is not None else None
    return own, None
