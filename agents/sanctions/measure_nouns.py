"""Measures named by nouns: `sanctions on …`, `an oil embargo`, `immobilised assets`."""

from collections.abc import Iterable, Iterator

from schemas import Token

from .actions import EXISTING, Action, action_on_noun, carrier_of
from .grammar import (
    modifiers,
    prepositional,
    subject,
)
from .lexicon import NounFrame, lexicon, party_words
from .measure_roles import roles_of
from .reading import Reading
from .wording import Draft


def noun_measure(reading: Reading, token: Token) -> Draft | None:
    """The measure that the token names, if it does."""
    standing = _sanctioned(reading, token) or _stays_frozen(reading, token)
    if standing is not None:
        return standing
    if not token.tag.startswith("NN"):
        return None
    return frozen_assets(reading, token) or _named(reading, token)


def is_measure_noun(reading: Reading, token: Token) -> bool:
    """Whether a noun names a measure of states."""
    return token.tag.startswith("NN") and _named(reading, token) is not None


def owners_of(reading: Reading, token: Token, before: Iterable[Token]) -> Iterator[Token]:
    """Whose property a noun names: states before it, possessors, `of …`, `belonging to …`."""
    found: dict[int, Token] = {}
    for each in before:
        own = each.tag == "PRP$" and bool(reading.countries_near(token))
        if own or reading.countries_of(each) or (each.dep == "poss" and reading.is_party(each)):
            found.setdefault(each.i, each)
    of = list(prepositional(reading.parse, token, ("of", "from")))
    if any(reading.countries_of(each) or reading.is_party(each) for each in of):
        # What is joined to a party by `and` is one, whether or not its name was known.
        found.update((each.i, each) for each in of if each.i not in found)
    for child in reading.parse.children(token.i):
        if child.dep == "acl" and child.lemma in {"belong", "hold", "own"}:
            for each in prepositional(reading.parse, child, ("to", "by")):
                found.setdefault(each.i, each)
    yield from found.values()


def is_state_property(reading: Reading, token: Token, before: Iterable[Token]) -> bool:
    """Whether frozen property is a state's (then it is immobilised: title stays, no listing)."""
    listed = list(before)
    words = {each.text.lower() for each in listed} | {token.lemma.lower()}
    belonging = list(owners_of(reading, token, listed))
    for each in [*prepositional(reading.parse, token, ("of",)), *belonging]:
        words |= {below.text.lower() for below in reading.parse.subtree(each.i)}
    if words & lexicon().asset["state"]:
        return True
    return any(
        _is_state_itself(reading, each) or (each.tag == "PRP$" and "reserves" in words)
        for each in belonging
    )


def frozen_assets(reading: Reading, token: Token) -> Draft | None:
    """`immobilised Russian assets`: property that is blocked, as a thing that stands."""
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
    owners = list(owners_of(reading, token, before))
    if not marks or not owners or is_elsewhere(reading, token):
        return None
    subtype = "immobilised_assets" if is_state_property(reading, token, before) else "asset_freeze"
    roles = [("target", each) for each in owners]
    return Draft(marks[0], token, subtype, "measure.frozen_assets", roles, "existing", None)


def is_elsewhere(reading: Reading, token: Token) -> bool:
    """Whether the sentence speaks of sport, courts, health or the like."""
    return bool(reading.lemmas_near(token) & party_words()["elsewhere"])


def _is_state_itself(reading: Reading, token: Token) -> bool:
    entity = reading.head_entity(token)
    return entity is not None and entity.label in {"GPE", "NORP"} and bool(entity.country)


def _sanctioned(reading: Reading, token: Token) -> Draft | None:
    """`the sanctioned bank`, `sanctioned Iranian oil`: a measure that stands."""
    listing = lexicon().listing
    if token.text.lower() not in listing["sanctioned"] or token.dep not in {
        "amod",
        "compound",
        "nmod",
    }:
        return None
    head = reading.parse.head(token.i)
    hyphen = token.i and reading.parse.tokens[token.i - 1].text == "-"
    if head.i < token.i or hyphen:
        return None
    fits = (
        reading.is_party(head)
        or head.lemma.lower() in listing["goods"]
        or (head.text.lower() in listing["goods"])
    )
    if not fits or is_elsewhere(reading, token):
        return None
    return Draft(
        token, head, "sanctions", "measure.sanctioned", [("target", head)], "existing", None
    )


