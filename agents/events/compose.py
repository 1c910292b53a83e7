"""Events made of events: promises, refusals, requests and threats of what stands below them.

"agreed to send aid" is one AGREE, not an AID; "refused to meet" a REJECT of the mode `meet`. The
table of outcomes is `lexicon/operators.toml`.
"""

from collections import defaultdict

from schemas import ParsedText, Token
from schemas.events import EventType

from . import slots, syntax
from .actor import Actor
from .candidates import Candidate, Miss, one_sided
from .frames import Lexicon, Rule

STOP = frozenset({"relcl", "parataxis", "nsubj", "ROOT"})
DEEPEST = 6
TOPICS = frozenset({"REQUEST", "ACCUSE", "SUPPORT", "REJECT"})
GOVERNING = frozenset(
    {"for", "to", "of", "with", "on", "in", "against", "from", "about", "into", "over", "upon"}
)


def compose(
    doc: ParsedText, candidates: list[Candidate], lexicon: Lexicon
) -> tuple[list[Candidate], list[Miss]]:
    """Apply operators from the innermost outwards.

    Returns:
        What is left, in order of the text, and what went into something else.
    """
    for candidate in candidates:
        if candidate.pattern in ("cancel", "lift"):
            _ended(candidate, lexicon)
    operators = {c.trigger: c for c in candidates if c.frame.operator}
    eaten: dict[int, Candidate] = {}
    for inner in sorted(candidates, key=lambda c: -_depth(doc, c.trigger)):
        outer = _operator_above(doc, inner, operators, lexicon)
        if outer is None or outer is inner:
            continue
        rule = _outcome(lexicon.operators, outer.frame.operator or "", inner)
        if rule is None:
            continue
        # The nearest event comes last and decides.
        if not outer.inner or outer.type == outer.frame.type:
            outer.inner.insert(0, inner)
            _apply(outer, inner, rule)
        eaten[id(inner)] = outer
    left, misses = _one_of_phrase(doc, [c for c in candidates if id(c) not in eaten])
    misses += [
        Miss(c.trigger, c.rule, f"part of {eaten[id(c)].rule}")
        for c in candidates
        if id(c) in eaten
    ]
    return left, misses


def _one_of_phrase(
    doc: ParsedText, candidates: list[Candidate]
) -> tuple[list[Candidate], list[Miss]]:
    """A verb that asks for its object ("signed a deal") takes that noun's event into itself.

    An act named in the phrase of an attack without a kind of its own gives it its kind: "killed in
    a drone strike".
    """
    heads = {
        o: c
        for c in candidates
        if c.pattern in ("verb", "passive") and c.frame.object
        for o in slots.verb_slot(doc, c.trigger, "object")
    }
    protests = {c.trigger: c for c in candidates if c.type == "PROTEST"}
    kept, misses = [], []
    for candidate in candidates:
        outer = heads.get(candidate.trigger)
        token = doc.tokens[candidate.trigger]
        if candidate.type in TOPICS and token.dep in ("xcomp", "advcl") and token.tag == "VB":
            # What people protest for is no act of its own.
            topic = protests.get(token.head)
            if topic is not None:
                misses.append(Miss(candidate.trigger, candidate.rule, f"topic of {topic.rule}"))
                continue
        if outer is None or outer is candidate or outer.type == "MOBILIZE":
            kept.append(candidate)
            continue
        if not outer.recipients and not outer.frame.mutual:
            acting = {_identity(actor) for actor in outer.actors}
            outer.recipients = [a for a in candidate.recipients if _identity(a) not in acting]
        misses.append(Miss(candidate.trigger, candidate.rule, f"part of {outer.rule}"))
    kinds: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in kept:
        if candidate.type == "ASSAULT" and candidate.mode and not candidate.recipients:
            kinds[doc.tokens[candidate.trigger].sent].append(candidate)
    for candidate in kept:
        if candidate.type == "ASSAULT" and candidate.mode is None:
            _take_kind(doc, candidate, kinds[doc.tokens[candidate.trigger].sent])
    return kept, misses


