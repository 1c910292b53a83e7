"""Triggers of the lexicon found in a parse: the candidates for events."""

from collections.abc import Callable
from typing import Any

from schemas import ParsedText, Token

from .candidates import Candidate, Miss
from .frames import Lexicon, Trigger
from .noun_triggers import NounMatcher
from .participants import Cast
from .roles import NOUN_POS, Roles
from .verb_triggers import VerbMatcher

UNTRIGGERED = frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "WORK_OF_ART", "FAC"})
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
        roles = Roles(doc, cast, lexicon)
        self.verbs = VerbMatcher(doc, cast, lexicon, roles)
        self.nouns = NounMatcher(doc, cast, lexicon, roles)
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
            return self._first(token, self.lexicon.verbs[lemma], self.verbs.match)
        if token.pos in NOUN_POS and token.dep not in ("compound", "nmod", "amod"):
            triggers = self.lexicon.nouns.get(lemma) or self.lexicon.nouns.get(token.text.lower())
            if triggers and not self._inside_name(token):
                return self._first(token, triggers, self.nouns.match)
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
