"""The blocks of the entities stage: who, where, when, how much, and who said it."""

from typing import Literal

from pydantic import Field

from .base import Block, Span
from .parse import Parse

Label = Literal[
    "PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "WEAPON", "VESSEL", "AIRCRAFT",
    "DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY", "PRODUCT",
    "WORK_OF_ART", "LANGUAGE",
]  # fmt: skip


class Mention(Span):
    """One stretch of text that names something: `text` equals `article.text[start:end]`."""

    id: str
    """`m0`, `m1`, … in order of the text."""
    entity: str | None = None
    text: str
    label: Label


class Link(Block):
    """A tie from an entity to the world.

    `scheme` is one of `iso3166-1-alpha-3`, `iso3166-1-alpha-2`, `geonames`, `wikidata`, `imo` (a
    ship's number), `newsflag` (our own knowledge base). `type` is `same` (it is this thing) or
    `metonym` (it stands for this thing, as the Kremlin does for Russia's government).
    """

    scheme: str
    id: str
    score: float = 1.0
    type: Literal["same", "metonym"] = "same"
    reason: str | None = None


class Geo(Block):
    """A point on the map, in degrees (WGS 84), with its GeoNames id where there is one."""

    lat: float
    lon: float
    geonameid: int | None = None
    country: str | None = None


class Entity(Block):
    """One real thing that the article names, with all its mentions."""

    id: str
    """`e0`, `e1`, … by first mention."""
    name: str
    label: Label
    aliases: list[str] = Field(default_factory=list)
    mentions: list[str] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    country: str | None = None
    """ISO 3166-1 alpha-3 of the state it is, lies in or belongs to."""
    role: str | None = None
    """Title or office as the text gives it: `President`, `spokesman`."""
    geo: Geo | None = None


class DateMention(Span):
    """An expression of time resolved against the publication date; `value` None if it can't be.

    `value` is ISO 8601 as far as `precision` goes (`2022-02`, `2024-10-23`); a range has
    `until`, inclusive, in the same form.
    """

    text: str
    value: str | None
    until: str | None = None
    precision: Literal["time", "day", "week", "month", "season", "year", "decade"] | None = None


class Money(Span):
    """An amount: `amount` in whole units of the ISO 4217 `currency` (None where it is unclear)."""

    text: str
    amount: float
    currency: str | None
    until: float | None = None
    approx: bool = False


class Quantity(Span):
    """A counted thing: `roughly 3,000 soldiers` is value 3000, of `soldiers`, approx."""

    text: str
    value: float
    until: float | None = None
    unit: str | None = None
    of: str | None = None
    approx: bool = False


class Quote(Span):
    """What somebody said: span of the words, cue verb and speaker's entity where known."""

    text: str
    speaker: str | None = None
    cue: str | None = None
    direct: bool


class EntitiesBlock(Block):
    """What the entities stage adds. `parse` is taken off again by the last stage that reads it."""

    mentions: list[Mention] = Field(default_factory=list)
    entities: list[Entity] = Field(default_factory=list)
    dates: list[DateMention] = Field(default_factory=list)
    money: list[Money] = Field(default_factory=list)
    quantities: list[Quantity] = Field(default_factory=list)
    quotes: list[Quote] = Field(default_factory=list)
    parse: Parse | None = None
