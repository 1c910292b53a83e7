"""Restrictive measures reported: who restricts whom in what way, and what becomes of it.

Three constructions are read: nouns (`an arms embargo on …`, `immobilised Russian assets`), verbs
(`sanctioned the bank`, `banned him from travelling`), and legal acts that prohibit something
(`resolutions that prohibit the procurement of arms`). A keyword alone is never enough: a measure
needs an authority that is a state or a union of states, a target that can be sanctioned, or a word
that makes it international; and nothing near it may speak of sport, courts or the trade itself.
"""

import re
from collections.abc import Iterable, Iterator

from schemas import Token

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
from .lexicon import NounFrame, VerbFrame, lexicon, party_words
from .reading import Reading
from .status import attribution, modality

_TARGET_PREPOSITIONS = ("on", "against", "upon", "for", "to", "from", "over")
_ACT = re.compile(
    r"\b(?:(?:U\.?N\.?|United Nations|Security Council|UNSC)[\w\s.]{0,30}?)?"
    r"[Rr]esolutions?\s+\d{3,4}\b"
    r"|\bExecutive Order\s+\d{5}\b|\bE\.?O\.?\s+\d{5}\b"
    r"|\b[Rr]egulation\s+(?:\(EU\)\s+)?(?:No\.?\s+)?\d{2,4}/\d{2,4}\b"
)


def find_measures(reading: Reading) -> Iterator[Finding]:
    """All measures of the article, in order of the text."""
    taken: set[int] = set()
    for token in reading.parse.tokens:
        if token.i in taken:
            continue
        finding = _legal_act(reading, token) or _noun(reading, token) or _verb(reading, token)
        if finding is not None:
            taken.add(token.i)
            yield finding


def legal_act(text: str) -> str | None:
    """The resolution, order or regulation that a stretch of text names by number."""
    found = _ACT.search(text)
    return " ".join(found.group().split()) if found else None


def _legal_act(reading: Reading, token: Token) -> Finding | None:
    legal = lexicon().legal
    if not is_verb(token) or token.lemma not in legal["bans"]:
        return None
    act = subject(reading.parse, token)
    if act is None or act.lemma not in legal["acts"]:
        return None
    named = {each.text.lower().strip(".") for each in modifiers(reading.parse, act)} | {
        each.text.lower() for each in modifiers(reading.parse, act)
    }
    sentence = reading.parse.text[slice(*reading.sentence_span(token))]
    if not named & legal["official"] and not legal_act(sentence) and not reading.countries_of(act):
        return None
    subtype = _traded(reading, token)
    if subtype is None:
        return None
    roles = [("authority", each) for each in _named_authority(reading, act)]
    roles += [("target", each) for each in _partners(reading, token)]
    return _finish(reading, token, act, subtype, "measure.legal_act", roles, "existing")


def _partners(reading: Reading, ban: Token) -> Iterator[Token]:
    """Whom the banned dealings are with: at the verb, or anywhere in its object."""
    thing = patient(reading.parse, ban)
    below = reading.parse.subtree(thing.i) if thing is not None else []
    found: dict[int, Token] = {}
    for token in (ban, *below):
        for each in prepositional(reading.parse, token, (*_TARGET_PREPOSITIONS, "with")):
            if reading.countries_of(each):
                found.setdefault(each.i, each)
    yield from found.values()


def _traded(reading: Reading, ban: Token) -> str | None:
    """The measure that a ban on its objects is; None when nothing traded is banned."""
    trade = lexicon().trade
    thing = patient(reading.parse, ban)
    heads = [thing] if thing is not None else []
    heads += list(prepositional(reading.parse, ban, ("from",)))
    words: dict[str, None] = {}
    for head in heads:
        for each in coordinated(reading.parse, head):
            for below in reading.parse.subtree(each.i):
                words.setdefault(below.lemma.lower())
                words.setdefault(below.text.lower())
    found = [trade[word] for word in words if word in trade]
    order = ("arms_embargo", "luxury_goods_ban", "labour_ban", "oil_embargo")
    return next((each for each in order if each in found), found[0] if found else None)


def _noun(reading: Reading, token: Token) -> Finding | None:
    if token.pos not in {"NOUN", "PROPN"} and not token.tag.startswith("NN"):
        return None
    if token.dep == "compound" and reading.parse.head(token.i).lemma not in {"package", "regime"}:
        frozen = None
    else:
        frozen = _frozen_assets(reading, token)
    if frozen is not None:
        return frozen
    frame = _noun_frame(reading, token)
    if frame is None:
        return None
    roles, international = _noun_roles(reading, token, frame)
    if not _is_restrictive(reading, token, roles, international=international):
        return None
    verb = governing_verb(reading.parse, token)
    action, governor = _action(reading, token, verb)
    return _finish(reading, token, token, frame.subtype, "measure.noun", roles, action, governor)


