"""Common nouns as participants: agent nouns with their country, sites, counted people.

"roughly 3,000 North Korean soldiers" becomes name "North Korean soldiers", country PRK, sectors
[MIL]; "the leader of the opposition" takes the sectors of the opposition.
"""

from typing import TYPE_CHECKING

from schemas import ParsedText
from schemas.events import Participant

from . import syntax
from .actor import Actor
from .frames import Lexicon

if TYPE_CHECKING:
    from .participants import Cast

LOOK_BACK = 3
"""Sentences in which the country of a noun told again is looked for."""
ORIGIN_PREPOSITIONS = frozenset({"of", "from", "in"})
WORKERS = frozenset(
    {"workers", "workers'", "trade", "labor", "labour", "teachers", "miners", "general"}
)
"""A union without one of these words is more often one of states."""
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})


class AgentNouns:
    """Reads common nouns of one article.

    Args:
        cast: Who stands behind other tokens.
        doc: The parse.
        lexicon: Agent nouns and word lists.
    """

    def __init__(self, cast: "Cast", doc: ParsedText, lexicon: Lexicon) -> None:
        self.cast = cast
        self.doc = doc
        self.lexicon = lexicon

    def span(self, i: int, *, with_origin: bool = False) -> tuple[int, int, str]:
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

    def by_words(self, name: str) -> tuple[str, ...]:
        """Sectors of an organisation by the last, else the first agent word of its name."""
        words = name.lower().replace("’", "'").split()
        for size in range(min(len(words), self.lexicon.longest_agent), 0, -1):
            for at in range(len(words) - size, -1, -1):
                phrase = " ".join(words[at : at + size])
                if phrase == "union" and not WORKERS & set(words):
                    continue
                if sectors := self.lexicon.agents.get(phrase):
                    return tuple(s for s in sectors if s != "thing")
        return ()

    def words(self, i: int) -> tuple[tuple[str, ...], bool]:
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

    def country_beside(self, i: int, *, with_origin: bool = True) -> str | None:
        """Country of a modifier, possessor, or of/from/in phrase of token `i`."""
        doc = self.doc
        relational = doc.tokens[i].lemma in self.lexicon.grammar["relational"]
        first, last = syntax.noun_phrase(doc, i)
        for token in doc.tokens[first:last]:
            if relational and (token.dep == "poss" or doc.head(token.i).dep == "poss"):
                continue
            entity = self.cast.entity_at(token.i)
            if entity and entity.country:
                return entity.country
        for child in doc.children(i):
            if child.dep == "poss" and not relational and (owner := self.cast.resolve(child.i)):
                return owner.participant.country
            if child.dep == "appos" and (entity := self.cast.entity_at(child.i)):
                return entity.country
        return self._origin(i) if with_origin else None

    def _origin(self, i: int) -> str | None:
        for child in self.doc.children(i):
            if child.dep == "prep" and child.text.lower() in ORIGIN_PREPOSITIONS:
                for p in syntax.children(self.doc, child.i, frozenset({"pobj"})):
                    entity = self.cast.entity_at(p)
                    if entity and entity.country:
                        return entity.country
        return None

    def read(self, i: int) -> Actor | None:
        """A common noun of the agent table; "Hamas fighters" take Hamas's sectors."""
        grammar, lemma = self.lexicon.grammar, self.doc.tokens[i].lemma
        if self.doc.tokens[i].tag == "CD":
            return self._counted(i)
        sectors, thing = self.words(i)
        # Where a weapon strikes does not say whose it is.
        country = self.country_beside(i, with_origin=not thing)
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
        own = sectors if owner is None else self.words(i)[0]
        if owner is not None and not own and not site and lemma not in grammar["people"]:
            # "the U.N. embargo" is an act, "the U.N. statement" stands for who made it.
            return None if lemma in self.lexicon.nouns else owner
        if thing and country is None and owner is None:
            return None
        if not sectors and not site and not (country and lemma in grammar["people"]):
            return self._apposed(i)
        if country is None and sectors and owner is None:
            country = self._told_before(i)
        start, end, name = self.span(i, with_origin=country is None)
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
            sectors, thing = self.words(p)
            if sectors and not thing:
                return sectors
        return ()

    def _modifying_agent(self, i: int) -> tuple[str, ...]:
        """Sectors of an agent noun before the head: "police station", "army helicopter"."""
        for child in self.doc.children(i):
            if child.dep in ("compound", "nmod") and child.i == i - 1:
                sectors, thing = self.words(child.i)
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
            if (doc.tokens[before].lemma, doc.tokens[before].tag) == (token.lemma, token.tag):
                actor = self.cast.resolve(before)
                if actor is not None and actor.participant.country:
                    return actor.participant.country
        return None

    def _named_modifier(self, i: int) -> Actor | None:
        for child in self.doc.children(i):
            mention = self.cast.mention_at(child.i) if child.dep in MODIFIERS else None
            if (
                mention is not None
                and mention.label in ("ORG", "NORP", "PERSON")
                and self.cast.names_head(mention, child.i)
            ):
                return self.cast.named(mention, child.i)
        return None

    def _apposed(self, i: int) -> Actor | None:
        for child in self.doc.children(i):
            if child.dep == "appos":
                return self.cast.resolve(child.i)
        return None
