"""Groups mentions into document-level entities: one entity for one real thing."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.entities import Entity, Link, Mention

from .gazetteer import PLAIN
from .knowledge import Knowledge, Surface
from .mentions import ENTITY_LABELS, Found

SPACES: Final = re.compile(r"[\s\[\]]+")


@dataclass(slots=True)
class Cluster:
    """The mentions of one thing, by index, and what is known of it."""

    members: list[int] = field(default_factory=list)
    surface: Surface | None = None


def resolve(
    text: str, found: Sequence[Found], knowledge: Knowledge
) -> tuple[list[Mention], list[Entity]]:
    """Mentions with ids and entities by first mention."""
    full_names = _full_names(text, found)
    clusters: dict[str, Cluster] = {}
    for index, mention in enumerate(found):
        if mention.label not in ENTITY_LABELS:
            continue
        surface = mention.surfaces[0] if mention.surfaces else None
        key = _key(plain(text, mention), mention, surface, full_names)
        cluster = clusters.setdefault(key, Cluster(surface=surface))
        cluster.members.append(index)
    entity_of: dict[int, str] = {}
    entities = []
    for number, cluster in enumerate(clusters.values()):
        entity = _entity(f"e{number}", text, found, cluster, knowledge)
        entities.append(entity)
        entity_of |= dict.fromkeys(cluster.members, entity.id)
    mentions = [
        Mention(
            id=f"m{index}",
            entity=entity_of.get(index),
            start=mention.start,
            end=mention.end,
            text=text[mention.start : mention.end],
            label=mention.label,
        )
        for index, mention in enumerate(found)
    ]
    return mentions, entities


def plain(text: str, mention: Found) -> str:
    """Words of a mention with single blanks, plain apostrophes and without editors' brackets."""
    return SPACES.sub(" ", text[mention.start : mention.end].translate(PLAIN)).strip()


def _full_names(text: str, found: Sequence[Found]) -> dict[str, str]:
    """Full name by surname; a surname that two people bear is left out."""
    names: dict[str, set[str]] = {}
    for mention in found:
        if mention.label == "PERSON" and " " in (name := plain(text, mention)):
            names.setdefault(name.rsplit(" ", 1)[1], set()).add(name)
    return {surname: min(full) for surname, full in names.items() if len(full) == 1}


def _key(name: str, mention: Found, surface: Surface | None, full_names: dict[str, str]) -> str:
    if surface is not None:
        if surface.use in ("name", "demonym"):
            return f"known {surface.entry.id}"
        return f"{surface.use} {name}"
    if mention.label == "PERSON":
        return f"person {full_names.get(name, name)}"
    return f"named {name.casefold()}"


def _entity(
    identifier: str, text: str, found: Sequence[Found], cluster: Cluster, knowledge: Knowledge
) -> Entity:
    members = [found[index] for index in cluster.members]
    counts = Counter(plain(text, mention) for mention in members)
    longest = max(counts, key=lambda name: (len(name), counts[name], name))
    surface = cluster.surface
    if surface is None:
        name, label, country, links = longest, members[0].label, None, []
    else:
        entry = surface.entry
        by_name = surface.use in ("name", "demonym")
        name = entry.name if by_name else surface.text
        label = entry.label if by_name else members[0].label
        country = entry.country
        links = _links(surface, knowledge)
    return Entity(
        id=identifier,
        name=name,
        label=label,
        aliases=sorted(set(counts) - {name}),
        mentions=[f"m{index}" for index in cluster.members],
        links=links,
        country=country,
    )


def _links(surface: Surface, knowledge: Knowledge) -> list[Link]:
    entry = surface.entry
    if entry.kind == "state":
        return [
            Link(scheme="iso3166-1-alpha-3", id=entry.id),
            Link(scheme="iso3166-1-alpha-2", id=knowledge.alpha2[entry.id]),
        ]
    if surface.use in ("capital", "seat"):
        return [Link(scheme="newsflag", id=entry.id, type="metonym")]
    return [Link(scheme="newsflag", id=entry.id)]