def _noun_frame(reading: Reading, token: Token) -> NounFrame | None:
    lemma, form = token.lemma.lower(), token.text.lower()
    if lemma == "sanction" and token.tag == "NN":
        return None
    around: set[str] | None = None
    for frame in lexicon().nouns:
        if lemma not in frame.heads and form not in frame.heads:
            continue
        if not frame.needs:
            return frame
        if around is None:
            around = set(_companions(reading, token))
        if around & frame.needs:
            return frame
    return None


def _companions(reading: Reading, token: Token) -> Iterator[str]:
    parse = reading.parse
    for each in modifiers(parse, token):
        yield each.lemma.lower()
        yield each.text.lower()
    for each in prepositional(parse, token, ("of", "on", "for", "to", "against")):
        for below in (each, *modifiers(parse, each)):
            yield below.lemma.lower()
            yield below.text.lower()


def _frozen_assets(reading: Reading, token: Token) -> Finding | None:
    """`immobilised Russian assets`: property of a state or a listed party that is blocked."""
    asset = lexicon().asset
    if token.lemma.lower() not in asset["heads"] and token.text.lower() not in asset["heads"]:
        return None
    parse = reading.parse
    before = list(modifiers(parse, token))
    marks = [each for each in before if each.text.lower() in asset["frozen"]]
    marks += [
        child
        for child in parse.children(token.i)
        if child.dep in {"acl", "relcl"} and child.lemma in asset["frozen"] and child.tag == "VBN"
    ]
    if not marks:
        return None
    roles = [("target", each) for each in _owners(reading, token, before)]
    if not roles or _is_elsewhere(reading, token):
        return None
    subtype = _asset_subtype(reading, token, before)
    return _finish(reading, marks[0], token, subtype, "measure.frozen_assets", roles, "existing")


def _asset_subtype(reading: Reading, token: Token, before: Iterable[Token]) -> str:
    words = {each.text.lower() for each in before} | {token.lemma.lower()}
    words |= {
        below.text.lower()
        for each in prepositional(reading.parse, token, ("of",))
        for below in reading.parse.subtree(each.i)
    }
    state = lexicon().asset["state"]
    owners = [each for each in before if reading.countries_of(each)]
    return "immobilised_assets" if words & state or owners else "asset_freeze"


def _owners(reading: Reading, token: Token, before: Iterable[Token]) -> Iterator[Token]:
    found: dict[int, Token] = {}
    for each in before:
        if reading.countries_of(each) or (each.dep == "poss" and reading.is_party(each)):
            found.setdefault(each.i, each)
    for each in prepositional(reading.parse, token, ("of", "from", "belonging")):
        if reading.countries_of(each) or reading.is_party(each):
            found.setdefault(each.i, each)
    yield from found.values()


def _noun_roles(
    reading: Reading, token: Token, frame: NounFrame
) -> tuple[list[tuple[str, Token]], bool]:
    """Authority and targets of a measure noun, and whether a word makes it international."""
    parse = reading.parse
    before = list(modifiers(parse, token))
    international = any(
        each.text.lower() in party_words()["international"] and each.text.lower() not in frame.needs
        for each in before
    )
    targets = list(_targets(reading, token))
    verb = governing_verb(parse, token)
    roles: list[tuple[str, Token]] = []
    if verb is not None:
        doer = subject(parse, verb)
        if (
            doer is not None
            and doer.i != token.i
            and _acts_on(reading, verb, token)
            and (reading.is_authority(doer) or reading.is_discipline(doer))
        ):
            roles.append(("authority", doer))
        if not targets:
            targets = list(_targets(reading, verb))
    named = [each for each in before if reading.countries_of(each) or reading.is_authority(each)]
    for each in named:
        role = "authority" if not any(kind == "authority" for kind, _ in roles) else "target"
        roles.append((role, each))
    roles += [("target", each) for each in targets]
    return roles, international


def _acts_on(reading: Reading, verb: Token, token: Token) -> bool:
    thing = patient(reading.parse, verb)
    if thing is not None and any(each.i == token.i for each in coordinated(reading.parse, thing)):
        return True
    return verb.lemma in lexicon().actions


def _targets(reading: Reading, token: Token) -> Iterator[Token]:
    for each in prepositional(reading.parse, token, _TARGET_PREPOSITIONS):
        if reading.is_party(each) or reading.countries_of(each):
            yield each


def _named_authority(reading: Reading, act: Token) -> Iterator[Token]:
    for each in modifiers(reading.parse, act):
        if reading.is_authority(each):
            yield each
            return


def _is_restrictive(
    reading: Reading, token: Token, roles: list[tuple[str, Token]], *, international: bool
) -> bool:
    authorities = [each for role, each in roles if role == "authority"]
    if any(reading.is_discipline(each) and not reading.is_authority(each) for each in authorities):
        return False
    if _is_elsewhere(reading, token):
        return False
    if any(reading.is_authority(each) for each in authorities):
        return True
    targets = [each for role, each in roles if role == "target"]
    return international or any(reading.countries_of(each) for each in targets)


def _is_elsewhere(reading: Reading, token: Token) -> bool:
    return bool(reading.lemmas_near(token) & party_words()["elsewhere"])


