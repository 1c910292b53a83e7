"""Roles: who stands in the slots of a verb or an event noun."""

from collections.abc import Iterator

from schemas import ParsedText, Token

from . import slots, syntax
from .actor import PLACES, Actor, with_country
from .frames import Lexicon
from .participants import Cast

NOUN_POS = frozenset({"NOUN", "PROPN"})
OWNERS = ("by", "between", "poss", "modifier", "from")
DEEPEST = 2
"""How often an act or a measure is asked for what stands behind it."""

# Classes that are asked of a participant: labels and sectors, one of which is enough.
CLASSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "<person>": (frozenset({"PERSON"}), frozenset()),
    "<place>": (PLACES, frozenset()),
    "<state>": (frozenset({"GPE", "NORP"}), frozenset()),
    "<official>": (frozenset({"PERSON"}), frozenset({"GOV", "LEG", "IGO", "PTY", "ELI"})),
    "<civilians>": (
        frozenset(),
        frozenset({"CVL", "LAB", "EDU", "AGR", "MED", "REL", "OPP", "JRN", "REF", "PTY"}),
    ),
    "<igo>": (frozenset(), frozenset({"IGO", "UNO", "EUR"})),
    "<state-people>": (frozenset({"NORP"}), frozenset()),
}


def is_of(actor: Actor | None, word: str) -> bool:
    """Whether the participant is of a class in angle brackets.

    `<state>` is also a government without a name; `<agentive>` is everybody who acts for a body.
    """
    if actor is None:
        return False
    sectors = set(actor.participant.sectors)
    if word == "<agentive>":
        return bool(sectors - {"CVL"}) or actor.label in ("GPE", "NORP", "ORG")
    if word == "<state>" and actor.label is None and "GOV" in sectors:
        return True
    labels, wanted = CLASSES[word]
    return actor.label in labels or bool(sectors & wanted)


