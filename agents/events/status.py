"""How real an event is told to be: asserted, planned, hypothetical, negated, denied."""

from schemas import ParsedText, Token
from schemas.events import EventStatus

from . import syntax
from .candidates import Candidate
from .frames import Lexicon

RANK: tuple[EventStatus, ...] = (
    "denied", "negated", "hypothetical", "planned", "historical", "asserted",
)  # fmt: skip
# What a governing word makes of the clause or noun that hangs on it by one of the labels.
GOVERNORS: tuple[tuple[EventStatus, str, frozenset[str]], ...] = (
    ("denied", "denying", frozenset({"xcomp", "ccomp", "pcomp", "acl", "prep", "pobj", "dobj"})),
    ("negated", "negating", frozenset({"xcomp", "pcomp", "prep", "dobj"})),
    ("hypothetical", "hypothetical", frozenset({"xcomp", "ccomp", "pcomp"})),
    ("planned", "planned", frozenset({"xcomp", "ccomp"})),
    ("planned", "noun_planned", frozenset({"acl", "prep"})),
    ("hypothetical", "noun_hypothetical", frozenset({"acl", "prep", "pcomp"})),
)
COMPLEMENTS = frozenset({"acomp", "xcomp", "ccomp", "pcomp", "acl", "prep", "pobj", "dobj"})
CLIMB = frozenset(
    {"acomp", "xcomp", "ccomp", "conj", "pcomp", "advcl", "acl", "pobj", "prep", "dobj"}
)


def read_status(doc: ParsedText, candidate: Candidate, lexicon: Lexicon) -> EventStatus:
    """The status by grammar alone; `historical` is told by dates, elsewhere."""
    found: set[EventStatus] = set()
    i = candidate.trigger
    if not syntax.is_verb(doc.tokens[i]):
        found |= _noun_marks(doc, i, lexicon)
    verb = syntax.clause_verb(doc, candidate.anchor)
    if verb is not None and _shares_fate(doc, candidate, verb):
        found |= _verb_marks(doc, verb, lexicon)
    elif (
        verb is not None
        and doc.tokens[i].dep == "nsubj"
        and _own_marks(doc, verb, lexicon) & {"hypothetical", "planned"}
    ):
        # "an attack would violate the truce": the act is no more certain than its effect.
        found.add("hypothetical")
    if not found and _asked(doc, i):
        found.add("hypothetical")
    for status in RANK:
        if status in found:
            return status
    return "asserted"


def _shares_fate(doc: ParsedText, candidate: Candidate, verb: int) -> bool:
    """Whether the verb's mood is the noun's.

    It is in "may attack" and "may launch an attack", not in "the attack may hurt relations".
    """
    if candidate.trigger == verb or candidate.pattern in ("light", "reversed", "cancel", "lift"):
        return True
    token = doc.tokens[candidate.trigger]
    return token.dep in ("dobj", "attr", "nsubjpass") or doc.tokens[verb].lemma in (
        "be", "take", "happen", "occur", "begin", "start", "continue", "resume",
    )  # fmt: skip


def is_unwilling(doc: ParsedText, candidate: Candidate, lexicon: Lexicon) -> bool:
    """Whether a negated act is one refused for the future: "will not meet", "would not meet"."""
    verb = syntax.clause_verb(doc, candidate.anchor)
    words = lexicon.grammar["modal_planned"] | {"would"}
    return verb is not None and any(
        child.dep == "aux" and child.text.lower() in words for child in doc.children(verb)
    )


def _asked(doc: ParsedText, i: int) -> bool:
    return doc.sentence(i)[-1].text == "?"


def _noun_marks(doc: ParsedText, i: int, lexicon: Lexicon) -> set[EventStatus]:
    grammar, found = lexicon.grammar, set[EventStatus]()
    for child in doc.children(i):
        word = child.text.lower()
        if child.dep in ("det", "neg") and word in grammar["negators"]:
            found.add("negated")
        if child.dep == "amod" and child.lemma.lower() in grammar["adjective_hypothetical"]:
            found.add("hypothetical")
        if child.dep == "amod" and child.lemma.lower() in grammar["adjective_planned"]:
            found.add("planned")
    token = doc.tokens[i]
    above = doc.head(i)
    if token.dep == "dobj" and above.lemma.lower() in grammar["hypothetical"]:
        found.add("hypothetical")
    if token.dep == "pobj":
        if above.text.lower() == "without":
            found.add("negated")
        noun = doc.head(above.i)
        if noun.lemma in grammar["noun_hypothetical"]:
            found.add("hypothetical")
        if noun.lemma in grammar["noun_planned"]:
            found.add("planned")
        if noun.lemma in grammar["denying"]:
            found.add("denied")
    return found