def _stays_frozen(reading: Reading, token: Token) -> Draft | None:
    """`reserves remain frozen`."""
    parse, asset = reading.parse, lexicon().asset
    if token.text.lower() not in asset["frozen"] or token.dep not in {"acomp", "attr", "oprd"}:
        return None
    verb = parse.head(token.i)
    thing = subject(parse, verb)
    if verb.lemma not in {"remain", "stay", "be", "keep"} or thing is None:
        return None
    thing = behind_amount(reading, thing)
    before = list(modifiers(parse, thing))
    owners = list(owners_of(reading, thing, before))
    known = thing.lemma.lower() in asset["heads"] or thing.text.lower() in asset["heads"]
    if not owners or not known:
        return None
    subtype = "immobilised_assets" if is_state_property(reading, thing, before) else "asset_freeze"
    roles = [("target", each) for each in owners]
    return Draft(token, thing, subtype, "measure.stays_frozen", roles, "existing", None)


def behind_amount(reading: Reading, thing: Token) -> Token:
    """`210 billion euros of reserves` are reserves."""
    if thing.lemma.lower() not in lexicon().listing["currency"]:
        return thing
    heads = lexicon().asset["heads"]
    for each in prepositional(reading.parse, thing, ("of", "in")):
        if each.lemma.lower() in heads or each.text.lower() in heads:
            return each
    return thing


def _named(reading: Reading, token: Token) -> Draft | None:
    frame = _frame(reading, token)
    if frame is None or is_elsewhere(reading, token) or _is_listing(reading, token):
        return None
    top = carrier_of(reading, token)
    roles, international = roles_of(reading, token, top, frame)
    if _is_discipline(reading, token, roles):
        return None
    doubt = None
    if not _is_of_states(reading, roles, international=international):
        if not _stands_alone(reading, token, frame):
            return None
        doubt = "neither authority nor target is named with the measure"
    action = action_on_noun(reading, token)
    if reading.parse.tokens[max(token.i - 1, 0)].text == "-":
        action = Action(EXISTING, None, None)
    if frame.subtype == "licence":
        action = action._replace(name="licensed")
    return Draft(
        token, top, frame.subtype, "measure.noun", roles, action.name, action.governor, doubt
    )


def _stands_alone(reading: Reading, token: Token, frame: NounFrame) -> bool:
    """Whether a measure without authority and target is one of states all the same."""
    if frame.subtype == "arms_embargo":
        return True
    if frame.subtype == "price_cap":
        return bool(reading.lemmas_near(token) & {"oil", "crude", "barrel"})
    if token.text.lower() == "embargo":
        return bool(reading.countries_near(token) & party_words()["sanctioned"])
    return not frame.needs and bool(reading.countries_near(token))


def _is_listing(reading: Reading, token: Token) -> bool:
    """`sanctions list`, `sanctions envoy`, `sanctions evasion`, `pre-sanctions`: no measures."""
    head = reading.parse.head(token.i)
    listing = lexicon().listing
    heads = listing["lists"] | listing["offices"] | lexicon().evasion["nouns"]
    if _prefix(reading, token) in listing["prefixes"]:
        return True
    return token.dep in {"compound", "nmod", "amod"} and head.lemma.lower() in heads


def _prefix(reading: Reading, token: Token) -> str:
    """`pre` of `pre-sanctions`; empty without a hyphen."""
    before = reading.parse.tokens[max(token.i - 2, 0) : token.i]
    return before[0].text.lower() if len(before) == 2 and before[1].text == "-" else ""


def _frame(reading: Reading, token: Token) -> NounFrame | None:
    lemma, form = token.lemma.lower(), token.text.lower()
    if lemma == "sanction" and token.tag in {"NN", "NNP"}:
        return None
    around: set[str] | None = None
    for frame in lexicon().nouns:
        if lemma not in frame.heads and form not in frame.heads:
            continue
        if not frame.needs:
            return frame
        if around is None:
            around = set(_companions(reading, token))
            if frame.subtype == "licence":
                around |= reading.lemmas_near(token)
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


def _is_discipline(reading: Reading, token: Token, roles: list[tuple[str, Token]]) -> bool:
    authorities = [each for role, each in roles if role == "authority"]
    if any(reading.is_discipline(each) and not reading.is_authority(each) for each in authorities):
        return True
    return not reading.countries_near(token) and bool(
        reading.lemmas_near(token) & party_words()["bodies"]
    )


def _is_of_states(reading: Reading, roles: list[tuple[str, Token]], *, international: bool) -> bool:
    if international or any(
        reading.is_authority(each) for role, each in roles if role == "authority"
    ):
        return True
    return any(reading.countries_of(each) for role, each in roles if role == "target")
