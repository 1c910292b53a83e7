"""An article as the coders read it: parse, entities by place, and who counts as an authority."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import Entity, Mention
from schemas.parse import unpack

from .countries import countries_in, country_spans
from .grammar import coordinated, modifiers, phrase
from .lexicon import party_words
from .repair import repair

_STATES = frozenset({"GPE", "NORP"})
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")


@dataclass
class Reading:
    """One article, unpacked."""

    record: ArticleRecord
    parse: ParsedText
    entities: dict[str, Entity]
    mentions: Sequence[Mention]
    _starts: list[int] = field(default_factory=list)

    def mention_at(self, start: int, end: int) -> Mention | None:
        """The longest mention that overlaps the span."""
        first = bisect_right(self._starts, end - 1)
        found = [
            mention
            for mention in self.mentions[max(0, first - 8) : first]
            if mention.start < end and mention.end > start
        ]
        return max(found, key=lambda mention: mention.end - mention.start, default=None)

    def entity_of(self, token: Token) -> Entity | None:
        """The entity that the token names, if it lies in a mention."""
        mention = self.mention_at(token.start, token.end)
        return self.entities.get(mention.entity or "") if mention else None

    def head_entity(self, token: Token) -> Entity | None:
        """The entity whose mention covers the head of a noun phrase, or an apposition to it."""
        return self.entity_of(self._named(token))

    def _named(self, token: Token) -> Token:
        """The apposition that names a noun phrase (`the broker, Viktor Salenko`), else its head."""
        if self.entity_of(token) is not None:
            return token
        for child in self.parse.children(token.i):
            if child.dep == "appos" and self.entity_of(child) is not None:
                return child
        return token

    def countries_of(self, token: Token) -> tuple[str, ...]:
        """Countries that a noun phrase names: its own, its modifiers', its entity's."""
        start, end = phrase(self.parse, token)
        found = dict.fromkeys(countries_in(self.parse.text[start:end]))
        entity = self.head_entity(token)
        if entity is not None and entity.country:
            found.setdefault(entity.country)
        return tuple(found)

    def countries_between(self, start: int, end: int) -> frozenset[str]:
        """Countries named between two offsets, by name or by entity."""
        known = self._country_spans
        place = bisect_left(known, (start,))
        found = set()
        while place < len(known) and known[place][0] < end:
            if known[place][1] <= end:
                found.add(known[place][2])
            place += 1
        first = max(0, bisect_right(self._starts, start) - 8)
        for mention in self.mentions[first:]:
            if mention.start >= end:
                break
            entity = self.entities.get(mention.entity or "")
            if mention.end > start and entity is not None and entity.country:
                found.add(entity.country)
        return frozenset(found)

    def name_of(self, token: Token) -> str:
        """The noun phrase's words; `panel of` before it belongs to it, whatever the parser says."""
        start, end = phrase(self.parse, token)
        first = self.parse.between(start, end)[0].i
        tokens = self.parse.tokens
        before = tokens[first - 2] if first > 1 and tokens[first - 1].text == "of" else None
        words = party_words()
        if before is not None and before.lemma in words["party"] | words["discipline"]:
            start = min(start, phrase(self.parse, before)[0])
        return self.parse.text[start:end]

    def span_of(self, token: Token) -> tuple[int, int]:
        """Where the bearer of a role is named: its mention, else its noun phrase."""
        named = self._named(token)
        mention = self.mention_at(named.start, named.end)
        if mention is not None and mention.entity is not None:
            return mention.start, mention.end
        return phrase(self.parse, token)

    def lemmas_near(self, token: Token) -> frozenset[str]:
        """Lemmas and lower-case forms of the token's sentence, words with hyphens whole."""
        return self._sentence_lemmas[token.sent]

    def countries_near(self, token: Token) -> frozenset[str]:
        """Countries named in the token's sentence."""
        return self.countries_between(*self.sentence_span(token))

    def is_question(self, token: Token) -> bool:
        """Whether the token's sentence asks, and so asserts nothing."""
        _, last = self.parse.sentences[token.sent]
        return self.parse.tokens[last - 1].text == "?"

    def sentence_span(self, token: Token) -> tuple[int, int]:
        """Start and end of the token's sentence in code points."""
        first, last = self.parse.sentences[token.sent]
        return self.parse.tokens[first].start, self.parse.tokens[last - 1].end

    def is_authority(self, token: Token | None) -> bool:
        """Whether a noun phrase acts for a state or a union of states."""
        if token is None:
            return False
        return any(self._one_is_authority(each) for each in coordinated(self.parse, token))

    def is_discipline(self, token: Token | None) -> bool:
        """Whether a noun phrase is a sports, professional or court authority."""
        if token is None:
            return False
        words = party_words()["discipline"]
        if token.lemma.lower() in words or token.text.lower() in words:
            return not self._is_state(token)
        return False

    def is_party(self, token: Token) -> bool:
        """Whether a noun phrase can be put on a sanctions list: a person, body, ship or state."""
        entity = self.head_entity(token)
        if entity is not None and entity.label in {
            "PERSON",
            "ORG",
            "GPE",
            "NORP",
            "VESSEL",
            "AIRCRAFT",
        }:
            return True
        words = party_words()["party"]
        return token.lemma.lower() in words or token.text.lower() in words

    def is_state(self, token: Token) -> bool:
        """Whether a noun phrase is a state by name, not a union or body of states."""
        entity = self.head_entity(token)
        if entity is None:
            return bool(self.countries_of(token))
        return entity.label in _STATES and bool(entity.country)

    def _one_is_authority(self, token: Token) -> bool:
        if self._is_state(token):
            return True
        words = party_words()
        lemma, form = token.lemma.lower(), token.text.lower()
        if self.name_of(token).lower().removeprefix("the ") in words["authority_names"]:
            return True
        if lemma not in words["authority"] and form not in words["authority"]:
            entity = self.head_entity(token)
            if entity is None or entity.label != "PERSON":
                return False
            return bool(entity.role and entity.country)
        if lemma in words["discipline"] or form in words["discipline"]:
            return self._international(token)
        return True

    def _is_state(self, token: Token) -> bool:
        entity = self.head_entity(token)
        if entity is None:
            return False
        if entity.label in _STATES and entity.country:
            return True
        return any(link.type == "metonym" or link.id in {"un", "eu"} for link in entity.links)

    def _international(self, token: Token) -> bool:
        words = party_words()["international"]
        return bool(self.countries_of(token)) or any(
            each.text.lower() in words for each in modifiers(self.parse, token)
        )

    @cached_property
    def speaks_of_sanctions(self) -> bool:
        """Whether the article names sanctions or an embargo, and a state under them."""
        named = any(words & party_words()["measures"] for words in self._sentence_lemmas)
        return named and bool(
            self.countries_between(0, len(self.parse.text)) & party_words()["sanctioned"]
        )

    @cached_property
    def _country_spans(self) -> list[tuple[int, int, str]]:
        return country_spans(self.parse.text)

    @cached_property
    def _sentence_lemmas(self) -> list[frozenset[str]]:
        return [
            self._lemmas_of(self.parse.tokens[first:last]) for first, last in self.parse.sentences
        ]

    def _lemmas_of(self, sentence: Sequence[Token]) -> frozenset[str]:
        """Lemmas and forms; words with hyphens, which the tokens split, are there whole as well."""
        text = self.parse.text[sentence[0].start : sentence[-1].end].lower()
        forms = {form for token in sentence for form in (token.lemma.lower(), token.text.lower())}
        return frozenset(forms.union(_HYPHENATED.findall(text)))


def read(record: ArticleRecord) -> Reading:
    """Unpack a record.

    Raises:
        ValueError: The record has no parse, or a broken one.
    """
    if record.parse is None:
        raise ValueError("the record has no parse")
    # A legal act is no party: what is named inside it (`U.N. Security Council` of a resolution) is.
    parties = (mention for mention in record.mentions or [] if mention.label != "LAW")
    mentions = sorted(parties, key=lambda mention: (mention.start, -mention.end))
    return Reading(
        record=record,
        parse=repair(unpack(record.parse, record.article.text)),
        entities={entity.id: entity for entity in record.entities or []},
        mentions=mentions,
        _starts=[mention.start for mention in mentions],
    )
