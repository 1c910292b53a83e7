"""Measures named by verbs: `sanctioned the bank`, `froze the assets`, `added him to its list`."""

from collections.abc import Iterator

from schemas import Token

from .actions import action_of_verb
from .grammar import coordinated, is_verb, modifiers, patient, prepositional, subject
from .lexicon import VerbFrame, lexicon
from .measure_nouns import behind_amount, is_elsewhere, is_state_property, owners_of
from .measure_roles import targets_of
from .reading import Reading
from .wording import Draft

Roles = list[tuple[str, Token]]
_TRAVEL = frozenset({"travel", "travelling", "traveling", "enter", "entering", "visit", "entry"})
_UNDOING = frozenset({"unfreeze", "unblock", "thaw"})
_PARTNER = ("on", "against", "to", "from", "with", "by")
_FIRST = ("arms_embargo", "luxury_goods_ban", "labour_ban", "oil_embargo")


def verb_measure(reading: Reading, token: Token) -> Draft | None:
    """The measure that the verb is, if it is one."""
    if not is_verb(token) or is_elsewhere(reading, token):
        return None
    listed = _listing(reading, token) or _disconnected(reading, token)
    if listed is not None:
        return listed
    for frame in lexicon().verbs:
        if token.lemma in frame.lemmas:
            return _frame(reading, token, frame)
    return None


def traded(reading: Reading, ban: Token) -> str | None:
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
    return next((each for each in _FIRST if each in found), found[0] if found else None)


def partners(reading: Reading, ban: Token) -> Iterator[Token]:
    """Whom the banned dealings are with: at the verb, or anywhere in its object."""
    thing = patient(reading.parse, ban)
    below = list(reading.parse.subtree(thing.i)) if thing is not None else []
    barred = [
        token
        for each in prepositional(reading.parse, ban, ("from",))
        for token in reading.parse.subtree(each.i)
    ]
    below += barred
    found: dict[int, Token] = {}
    for token in (ban, *below):
        for each in prepositional(reading.parse, token, _PARTNER):
            if reading.countries_of(each) and not (is_verb(each) or _is_granter(reading, each)):
                found.setdefault(each.i, each)
    if thing is not None and reading.head_entity(thing) and reading.is_state(thing):
        found.setdefault(thing.i, thing)
    if not found:
        # `bar firms from buying Venezuelan oil`
        found = {each.i: each for each in barred if each.dep == "amod" and reading.is_state(each)}
    yield from found.values()


def _is_granter(reading: Reading, token: Token) -> bool:
    """`without a license from the Department of the Treasury`, wherever the parser hung it."""
    preposition = reading.parse.head(token.i)
    before = reading.parse.tokens[max(preposition.i - 1, 0)]
    return before.lemma.lower() in lexicon().listing["permits"]


def _listing(reading: Reading, verb: Token) -> Draft | None:
    """`added X to its sanctions list`, `removed X from the Entity List`."""
    listing = lexicon().listing
    on = verb.lemma in listing["add"]
    if not on and verb.lemma not in listing["remove"]:
        return None
    thing = patient(reading.parse, verb)
    if thing is None:
        return None
    places = [verb, *(each for each in reading.parse.children(verb.i) if each.tag[:1] in "NCV")]
    prepositions = ("to", "on", "onto", "in") if on else ("from", "off")
    for place in places:
        for each in prepositional(reading.parse, place, prepositions):
            if _is_sanctions_list(reading, each):
                subtype, action = _listed_as(reading, each, on=on)
                return _drafted(reading, verb, subtype, [("target", thing)], action)
    return None


def _listed_as(reading: Reading, place: Token, *, on: bool) -> tuple[str, str]:
    marks = {each.text.lower() for each in modifiers(reading.parse, place)}
    if marks & lexicon().listing["travel"]:
        return "travel_ban", "imposed" if on else "lifted"
    return ("designation", "imposed") if on else ("delisting", "lifted")


def _is_sanctions_list(reading: Reading, token: Token) -> bool:
    listing = lexicon().listing
    if token.lemma.lower() not in listing["lists"]:
        return False
    marks = {each.text.lower() for each in modifiers(reading.parse, token)}
    marks |= {
        below.text.lower()
        for each in prepositional(reading.parse, token, ("of",))
        for below in reading.parse.subtree(each.i)
    }
    return token.lemma.lower() == "blacklist" or bool(marks & listing["marks"])


