"""Makes document-level entities of clusters and ties them to the world."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from schemas import ParsedText
from schemas.entities import Entity, Geo, Link, Mention

from . import affiliation, people, persons, places
from .clusters import Cluster, Context, clusters
from .knowledge import Entry, Knowledge, Surface
from .mentions import Found
from .setting import Setting

SHIP_NUMBER: Final = re.compile(r"IMO\D*(\d{7})")
PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})


def resolve(
    parsed: ParsedText, found: Sequence[Found], setting: Setting, knowledge: Knowledge
) -> tuple[list[Mention], list[Entity]]:
    """Mentions with ids, and entities by first mention."""
    context = Context(parsed, found, setting, knowledge)
    entity_of: dict[int, str] = {}
    entities = []
    for number, cluster in enumerate(_same_people(context, clusters(context))):
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


def _same_people(context: Context, grouped: Sequence[Cluster]) -> list[Cluster]:
    """Clusters with those in one that are one known person: `Zelensky` and `Zelenskyy`."""
    kept: list[Cluster] = []
    people_of: dict[str, Cluster] = {}
    for cluster in grouped:
        known = None
        if cluster.surface is None and context.found[cluster.members[0]].label == "PERSON":
            known = _identify(context, cluster, _offices(context, cluster))
        if known is None:
            kept.append(cluster)
        elif known.entry.id in people_of:
            other = people_of[known.entry.id]
            other.members = sorted([*other.members, *cluster.members])
        else:
            people_of[known.entry.id] = cluster
            kept.append(cluster)
    return kept


def _offices(context: Context, cluster: Cluster) -> list[persons.Office]:
    """The offices that the text gives a person, in order."""
    offices = (persons.office_of(context.text, context.found[i]) for i in cluster.members)
    return [office for office in offices if office]


def _identify(
    context: Context, cluster: Cluster, offices: Sequence[persons.Office]
) -> people.Known | None:
    """Whom of the knowledge base a cluster of person's names means."""
    day = context.setting.published
    return people.identify(
        sorted({context.name(index) for index in cluster.members}),
        [office.title for office in offices],
        context.knowledge,
        day=day.isoformat() if day else None,
        countries=context.setting.countries,
    )


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
    label = context.found[cluster.members[0]].label
    numbers = [match[1] for one in (name, *aliases) if (match := SHIP_NUMBER.fullmatch(one))]
    if label == "VESSEL" and numbers and len(aliases) > len(numbers) - 1:
        name = next(one for one in (name, *aliases) if not SHIP_NUMBER.fullmatch(one))
        aliases = sorted({context.name(index) for index in cluster.members} - {name})
    return Entity(
        id=identifier,
        name=name,
        label=label,
        aliases=aliases,
        mentions=_members(cluster),
        links=[Link(scheme="imo", id=number) for number in numbers] if label == "VESSEL" else [],
        country=affiliation.country(context, cluster) if label in affiliation.BODIES else None,
    )


def _known(identifier: str, context: Context, cluster: Cluster, surface: Surface) -> Entity:
    entry = surface.entry
    by_name = surface.use in ("name", "demonym")
    name = entry.name if by_name else surface.text
    _, others = _names(context, cluster)
    names = {context.name(index) for index in cluster.members} | set(others)
    region = None
    if entry.kind == "place":
        region = places.regions().get(entry.name)
    elif entry.kind == "us-state":
        region = places.us_states().get(entry.id)
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
    if entry.kind == "us-state":
        geonameid = places.us_states()[entry.id].geonameid
        return [Link(scheme="geonames", id=str(geonameid))] if geonameid else []
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
    name, _, region = entity.name.partition(", ")
    if region and after is None:
        beside = context.knowledge.surfaces.get(region, ())
        after = next((_region(surface.entry) for surface in beside), None)
    choice = places.choose(
        name, context.setting.countries, after=after, outlet=context.setting.outlet
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
    return _region(following.surfaces[0].entry)


def _region(entry: Entry) -> str | None:
    """Country of an entry, or its own id where it is a state of the United States."""
    return entry.id if entry.kind == "us-state" else entry.country


def _geo(place: places.Place) -> Geo:
    return Geo(lat=place.lat, lon=place.lon, geonameid=place.geonameid, country=place.country)


def _person(identifier: str, context: Context, cluster: Cluster) -> Entity:
    entity = _plain(identifier, context, cluster)
    offices = _offices(context, cluster)
    known = _identify(context, cluster, offices)
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
            (country for office in offices if (country := affiliation.of_office(context, office))),
            None,
        )
    return entity.model_copy(update=changes)
