"""What becomes of a measure: imposed, proposed, eased, … by the verbs and nouns that govern it.

The nearest governing verb tells the action; a verb above it that only wants, weighs, threatens or
blocks the action overrides it (`urged its allies to impose`, `vetoed the bill to sanction`).
"""

from typing import Final, NamedTuple

from schemas import Token

from .grammar import governing_verb, is_passive, is_verb, patient
from .lexicon import lexicon
from .reading import Reading

OVERRIDING: Final = frozenset({"requested", "considered", "threatened", "proposed", "blocked"})
EXISTING: Final = "existing"
_CLAUSES: Final = frozenset({"xcomp", "ccomp", "pcomp", "acl", "relcl", "advcl", "conj"})
_REACHED: Final = frozenset(
    {"dobj", "nsubjpass", "prep", "nsubj", "conj", "attr", "ccomp", "xcomp", "agent", "dative"}
)


class Action(NamedTuple):
    """The action, the verb that decides its reality (None: none), and the verb that does it."""

    name: str
    governor: Token | None
    doing: Token | None


def action_on_noun(reading: Reading, token: Token) -> Action:
    """What is done to a measure named by a noun."""
    carried, top = _carrier(reading, token)
    verb = governing_verb(reading.parse, top) or _passive_after(reading, top)
    if verb is None:
        return Action(carried or EXISTING, None, None)
    own = lexicon().actions.get(verb.lemma)
    if top.dep != "ROOT" and not _reaches(reading, verb, top):
        own = None
    if own is None:
        return (
            _above(reading, verb, Action(carried, verb, verb))
            if carried
            else Action(EXISTING, None, verb)
        )
    if carried and own not in OVERRIDING | {"eased", "lifted", "extended"}:
        own = carried
    return _above(reading, verb, Action(own, verb, verb))


def action_of_verb(reading: Reading, verb: Token, own: str) -> Action:
    """What is done when the verb itself is the measure; `own` is its plain meaning."""
    if own == "imposed" and _stands(reading, verb):
        own = EXISTING
    return _above(reading, verb, Action(own, verb, verb))


def carrier_of(reading: Reading, token: Token) -> Token:
    """The noun that carries a measure (`programme` of `the sanctions programme`), else itself."""
    return _carrier(reading, token)[1]


def _passive_after(reading: Reading, token: Token) -> Token | None:
    """The passive that a noun left at the root must be the subject of."""
    actions = lexicon().actions
    for each in reading.parse.sentence(token.i):
        if each.i > token.i and each.lemma in actions and each.tag == "VBN":
            before = reading.parse.tokens[each.i - 1]
            if before.lemma == "be":
                return each
    return None


def _carrier(reading: Reading, token: Token) -> tuple[str | None, Token]:
    carriers, found, current = lexicon().carriers, None, token
    for _ in range(3):
        head = reading.parse.head(current.i)
        if current.dep in {"compound", "nmod", "amod", "conj"} and head.lemma in carriers:
            current = head
        elif current.dep == "pobj" and head.lemma in {"of", "for", "to", "on"}:
            above = reading.parse.head(head.i)
            if above.lemma not in carriers or is_verb(above):
                break
            current = above
        else:
            break
        if carriers[current.lemma] != EXISTING:
            found = carriers[current.lemma]
    return found, current


def _above(reading: Reading, verb: Token, action: Action) -> Action:
    """Climb to the verbs that want, weigh, threaten or block what the verb does."""
    actions, carriers = lexicon().actions, lexicon().carriers
    current = verb
    for _ in range(5):
        head = reading.parse.head(current.i)
        if current.dep not in _CLAUSES | {"prep"} or head.i == current.i:
            break
        if is_verb(head):
            over = actions.get(head.lemma)
            if over in OVERRIDING and current.dep != "conj":
                action = Action(over, head, action.doing)
            elif (drafted := _drafted(reading, current, head)) is not None:
                action = Action(drafted, head, action.doing)
        elif head.lemma in carriers and current.dep in {"acl", "relcl", "prep"}:
            governor = governing_verb(reading.parse, head)
            over = actions.get(governor.lemma) if governor is not None else None
            if governor is not None and over in OVERRIDING:
                return Action(over, governor, action.doing)
            if governor is not None and governor.lemma in lexicon().enact["verbs"]:
                return Action(action.name, governor, governor)
            if carriers[head.lemma] in OVERRIDING:
                action = Action(carriers[head.lemma], governor, action.doing)
        current = head
    return action


def _drafted(reading: Reading, verb: Token, above: Token) -> str | None:
    """What becomes of the action of a draft: `introduced legislation to impose`."""
    infinitive = any(child.text.lower() == "to" for child in reading.parse.children(verb.i))
    if verb.dep not in {"advcl", "xcomp"} or not infinitive:
        return None
    draft = patient(reading.parse, above)
    if draft is None or above.lemma in lexicon().enact["verbs"]:
        return None
    carried = lexicon().carriers.get(draft.lemma)
    return carried if carried in OVERRIDING else None


def _stands(reading: Reading, verb: Token) -> bool:
    """A passive in the present without an agent tells a state: `reserves are immobilised`."""
    if not is_passive(reading.parse, verb):
        return False
    children = reading.parse.children(verb.i)
    present = any(child.dep == "auxpass" and child.tag in {"VBZ", "VBP"} for child in children)
    return present and not any(child.dep in {"agent", "aux"} for child in children)


def _reaches(reading: Reading, verb: Token, token: Token) -> bool:
    """Whether the verb acts on the noun: as object, passive subject, or prepositional object."""
    below = token
    for ancestor in reading.parse.ancestors(token.i):
        if ancestor.i == verb.i:
            return below.dep in _REACHED
        below = ancestor
    return False