class Roles:
    """Fills slots with participants.

    Args:
        doc: The parse.
        cast: Who stands behind head tokens.
        lexicon: Event nouns, agents and word classes.
    """

    def __init__(self, doc: ParsedText, cast: Cast, lexicon: Lexicon) -> None:
        self.doc = doc
        self.cast = cast
        self.lexicon = lexicon
        self._slots: dict[tuple[int, str], list[int]] = {}
        self._given: dict[int, list[int]] = {}

    def slot(self, i: int, name: str) -> list[int]:
        """Heads in a slot of verb `i`; asked by many frames, found once."""
        key = (i, name)
        if key not in self._slots:
            found = slots.verb_slot(self.doc, i, name)
            if not found and name not in slots.SLOTS:
                found = [
                    p
                    for o in self._given.get(i, [])
                    for p in slots.inside_phrase(self.doc, o, name)
                ]
            self._slots[key] = found
        return self._slots[key]

    def give(self, i: int, name: str, heads: list[int]) -> None:
        """Fill a slot that the parse left empty."""
        members = [member for head in heads for member in syntax.coordinated(self.doc, head)]
        self._slots[i, name] = self._given[i] = sorted(members)

    def fill(self, i: int, slots: tuple[str, ...], *, stop: bool = False) -> list[Actor]:
        """Actors of the slots of verb `i`; with `stop` of the first slot that gives any."""
        found: list[Actor] = []
        for slot in slots:
            if slot == "speaker":
                continue
            if slot == "act":
                found.extend([] if found else self._of_act(i))
                continue
            if slot.startswith("else-") and found:
                continue
            heads = self.slot(i, slot.removeprefix("else-"))
            if slot == "dative" and not heads:
                heads = self._inner_dative(i)
            for head in heads:
                found.extend(self.actors(head))
            if stop and found:
                break
        return found

    def _inner_dative(self, i: int) -> list[int]:
        """In "promised Tunisia more aid" Tunisia may hang on the aid; it follows the verb."""
        after = self.doc.tokens[i + 1 : i + 3]
        objects = syntax.children(self.doc, i, frozenset({"dobj"}))
        for token in after:
            mention = self.cast.mention_at(token.i)
            inside = any(o in (a.i for a in self.doc.ancestors(token.i)) for o in objects)
            if inside and mention and mention.label in PLACES:
                last = self.cast.spans.last(mention.start, mention.end)
                return [] if last is None or last in objects else [last]
        return []

    def _of_act(self, i: int) -> list[Actor]:
        """Doers of the act in which somebody suffers: "killed in an attack by rebels"."""
        return [
            actor
            for word in ("in", "during", "by", "after")
            for head in self.slot(i, word)
            if self.doc.tokens[head].lemma.lower() in self.lexicon.nouns
            for actor in self.owners(head, OWNERS)
        ]

    def actors(self, head: int, depth: int = 0) -> list[Actor]:
        """Actors behind a head: an act or a measure stands for its doer or its contents."""
        actor = self.cast.resolve(head)
        is_act = self.doc.tokens[head].lemma.lower() in self.lexicon.nouns
        measure = self.doc.tokens[head].lemma.lower() in self.lexicon.grammar["measures"]
        if actor is not None and (actor.site or measure) and depth < DEEPEST:
            named = syntax.prepositional(self.doc, head, "of")
            found = [a for p in named for a in self.actors(p, depth + 1)]
            if found:
                return found
        if actor is not None and not (actor.thing and is_act):
            return self._by_country(head, actor)
        if depth >= DEEPEST:
            return [actor] if actor is not None else []
        if is_act:
            found = self.owners(head, OWNERS)
        else:
            parts = syntax.prepositional(self.doc, head, "of")
            found = [a for p in parts for a in self.actors(p, depth + 1)]
        if found:
            return found
        if actor is not None:
            return [actor]
        return [a for p in self._whole(head) for a in self.actors(p, depth + 1)]

    def _by_country(self, head: int, actor: Actor) -> list[Actor]:
        """Officials of several countries are as many parties: "envoys from Chad and Niger"."""
        if actor.label is not None or self.doc.tokens[head].tag != "NNS":
            return [actor]
        first, last = syntax.noun_phrase(self.doc, head)
        before = [t.i for t in self.doc.tokens[first:last] if t.dep != "poss"]
        origins_by_place = [before] + [
            syntax.prepositional(self.doc, head, word) for word in ("of", "from")
        ]
        for origins in origins_by_place:
            countries = [e.country for o in origins if (e := self.cast.entity_at(o)) and e.country]
            if len(countries) > 1:
                return [with_country(actor, country) for country in dict.fromkeys(countries)]
        return [actor]

    def _whole(self, head: int) -> list[int]:
        """Owner of a part that is nobody itself: "Russia's energy sector"."""
        owners = syntax.children(self.doc, head, frozenset({"poss"}))
        owners += [
            child.i
            for child in self.doc.children(head)
            if child.dep in ("amod", "compound") and self.cast.entity_at(child.i)
        ]
        return owners[:1]

    def owners(
        self,
        i: int,
        slots: tuple[str, ...],
        verb: int | None = None,
        *,
        stop: bool = False,
        without: tuple[int, ...] = (),
    ) -> list[Actor]:
        """Actors in the slots of noun `i`; prepositions may also hang on the verb behind it.

        Words of the trigger itself (`without`) own nothing.
        """
        found: list[Actor] = []
        for slot in slots:
            for head in self._noun_slot(i, slot, verb):
                if head in without:
                    continue
                actors = self.actors(head)
                if slot == "poss-agent":
                    actors = [a for a in actors if is_of(a, "<agentive>")]
                found.extend(a for a in actors if a not in found)
            if stop and found:
                break
        return found

    def _noun_slot(self, i: int, slot: str, verb: int | None) -> Iterator[int]:
        doc = self.doc
        if slot in ("subject", "speaker"):
            return
        if slot in ("poss", "poss-agent"):
            owners = syntax.children(doc, i, frozenset({"poss"}))
            members = [c for p in owners for c in syntax.coordinated(doc, p)]
            yield from syntax.resolve_relatives(doc, members)
        elif slot == "modifier":
            yield from (c.i for c in doc.children(i) if self._can_own(c))
        elif slot == "dative":
            if verb is not None:
                yield from self.slot(verb, "dative")
        else:
            own = slots.inside_phrase(doc, i, slot)
            if slot == "by" and not own:
                # "the killing of soldiers by rebels": it may hang on the soldiers.
                victims = syntax.prepositional(doc, i, "of")
                own = [p for v in victims for p in syntax.prepositional(doc, v, "by")]
            yield from own
            behind = verb is not None and (verb < i or doc.tokens[i].dep == "nsubjpass")
            if not own and verb is not None and behind:
                yield from syntax.prepositional(doc, verb, slot)

    def _can_own(self, child: Token) -> bool:
        """A name of somebody, or an agent noun, may own the act before which it stands."""
        if child.dep not in ("amod", "compound", "nmod"):
            return False
        mention = self.cast.mention_at(child.i)
        if mention is not None:
            return mention.label in ("GPE", "NORP", "ORG", "PERSON")
        return child.pos in NOUN_POS and child.lemma.lower() in self.lexicon.agents

    def any_of(self, heads: list[int], wanted: frozenset[str]) -> bool:
        """Whether one of the heads is of a word class, by word or by participant."""
        return any(self._fits(head, wanted) for head in heads)

    def _fits(self, i: int, wanted: frozenset[str]) -> bool:
        token = self.doc.tokens[i]
        if token.lemma.lower() in wanted or token.text.lower() in wanted:
            return True
        special = [word for word in wanted if word.startswith("<")]
        if special:
            actor = self.cast.resolve(i)
            if any(is_of(actor, word) for word in special):
                return True
        return self._measured(i, wanted)

    def fits_actor(self, actor: Actor, wanted: frozenset[str]) -> bool:
        """Whether a participant's head is of a word class, or the participant of its classes."""
        if self.doc.tokens[actor.head].lemma.lower() in wanted:
            return True
        return any(is_of(actor, word) for word in wanted if word.startswith("<"))

    def _measured(self, i: int, wanted: frozenset[str]) -> bool:
        """Whether what is measured fits: "thousands of soldiers", "$20 billion in loans"."""
        return any(
            p.lemma.lower() in wanted
            for child in self.doc.children(i)
            if child.dep == "prep" and child.text.lower() in ("of", "in", "worth")
            for p in self.doc.children(child.i)
            if p.dep == "pobj"
        )
