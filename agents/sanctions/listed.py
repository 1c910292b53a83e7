"""Listed parties: entities of the article, and exact names in its text, against the lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.entities import Entity, Mention

from .countries import countries_in
from .exact import ExactPass
from .names.normalise import tokens
from .query import LABEL_KINDS, Query, describing_countries, possessing_countries
from .reading import Reading
from .screen import REVIEW, Candidate, Screener

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_NAMED = frozenset({"ORG", "PERSON", "NORP", "PRODUCT"})
_DISTINCTIVE = 9
"""Length from which a single word needs no country to be one name only."""
_CONTEXT = 160
"""Code points on each side of a mention that are read for offices and ship's cues."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate with its bearer: an entity, or a bare span where the mention finder saw none."""

    candidate: Candidate
    query: Query
    entity: Entity | None
    spans: tuple[tuple[int, int], ...]


def find_listed(
    reading: Reading,
    screener: Screener,
    exact: ExactPass,
    floor: float = REVIEW,
    *,
    every_kind: bool = False,
) -> Iterator[Listed]:
    """Candidates for every entity and exact hit, stopped ones included, in order of the text.

    Args:
        reading: The article.
        screener: The lists.
        exact: The automaton over the same entries.
        floor: Lowest score of the name alone to consider.
        every_kind: Look at entries of another kind than the entity's too, for explanations.
    """
    seen: set[tuple[str, str]] = set()
    mentions: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        if mention.entity is not None:
            mentions.setdefault(mention.entity, []).append(mention)
    for entity in reading.entities.values():
        own = mentions.get(entity.id, [])
        if not own or entity.label not in LABEL_KINDS:
            continue
        for found in _of_entity(reading, screener, entity, own, floor, every_kind=every_kind):
            seen.add((entity.id, found.candidate.entry.id))
            yield found
    yield from _of_text(reading, screener, exact, mentions, seen, floor)


def _of_entity(
    reading: Reading,
    screener: Screener,
    entity: Entity,
    own: list[Mention],
    floor: float,
    *,
    every_kind: bool,
) -> Iterator[Listed]:
    best: dict[str, tuple[Candidate, Query]] = {}
    for name in _names(entity, own):
        query = _query(reading, name, own, LABEL_KINDS[entity.label], entity)
        for candidate in screener.screen(query, floor, every_kind=every_kind):
            former = best.get(candidate.entry.id)
            if former is None or _worth(candidate) > _worth(former[0]):
                best[candidate.entry.id] = candidate, query
    spans = tuple((mention.start, mention.end) for mention in own)
    for candidate, query in best.values():
        yield Listed(candidate, query, entity, spans)


def _names(entity: Entity, own: list[Mention]) -> list[str]:
    """The entity's names, longest first; short forms only when there is nothing longer."""
    names = dict.fromkeys([entity.name, *entity.aliases, *(mention.text for mention in own)])
    whole = [name for name in names if len(name.split()) > 1]
    return sorted(whole or list(names), key=lambda name: (-len(name), name))


def _worth(candidate: Candidate) -> tuple[int, float]:
    return {"match": 2, "review": 1, "none": 0}[candidate.decision], candidate.score


def _query(
    reading: Reading,
    name: str,
    own: list[Mention],
    kind: str,
    entity: Entity | None,
) -> Query:
    text = reading.parse.text
    context = " … ".join(
        text[max(0, mention.start - _CONTEXT) : mention.end + _CONTEXT] for mention in own[:6]
    )
    heads = [text[max(0, mention.start - 80) : mention.start] for mention in own]
    said = [code for before in heads for code in possessing_countries(before)]
    if kind == "person":
        said = []
    described = [code for before in heads for code in describing_countries(before)]
    if entity is not None and entity.country:
        said.append(entity.country)
    near = [code for mention in own for code in _sentence_countries(reading, mention)]
    return Query(
        name=name,
        kind=LABEL_KINDS.get(entity.label) if entity is not None else None,
        countries=tuple(dict.fromkeys(said)),
        described_countries=tuple(dict.fromkeys(described)),
        context_countries=tuple(dict.fromkeys(near)),
        context=context if entity is None or not entity.role else f"{entity.role} {context}",
    )


def _sentence_countries(reading: Reading, mention: Mention) -> Iterator[str]:
    for token in reading.parse.between(mention.start, mention.end)[:1]:
        start, end = reading.sentence_span(token)
        yield from countries_in(reading.parse.text[start:end])


def _of_text(
    reading: Reading,
    screener: Screener,
    exact: ExactPass,
    mentions: dict[str, list[Mention]],
    seen: set[tuple[str, str]],
    floor: float,
) -> Iterator[Listed]:
    text = reading.parse.text
    for hit in exact.find(text):
        over = reading.mention_at(hit.start, hit.end)
        if (
            over is not None
            and (over.start < hit.start - 1 or over.end > hit.end + 2)
            and (over.label in _PLACES)
        ):
            continue
        entity = reading.entities.get(over.entity or "") if over is not None else None
        alone = len(tokens(text[hit.start : hit.end])) == 1
        if alone and not _is_name(reading, hit.start, hit.end, over):
            continue
        for number in hit.entries:
            entry = screener.entries[number]
            key = (entity.id if entity is not None else f"@{hit.start}", entry.id)
            if key in seen or any(former[1] == entry.id for former in seen):
                continue
            query = _exact_query(reading, hit.start, hit.end, entity, entry.kind)
            for candidate in screener.screen(query, floor):
                agreed = any(
                    gate.name == "country" and gate.outcome == "pass" for gate in candidate.gates
                )
                known = agreed or not alone or hit.end - hit.start >= _DISTINCTIVE
                if candidate.entry.id == entry.id and known:
                    seen.add(key)
                    yield Listed(candidate, query, entity, ((hit.start, hit.end),))


def _is_name(reading: Reading, start: int, end: int, over: Mention | None) -> bool:
    """Whether the text uses a single word for somebody: a fitting mention, or a proper noun."""
    if over is not None:
        return over.label in _NAMED
    return all(token.tag == "NNP" for token in reading.parse.between(start, end))


def _exact_query(reading: Reading, start: int, end: int, entity: Entity | None, kind: str) -> Query:
    text = reading.parse.text
    span = Mention(id="exact", start=start, end=end, text=text[start:end], label="ORG")
    base = _query(reading, text[start:end], [span], kind, None)
    return Query(
        name=base.name,
        kind=kind,  # type: ignore[arg-type]  # an entry's kind is a Kind
        countries=base.countries,
        described_countries=base.described_countries,
        context_countries=base.context_countries,
        context=base.context,
        exact=True,
    )