def _verb(reading: Reading, token: Token) -> Finding | None:
    if not is_verb(token):
        return None
    for frame in lexicon().verbs:
        if token.lemma in frame.lemmas:
            return _verb_frame(reading, token, frame)
    return None


def _verb_frame(reading: Reading, verb: Token, frame: VerbFrame) -> Finding | None:
    thing, doer = patient(reading.parse, verb), subject(reading.parse, verb)
    if thing is None or _is_elsewhere(reading, verb):
        return None
    if doer is not None and not reading.is_authority(doer):
        return None
    subtype, roles = _object_of(reading, verb, thing, frame)
    if subtype is None:
        return None
    if doer is not None:
        roles = [("authority", doer), *roles]
    elif not any(reading.countries_of(each) for _, each in roles) and frame.object != "asset":
        return None
    action = "lifted" if subtype == "delisting" else "imposed"
    return _finish(reading, verb, verb, subtype, "measure.verb", roles, action, verb)


def _object_of(
    reading: Reading, verb: Token, thing: Token, frame: VerbFrame
) -> tuple[str | None, list[tuple[str, Token]]]:
    if frame.object == "party":
        fits = reading.is_party(thing)
        return (frame.subtype if fits else None), [("target", thing)]
    if frame.object == "asset":
        return _asset_object(reading, thing, frame)
    return _banned(reading, verb, thing)


def _asset_object(
    reading: Reading, thing: Token, frame: VerbFrame
) -> tuple[str | None, list[tuple[str, Token]]]:
    heads = lexicon().asset["heads"]
    if thing.lemma.lower() not in heads and thing.text.lower() not in heads:
        return None, []
    before = list(modifiers(reading.parse, thing))
    owners = list(_owners(reading, thing, before))
    owners += [each for each in before if each.dep == "poss" and each not in owners]
    owners = owners or list(prepositional(reading.parse, thing, ("of",)))
    if not owners and not {each.text.lower() for each in before} & lexicon().asset["state"]:
        return None, []
    subtype = frame.subtype
    state = _asset_subtype(reading, thing, before) == "immobilised_assets"
    if state and subtype == "asset_freeze":
        subtype = "immobilised_assets"
    return subtype, [("target", each) for each in owners]


def _banned(
    reading: Reading, verb: Token, thing: Token
) -> tuple[str | None, list[tuple[str, Token]]]:
    parse = reading.parse
    actions = [
        each
        for child in parse.children(verb.i)
        if child.dep in {"prep", "xcomp", "pcomp"}
        for each in (child, *parse.children(child.i))
    ]
    travel = {
        "travel",
        "travelling",
        "traveling",
        "enter",
        "entering",
        "visit",
        "visiting",
        "entry",
    }
    if reading.is_party(thing) and any(
        each.lemma in travel or each.text.lower() in travel for each in actions
    ):
        return "travel_ban", [("target", thing)]
    subtype = _traded(reading, verb)
    targets = [("target", each) for each in _targets(reading, verb)]
    targets += [("target", each) for each in _targets(reading, thing)]
    targets += [("target", each) for each in _owners(reading, thing, modifiers(parse, thing))]
    if subtype is None or not targets:
        return None, []
    return subtype, targets


def _action(reading: Reading, token: Token, verb: Token | None) -> tuple[str, Token | None]:
    """What is done to the measure, and the verb that does it (None: it simply stands)."""
    actions = lexicon().actions
    if verb is None:
        return "existing", None
    if verb.lemma in actions and _reaches(reading, verb, token):
        action = actions[verb.lemma]
        return action, verb
    return "existing", None


def _reaches(reading: Reading, verb: Token, token: Token) -> bool:
    """Whether the verb acts on the noun: object, passive subject, or `with`/`for`/`of` phrase."""
    below = token
    for ancestor in reading.parse.ancestors(token.i):
        if ancestor.i == verb.i:
            return below.dep in {
                "dobj",
                "nsubjpass",
                "prep",
                "nsubj",
                "conj",
                "attr",
                "ccomp",
                "xcomp",
                "agent",
            }
        below = ancestor
    return False


def _finish(
    reading: Reading,
    trigger: Token,
    head: Token,
    subtype: str,
    rule: str,
    roles: list[tuple[str, Token]],
    action: str,
    verb: Token | None = None,
) -> Finding:
    claim = modality(reading, verb)
    status = action if claim == "fact" else claim
    said, _ = attribution(reading, verb or trigger)
    start, end = phrase(reading.parse, head) if not is_verb(head) else (head.start, head.end)
    spans = [(start, end)] + [phrase(reading.parse, each) for _, each in roles]
    sentence = reading.parse.text[slice(*reading.sentence_span(trigger))]
    return Finding(
        type="measure",
        subtype=subtype,
        status=status,
        rule=rule,
        trigger=trigger,
        roles=roles,
        spans=spans,
        action=action,
        attribution=said,
        legal_act=legal_act(sentence),
    )
