"""What flows: the record types of every topic, their JSON Schema, and helpers to read them."""

from .article import Article, ArticleBlock
from .base import Block, Span
from .entities import EntitiesBlock
from .events import EventsBlock
from .flags import FlagsBlock
from .parse import Parse, ParsedText, Token
from .raw import RawArticle
from .record import ArticleRecord, Provenance

__all__ = [
    "Article",
    "ArticleBlock",
    "ArticleRecord",
    "Block",
    "EntitiesBlock",
    "EventsBlock",
    "FlagsBlock",
    "Parse",
    "ParsedText",
    "Provenance",
    "RawArticle",
    "Span",
    "Token",
]
