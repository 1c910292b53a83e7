"""Violation and evasion reported: who is said to break which measure, and how far that is proved.

Three constructions: a verb of breaking with a measure as its object (`would violate resolutions`),
a noun of breaking (`in breach of Resolution 2397`, `sanctions evasion`), and dealings that are
evasion by their kind (`ship-to-ship transfers of North Korean coal`, `smuggled chips to Russia`).
What is reported is an allegation until it is judged.
"""

import re
from collections.abc import Iterator

from schemas import Token

from .covert import between_ships, covert_noun, touches_regime
from .finding import Finding
from .grammar import (
    coordinated,
    governing_verb,
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
from .status import attribution, modality
from .violators import commits, parties_of, violator_of
from .wording import legal_act

_FRONT = re.compile(r"\b(?:front|shell) (?:compan|firm|corporation)", re.IGNORECASE)
_KIND_ORDER = (
    "labour", "cyber_theft", "luxury_goods", "ship_to_ship", "price_cap_breach", "arms_transfer",
    "front_company", "export_diversion", "oil", "procurement",
)  # fmt: skip


def find_evasion(reading: Reading) -> Iterator[Finding]:
    """All reports of evasion, one for each kind and status of a sentence."""
    found: dict[tuple[int, str, str], Finding] = {}
    for token in reading.parse.tokens:
        finding = (
            _by_verb(reading, token)
            or _by_noun(reading, token)
            or _above_cap(reading, token)
            or _by_deal(reading, token)
            or _by_covert_noun(reading, token)
        )
        if finding is None or reading.is_question(token):
            continue
        key = (token.sent, finding.subtype, finding.status)
        if key in found:
            _merge(found[key], finding)
        else:
            found[key] = finding
    yield from found.values()


def _merge(first: Finding, other: Finding) -> None:
    """Two words of one sentence that tell the same deed are one flag with the evidence of both."""
    first.spans += other.spans
    first.roles = first.roles or other.roles
    first.attribution = first.attribution or other.attribution
    if first.roles and (first.reason is None or other.reason is None):
        first.confidence, first.reason = max(first.confidence, other.confidence), None


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
    finding = _finish(reading, token, verb, measure, "evasion.noun", noun=token)
    vague = (
        finding.status in {"hypothetical", "planned"}
        or _is_potential(reading, token)
        or not _is_told(reading, token, verb)
    )
    return None if vague and not finding.roles else finding


def _is_potential(reading: Reading, noun: Token) -> bool:
    """`reports of potential violations`: nobody is said to have broken anything."""
    marks = {each.text.lower() for each in reading.parse.children(noun.i)}
    marks |= {each.text.lower() for each in modifiers(reading.parse, noun)}
    return bool(marks & lexicon().evasion["potential"])


def _is_told(reading: Reading, noun: Token, verb: Token | None) -> bool:
    """Whether a breach is said to have happened: `discussed sanctions evasion` does not say so."""
    if verb is None or noun.dep not in {"dobj", "pobj", "conj"} or commits(reading, verb, noun):
        return True
    speech = lexicon().speech
    return verb.lemma in speech["say"] or bool(attribution(reading, verb)[0])


def _by_covert_noun(reading: Reading, token: Token) -> Finding | None:
    """`four ship-to-ship transfers`, `a front company in Dubai`."""
    deed = covert_noun(reading, token)
    if deed is None:
        return None
    finding = _finish(reading, token, deed.verb, None, "evasion.covert", deed.kind)
    if deed.kind == "front_company":
        finding.roles, finding.spans, finding.reason = [("alleged_violator", token)], [], None
    finding.spans[:1] = [deed.span]
    if deed.doubt:
        finding.confidence, finding.reason = 0.6, deed.doubt
    return finding


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
    if not touches_regime(reading, verb):
        return None
    if verb.lemma in dealing["covert"] or (
        deals and (_accused_of(reading, verb) or _charged(reading, verb))
    ):
        return _kind(reading, verb)
    if verb.lemma in dealing["handovers"] and _accused_of(reading, verb):
        return "ship_to_ship" if between_ships(reading, verb) else None
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
    if between_ships(reading, token):
        return "ship_to_ship"
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
    noun: Token | None = None,
) -> Finding:
    violator, judge = violator_of(reading, verb, noun)
    said, _ = attribution(reading, trigger if noun is not None else verb or trigger)
    silent = lexicon().judgement["helping"] | lexicon().judgement["preventing"]
    if judge is not None and not said and judge.lemma not in silent:
        accuser = subject(reading.parse, judge)
        if accuser is not None and (violator is None or accuser.i != violator.i):
            said = [reading.name_of(accuser)]
    roles = [("alleged_violator", each) for each in parties_of(reading, violator)]
    if judge is not None and judge.lemma in lexicon().judgement["helping"]:
        helper = subject(reading.parse, judge)
        roles[:0] = [("alleged_violator", helper)] if helper is not None else []
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


def _status(reading: Reading, verb: Token | None, judge: Token | None) -> str:
    if verb is None:
        return "alleged"
    claim = modality(reading, verb)
    if claim == "negated":
        return "denied" if attribution(reading, verb)[0] else "negated"
    if judge is not None and judge.lemma in lexicon().judgement["adjudicated"]:
        return "adjudicated"
    return claim if claim in {"denied", "hypothetical", "planned"} else "alleged"
