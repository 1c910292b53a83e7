"""Whom a pronoun stands for: the speaker, an owner nearby, the governing or a former subject.

Simple and cautious: agreement is checked between persons and things only, and no further back than
three sentences.
"""

from typing import TYPE_CHECKING, Protocol

from schemas import ParsedText, Token

from . import syntax
from .frames import Lexicon

if TYPE_CHECKING:
    from .actor import Actor

PERSONAL = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
IMPERSONAL = frozenset({"it", "they", "them", "its", "their", "theirs", "itself", "themselves"})
FIRST = frozenset({"we", "us", "our", "ours", "i", "me", "my", "ourselves", "myself"})
SUBJECTS = ("nsubj", "nsubjpass")
ARGUMENTS = (*SUBJECTS, "dobj", "pobj", "conj")
NEAR = 8
"""Tokens in which the owner before a possessive pronoun is looked for."""
LOOK_BACK = 3
"""Sentences that a pronoun's noun is looked for in, its own included."""


class Resolver(Protocol):
    """What is asked back of the cast."""

    doc: ParsedText
    lexicon: Lexicon

    def resolve(self, i: int, /) -> "Actor | None":
        """Who a head token stands for."""

    def named_first(self, entity: str, /) -> "Actor | None":
        """The entity as a participant, by its first mention."""

    def quote_speaker(self, token: Token, /) -> str | None:
        """Entity of the speaker of the quotation that the token stands in."""


def referent(cast: Resolver, i: int) -> "Actor | None":
    """Whom the pronoun at token `i` stands for."""
    word = cast.doc.tokens[i].text.lower()
    if word in FIRST:
        return _first_person(cast, i)
    if word in PERSONAL:
        return _before(cast, i, person=True)
    if word in IMPERSONAL:
        return (
            _owner_before(cast, i)
            or (_owner_near(cast, i) if cast.doc.tokens[i].tag == "PRP$" else None)
            or _governing_subject(cast, i)
            or _before(cast, i, person=False)
        )
    relative = syntax.resolve_relatives(cast.doc, [i])
    return cast.resolve(relative[0]) if relative and relative[0] != i else None


def _first_person(cast: Resolver, i: int) -> "Actor | None":
    """The speaker: of the quotation, of the verb above, of a verb of saying in the sentence."""
    doc, report = cast.doc, cast.lexicon.grammar["report"]
    speaker = cast.quote_speaker(doc.tokens[i])
    if speaker and (actor := cast.named_first(speaker)):
        return actor
    above = [token.i for token in doc.ancestors(i) if token.lemma in report]
    aside = [t.i for t in doc.sentence(i) if t.lemma in report and syntax.is_verb(t)]
    for verb in (*above, *aside):
        for subject in syntax.surface_subjects(doc, verb):
            if doc.tokens[subject].text.lower() not in FIRST and (actor := cast.resolve(subject)):
                return actor
    return None


def _owner_before(cast: Resolver, i: int) -> "Actor | None":
    """For "Russia's desperation in its war": an owner inside the same phrase owns again."""
    doc = cast.doc
    if doc.tokens[i].tag != "PRP$":
        return None
    for token in doc.ancestors(i):
        if syntax.is_verb(token):
            return None
        for child in syntax.children(doc, token.i, frozenset({"poss"})):
            if child < i and (actor := cast.resolve(child)):
                return actor
    return None


def _owner_near(cast: Resolver, i: int) -> "Actor | None":
    """The last owner shortly before, where the phrases were taken apart."""
    for token in reversed(cast.doc.tokens[max(0, i - NEAR) : i]):
        if token.dep == "poss" and token.pos == "PROPN" and token.sent == cast.doc.tokens[i].sent:
            actor = cast.resolve(token.i)
            if actor is not None and actor.label != "PERSON":
                return actor
    return None


def _governing_subject(cast: Resolver, i: int) -> "Actor | None":
    """For "Arnor announced it would send aid": it is Arnor."""
    doc = cast.doc
    own = syntax.clause_verb(doc, i)
    above = [] if own is None else [doc.tokens[own], *doc.ancestors(own)]
    for token in above:
        if not syntax.is_verb(token):
            continue
        for subject in syntax.surface_subjects(doc, token.i):
            if subject < i and doc.tokens[subject].text.lower() not in IMPERSONAL:
                actor = cast.resolve(subject)
                if actor is not None and not actor.thing and _may_be_it(actor):
                    return actor
    return None


def _may_be_it(actor: "Actor") -> bool:
    """A name of which nothing is known may be a place that was taken for a person."""
    p = actor.participant
    return actor.label != "PERSON" or not (p.sectors or p.country or " " in p.name)


def _before(cast: Resolver, i: int, *, person: bool) -> "Actor | None":
    """The last fitting subject before token `i`; else the last fitting noun."""
    doc, sent = cast.doc, cast.doc.tokens[i].sent
    for back in range(min(LOOK_BACK, sent + 1)):
        first, last = doc.sentences[sent - back]
        window = [
            token
            for token in doc.tokens[first : min(last, i)]
            if token.pos in ("NOUN", "PROPN") and token.dep in ARGUMENTS
        ]
        for token in sorted(window, key=lambda t: (t.dep not in SUBJECTS, -t.i)):
            actor = cast.resolve(token.i)
            if actor is not None and not actor.thing and _agrees(cast, actor, person=person):
                return actor
    return None


def _agrees(cast: Resolver, actor: "Actor", *, person: bool) -> bool:
    """He or she is a person, or a singular official ("the minister"); it and they are not."""
    if actor.label == "PERSON":
        return person
    token = cast.doc.tokens[actor.head]
    official = actor.label is None and token.tag == "NN" and bool(actor.participant.sectors)
    return official if person else True
