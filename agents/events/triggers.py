"""Triggers of the lexicon found in a parse: the candidates for events."""

from collections.abc import Callable
from typing import Any

from schemas import ParsedText, Token

from . import syntax
from .candidates import Candidate, Miss, settle
from .frames import Frame, Lexicon, Trigger
from .participants import Actor, Cast
from .roles import NOUN_POS, Roles

PARTICLES = frozenset({"off", "out", "down", "up", "over", "away", "back"})
OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "oprd"})
LENDERS = ("cancel", "lift", "reversed", "light")
UNTRIGGERED = frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "WORK_OF_ART", "FAC"})
MODIFIERS = frozenset({"amod", "compound", "nmod", "punct", "advmod", "npadvmod"})
BESIDE = frozenset(
    {"prt", "prep", "advmod", "dobj", "acomp", "oprd", "agent", "ccomp", "xcomp", "dative"}
)
Match = Callable[[Token, Trigger], Candidate | str]
"""Matches a trigger at a token: a candidate, or why there is none (empty: nothing to say)."""


class Finder:
    """Finds candidates in one article.

    Args:
        doc: The parse.
        cast: Who stands behind head tokens.
        lexicon: The frames.
    """

    def __init__(self, doc: ParsedText, cast: Cast, lexicon: Lexicon) -> None:
        self.doc = doc
        self.cast = cast
        self.lexicon = lexicon
        self.roles = Roles(doc, cast, lexicon)
        self.misses: list[Miss] = []

    def find(self) -> list[Candidate]:
        """All candidates in order of the text; triggers without a fitting frame go to `misses`."""
        found: list[Candidate] = []
        for token in self.doc.tokens:
            candidate = self._at(token)
            if candidate is not None:
                found.append(candidate)
        return found

    def _at(self, token: Token) -> Candidate | None:
        lemma = token.lemma.lower()
        if lemma in self.lexicon.verbs and self._is_verb_trigger(token):
            return self._first(token, self.lexicon.verbs[lemma], self._verb)
        if token.pos in NOUN_POS and token.dep not in ("compound", "nmod", "amod"):
            triggers = self.lexicon.nouns.get(lemma) or self.lexicon.nouns.get(token.text.lower())
            if triggers and not self._inside_name(token):
                return self._first(token, triggers, self._noun)
        return None

    def _is_verb_trigger(self, token: Token) -> bool:
        if token.pos != "VERB" and not (token.pos == "AUX" and token.dep not in ("aux", "auxpass")):
            return False
        return token.dep not in ("amod", "compound", "aux", "auxpass", "nmod", "case", "prep")

    def _inside_name(self, token: Token) -> bool:
        mention = self.cast.mention_at(token.i)
        return mention is not None and mention.label in UNTRIGGERED

    def _first(self, token: Token, triggers: list[Trigger], match: Match) -> Candidate | None:
        """The first trigger that matches with its roles filled, else the first that matches.

        If none does, the first reason why not is kept.
        """
        reason: tuple[str, str] | None = None
        second: Candidate | None = None
        for trigger in triggers:
            result = match(token, trigger)
            if isinstance(result, Candidate):
                if self._filled(result):
                    return result
                second = second or result
            elif result and reason is None:
                reason = (trigger.frame.id, result)
        if second is not None:
            return second
        if reason is not None:
            self.misses.append(Miss(token.i, *reason))
        return None

    def _filled(self, candidate: Candidate) -> bool:
        """Whether the gate's roles have somebody in them; who it is, is asked later."""
        gate: dict[str, Any] = self.lexicon.gates["gate"][candidate.frame.gate]
        actors, recipients = candidate.actors, candidate.recipients
        if candidate.speaker or candidate.frame.operator:
            return True
        if gate.get("both") or "recipient" in gate:
            return bool(recipients) and (bool(actors) or not gate.get("both"))
        return len(actors) + len(recipients) >= int(gate.get("parties", 1))

    def _verb(self, token: Token, trigger: Trigger) -> Candidate | str:
        words = self._beside(token, trigger.words)
        if words is None:
            return ""
        frame = trigger.frame
        self._free_object(token.i, words)
        if reason := self._conditions(token.i, frame):
            return reason
        if self._is_asked(token):
            return "asked, not told"
        anchor = token.i
        candidate = Candidate(
            trigger=token.i,
            words=tuple(sorted({token.i, *words})),
            anchor=anchor,
            frame=frame,
            type=frame.type,
            mode=self._mode(token.i, frame),
            pattern="passive" if syntax.is_passive(self.doc, token.i) else "verb",
        )
        candidate.speaker = "speaker" in frame.actor
        candidate.actors = self.roles.fill(token.i, frame.actor)
        candidate.recipients = self.roles.fill(token.i, frame.recipient, stop=True)
        return settle(candidate)

    def _free_object(self, i: int, words: list[int]) -> None:
        """In "broke off ties" the ties may hang on "off" as if it were a preposition."""
        heads = [
            p
            for word in words
            if self.doc.tokens[word].text.lower() in PARTICLES
            for p in syntax.children(self.doc, word, syntax.POBJ)
        ]
        if heads and not self.roles.slot(i, "object"):
            self.roles.give(i, "object", heads)

    def _beside(self, token: Token, words: tuple[str, ...]) -> list[int] | None:
        """Tokens of the particle or preposition that the trigger needs; None if one is missing."""
        found = []
        for word in words:
            match = next(
                (
                    child.i
                    for child in self.doc.children(token.i)
                    if child.text.lower() == word and child.dep in BESIDE
                ),
                None,
            )
            if match is None:
                # The particle may stand at once behind without hanging on the verb.
                after = self.doc.tokens[token.i + 1 : token.i + 2]
                if not after or after[0].text.lower() != word or after[0].pos not in ("ADP", "ADV"):
                    return None
                match = after[0].i
            found.append(match)
        return found

    def _conditions(self, i: int, frame: Frame) -> str | None:
        objects = self.roles.slot(i, "object")
        if frame.object and not self.roles.any_of(objects, frame.object):
            return "object is not of the frame's class"
        if frame.not_object and self.roles.any_of(objects, frame.not_object):
            return "object makes another sense"
        subjects = self.roles.slot(i, "subject")
        if frame.subject and not self.roles.any_of(subjects, frame.subject):
            return "subject is not of the frame's class"
        if frame.not_subject and self.roles.any_of(subjects, frame.not_subject):
            return "subject makes another sense"
        for slot, needed in frame.needs:
            if not self._needs(i, slot, needed, objects, subjects):
                return f"no fitting {slot}"
        return None

    def _is_asked(self, token: Token) -> bool:
        """For "asks which general invaded Russia": nobody says that one did."""
        return token.dep == "ccomp" and any(
            below.tag == "WDT" and below.dep == "det"
            for subject in syntax.children(self.doc, token.i, syntax.SUBJECTS)
            for below in self.doc.children(subject)
        )

    def _needs(
        self, i: int, slot: str, needed: frozenset[str], objects: list[int], subjects: list[int]
    ) -> bool:
        if slot.endswith("-words"):
            known = {"object": objects, "subject": subjects}
            name = slot.removesuffix("-words")
            heads = known[name] if name in known else self.roles.slot(i, name)
            return any(
                token.text.lower() in needed or token.lemma.lower() in needed
                for head in heads
                for token in self.doc.subtree(head)
            )
        if slot == "complement":
            return any(
                child.lemma in needed
                for child in self.doc.children(i)
                if child.dep in ("xcomp", "ccomp", "advcl")
            )
        if slot == "anywhere":
            return any(
                not self.cast.is_time(head)
                for word in sorted(needed)
                for head in self.roles.slot(i, word)
            )
        heads = self.roles.slot(i, slot)
        if not needed:
            heads = [h for h in heads if not self.cast.is_time(h)]
        return bool(heads) and (not needed or self.roles.any_of(heads, needed))

    def _mode(self, i: int, frame: Frame) -> str | None:
        slots = ("object", "for", "to") if frame.modes_by_word else ()
        heads = [head for slot in slots for head in self.roles.slot(i, slot)]
        for mode, wanted in frame.modes_by_word:
            if self.roles.any_of(heads, wanted):
                return mode
        return frame.mode

    def _noun(self, token: Token, trigger: Trigger) -> Candidate | str:
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
        if dep == "pobj" and head.dep in ("prep", "agent"):
            above = self.doc.head(head.i)
            kind = self._lends_by(above, head.text.lower(), token.i)
            return (above.i, kind) if kind else (syntax.clause_verb(self.doc, i), "noun")
        if dep not in OBJECTS or not syntax.is_verb(head):
            return syntax.clause_verb(self.doc, i), "noun"
        grammar = self.lexicon.grammar
        kind = next((name for name in LENDERS if head.lemma in grammar[name]), "noun")
        return head.i, kind

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
