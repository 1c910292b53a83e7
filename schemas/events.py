"""The `events` block: who did what to whom, coded in PLOVER 2.0, with the words it rests on."""

from typing import Literal

from pydantic import Field

from .base import Block, Span
from .entities import Geo

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
EventStatus = Literal["asserted", "planned", "hypothetical", "negated", "denied", "historical"]
Quad = Literal["verbal-cooperation", "material-cooperation", "verbal-conflict", "material-conflict"]


class Participant(Block):
    """An actor or recipient: a document-level entity with its country and PLOVER sectors."""

    entity: str | None
    name: str
    country: str | None = None
    sectors: list[str] = Field(default_factory=list)
    """PLOVER sector codes (`GOV`, `MIL`, …), the primary one first."""
    start: int | None = None
    end: int | None = None


class Trigger(Span):
    """The words that make the event; `lemma` is the lexicon's key."""

    text: str
    lemma: str


class EventPlace(Block):
    """Where it happened; `how` says if clause, sentence or dateline told so."""

    entity: str | None = None
    name: str
    country: str | None = None
    geo: Geo | None = None
    how: Literal["clause", "sentence", "dateline"]


class EventDate(Block):
    """When it happened, in the form of `DateMention`."""

    value: str
    until: str | None = None
    precision: str
    how: Literal["clause", "sentence", "dateline", "published"]


class Amount(Block):
    """A sum of money that an event is about."""

    amount: float
    currency: str | None


class Magnitude(Block):
    """How large: counted people, and money."""

    dead: float | None = None
    injured: float | None = None
    arrested: float | None = None
    troops: float | None = None
    weapons: float | None = None
    amount: Amount | None = None


class Attribution(Block):
    """Who says so, outermost speaker first."""

    entity: str | None = None
    name: str
    cue: str | None = None


class Event(Block):
    """One event of the article; told again, it is still one, with more evidence."""

    id: str
    key: str
    """Hash of type, actors, recipients, place and day: groups the same event across articles."""
    type: EventType
    mode: str | None = None
    contexts: list[str] = Field(default_factory=list)
    actors: list[Participant] = Field(default_factory=list)
    recipients: list[Participant] = Field(default_factory=list)
    place: EventPlace | None = None
    date: EventDate | None = None
    trigger: Trigger
    sentence: Span
    magnitude: Magnitude | None = None
    status: EventStatus
    attribution: list[Attribution] = Field(default_factory=list)
    quad: Quad
    intensity: float
    confidence: float
    rule: str
    evidence: list[Span] = Field(default_factory=list)


class EventsBlock(Block):
    """What the events stage adds."""

    events: list[Event] = Field(default_factory=list)
