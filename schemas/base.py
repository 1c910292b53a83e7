"""The base of every record: strict types, no silent coercion, immutable once made."""

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A part of a record that one stage adds and nobody changes afterwards.

    Unknown fields are kept, so that a reader of this version hands on what a later version wrote.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)


class Span(Block):
    """A stretch of `article.text`, in Unicode code points, end exclusive."""

    start: int
    end: int
