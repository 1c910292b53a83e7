"""Groups mentions into document-level entities and ties them to the world."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import ParsedText
from schemas.entities import Entity, Geo, Link, Mention

from . import people, persons, places
from .gazetteer import PLAIN
from .knowledge import Knowledge, Surface
from .mentions import ENTITY_LABELS, Found
from .metonyms import is_government
from .setting import Setting

SPACES: Final = re.compile(r"[\s\[\]]+")
BODY_BEFORE: Final = re.compile(r"(?:['’]s)?[\s\u00a0]+(?:[a-z-]+\s){0,3}")
"""Between a body and the title that follows it: "White House national security spokesman"."""
BODY_AFTER: Final = re.compile(r"\s(?:of|for|at|in|with)\s(?:the\s)?")
"""Between a title and the body after it; not "to": an ambassador to Russia is not Russia's."""
PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})


@dataclass(slots=True)
class Cluster:
    """The mentions of one thing, by index, and how it is to be linked."""

    surface: Surface | None = None
    members: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What the makers of entities look at."""

    parsed: ParsedText
    found: Sequence[Found]
    setting: Setting
    knowledge: Knowledge

    @property
    def text(self) -> str:
        """The article's text."""
        return self.parsed.text

    def name(self, index: int) -> str:
        """Words of a mention with single blanks, plain apostrophes, without editors' brackets."""
        mention = self.found[index]
        return SPACES.sub(" ", self.text[mention.start : mention.end].translate(PLAIN)).strip()


def resolve(
    parsed: ParsedText, found: Sequence[Found], setting: Setting, knowledge: Knowledge
) -> tuple[list[Mention], list[Entity]]:
    """Mentions with ids, and entities by first mention."""
    context = Context(parsed, found, setting, knowledge)
    entity_of: dict[int, str] = {}
    entities = []
    clusters = sorted(_clusters(context), key=lambda cluster: cluster.members[0])
    for number, cluster in enumerate(clusters):
        entity = _entity(f"e{number}", context, cluster)
        entities.append(entity)
        entity_of |= dict.fromkeys(cluster.members, entity.id)
    mentions = [
        Mention(
            id=f"m{index}",
            entity=entity_of.get(index),
            start=mention.start,
            end=mention.end,
            text=parsed.text[mention.start : mention.end],
            label=mention.label,
        )
        for index, mention in enumerate(found)
    ]
    return mentions, entities


def _clusters(context: Context) -> list[Cluster]:
    clusters: dict[str, Cluster] = {}
    unknown_persons = []
    for index, mention in enumerate(context.found):
        if mention.label not in ENTITY_LABELS:
            continue
        surface = _surface(context, mention)
        if surface is None and mention.label == "PERSON":
            unknown_persons.append(index)
            continue
        name = context.name(index)
        if surface is None:
            key = f"named {name.casefold()}"
        elif surface.use in ("name", "demonym"):
            key = f"known {surface.entry.id}"
        else:
            key = f"{surface.use} {surface.entry.id} {name}"
        clusters.setdefault(key, Cluster(surface)).members.append(index)
    groups = persons.cluster_names([context.name(index) for index in unknown_persons])
    for index, group in zip(unknown_persons, groups, strict=True):
        clusters.setdefault(f"person {group}", Cluster()).members.append(index)
    return list(clusters.values())


def _surface(context: Context, mention: Found) -> Surface | None:
    """What a mention is by the knowledge base; a capital only where it means a government."""
    for surface in mention.surfaces:
        if surface.use != "capital" or is_government(context.parsed, mention):
            return surface
    return None


def _entity(identifier: str, context: Context, cluster: Cluster) -> Entity:
    label = context.found[cluster.members[0]].label
    if cluster.surface is not None:
        return _known(identifier, context, cluster, cluster.surface)
    if label == "PERSON":
        return _person(identifier, context, cluster)
    if label in PLACE_LABELS:
        return _place(identifier, context, cluster)
    return _plain(identifier, context, cluster)


def _names(context: Context, cluster: Cluster) -> tuple[str, list[str]]:
    """The fullest name of a cluster and the others."""
    counts = Counter(context.name(index) for index in cluster.members)
    name = max(counts, key=lambda name: (len(name), counts[name], name))
    return name, sorted(set(counts) - {name})


def _members(cluster: Cluster) -> list[str]:
    return [f"m{index}" for index in cluster.members]


