"""Who says so: the chain of speakers above an event, outermost first."""

from itertools import islice

from schemas import ParsedText
from schemas.events import Attribution

from . import slots, syntax
from .actor import Actor
from .candidates import Candidate
from .frames import Lexicon
from .participants import Cast

LONGEST_CHAIN = 3
ASIDE = frozenset({"parataxis", "ccomp", "advcl", "dep"})
BELOW = frozenset({"nsubj", "nsubjpass", "csubj", "relcl"})


def read_speakers(
    doc: ParsedText, candidate: Candidate, cast: Cast, lexicon: Lexicon
) -> list[tuple[Actor, str]]:
    """Speakers with the cue (lemma) of their verb, outermost first, at most three."""
    found: list[tuple[Actor, str]] = []
    start = candidate.trigger
    child = doc.tokens[start]
    for above in doc.ancestors(start):
        if above.i != candidate.anchor and _reports(doc, child.i, above.i, lexicon):
            _add(found, _subject(doc, cast, above.i), above.lemma)
        child = above
    if not found:
        for i in _parentheses(doc, start, lexicon):
            _add(found, _subject(doc, cast, i), doc.tokens[i].lemma)
    for head in _according(doc, start):
        _add(found, cast.resolve(head), "according to")
    if not found:
        found = _quoted(doc, start, cast)
    return list(reversed(found))[:LONGEST_CHAIN]


def as_attribution(speakers: list[tuple[Actor, str]]) -> list[Attribution]:
    """The record's form of the chain."""
    return [
        Attribution(entity=actor.participant.entity, name=actor.participant.name, cue=cue)
        for actor, cue in speakers
    ]


def _add(found: list[tuple[Actor, str]], actor: Actor | None, cue: str) -> None:
    if actor is None:
        return
    names = {(known.participant.entity, known.participant.name) for known, _ in found}
    if (actor.participant.entity, actor.participant.name) not in names:
        found.append((actor, cue))


def _subject(doc: ParsedText, cast: Cast, verb: int) -> Actor | None:
    for head in slots.verb_slot(doc, verb, "subject"):
        actor = cast.resolve(head)
        if actor is not None:
            return actor
    return None


def _reports(doc: ParsedText, child: int, verb: int, lexicon: Lexicon) -> bool:
    """Whether `verb` reports what hangs on it by `child`.

    Small parsers lose "that": "Kirby said Wednesday soldiers had traveled" hangs the clause on
    the weekday. So everything that follows a verb of saying inside its phrase is taken as said.
    """
    token = doc.tokens[verb]
    if token.lemma not in lexicon.grammar["report"] or not syntax.is_verb(token):
        return False
    if any(below.tag == "TO" for below in doc.children(verb)):
        return False  # "too soon to tell if": nobody tells
    below = doc.tokens[child]
    if below.dep == "advcl":
        return any(c.text.lower() == "if" and c.dep == "mark" for c in doc.children(child))
    if below.dep in BELOW or below.dep in ("conj", "parataxis"):
        return False
    return below.dep == "ccomp" or child > verb


def _parentheses(doc: ParsedText, i: int, lexicon: Lexicon) -> list[int]:
    """Verbs of saying set in or after what they report: "…, he said"."""
    chain = [i, *(token.i for token in doc.ancestors(i))]
    found = (
        child.i
        for link in chain
        for child in doc.children(link)
        if child.dep in ASIDE
        and child.i not in chain
        and child.lemma in lexicon.grammar["report"]
        and syntax.is_verb(child)
        and not any(below.dep in ("ccomp", "dobj") for below in doc.children(child.i))
    )
    return list(islice(found, 1))


def _according(doc: ParsedText, i: int) -> list[int]:
    for token in doc.sentence(i):
        if token.text.lower() == "according":
            for child in doc.children(token.i):
                if child.text.lower() == "to":
                    return [p.i for p in doc.children(child.i) if p.dep == "pobj"][:1]
    return []


def _quoted(doc: ParsedText, i: int, cast: Cast) -> list[tuple[Actor, str]]:
    speaker = cast.quote_speaker(doc.tokens[i])
    if not speaker:
        return []
    actor = cast.named_first(speaker)
    return [(actor, "quote")] if actor is not None else []
