"""How large an event was: counted people, weapons and money in its clause."""

from schemas import ParsedText, Token
from schemas.events import Amount, Magnitude

from . import slots, syntax
from .candidates import Candidate
from .facts import Facts
from .frames import Lexicon
from .scope import Scope

PAYING = frozenset(
    {"AGREE", "AID", "COOPERATE", "REQUEST", "REJECT", "SANCTION", "COERCE", "CONCEDE", "SUPPORT"}
)
DEAD = frozenset(
    {"kill", "killing", "die", "dead", "death", "murder", "massacre", "slay", "execute"}
)
INJURED = frozenset({"injure", "wound", "injury", "hurt", "injured", "wounded"})
ARRESTED = frozenset({"arrest", "detain", "jail", "imprison", "round"})


def read_magnitude(
    doc: ParsedText, candidate: Candidate, scope: Scope, facts: Facts, lexicon: Lexicon
) -> Magnitude | None:
    """Counted people, weapons and money in the event's clause."""
    counts: dict[str, float] = {}
    for token in scope.clause:
        kind = _counted(token, candidate)
        if kind is None or kind in counts:
            continue
        for head in _counted_heads(doc, token):
            number = _number(doc, head, facts)
            if number is not None:
                counts[kind] = number
                break
    if candidate.type in ("MOBILIZE", "AID", "RETREAT", "AGREE", "ASSAULT"):
        _count_forces(doc, scope, facts, lexicon, counts)
    amount = _amount(scope, facts) if candidate.type in PAYING else None
    if not counts and amount is None:
        return None
    return Magnitude.model_validate({**counts, "amount": amount})


def _counted(token: Token, candidate: Candidate) -> str | None:
    lemma = token.lemma.lower()
    if lemma in DEAD and candidate.type == "ASSAULT":
        return "dead"
    if lemma in INJURED and candidate.type in ("ASSAULT", "PROTEST"):
        return "injured"
    if lemma in ARRESTED and candidate.type in ("COERCE", "PROTEST"):
        return "arrested"
    return None


def _counted_heads(doc: ParsedText, token: Token) -> list[int]:
    if syntax.is_verb(token):
        return slots.verb_slot(doc, token.i, "object")
    return [*syntax.prepositional(doc, token.i, "of"), token.i]


def _number(doc: ParsedText, head: int, facts: Facts) -> float | None:
    """The number of what the phrase counts: "at least 12 people", "twelve"."""
    tokens = [head, *(c.i for c in doc.children(head) if c.dep in ("nummod", "amod"))]
    return next((facts.numbers[i] for i in tokens if i in facts.numbers), None)


def _count_forces(
    doc: ParsedText, scope: Scope, facts: Facts, lexicon: Lexicon, counts: dict[str, float]
) -> None:
    for token in scope.clause:
        lemma = token.lemma.lower()
        for kind, name in (("troops", "troops"), ("weapons", "weapons")):
            if kind not in counts and lemma in lexicon.classes[name]:
                number = _number(doc, token.i, facts)
                if number is not None:
                    counts[kind] = number


def _amount(scope: Scope, facts: Facts) -> Amount | None:
    for token in scope.clause:
        if (money := facts.money.get(token.i)) is not None:
            return Amount(amount=money.amount, currency=money.currency)
    return None