def _plain(identifier: str, context: Context, cluster: Cluster) -> Entity:
    name, aliases = _names(context, cluster)
    return Entity(
        id=identifier,
        name=name,
        label=context.found[cluster.members[0]].label,
        aliases=aliases,
        mentions=_members(cluster),
    )


def _known(identifier: str, context: Context, cluster: Cluster, surface: Surface) -> Entity:
    entry = surface.entry
    by_name = surface.use in ("name", "demonym")
    name = entry.name if by_name else surface.text
    _, others = _names(context, cluster)
    names = {context.name(index) for index in cluster.members} | set(others)
    region = places.regions().get(entry.name) if entry.kind == "place" else None
    return Entity(
        id=identifier,
        name=name,
        label=entry.label if by_name else context.found[cluster.members[0]].label,
        aliases=sorted(names - {name}),
        mentions=_members(cluster),
        links=_links(context, surface),
        country=entry.country,
        geo=_geo(region) if region else None,
    )


def _links(context: Context, surface: Surface) -> list[Link]:
    entry = surface.entry
    if entry.kind == "state":
        links = [
            Link(scheme="iso3166-1-alpha-3", id=entry.id),
            Link(scheme="iso3166-1-alpha-2", id=context.knowledge.alpha2[entry.id]),
        ]
        if geonameid := places.country_ids().get(entry.id):
            links.append(Link(scheme="geonames", id=str(geonameid)))
        return links
    if entry.kind in ("place", "hardware"):
        return []
    if surface.use in ("capital", "seat"):
        reason = "capital as its government" if surface.use == "capital" else "seat of government"
        return [Link(scheme="newsflag", id=entry.id, type="metonym", reason=reason)]
    return [Link(scheme="newsflag", id=entry.id)]


def _place(identifier: str, context: Context, cluster: Cluster) -> Entity:
    entity = _plain(identifier, context, cluster)
    after = next(
        (country for index in cluster.members if (country := _after(context, index))), None
    )
    choice = places.choose(
        entity.name, context.setting.countries, after=after, outlet=context.setting.outlet
    )
    if choice is None:
        return entity
    place = choice.place
    links = []
    if place.geonameid is not None:
        links.append(
            Link(
                scheme="geonames", id=str(place.geonameid), score=choice.score, reason=choice.reason
            )
        )
    return entity.model_copy(update={"links": links, "country": place.country, "geo": _geo(place)})


def _after(context: Context, index: int) -> str | None:
    """The country that stands right after a place: `Paris, France`, `Vladivostok in Russia`."""
    end = context.found[index].end
    following = next((one for one in context.found[index + 1 : index + 2]), None)
    if following is None or not following.surfaces:
        return None
    between = context.text[end : following.start]
    if between not in (", ", " in ", ", in "):
        return None
    return following.surfaces[0].entry.country


def _geo(place: places.Place) -> Geo:
    return Geo(lat=place.lat, lon=place.lon, geonameid=place.geonameid, country=place.country)


def _person(identifier: str, context: Context, cluster: Cluster) -> Entity:
    entity = _plain(identifier, context, cluster)
    offices = [
        office
        for index in cluster.members
        if (office := persons.office_of(context.text, context.found[index]))
    ]
    day = context.setting.published
    known = people.identify(
        [entity.name, *entity.aliases],
        [office.title for office in offices],
        context.knowledge,
        day=day.isoformat() if day else None,
        countries=context.setting.countries,
    )
    changes: dict[str, object] = {"role": offices[0].title if offices else None}
    if known is not None:
        aliases = {entity.name, *entity.aliases} - {known.entry.name}
        changes |= {
            "name": known.entry.name,
            "aliases": sorted(aliases),
            "country": known.entry.country,
            "links": [
                Link(scheme="newsflag", id=known.entry.id, score=known.score, reason=known.reason)
            ],
        }
    else:
        changes["country"] = next(
            (country for office in offices if (country := _of_office(context, office))), None
        )
    return entity.model_copy(update=changes)


def _of_office(context: Context, office: persons.Office) -> str | None:
    """The state that an office belongs to, by the known name beside its title."""
    for one in context.found:
        country = one.surfaces[0].entry.country if one.surfaces else None
        if country is None:
            continue
        if one.end <= office.start and BODY_BEFORE.fullmatch(context.text, one.end, office.start):
            return country
        if one.start >= office.end and BODY_AFTER.fullmatch(context.text, office.end, one.start):
            return country
    return None
