"""Modality and attribution of a clause: is it said, planned, denied, past, and by whom.

Decided on the clause that governs the trigger, never on the document.
"""

from typing import Final, Literal

from schemas import ParsedText, Token

from .grammar import is_verb, subject
from .lexicon import lexicon
from .reading import Reading

Modality = Literal["fact", "negated", "denied", "hypothetical", "planned", "historical"]

_LONG: Final = 12
"""Months after which what was done is told as history."""
_COMPLEMENTS: Final = frozenset({"xcomp", "ccomp", "pcomp", "dobj", "prep", "advcl", "acl"})


def modality(reading: Reading, verb: Token | None) -> Modality:
    """What the clause of a verb claims.

    Args:
        reading: The article.
        verb: Head of the clause; None for a bare noun phrase, which claims nothing of its own.
    """
    if verb is None:
        return "fact"
    parse = reading.parse
    auxiliaries = {child.text.lower() for child in parse.children(verb.i) if child.dep == "aux"}
    claims: tuple[tuple[Modality, bool], ...] = (
        ("denied", _denied(parse, verb)),
        ("negated", _negated(parse, verb)),
        (
            "hypothetical",
            bool(auxiliaries & lexicon().speech["may"]) or _conditional(parse, verb),
        ),
        ("planned", bool(auxiliaries & lexicon().speech["will"]) or _intended(parse, verb)),
        ("historical", _long_ago(reading, verb)),
    )
    return next((claim for claim, holds in claims if holds), "fact")


def attribution(reading: Reading, token: Token) -> tuple[list[str], Token | None]:
    """Who says it: names as written, innermost first, and the nearest speaker's head."""
    parse, speech = reading.parse, lexicon().speech
    names: list[str] = []
    nearest: Token | None = None
    below = token
    for ancestor in parse.ancestors(token.i):
        if ancestor.lemma in speech["say"] | speech["deny"] and _is_content(parse, below, ancestor):
            speaker = subject(parse, ancestor)
            if speaker is not None and speaker.i != token.i:
                names.append(reading.name_of(speaker))
                nearest = nearest or speaker
        below = ancestor
    if not names:
        names = [*_according_to(reading, token), *_quoted(reading, token)]
    return names, nearest


def _is_content(parse: ParsedText, below: Token, verb: Token) -> bool:
    """Whether the subtree of `below` is what `verb` reports, not its subject or speaker."""
    return below.dep in {
        "ccomp",
        "xcomp",
        "dobj",
        "prep",
        "acl",
        "advcl",
        "parataxis",
        "pcomp",
        "conj",
    }


def _denied(parse: ParsedText, verb: Token) -> bool:
    """`denied that it had …`, `denies selling`, `rejected the claim that it had …`."""
    speech = lexicon().speech
    below = verb
    for ancestor in parse.ancestors(verb.i):
        if below is verb and verb.dep == "amod":
            below = ancestor
            continue
        if is_verb(ancestor):
            claimed = below.lemma in speech["claim"] and ancestor.lemma in {"reject"}
            if (ancestor.lemma in speech["deny"] or claimed) and below.dep in _COMPLEMENTS:
                return True
            if below.dep not in {"xcomp", "conj", "prep"}:
                return False
        elif ancestor.lemma not in speech["claim"] and ancestor.dep not in {"prep", "pobj"}:
            return False
        below = ancestor
    return False


def _negated(parse: ParsedText, verb: Token) -> bool:
    if _unreal(parse, verb):
        return True
    for child in parse.children(verb.i):
        if child.dep == "neg" or (
            child.dep in {"advmod", "preconj"} and child.lemma in lexicon().speech["negation"]
        ):
            return True
        if child.dep in {"dobj", "nsubjpass"} and any(
            each.dep == "det" and each.text.lower() == "no" for each in parse.children(child.i)
        ):
            return True
    return False


def _unreal(parse: ParsedText, verb: Token) -> bool:
    """`refused to lift`, `stopped short of backing`."""
    below = verb
    for ancestor in parse.ancestors(verb.i):
        if is_verb(ancestor):
            if ancestor.lemma not in lexicon().speech["unreal"]:
                return False
            return ancestor.lemma != "stop" or any(
                child.text.lower() == "short" for child in parse.children(ancestor.i)
            )
        if below.dep not in {"xcomp", "pcomp"} and ancestor.text.lower() not in {"of", "short"}:
            return False
        below = ancestor
    return False


def _conditional(parse: ParsedText, verb: Token) -> bool:
    for child in parse.children(verb.i):
        if child.dep == "mark" and child.text.lower() in {"if", "unless", "until", "whether"}:
            return True
    if verb.dep == "xcomp":
        head = parse.head(verb.i)
        return any(
            child.dep == "aux" and child.text.lower() in lexicon().speech["may"]
            for child in parse.children(head.i)
        )
    return False


def _intended(parse: ParsedText, verb: Token) -> bool:
    if verb.dep != "xcomp":
        return False
    head = parse.head(verb.i)
    if head.lemma in lexicon().speech["plan"] or head.lemma == "be":
        return True
    return any(
        child.dep == "aux" and child.text.lower() in lexicon().speech["will"]
        for child in parse.children(head.i)
    )


def _long_ago(reading: Reading, verb: Token) -> bool:
    """Whether a date of the clause lies well before publication (a year alone: an earlier one)."""
    if verb.tag not in {"VBD", "VBN"}:
        return False
    published = reading.record.article.published
    inside = {child.i for child in reading.parse.children(verb.i)} | {
        grandchild.i
        for child in reading.parse.children(verb.i)
        if child.dep in {"prep", "npadvmod"}
        for grandchild in reading.parse.children(child.i)
    }
    for date in reading.record.dates or []:
        tokens = reading.parse.between(date.start, date.end)
        if date.value and any(token.i in inside for token in tokens):
            if published is None:
                return any(char.isdigit() for char in date.text)
            return _months(published.value) - _months(date.until or date.value) >= _LONG
    return False


def _months(value: str) -> int:
    """Months since year 0 of an ISO date; the end of the year where no month is given."""
    month = value[5:7]
    return int(value[:4]) * 12 + (int(month) if month.isdigit() else 12)


def _according_to(reading: Reading, token: Token) -> list[str]:
    """The source of `according to …`, whether the parser hung it on `to` or on `according`."""
    parse = reading.parse
    for each in parse.sentence(token.i):
        if each.text.lower() != "according":
            continue
        for child in parse.children(each.i):
            sources = (child, *parse.children(child.i)) if child.text.lower() == "to" else (child,)
            for source in sources:
                if source.dep == "pobj":
                    return [reading.name_of(source)]
    return []


def _quoted(reading: Reading, token: Token) -> list[str]:
    for quote in reading.record.quotes or []:
        if quote.start <= token.start < quote.end and quote.speaker:
            speaker = reading.entities.get(quote.speaker)
            if speaker is not None:
                return [speaker.name]
    return []