def _take_kind(doc: ParsedText, candidate: Candidate, others: list[Candidate]) -> None:
    phrase = {token.i for token in doc.subtree(candidate.trigger)}
    for other in others:
        if other.trigger in phrase:
            candidate.mode = other.mode
            candidate.actors = candidate.actors or other.actors
            return


def _depth(doc: ParsedText, i: int) -> int:
    return sum(1 for _ in doc.ancestors(i))


def _operator_above(
    doc: ParsedText, inner: Candidate, operators: dict[int, Candidate], lexicon: Lexicon
) -> Candidate | None:
    """The nearest operator that governs the candidate through complements and their phrases."""
    token = doc.tokens[inner.trigger]
    for _ in range(DEEPEST):
        above = doc.head(token.i)
        if above.i == token.i or token.dep in STOP or not _is_complement(doc, token):
            return None
        if token.dep != "conj" and above.i not in operators and not _passes(above, lexicon):
            return None
        if above.i in operators and token.dep != "conj":
            before = above.i < inner.trigger or token.dep == "nsubjpass"
            return operators[above.i] if before else None
        token = above
    return None


def _passes(token: Token, lexicon: Lexicon) -> bool:
    """Whether the way up may lead through the token: any but a verb with a meaning of its own."""
    if not syntax.is_verb(token):
        return True
    return any(token.lemma in lexicon.grammar[name] for name in ("light", "passing"))


def _is_complement(doc: ParsedText, token: Token) -> bool:
    """Whether the step up is one to what governs: not "asked before leaving", "asked if …"."""
    if token.dep in ("prep", "agent"):
        return token.text.lower() in GOVERNING
    if token.dep not in ("ccomp", "advcl", "pcomp", "xcomp"):
        return True
    below = doc.children(token.i)
    if any(c.text.lower() in ("if", "whether") or c.tag in ("WRB", "WP") for c in below):
        return False
    return token.dep != "advcl" or any(c.dep == "aux" and c.tag == "TO" for c in below)


def _outcome(operators: dict[str, dict[str, Rule]], name: str, inner: Candidate) -> Rule | None:
    table = operators.get(name if name != "warn" else "threaten", {})
    return table.get(f"{inner.type}/{inner.mode}") or table.get(inner.type) or table.get("*")


def _apply(outer: Candidate, inner: Candidate, rule: Rule) -> None:
    if rule.becomes is not None:
        outer.type, outer.mode = rule.becomes, rule.mode
        if rule.mode is None and inner.type == "REQUEST":
            outer.mode = inner.mode
    outer.operator = inner.frame.id
    if outer.recipients:
        return
    acting = {_identity(actor) for actor in outer.actors}
    asked = [a for a in inner.actors if _identity(a) not in acting]
    reached = [a for a in inner.recipients if _identity(a) not in acting]
    outer.recipients = asked or reached


def _identity(actor: Actor) -> tuple[str | None, str | None, str]:
    p = actor.participant
    return (p.entity, p.country, "" if p.country else p.name.lower())


def _ended(candidate: Candidate, lexicon: Lexicon) -> None:
    """For "suspended aid", "lifted sanctions": the ended act gives another type."""
    rule = lexicon.operators[candidate.pattern].get(candidate.type)
    if rule is None:
        return
    candidate.operator = candidate.pattern
    if rule.becomes is not None:
        candidate.type, candidate.mode = rule.becomes, rule.mode
        if rule.becomes == "REJECT":
            one_sided(candidate)


def as_announced(
    candidate: Candidate, speaker: Actor | None, lexicon: Lexicon
) -> tuple[EventType, str | None, bool]:
    """Type and mode of a future act: a promise or threat if its own actor speaks of it."""
    own = speaker is not None and any(_same_side(speaker, actor) for actor in candidate.actors)
    table = lexicon.operators["announce" if own else "future"]
    rule = table.get(f"{candidate.type}/{candidate.mode}") or table.get(candidate.type)
    if rule is None or rule.becomes is None:
        return candidate.type, candidate.mode, False
    return rule.becomes, rule.mode, True


def _same_side(one: Actor, other: Actor) -> bool:
    a, b = one.participant, other.participant
    if a.entity and a.entity == b.entity:
        return True
    if a.country and a.country == b.country:
        return True
    return a.name.lower() == b.name.lower()
