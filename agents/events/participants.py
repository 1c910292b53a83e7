"""Who a head token stands for: a named entity, an agent noun with its country, or a pronoun's noun.

"roughly 3,000 North Korean soldiers" becomes name "North Korean soldiers", country PRK, sectors
[MIL]; "Seoul" becomes country KOR, sectors [GOV]; a plain country has no sector, as in the coding
practice of the field: only its organs have.
"""

import re
from bisect import bisect_right

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import Entity, Mention
from schemas.events import Participant

from . import pronouns, syntax
from .actor import Actor
from .agent_nouns import AgentNouns
from .frames import Lexicon
from .spans import Spans

DATELINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ’'.\- ]{2,30}(?:[,(/][^—–\n]{0,70})?(?<=[\w.)])\s?[—–]\s?")
"""A place in capitals, perhaps a date and an agency, and a dash."""
NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "VESSEL", "AIRCRAFT", "EVENT"})
KINDS = frozenset({"AIRCRAFT", "VESSEL", "EVENT"})
"""Labels that may stand on a common noun ("warplanes"), which names nobody."""
TIMES = frozenset({"DATE", "TIME", "MONEY", "PERCENT"})
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})
LOOK_BACK = 3
"""Sentences in which the country of a noun told again is looked for."""
ORIGIN_PREPOSITIONS = frozenset({"of", "from", "in"})


