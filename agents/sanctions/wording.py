"""A measure as found in the text, made into a finding: status, attribution, evidence, legal act."""

import re
from dataclasses import dataclass
from typing import Final

from schemas import Token

from .actions import EXISTING
from .finding import Finding
from .grammar import is_verb, patient, phrase
from .lexicon import lexicon
from .reading import Reading
from .status import attribution, modality

_PRESENT: Final = frozenset({"VBZ", "VBP", "VB"})
_ACT: Final = re.compile(
    r"\b(?:(?:U\.?N\.?|United Nations|Security Council|UNSC)[\w\s.]{0,30}?)?"
    r"[Rr]esolutions?\s+\d{3,4}\b"
    r"|\bExecutive Order\s+\d{5}\b|\bE\.?O\.?\s+\d{5}\b"
    r"|\b[Rr]egulation\s+(?:\(EU\)\s+)?(?:No\.?\s+)?\d{2,4}/\d{2,4}\b"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A measure before its clause is read.

    Attributes:
        trigger: The word it hangs on.
        head: Head of the phrase that is its evidence.
        subtype: Kind of measure.
        rule: Rule that found it.
        roles: (role, head of noun phrase).
        action: What is done to it.
        governor: The verb that decides whether that is real; None for a bare noun phrase.
        doubt: Why a person should look at it, if so.
    """

    trigger: Token
    head: Token
    subtype: str
    rule: str
    roles: list[tuple[str, Token]]
    action: str
    governor: Token | None
    doubt: str | None = None


def finish(reading: Reading, draft: Draft) -> Finding:
    """The finding of a draft."""
    claim = modality(reading, draft.governor)
    said, _ = attribution(reading, draft.governor or draft.trigger)
    head = draft.head
    if claim == "historical" and draft.trigger.tag in _PRESENT:
        # A resolution passed long ago that forbids something today still forbids it.
        status = EXISTING
    else:
        status = draft.action if claim == "fact" else claim
    own = phrase(reading.parse, head) if not is_verb(head) else _deed(reading, draft)
    return Finding(
        type="measure",
        subtype=draft.subtype,
        status=status,
        rule=draft.rule,
        trigger=draft.trigger,
        roles=draft.roles,
        spans=[own, *(reading.span_of(each) for _, each in draft.roles)],
        action=draft.action,
        attribution=said,
        legal_act=legal_act(_sentence(reading, draft.trigger)),
        confidence=0.6 if draft.doubt else 0.8,
        reason=draft.doubt,
    )


def _deed(reading: Reading, draft: Draft) -> tuple[int, int]:
    """A verb with the object that makes it a measure: `froze the assets`."""
    verb = draft.head
    thing = patient(reading.parse, verb)
    takes_things = any(
        verb.lemma in frame.lemmas and frame.object == "asset" for frame in lexicon().verbs
    )
    if not takes_things or thing is None or thing.i < verb.i:
        return verb.start, verb.end
    return verb.start, thing.end


def legal_act(text: str) -> str | None:
    """The resolution, order or regulation that a stretch of text names by number."""
    found = _ACT.search(text)
    return " ".join(found.group().split()) if found else None


def has_legal_act(reading: Reading, token: Token) -> bool:
    """Whether the token's sentence names a legal act by number."""
    return legal_act(_sentence(reading, token)) is not None


def _sentence(reading: Reading, token: Token) -> str:
    return reading.parse.text[slice(*reading.sentence_span(token))]