def _disconnected(reading: Reading, verb: Token) -> Draft | None:
    """`cut the banks off from SWIFT`."""
    listing = lexicon().listing
    if verb.lemma not in listing["swift_verbs"] or not reading.lemmas_near(verb) & listing["swift"]:
        return None
    thing = patient(reading.parse, verb)
    if thing is None or not reading.is_party(thing):
        return None
    return _drafted(reading, verb, "financial_restrictions", [("target", thing)], "imposed")


def _frame(reading: Reading, verb: Token, frame: VerbFrame) -> Draft | None:
    thing, doer = patient(reading.parse, verb), subject(reading.parse, verb)
    if thing is None or (doer is not None and not reading.is_authority(doer)):
        return None
    if frame.object == "asset" and verb.dep in {"amod", "acl"}:
        return None
    subtype, roles = _object(reading, verb, thing, frame)
    if subtype is None:
        return None
    stately = frame.object == "asset" or any(reading.countries_of(each) for _, each in roles)
    if doer is None and not stately and not _wanted_by_state(reading, verb):
        return None
    if _is_idle_gerund(reading, verb):
        return None
    action = "lifted" if subtype == "delisting" or verb.lemma in _UNDOING else "imposed"
    return _drafted(reading, verb, subtype, roles, action)


def _is_idle_gerund(reading: Reading, verb: Token) -> bool:
    """`confiscating the reserves would be theft`: a thing named, by nobody done."""
    return (
        verb.tag == "VBG"
        and verb.dep in {"csubj", "nsubj", "ROOT"}
        and not any(child.dep in {"nsubj", "aux"} for child in reading.parse.children(verb.i))
    )


def _wanted_by_state(reading: Reading, verb: Token) -> bool:
    """Whether a state's verb governs it: `the president vetoed the bill to sanction …`."""
    for ancestor in reading.parse.ancestors(verb.i):
        if is_verb(ancestor):
            return reading.is_authority(subject(reading.parse, ancestor))
    return False


def _drafted(reading: Reading, verb: Token, subtype: str, roles: Roles, own: str) -> Draft:
    doer = subject(reading.parse, verb)
    if doer is not None:
        doers = [("authority", each) for each in coordinated(reading.parse, doer)]
        roles = [*doers, *roles]
    action = action_of_verb(reading, verb, own)
    return Draft(verb, verb, subtype, "measure.verb", roles, action.name, action.governor)


def _object(
    reading: Reading, verb: Token, thing: Token, frame: VerbFrame
) -> tuple[str | None, Roles]:
    if frame.object == "party":
        return (frame.subtype if reading.is_party(thing) else None), [("target", thing)]
    if frame.object == "gate":
        gates = lexicon().listing["gates"]
        shut = thing.lemma.lower() in gates or thing.text.lower() in gates
        against = [each for each in partners(reading, verb) if reading.countries_of(each)]
        return (frame.subtype if shut and against else None), [("target", each) for each in against]
    if frame.object == "asset":
        return _asset(reading, thing, frame)
    return _banned(reading, verb, thing)


def _asset(reading: Reading, thing: Token, frame: VerbFrame) -> tuple[str | None, Roles]:
    thing = behind_amount(reading, thing)
    heads = lexicon().asset["heads"] | lexicon().listing["currency"]
    if thing.lemma.lower() not in heads and thing.text.lower() not in heads:
        return None, []
    before = list(modifiers(reading.parse, thing))
    owners = list(owners_of(reading, thing, before))
    owners += [each for each in before if each.dep == "poss" and each not in owners]
    owners = owners or list(prepositional(reading.parse, thing, ("of",)))
    if not owners and not {each.text.lower() for each in before} & lexicon().asset["state"]:
        return None, []
    subtype = frame.subtype
    if subtype == "asset_freeze" and is_state_property(reading, thing, before):
        subtype = "immobilised_assets"
    return subtype, [("target", each) for each in owners]


def _banned(reading: Reading, verb: Token, thing: Token) -> tuple[str | None, Roles]:
    parse = reading.parse
    actions = [
        each
        for child in parse.children(verb.i)
        if child.dep in {"prep", "xcomp", "pcomp"}
        for each in (child, *parse.children(child.i))
    ]
    if reading.is_party(thing) and any(
        each.lemma in _TRAVEL or each.text.lower() in _TRAVEL for each in actions
    ):
        return "travel_ban", [("target", thing)]
    subtype = traded(reading, verb)
    targets = [*targets_of(reading, verb), *targets_of(reading, thing), *partners(reading, verb)]
    # Whose goods are banned counts where nobody is named with whom the dealings are.
    targets = targets or list(owners_of(reading, thing, list(modifiers(parse, thing))))
    found = {each.i: each for each in targets}
    if subtype is None or not found:
        return None, []
    return subtype, [("target", each) for each in found.values()]