class Cast:
    """Resolves head tokens of one article to participants.

    Args:
        record: The article; `mentions` and `entities` are filled.
        doc: Its parse.
        lexicon: Agents, names and word classes.
    """

    def __init__(self, record: ArticleRecord, doc: ParsedText, lexicon: Lexicon) -> None:
        self.doc = doc
        self.spans = Spans(doc)
        self.nouns = AgentNouns(self, doc, lexicon)
        self.lexicon = lexicon
        self.capitals = lexicon.capitals
        self.entities = {entity.id: entity for entity in record.entities or []}
        self.mentions = sorted(record.mentions or [], key=lambda m: (m.start, m.end))
        self._starts = [mention.start for mention in self.mentions]
        self._first: dict[str, Mention] = {}
        for mention in self.mentions:
            if mention.entity:
                self._first.setdefault(mention.entity, mention)
        self._quotes = sorted(record.quotes or [], key=lambda q: q.start)
        self._quote_starts = [quote.start for quote in self._quotes]
        self._times = {
            token.start
            for mention in self.mentions
            if mention.label in TIMES
            for token in self.spans.within(mention.start, mention.end)
        }
        self._money = {
            token.start
            for mention in self.mentions
            if mention.label == "MONEY"
            for token in self.spans.within(mention.start, mention.end)
        }
        self._dateline_end = dateline_end(record)
        self._cache: dict[int, Actor | None] = {}
        self._open: set[int] = set()

    def mention_at(self, i: int) -> Mention | None:
        """The naming mention that covers token `i`."""
        token = self.doc.tokens[i]
        at = bisect_right(self._starts, token.start)
        for mention in reversed(self.mentions[max(0, at - 4) : at]):
            if mention.start <= token.start < mention.end and mention.label in NAMED:
                return mention
        return None

    def is_time(self, i: int) -> bool:
        """Whether token `i` belongs to a date, time or amount of money."""
        return self.doc.tokens[i].start in self._times

    def is_money(self, i: int) -> bool:
        """Whether token `i` belongs to an amount of money."""
        return self.doc.tokens[i].start in self._money

    def entity_at(self, i: int) -> Entity | None:
        """The entity that token `i` names."""
        mention = self.mention_at(i)
        return self.entities.get(mention.entity or "") if mention else None

    def resolve(self, i: int) -> Actor | None:
        """Who token `i`, as the head of its phrase, stands for; None if it is nobody."""
        if i in self._cache:
            return self._cache[i]
        if i in self._open:  # a pronoun that would be resolved by way of itself
            return None
        self._open.add(i)
        try:
            actor = self._resolve(i)
        finally:
            self._open.discard(i)
        self._cache[i] = actor
        return actor

    def _resolve(self, i: int) -> Actor | None:
        token = self.doc.tokens[i]
        mention = self.mention_at(i)
        if self.is_time(i) or token.start < self._dateline_end:
            return None
        if token.pos == "PRON" or token.tag in ("PRP", "PRP$"):
            return pronouns.referent(self, i)
        kind_only = mention is not None and mention.label in KINDS and token.pos == "NOUN"
        if mention is not None and not kind_only and self.names_head(mention, i):
            return self.named(mention, i)
        actor = self._holder(i) if mention is None else None
        if actor is None and token.pos in ("NOUN", "ADJ", "VERB", "NUM", "PROPN"):
            actor = self.nouns.read(i)
        if actor is None and token.pos == "PROPN":
            actor = self._unknown_name(i)
        return actor

    def _holder(self, i: int) -> Actor | None:
        """The person in "Norway's minister, Jane Doe," and in "Secretary of State Jane Doe"."""
        apposed = syntax.children(self.doc, i, frozenset({"appos"}))
        for p in apposed:
            mention = self.mention_at(p)
            if mention and mention.label == "PERSON" and self.nouns.words(i)[0]:
                return self.named(mention, p)
        for p in syntax.prepositional(self.doc, i, "of"):
            mention = self.mention_at(p)
            entity = self.entities.get(mention.entity or "") if mention else None
            role = (entity.role or "").lower() if entity else ""
            if mention and role and role.startswith(self.doc.tokens[i].text.lower()):
                return self.named(mention, p)
        return None

    def names_head(self, mention: Mention, i: int) -> bool:
        """A nationality before a noun ("Russian forces") names its owner, not the phrase."""
        last = self.spans.last(mention.start, mention.end)
        return last is not None and (last >= i or self.doc.tokens[last].head == i)

    def named(self, mention: Mention, i: int) -> Actor:
        """The entity of a mention at token `i`, with country and sectors."""
        entity = self.entities.get(mention.entity or "")
        name = entity.name if entity else mention.text
        label = entity.label if entity else mention.label
        known = self._known(name) or self._known(mention.text)
        country = entity.country if entity else None
        if country is None and known:
            country = self.nouns.country_beside(i) or known[0]
        sectors = known[1] if known else ()
        if not sectors and label == "PERSON":
            sectors, country = self._office(entity, i, country)
        elif not sectors and label == "ORG":
            sectors = self.nouns.by_words(name)
        elif not sectors and label == "GPE":
            sectors = self._as_government(name, entity)
            country = country or self.capitals.get(name.lower())
        elif label == "NORP" and not sectors:
            sectors = self.nouns.by_words(name)
        if country is None and label in ("ORG", "PERSON"):
            country = self.nouns.country_beside(i)
        return Actor(
            Participant(
                entity=entity.id if entity else None,
                name=name,
                country=country,
                sectors=list(sectors),
                start=mention.start,
                end=mention.end,
            ),
            head=i,
            label=label,
        )

    def _known(self, name: str) -> tuple[str | None, tuple[str, ...]] | None:
        return self.lexicon.names.get(name.lower().removeprefix("the "))

    def _as_government(self, name: str, entity: Entity | None) -> tuple[str, ...]:
        metonym = any(link.type == "metonym" for link in entity.links) if entity else False
        return ("GOV",) if metonym or name.lower() in self.capitals else ()

    def _office(
        self, entity: Entity | None, i: int, country: str | None
    ) -> tuple[tuple[str, ...], str | None]:
        """Sectors (and country) of a person by office: stated here, or known of the entity."""
        doc = self.doc
        for child in doc.children(i):
            if child.dep in ("compound", "appos", "nmod", "amod") and child.pos != "PUNCT":
                sectors, found = self._office_noun(child.i)
                if sectors:
                    return sectors, country or found
        above = doc.head(i)
        if doc.tokens[i].dep == "appos" and above.pos == "NOUN":
            sectors, found = self._office_noun(above.i)
            if sectors:
                return sectors, country or found
        role = (entity.role or "") if entity else ""
        if role:
            if sectors := self.nouns.by_words(role):
                return sectors, country
            if role.lower().split()[-1] in self.lexicon.grammar["spokespeople"] and country:
                return ("GOV",), country
        known = any(link.id.startswith("person-") for link in entity.links) if entity else False
        # The knowledge base holds people in public office.
        return (("GOV",) if known else ()), country

    def _office_noun(self, i: int) -> tuple[tuple[str, ...], str | None]:
        token = self.doc.tokens[i]
        country = self.nouns.country_beside(i)
        if token.lemma in self.lexicon.grammar["spokespeople"]:
            for child in self.doc.subtree(i):
                if child.i != i and (mention := self.mention_at(child.i)):
                    entity = self.entities.get(mention.entity or "")
                    known = self._known(entity.name if entity else mention.text)
                    if known:
                        return known[1], known[0] or country
            return (("GOV",) if country else ()), country
        sectors, _ = self.nouns.words(i)
        return sectors, country

    def _unknown_name(self, i: int) -> Actor:
        """A capitalised name that no mention covers: kept, without country or sector."""
        start, end, name = self.nouns.span(i)
        capital = self.capitals.get(name.lower())
        return Actor(
            Participant(
                entity=None,
                name=name,
                country=capital or self.nouns.country_beside(i),
                sectors=["GOV"] if capital else [],
                start=start,
                end=end,
            ),
            head=i,
            label=None,
        )

    def quote_speaker(self, token: Token) -> str | None:
        """Entity of the speaker of the quotation that the token stands in."""
        at = bisect_right(self._quote_starts, token.start)
        for quote in reversed(self._quotes[max(0, at - 2) : at]):
            if quote.start <= token.start < quote.end and quote.speaker:
                return quote.speaker
        return None

    def named_first(self, entity: str) -> Actor | None:
        """The entity as a participant, by its first mention."""
        mention = self._first.get(entity)
        if mention is None:
            return None
        last = self.spans.last(mention.start, mention.end)
        return self.resolve(last) if last is not None else None


def dateline_end(record: ArticleRecord) -> int:
    """Where a dateline that was left in the text ends: "KYIV, Nov. 17 (Wire) — "."""
    found = DATELINE.match(record.article.text)
    return found.end() if found else 0
