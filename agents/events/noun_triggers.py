"""Event nouns as triggers: who owns the act, who lends it a subject, whom it reaches."""

from schemas import ParsedText, Token

from . import syntax
from .actor import Actor
from .candidates import Candidate, settle
from .frames import Frame, Lexicon, Trigger
from .participants import Cast
from .roles import NOUN_POS, Roles

OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "oprd"})
LENDERS = ("cancel", "lift", "reversed", "light")
MODIFIERS = frozenset({"amod", "compound", "nmod", "punct", "advmod", "npadvmod"})


class NounMatcher:
    """Matches event nouns of one article against frames."""

    def __init__(self, doc: ParsedText, cast: Cast, lexicon: Lexicon, roles: Roles) -> None:
        self.doc = doc
        self.cast = cast
        self.lexicon = lexicon
        self.roles = roles

    def match(self, token: Token, trigger: Trigger) -> Candidate | str:
        """A candidate, or why there is none (empty: nothing to say)."""
        words = self._before(token, trigger.words)
        if words is None:
            return ""
        frame = trigger.frame
        if self._is_restricted(token):
            return "restricted or alleged, not told"
        if reason := self._noun_conditions(token, frame):
            return reason
        if frame.needs and self._lacks(token.i, frame):
            return "a phrase that the frame needs is missing"
        verb, pattern = self._lender(token)
        candidate = Candidate(
            trigger=token.i,
            words=tuple(sorted({token.i, *words})),
            anchor=verb if verb is not None else token.i,
            frame=frame,
            type=frame.type,
            mode=frame.mode,
            pattern=pattern,
        )
        lent = self._lent(verb, pattern)
        candidate.speaker = "speaker" in frame.noun_actor
        actors = self.roles.owners(token.i, frame.noun_actor, without=candidate.words)
        if pattern == "reversed":
            candidate.actors = actors or self._by_from(verb)
            candidate.recipients = lent
        else:
            if "subject" in frame.noun_actor and lent:
                actors = lent if not frame.mutual else lent + actors
            candidate.actors = actors
            candidate.recipients = self.roles.owners(token.i, frame.noun_recipient, verb, stop=True)
        return settle(candidate)

    def _is_restricted(self, token: Token) -> bool:
        """In "a ban on protests" nobody protests."""
        if token.dep != "pobj":
            return False
        above = self.doc.head(self.doc.tokens[token.i].head)
        return above.pos == "NOUN" and above.lemma in self.lexicon.grammar["restricting"]

    def _noun_conditions(self, token: Token, frame: Frame) -> str | None:
        """Other senses by what the noun is of, on or against: "war on inflation"."""
        if frame.not_object:
            places = [token.i, self.doc.tokens[token.i].head]
            for slot in ("on", "against", "of", "with", "for"):
                heads = [h for at in places for h in syntax.prepositional(self.doc, at, slot)]
                if self.roles.any_of(heads, frame.not_object):
                    return "object makes another sense"
        if frame.subject:
            verb, pattern = self._lender(token)
            actors = self.roles.owners(token.i, frame.noun_actor)
            actors += self._lent(verb, pattern)
            if not any(self.roles.fits_actor(a, frame.subject) for a in actors):
                return "subject is not of the frame's class"
        return None

    def _by_from(self, verb: int | None) -> list[Actor]:
        if verb is None:
            return []
        return [
            a
            for word in ("from", "by")
            for p in syntax.prepositional(self.doc, verb, word)
            for a in self.roles.actors(p)
        ]

    def _before(self, token: Token, words: tuple[str, ...]) -> list[int] | None:
        """Tokens of the words that must modify the noun; None if one is missing."""
        first, last = syntax.noun_phrase(self.doc, token.i)
        phrase = [t for t in self.doc.tokens[first:last] if t.dep in MODIFIERS]
        found = []
        for word in words:
            match = next((t.i for t in phrase if word in (t.text.lower(), t.lemma.lower())), None)
            if match is None:
                return None
            found.append(match)
        return found

    def _lender(self, token: Token) -> tuple[int | None, str]:
        """The verb that lends the noun its subject, and how."""
        i, dep, head = token.i, token.dep, self.doc.head(token.i)
        while dep == "conj" and head.pos in NOUN_POS:
            i, dep, head = head.i, head.dep, self.doc.head(head.i)
        while dep == "pobj" and head.text.lower() == "of" and self._is_time_noun(head.head):
            # "for two days of talks": the talks are what it is for.
            noun = self.doc.tokens[head.head]
            i, dep, head = noun.i, noun.dep, self.doc.head(noun.i)
        if dep == "pobj" and head.dep in ("prep", "agent"):
            above = self.doc.head(head.i)
            kind = self._lends_by(above, head.text.lower(), token.i)
            return (above.i, kind) if kind else (syntax.clause_verb(self.doc, i), "noun")
        if dep not in OBJECTS or not syntax.is_verb(head):
            return syntax.clause_verb(self.doc, i), "noun"
        grammar = self.lexicon.grammar
        kind = next((name for name in LENDERS if head.lemma in grammar[name]), "noun")
        return head.i, kind

    def _is_time_noun(self, i: int) -> bool:
        return self.doc.tokens[i].lemma in self.lexicon.grammar["time_nouns"]

    def _lends_by(self, verb: Token, word: str, i: int) -> str | None:
        """Whether "engage in talks" or "…, in consultation with allies," lends its subject."""
        grammar = self.lexicon.grammar
        if not syntax.is_verb(verb):
            return None
        own_object = syntax.children(self.doc, verb.i, frozenset({"dobj"}))
        words = grammar["light_prepositions"]
        if word in words and verb.lemma in grammar["light"] and not own_object:
            return "light"
        with_somebody = bool(syntax.prepositional(self.doc, i, "with"))
        return {"in": "aside", "for": "light"}.get(word) if with_somebody else None

    def _lent(self, verb: int | None, pattern: str) -> list[Actor]:
        if verb is None or pattern == "noun":
            return []
        return [
            actor for head in self.roles.slot(verb, "subject") for actor in self.roles.actors(head)
        ]

    def _lacks(self, i: int, frame: Frame) -> bool:
        """Whether noun `i` lacks a phrase that its frame needs."""
        places = [i, *(token.i for token in self.doc.ancestors(i) if syntax.is_verb(token))]
        return not all(
            any(syntax.prepositional(self.doc, at, slot) for at in places)
            for slot, _ in frame.needs
        )
