"""Where an event happened, with how that was found."""

from collections.abc import Iterator
from itertools import chain

from schemas import ArticleRecord, ParsedText, Token
from schemas.entities import Entity
from schemas.events import EventPlace

from . import slots, syntax
from .actor import PLACES, Actor
from .candidates import Candidate
from .frames import Lexicon
from .participants import Cast
from .scope import Scope

OWNERS = frozenset({"amod", "compound", "poss", "nmod"})


def read_place(
    doc: ParsedText,
    candidate: Candidate,
    scope: Scope,
    cast: Cast,
    record: ArticleRecord,
    lexicon: Lexicon,
) -> EventPlace | None:
    """The place, looked for in the frame's own phrases, the clause, the sentence, the dateline."""
    words = lexicon.grammar["place_prepositions"]
    at = {candidate.trigger, candidate.anchor}
    parties = {a.head for a in candidate.actors + candidate.recipients}

    def located(tokens: list[Token]) -> Iterator[int]:
        for token in _located(doc, tokens, words, near=candidate.trigger, at=at):
            if token.i not in parties:
                yield token.i

    clause = chain(_frame_places(doc, candidate), located(scope.clause), _suffering(doc, candidate))
    for heads, how in ((clause, "clause"), (located(scope.sentence), "sentence")):
        for head in heads:
            if entity := _place_entity(cast, head):
                return _place(entity, how)
    return _dateline(record)


def _suffering(doc: ParsedText, candidate: Candidate) -> Iterator[int]:
    """A place that is attacked, held or visited is where it happens."""
    if candidate.type in ("ASSAULT", "COERCE") or candidate.mode == "visit":
        for actor in candidate.recipients:
            if actor.label in PLACES and doc.tokens[actor.head].dep not in OWNERS:
                yield actor.head


def _dateline(record: ArticleRecord) -> EventPlace | None:
    dateline = record.article.dateline
    if dateline is None:
        return None
    known = next((e for e in record.entities or [] if _is_named(e, dateline.place)), None)
    if known is not None:
        return _place(known, "dateline")
    return EventPlace(name=dateline.place, how="dateline")


def _is_named(entity: Entity, name: str) -> bool:
    wanted = name.lower()
    return entity.name.lower() == wanted or wanted in (alias.lower() for alias in entity.aliases)


def _frame_places(doc: ParsedText, candidate: Candidate) -> Iterator[int]:
    for slot in candidate.frame.place:
        if candidate.pattern in ("verb", "passive"):
            yield from slots.verb_slot(doc, candidate.trigger, slot)
        else:
            yield from syntax.prepositional(doc, candidate.trigger, slot)


def _located(
    doc: ParsedText, tokens: list[Token], words: frozenset[str], near: int, at: set[int]
) -> list[Token]:
    """Objects of prepositions of place, those of the event itself first, then those behind it."""
    found = [
        token for token in tokens if token.dep == "pobj" and doc.head(token.i).text.lower() in words
    ]
    return sorted(
        found,
        key=lambda t: (doc.head(t.i).head not in at, t.i < near, abs(t.i - near)),
    )


def _place_entity(cast: Cast, i: int) -> Entity | None:
    entity = cast.entity_at(i)
    return entity if entity is not None and entity.label in PLACES else None


def _place(entity: Entity, how: str) -> EventPlace:
    return EventPlace.model_validate(
        {
            "entity": entity.id,
            "name": entity.name,
            "country": entity.country,
            "geo": entity.geo,
            "how": how,
        }
    )


def domestic_country(kind: str, place: EventPlace | None, actor: Actor) -> str | None:
    """The country of the place, for agents that the text gives no other: "police in Cairo"."""
    if place is None or place.country is None or actor.participant.country:
        return None
    if actor.thing or actor.rootless:
        return None
    sectors = set(actor.participant.sectors)
    if actor.site:
        return place.country if place.how == "clause" else None
    if not sectors or actor.label is not None or sectors & {"IGO", "UNO", "EUR", "NGO"}:
        return None
    at_home = kind in ("COERCE", "PROTEST") and not sectors & {"MIL", "UAF", "REB", "REF"}
    near = place.how == "clause" or at_home
    return place.country if near else None
