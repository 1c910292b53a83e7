"""An event in the JSON form of PLOVER 2.0, for readers who know that rather than our record.

Field names after the PLOVER 2.0 manual (attribution in `lexicon/codebook.toml`). What PLOVER has no
field for (status, attribution, evidence, rule) goes into `comment` as one JSON object.
"""

import json
from typing import Any

from schemas import ArticleRecord
from schemas.events import Event, Participant, Quad

QUAD_CODES: dict[Quad, int] = {
    "verbal-cooperation": 1,
    "material-cooperation": 2,
    "verbal-conflict": 3,
    "material-conflict": 4,
}
INTERNATIONAL = ("IGO", "UNO", "EUR", "NGO")
AUXILIARY = {"historical": "historical", "planned": "future", "hypothetical": "hypothetical"}


def plover(event: Event, record: ArticleRecord) -> dict[str, Any]:
    """The event as a PLOVER record; empty optional fields are left out.

    Args:
        event: An event of the record.
        record: The article that it was coded from.
    """
    article = record.article
    fields: dict[str, Any] = {
        "id": event.id,
        "date": event.date.value if event.date else None,
        "enddate": event.date.until if event.date else None,
        "actor": [_entity(p, article.text) for p in event.actors],
        "recipient": [_entity(p, article.text) for p in event.recipients],
        "event": [event.type],
        "mode": [event.mode] if event.mode else [],
        "context": event.contexts,
        "auxiliary": [AUXILIARY[event.status]] if event.status in AUXILIARY else [],
        "negated": event.status in ("negated", "denied") or None,
        "quad_code": QUAD_CODES[event.quad],
        "event_scale": event.intensity,
        "event_text": [event.trigger.text],
        "event_loc": _place(event),
        "size": _size(event),
        "text": article.text[event.sentence.start : event.sentence.end],
        "text_info": {"start": event.sentence.start, "end": event.sentence.end},
        "link": article.canonical_url or article.url,
        "coder": "newsflag",
        "comment": json.dumps(
            {
                "status": event.status,
                "attribution": [speaker.name for speaker in event.attribution],
                "rule": event.rule,
                "confidence": event.confidence,
            },
            ensure_ascii=False,
        ),
    }
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def _entity(participant: Participant, text: str) -> dict[str, Any]:
    """An international body's kind stands where others have their country."""
    sectors = participant.sectors
    code = participant.country or next((s for s in sectors if s in INTERNATIONAL), "---")
    surface = None
    if participant.start is not None and participant.end is not None:
        surface = text[participant.start : participant.end]
    entity = {
        "code": code,
        "sector": [s for s in sectors if s != code],
        "entity_text": surface or participant.name,
        "entity_name": participant.name,
    }
    return {name: value for name, value in entity.items() if value != []}


def _place(event: Event) -> dict[str, Any] | None:
    if event.place is None:
        return None
    geo = event.place.geo
    fields = {
        "extracted_place": event.place.name,
        "country_code": event.place.country,
        "geonameid": geo.geonameid if geo else None,
        "lat": geo.lat if geo else None,
        "lon": geo.lon if geo else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _size(event: Event) -> dict[str, float]:
    size = event.magnitude
    found = {name: getattr(size, name) for name in ("dead", "injured", "arrested")} if size else {}
    return {name: value for name, value in found.items() if value is not None}