def _verb_marks(doc: ParsedText, verb: int, lexicon: Lexicon) -> set[EventStatus]:
    """Marks on the verb's own group and on the verbs that govern it."""
    found = _own_marks(doc, verb, lexicon)
    token = doc.tokens[verb]
    grammar = lexicon.grammar
    for _ in range(4):
        above = doc.head(token.i)
        if above.i == token.i or token.dep not in CLIMB:
            break
        if token.dep == "conj":
            if _has_own_subject(doc, token):
                break
            found |= {s for s in _own_marks(doc, above.i, lexicon) if s != "negated"}
        elif token.dep in COMPLEMENTS:
            found |= _governor_marks(above, token, grammar)
            if token.dep in ("xcomp", "acomp") and syntax.is_verb(above):
                found |= _own_marks(doc, above.i, lexicon)
        elif token.dep == "advcl" and not _has_own_subject(doc, token) and _is_purpose(doc, token):
            found |= {s for s in _own_marks(doc, above.i, lexicon) if s != "negated"}
            if "hypothetical" not in found and "planned" not in found:
                found.add("planned")
        token = above
    return found


def _has_own_subject(doc: ParsedText, token: Token) -> bool:
    return any(child.dep in ("nsubj", "nsubjpass") for child in doc.children(token.i))


def _is_purpose(doc: ParsedText, token: Token) -> bool:
    return token.tag == "VB" and any(
        child.dep == "aux" and child.text.lower() == "to" for child in doc.children(token.i)
    )


def _governor_marks(
    above: Token, token: Token, grammar: dict[str, frozenset[str]]
) -> set[EventStatus]:
    lemma = above.lemma.lower()
    for status, words, deps in GOVERNORS:
        if lemma in grammar[words] and token.dep in deps:
            return {status}
    return set()


def _own_marks(doc: ParsedText, verb: int, lexicon: Lexicon) -> set[EventStatus]:
    grammar, found = lexicon.grammar, set[EventStatus]()
    reported = _under_past_report(doc, verb, grammar)
    conditional_child = False
    for child in doc.children(verb):
        word = child.text.lower()
        if _negates(doc, child, grammar):
            found.add("negated")
        elif child.dep == "aux" and word in grammar["modal_planned"]:
            found.add("planned")
        elif child.dep == "aux" and word in grammar["modal_hypothetical"]:
            found.add("planned" if reported and word in ("would", "'d", "’d") else "hypothetical")
        elif child.dep in ("mark", "advmod") and word in grammar["conditional"]:
            found.add("hypothetical")
        elif child.dep == "advcl" and any(
            mark.text.lower() in ("if", "unless") and mark.dep == "mark"
            for mark in doc.children(child.i)
        ):
            conditional_child = True
        elif child.dep == "advmod" and word in ("perhaps", "possibly", "maybe"):
            found.add("hypothetical")
    if conditional_child and (found & {"planned"} or not found):
        found.discard("planned")
        found.add("hypothetical")
    token = doc.tokens[verb]
    if token.tag == "VB" and _goes_to(doc, token):
        found.add("planned")
    if token.dep == "csubj" and any(
        c.dep == "aux" and c.text.lower() in grammar["modal_hypothetical"]
        for c in doc.children(token.head)
    ):
        # "seizing them would be wrong"
        found.add("hypothetical")
    return found


def _goes_to(doc: ParsedText, token: Token) -> bool:
    """For "is to meet": a bare infinitive with "to" right below a form of "be"."""
    above = doc.head(token.i)
    if token.dep == "xcomp" and above.lemma == "be" and above.i < token.i:
        return True
    auxiliaries = [c for c in doc.children(token.i) if c.dep == "aux"]
    return any(c.lemma == "be" for c in auxiliaries) and any(c.tag == "TO" for c in auxiliaries)


def _negates(doc: ParsedText, child: Token, grammar: dict[str, frozenset[str]]) -> bool:
    """Whether a child of a verb negates it: "not", "never", "no soldier", "nobody"."""
    word = child.text.lower()
    if child.dep == "neg" or (child.dep == "advmod" and word in grammar["negators"]):
        return True
    if child.dep not in ("nsubj", "nsubjpass", "dobj", "attr"):
        return False
    return word in ("nobody", "none", "nothing") or any(
        below.dep in ("det", "neg") and below.text.lower() in ("no", "neither")
        for below in doc.children(child.i)
    )


def _under_past_report(doc: ParsedText, verb: int, grammar: dict[str, frozenset[str]]) -> bool:
    """For "said it would send": future seen from the past, not a condition."""
    token = doc.tokens[verb]
    for _ in range(3):
        above = doc.head(token.i)
        if above.i == token.i:
            return False
        if token.dep in ("ccomp", "parataxis") and above.tag in ("VBD", "VBN"):
            return above.lemma in grammar["report"] or above.lemma in grammar["planned"]
        if token.dep not in ("conj", "xcomp", "ccomp"):
            return False
        token = above
    return False
