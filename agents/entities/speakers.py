"""Who a cue's subject is: a name, a pronoun or a description ("the spokesman")."""

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas import ParsedText, Token
from schemas.entities import Entity, Mention

from .lexicon import words

SPEAKING: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})
PRONOUNS: Final = frozenset({"he", "she", "they", "who", "it", "i", "we", "you"})
UNNAMED: Final = words("unnamed_speakers")
SPEAK_FOR: Final = words("speak_for_owner")
SHARING: Final = frozenset({"conj", "xcomp", "advcl"})
"""Relations in which a verb without a subject has that of its head."""
_NEAR: Final = 14
"""Tokens between a cue and its subject where the parse does not tell."""
_REMEMBERED: Final = 12
"""Names that a pronoun may reach back over."""
_CHAINED: Final = 3
"""Verbs that may share a subject: "visited the border and argued"."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a cue; `entity` None where it is known to be none of the text's entities."""

    start: int
    end: int
    entity: str | None


class Speakers:
    """The possible speakers of one text."""

    def __init__(
        self, parsed: ParsedText, mentions: Sequence[Mention], entities: Sequence[Entity]
    ) -> None:
        self._parsed = parsed
        self._named = [mention for mention in mentions if mention.entity]
        self._starts = [mention.start for mention in self._named]
        self._entities = {entity.id: entity for entity in entities}
        self._genders = _genders(parsed.text, mentions)
        self._spoken: list[tuple[int, str]] = []

    def spoke(self, entity: str, end: int) -> None:
        """Remember who spoke up to where."""
        insort(self._spoken, (end, entity))

    def named_at(self, position: int) -> str | None:
        """The entity whose name begins at a place, after articles, titles and adjectives."""
        index = bisect_left(self._starts, position)
        for mention in self._named[index : index + 3]:
            if mention.start - position > 60 or "\n" in self._parsed.text[position : mention.start]:
                break
            if re.search(r"[,;.]\s", self._parsed.text[position : mention.start]):
                break
            if mention.label in SPEAKING:
                return mention.entity if mention.label != "NORP" else None
        return None

    def subject(self, cue: Token, start: int, end: int) -> Subject | None:
        """The subject of a cue between two places: by the parse, else the nearest that can be."""
        verb = cue
        for _ in range(_CHAINED):
            for child in self._parsed.children(verb.i):
                if child.dep in ("nsubj", "nsubjpass") and start <= child.start < end:
                    subject = self._of_token(child)
                    if subject is not None:
                        return subject
            if verb.dep not in SHARING:
                break
            verb = self._parsed.head(verb.i)
        return self._nearest(cue, start, end)

    def _of_token(self, token: Token) -> Subject | None:
        """What a noun or pronoun stands for; None where it is no speaker."""
        word = token.text.lower()
        if word in PRONOUNS:
            entity = self._pronoun(word, token.start)
            return Subject(token.start, token.end, entity)
        mention = self._covering(token)
        if mention is not None and mention.label in SPEAKING:
            return Subject(mention.start, mention.end, mention.entity)
        if token.tag in ("NN", "NNS"):
            return Subject(token.start, token.end, self._described(token))
        return None

    def _nearest(self, cue: Token, start: int, end: int) -> Subject | None:
        """The name or pronoun beside a cue: right before it, or right after ("said Kirby")."""
        tokens = self._parsed.tokens
        for i in range(cue.i - 1, max(-1, cue.i - _NEAR), -1):
            token = tokens[i]
            if token.start < start or token.sent != cue.sent or token.pos == "VERB":
                break
            subject = self._of_token(token)
            if subject is not None:
                return subject
        for i in range(cue.i + 1, min(len(tokens), cue.i + _NEAR // 2)):
            token = tokens[i]
            if token.start >= end or token.text in (",", ".", ":", "that"):
                break
            mention = self._covering(token)
            if mention is not None and mention.label == "PERSON":
                return Subject(mention.start, mention.end, mention.entity)
            if token.text.lower() in ("he", "she"):
                return Subject(
                    token.start, token.end, self._pronoun(token.text.lower(), token.start)
                )
        return None

    def _covering(self, token: Token) -> Mention | None:
        return self._covering_at(token.start)

    def _covering_at(self, position: int) -> Mention | None:
        """The mention that a place stands in."""
        index = bisect_left(self._starts, position + 1)
        for mention in reversed(self._named[max(0, index - 2) : index]):
            if mention.start <= position < mention.end:
                return mention
        return None

    def _pronoun(self, word: str, position: int) -> str | None:
        """The person whom `he`, `she` or `who` stands for: the last who fits, if any."""
        if word not in ("he", "she", "who"):
            return None
        index = bisect_left(self._starts, position)
        if word == "who":
            mention = self._named[index - 1] if index else None
            beside = mention is not None and position - mention.end <= 3
            return mention.entity if mention and beside else None
        spoken = bisect_left(self._spoken, (position, ""))
        last_end, last = self._spoken[spoken - 1] if spoken else (-1, "")
        near = [
            one
            for one in reversed(self._named[max(0, index - _REMEMBERED) : index])
            if one.label == "PERSON" and self._genders.get(one.entity or "") in (None, word)
        ]
        # What a sentence is about is more often meant than whom it names last.
        found = next((one for one in near if self._is_subject(one)), near[0] if near else None)
        if last_end > (found.end if found else -1) and self._genders.get(last) in (None, word):
            return last
        return found.entity if found else None

    def _is_subject(self, mention: Mention) -> bool:
        """Whether one of a name's words is the subject of its clause."""
        tokens = self._parsed.between(mention.start, mention.end)
        return any(token.dep in ("nsubj", "nsubjpass") for token in tokens)

    def _described(self, token: Token) -> str | None:
        """The one person whose office is named: `the spokesman`, `the president`."""
        named = self._covering_at(token.end + 2)
        if named and named.label == "PERSON" and self._parsed.text[token.end : named.start] == ", ":
            return named.entity
        if token.lemma.lower() in SPEAK_FOR:
            for child in self._parsed.children(token.i):
                owner = self._covering(child) if child.dep in ("poss", "compound", "amod") else None
                if owner is not None:
                    return owner.entity
        if token.lemma.lower() in UNNAMED:
            return None
        before = [
            entity
            for entity in self._entities.values()
            if entity.role and entity.role.lower().endswith(token.text.lower())
        ]
        seen = [entity for entity in before if self._first(entity) < token.start]
        return seen[0].id if len(seen) == 1 else None

    def _first(self, entity: Entity) -> int:
        return next(mention.start for mention in self._named if mention.entity == entity.id)


def _genders(text: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """`he` or `she` by entity, where the text addresses a person so."""
    genders: dict[str, str] = {}
    for mention in mentions:
        if mention.entity and mention.label == "PERSON":
            head = text[max(0, mention.start - 6) : mention.start]
            if re.search(r"\b(?:Mr|Sir)\.?\s$", head):
                genders.setdefault(mention.entity, "he")
            elif re.search(r"\b(?:Mrs|Ms|Miss|Dame)\.?\s$", head):
                genders.setdefault(mention.entity, "she")
    return genders
