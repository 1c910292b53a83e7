"""One event once: repeated tellings become one event with several stretches of evidence."""

from collections import defaultdict

from schemas.base import Span
from schemas.events import Attribution, Event, EventPlace, Magnitude, Participant
from schemas.identity import digest

SPECIFIC = 1.0


def participant_code(participant: Participant) -> str:
    """Country and primary sector; the name where the country is unknown."""
    sector = participant.sectors[0] if participant.sectors else ""
    return f"{participant.country or participant.name.lower()}:{sector}"


def event_key(event: Event) -> str:
    """Hash of type, actors, recipients, place and day: the same event in other articles."""
    place = ""
    if event.place is not None:
        geo = event.place.geo
        place = str(geo.geonameid) if geo and geo.geonameid else event.place.name.lower()
    return digest(
        event.type,
        "|".join(sorted(participant_code(p) for p in event.actors)),
        "|".join(sorted(participant_code(p) for p in event.recipients)),
        place,
        event.date.value[:10] if event.date else "",
    )


def merge(events: list[Event], countries: frozenset[str] = frozenset()) -> list[Event]:
    """Fold tellings of one event together; the first telling leads, details are filled in.

    Args:
        events: In order of the text.
        countries: Entities that are whole countries: as a place they give way to a town.
    """
    kept: list[Event] = []
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        places = alike[event.type, event.status]
        at = next((i for i in places if _same(kept[i], event)), None)
        if at is None:
            places.append(len(kept))
            kept.append(event)
        else:
            kept[at] = _folded(kept[at], event, countries)
    return kept


def identified(article: str, events: list[Event]) -> list[Event]:
    """Give ids that do not hang on offsets: the same event keeps its id in a new revision."""
    seen: dict[str, int] = {}
    named = []
    for event in events:
        key = event_key(event)
        base = "\x1f".join((key, event.mode or "", event.status))
        seen[base] = seen.get(base, 0) + 1
        named.append(
            event.model_copy(update={"key": key, "id": digest(article, base, str(seen[base]))})
        )
    return named


def _same(one: Event, other: Event) -> bool:
    same_sentence = one.sentence == other.sentence
    return (
        _modes_agree(one, other)
        and _compatible(one.actors, other.actors, open_end=same_sentence)
        and (
            _compatible(one.recipients, other.recipients, open_end=_same_actors(one, other))
            or (same_sentence and _one_attack(one, other))
        )
        and not _contradict(one.magnitude, other.magnitude)
        and (same_sentence or _places_agree(one.place, other.place))
        and _dates_agree(one, other)
    )


def _same_actors(one: Event, other: Event) -> bool:
    a, b = ({participant_code(p) for p in event.actors} for event in (one, other))
    return a == b


def _one_attack(one: Event, other: Event) -> bool:
    """For "attacked a base, killing 14 soldiers": one act on what stands in one country."""
    countries = {p.country for p in (*one.recipients, *other.recipients)}
    return one.type == "ASSAULT" and len(countries - {None}) <= 1


def _modes_agree(one: Event, other: Event) -> bool:
    """A mode may be told once only; but a visit is not the talks held there."""
    if one.type == "CONSULT" or (one.mode and other.mode):
        return one.mode == other.mode
    return True


def _compatible(one: list[Participant], other: list[Participant], *, open_end: bool) -> bool:
    if not one or not other:
        return open_end or not (one or other)
    return any(_same_party(a, b) for a in one for b in other)


def _same_party(a: Participant, b: Participant) -> bool:
    if a.entity and b.entity:
        if a.entity == b.entity:
            return True
        return bool(a.country) and a.country == b.country and a.sectors[:1] == b.sectors[:1]
    if a.country != b.country:
        return False
    return a.sectors[:1] == b.sectors[:1] if a.country else a.name.lower() == b.name.lower()


def _contradict(one: Magnitude | None, other: Magnitude | None) -> bool:
    if one is None or other is None:
        return False
    for name in ("dead", "injured", "arrested", "troops", "weapons"):
        a, b = getattr(one, name), getattr(other, name)
        if a is not None and b is not None and a != b:
            return True
    return bool(one.amount and other.amount and one.amount != other.amount)


def _places_agree(one: EventPlace | None, other: EventPlace | None) -> bool:
    if one is None or other is None or "dateline" in (one.how, other.how):
        return True
    if (one.entity and one.entity == other.entity) or one.name.lower() == other.name.lower():
        return True
    return (
        bool(one.country)
        and one.country == other.country
        and (one.geo is None or other.geo is None)
    )


def _dates_agree(one: Event, other: Event) -> bool:
    if one.date is None or other.date is None or "published" in (one.date.how, other.date.how):
        return True
    a, b = one.date.value, other.date.value
    return a.startswith(b) or b.startswith(a)


def _folded(one: Event, other: Event, countries: frozenset[str]) -> Event:
    magnitude = one.magnitude or other.magnitude
    if one.magnitude and other.magnitude:
        magnitude = one.magnitude.model_copy(
            update={
                name: value
                for name, value in other.magnitude
                if getattr(one.magnitude, name, None) is None
            }
        )
    dates = [e.date for e in (one, other) if e.date is not None]
    places = [e.place for e in (one, other) if e.place is not None]
    return one.model_copy(
        update={
            "mode": one.mode or other.mode,
            "contexts": list(dict.fromkeys([*one.contexts, *other.contexts])),
            "actors": _joined(one.actors, other.actors),
            "recipients": _joined(one.recipients, other.recipients),
            "place": min(places, key=lambda p: (p.entity in countries, _distance(p)), default=None),
            "date": min(dates, key=lambda d: d.how == "published", default=None),
            "magnitude": magnitude,
            "attribution": _chain(one, other),
            "confidence": min(SPECIFIC, max(one.confidence, other.confidence) + 0.02),
            "intensity": other.intensity if other.mode and not one.mode else one.intensity,
            "evidence": _spans([*one.evidence, *other.evidence]),
        }
    )


def _distance(place: EventPlace) -> int:
    return ("clause", "sentence", "dateline").index(place.how)


def _joined(one: list[Participant], other: list[Participant]) -> list[Participant]:
    more = [b for b in other if not any(_same_party(a, b) for a in one)]
    # A bare number counts those who are named beside it.
    return one + [b for b in more if not (one and b.name[0].isdigit())]


def _chain(one: Event, other: Event) -> list[Attribution]:
    names = {(a.entity, a.name) for a in one.attribution}
    more = [a for a in other.attribution if (a.entity, a.name) not in names]
    return [*one.attribution, *more][:3]


def _spans(spans: list[Span]) -> list[Span]:
    unique = {(span.start, span.end): span for span in spans}
    return [unique[key] for key in sorted(unique)]
