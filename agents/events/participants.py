"""Who a head token stands for: a named entity, an agent noun with its country, or a pronoun's noun.

"roughly 3,000 North Korean soldiers" becomes name "North Korean soldiers", country PRK, sectors
[MIL]; "Seoul" becomes country KOR, sectors [GOV]; a plain country has no sector, as in the coding
practice of the field: only its organs have.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import Entity, Mention
from schemas.events import Participant

from . import pronouns, syntax
from .frames import Lexicon
from .spans import Spans

NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "VESSEL", "AIRCRAFT", "EVENT"})
KINDS = frozenset({"AIRCRAFT", "VESSEL", "EVENT"})
"""Labels that may stand on a common noun ("warplanes"), which names nobody."""
PLACES = frozenset({"GPE", "LOC", "FAC"})
TIMES = frozenset({"DATE", "TIME", "MONEY", "PERCENT"})
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})
LOOK_BACK = 3
"""Sentences in which the country of a noun told again is looked for."""
ORIGIN_PREPOSITIONS = frozenset({"of", "from", "in"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant with what gates need to know of it.

    Attributes:
        participant: As it goes into the event.
        head: Index of the head token.
        label: Label of the mention, None for a common noun.
        thing: A weapon or act that stands for its owner; nobody by itself.
        named: Whether it has a proper name or is an agent noun of the table.
        site: A place or building without a name; nobody, unless its country is known.
        plural: Several of a kind, who can do among themselves what takes two.
        rootless: Of a body without a country, which no place gives it one.
    """

    participant: Participant
    head: int
    label: str | None
    thing: bool = False
    named: bool = True
    site: bool = False
    rootless: bool = False
    plural: bool = False


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
        if self.is_time(i):
            return None
        if token.pos == "PRON" or token.tag in ("PRP", "PRP$"):
            return pronouns.referent(self, i)
        kind_only = mention is not None and mention.label in KINDS and token.pos == "NOUN"
        if mention is not None and not kind_only and self._names_head(mention, i):
            return self._named(mention, i)
        actor = self._holder(i) if mention is None else None
        if actor is None and token.pos in ("NOUN", "ADJ", "VERB", "NUM", "PROPN"):
            actor = self._agent(i)
        if actor is None and token.pos == "PROPN":
            actor = self._unknown_name(i)
        return actor

    def _holder(self, i: int) -> Actor | None:
        """In "Secretary of State Jane Doe" the office heads the phrase of its holder."""
        for p in syntax.prepositional(self.doc, i, "of"):
            mention = self.mention_at(p)
            entity = self.entities.get(mention.entity or "") if mention else None
            role = (entity.role or "").lower() if entity else ""
            if mention and role and role.startswith(self.doc.tokens[i].text.lower()):
                return self._named(mention, p)
        return None

    def _names_head(self, mention: Mention, i: int) -> bool:
        """A nationality before a noun ("Russian forces") names its owner, not the phrase."""
        last = self.spans.last(mention.start, mention.end)
        return last is not None and (last >= i or self.doc.tokens[last].head == i)

    def _span(self, i: int, *, with_origin: bool = False) -> tuple[int, int, str]:
        """Offsets and words of the phrase; with a name behind "of" that no list knows."""
        first, last = syntax.noun_phrase(self.doc, i)
        tokens = self.doc.tokens
        while first < last and (
            tokens[first].text.lower() in self.lexicon.grammar["approximators"]
            or tokens[first].dep in ("det", "nummod", "quantmod", "predet", "case")
            or tokens[first].pos in ("NUM", "PUNCT", "DET", "SYM")
            or (tokens[first].dep == "advmod" and tokens[first].pos == "ADV")
        ):
            first += 1
        after = tokens[last + 1 : last + 3]
        if with_origin and len(after) == 2 and after[0].text.lower() == "of":
            last += 2 if after[1].pos == "PROPN" and after[1].dep == "pobj" else 0
        start, end = tokens[first].start, tokens[last].end
        return start, end, self.doc.text[start:end]

    def _named(self, mention: Mention, i: int) -> Actor:
        entity = self.entities.get(mention.entity or "")
        name = entity.name if entity else mention.text
        label = entity.label if entity else mention.label
        known = self._known(name) or self._known(mention.text)
        country = entity.country if entity else None
        if country is None and known:
            country = self._country_beside(i) or known[0]
        sectors = known[1] if known else ()
        if not sectors and label == "PERSON":
            sectors, country = self._office(entity, i, country)
        elif not sectors and label == "ORG":
            sectors = self._by_words(name)
        elif not sectors and label == "GPE":
            sectors = self._as_government(name, entity)
            country = country or self.capitals.get(name.lower())
        elif label == "NORP" and not sectors:
            sectors = self._by_words(name)
        if country is None and label in ("ORG", "PERSON"):
            country = self._country_beside(i)
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

    def _by_words(self, name: str) -> tuple[str, ...]:
        """Sectors of an organisation by the last, else the first agent word of its name."""
        words = name.lower().replace("’", "'").split()
        for size in range(min(len(words), self.lexicon.longest_agent), 0, -1):
            for at in range(len(words) - size, -1, -1):
                phrase = " ".join(words[at : at + size])
                if sectors := self.lexicon.agents.get(phrase):
                    return tuple(s for s in sectors if s != "thing")
        return ()

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
            if sectors := self._by_words(role):
                return sectors, country
            if role.lower().split()[-1] in self.lexicon.grammar["spokespeople"] and country:
                return ("GOV",), country
        known = any(link.id.startswith("person-") for link in entity.links) if entity else False
        # The knowledge base holds people in public office.
        return (("GOV",) if known else ()), country

    def _office_noun(self, i: int) -> tuple[tuple[str, ...], str | None]:
        token = self.doc.tokens[i]
        country = self._country_beside(i)
        if token.lemma in self.lexicon.grammar["spokespeople"]:
            for child in self.doc.subtree(i):
                if child.i != i and (mention := self.mention_at(child.i)):
                    entity = self.entities.get(mention.entity or "")
                    known = self._known(entity.name if entity else mention.text)
                    if known:
                        return known[1], known[0] or country
            return (("GOV",) if country else ()), country
        sectors, _ = self._agent_words(i)
        return sectors, country

    def _agent_words(self, i: int) -> tuple[tuple[str, ...], bool]:
        """Sectors of the longest agent phrase that ends at token `i`; whether it is a thing."""
        tokens = self.doc.tokens
        for size in range(self.lexicon.longest_agent, 0, -1):
            first = i - size + 1
            if first < 0 or tokens[first].sent != tokens[i].sent:
                continue
            before = [token.text.lower() for token in tokens[first:i]]
            text = tokens[i].text.lower()
            # A capital at the start of a sentence may cost a plural its lemma.
            for last in dict.fromkeys((tokens[i].lemma.lower(), text, text.removesuffix("s"))):
                if sectors := self.lexicon.agents.get(" ".join([*before, last])):
                    if sectors[0] == "thing":
                        return sectors[1:], True
                    return self._aged(i, sectors), False
        return (), False

    def _aged(self, i: int, sectors: tuple[str, ...]) -> tuple[str, ...]:
        """Former officials are elites, not the organ they left."""
        former = self.lexicon.grammar["former"]
        is_former = any(c.text.lower() in former and c.i < i for c in self.doc.children(i))
        return ("ELI",) if is_former and "GOV" in sectors else sectors

    def _country_beside(self, i: int, *, with_origin: bool = True) -> str | None:
        """Country of a modifier, possessor, or of/from/in phrase of token `i`."""
        doc = self.doc
        relational = doc.tokens[i].lemma in self.lexicon.grammar["relational"]
        first, last = syntax.noun_phrase(doc, i)
        for token in doc.tokens[first:last]:
            if relational and (token.dep == "poss" or doc.head(token.i).dep == "poss"):
                continue
            entity = self.entity_at(token.i)
            if entity and entity.country:
                return entity.country
        for child in doc.children(i):
            if child.dep == "poss" and not relational and (owner := self.resolve(child.i)):
                return owner.participant.country
            if child.dep == "appos" and (entity := self.entity_at(child.i)):
                return entity.country
        return self._origin(i) if with_origin else None

    def _origin(self, i: int) -> str | None:
        for child in self.doc.children(i):
            if child.dep == "prep" and child.text.lower() in ORIGIN_PREPOSITIONS:
                for p in syntax.children(self.doc, child.i, frozenset({"pobj"})):
                    entity = self.entity_at(p)
                    if entity and entity.country:
                        return entity.country
        return None

    def _agent(self, i: int) -> Actor | None:
        """A common noun of the agent table; "Hamas fighters" take Hamas's sectors."""
        grammar, lemma = self.lexicon.grammar, self.doc.tokens[i].lemma
        if self.doc.tokens[i].tag == "CD":
            return self._counted(i)
        sectors, thing = self._agent_words(i)
        # Where a weapon strikes does not say whose it is.
        country = self._country_beside(i, with_origin=not thing)
        owner = self._named_modifier(i)
        site = not sectors and lemma in grammar["site"]
        if owner is not None:
            country = country or owner.participant.country
            if not sectors or sectors[0] in ("UAF", "UNK") or thing or lemma in grammar["of_body"]:
                sectors = tuple(owner.participant.sectors) or sectors
        elif lemma in grammar["of_body"] and (body := self._body_behind(i)):
            sectors = body
        elif (not sectors and (site or lemma in grammar["people"])) or thing:
            body = self._modifying_agent(i)
            # The weapons of a government are those of its military.
            sectors = sectors if thing and body == ("GOV",) else body or sectors
            thing = thing and not body
        if thing and country is None and owner is None:
            return None
        if not sectors and not site and not (country and lemma in grammar["people"]):
            return self._apposed(i)
        if country is None and sectors and owner is None:
            country = self._told_before(i)
        start, end, name = self._span(i, with_origin=country is None)
        return Actor(
            Participant(
                entity=None,
                name=name,
                country=country,
                sectors=list(sectors),
                start=start,
                end=end,
            ),
            head=i,
            label=None,
            thing=thing,
            site=site and not sectors,
            rootless=owner is not None and country is None,
            plural=self.doc.tokens[i].tag == "NNS",
        )

    def _counted(self, i: int) -> Actor | None:
        """A bare number of people: "killing six", "12 were arrested"."""
        token = self.doc.tokens[i]
        if token.dep not in ("dobj", "nsubjpass") or self.doc.children(i):
            return None
        return Actor(
            Participant(
                entity=None, name=token.text, sectors=["CVL"], start=token.start, end=token.end
            ),
            head=i,
            label=None,
            named=False,
        )

    def _body_behind(self, i: int) -> tuple[str, ...]:
        """Sectors of the body behind "of": "the leader of the opposition"."""
        for p in syntax.prepositional(self.doc, i, "of"):
            sectors, thing = self._agent_words(p)
            if sectors and not thing:
                return sectors
        return ()

    def _modifying_agent(self, i: int) -> tuple[str, ...]:
        """Sectors of an agent noun before the head: "police station", "army helicopter"."""
        for child in self.doc.children(i):
            if child.dep in ("compound", "nmod") and child.i == i - 1:
                sectors, thing = self._agent_words(child.i)
                if sectors and not thing:
                    return sectors
        return ()

    def _told_before(self, i: int) -> str | None:
        """For "the soldiers" without a country: that of the same noun shortly before."""
        doc, token = self.doc, self.doc.tokens[i]
        marks = {child.text.lower() for child in doc.children(i) if child.dep == "det"}
        if not marks & {"the", "these", "those", "this", "that"}:
            return None
        first = doc.sentences[max(0, token.sent - LOOK_BACK)][0]
        for before in range(i - 1, first - 1, -1):
            if doc.tokens[before].lemma == token.lemma and doc.tokens[before].pos == "NOUN":
                actor = self.resolve(before)
                if actor is not None and actor.participant.country:
                    return actor.participant.country
        return None

    def _named_modifier(self, i: int) -> Actor | None:
        for child in self.doc.children(i):
            mention = self.mention_at(child.i) if child.dep in MODIFIERS else None
            if (
                mention is not None
                and mention.label in ("ORG", "NORP", "PERSON")
                and self._names_head(mention, child.i)
            ):
                return self._named(mention, child.i)
        return None

    def _apposed(self, i: int) -> Actor | None:
        for child in self.doc.children(i):
            if child.dep == "appos":
                return self.resolve(child.i)
        return None

    def _unknown_name(self, i: int) -> Actor:
        """A capitalised name that no mention covers: kept, without country or sector."""
        start, end, name = self._span(i)
        capital = self.capitals.get(name.lower())
        return Actor(
            Participant(
                entity=None,
                name=name,
                country=capital or self._country_beside(i),
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


def with_country(actor: Actor, country: str) -> Actor:
    """The same actor, placed in a country that the text gives elsewhere."""
    return replace(actor, participant=actor.participant.model_copy(update={"country": country}))
