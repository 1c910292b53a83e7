"""The article record: it grows a block a stage; whole, it is `newsflag.enriched/1`."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from .article import Article
from .base import Block
from .entities import DateMention, Entity, Mention, Money, Quantity, Quote
from .events import Event
from .flags import Flag, Screening
from .parse import Parse

ENRICHED: Final = "newsflag.enriched/1"


class Provenance(Block):
    """How one stage made its block: code version, digests of model and lists, input record."""

    stage: str
    version: str
    model: str | None = None
    lists: list[str] = Field(default_factory=list)
    input: str | None = None
    """`ce_id` of the input record, or its coordinates `topic/partition/offset` for a raw one."""


class ArticleRecord(BaseModel):
    """What travels on every topic after `news.raw`.

    No wall-clock time is in it: the same input gives the same bytes.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    schema_: str = Field(default=ENRICHED, alias="schema")
    article: Article
    mentions: list[Mention] | None = None
    entities: list[Entity] | None = None
    dates: list[DateMention] | None = None
    money: list[Money] | None = None
    quantities: list[Quantity] | None = None
    quotes: list[Quote] | None = None
    parse: Parse | None = None
    events: list[Event] | None = None
    flags: list[Flag] | None = None
    screening: Screening | None = None
    provenance: list[Provenance] = Field(default_factory=list)
    extra: dict[str, Any] = Field(default_factory=dict)
