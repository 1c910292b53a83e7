"""What feeders hand in: one article as it was found, on the topic `news.raw`."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Source(BaseModel):
    """The outlet an article comes from, and the feed that carried it."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    name: str | None = None
    url: str | None = None
    feed: str | None = None


class RawArticle(BaseModel):
    """One article as a feeder found it; fields that are not listed here are kept under `extra`.

    Dates are strings as the feeder saw them (RFC 2822, ISO 8601 or plain); the clean stage reads
    them. One of `html`, `text` and `summary` is needed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: str | None = None
    title: str | None = None
    html: str | None = None
    text: str | None = None
    summary: str | None = None
    published: str | None = None
    modified: str | None = None
    fetched: str | None = None
    language: str | None = None
    authors: list[str] = Field(default_factory=list)
    source: Source = Field(default_factory=Source)
    keywords: list[str] = Field(default_factory=list)
    images: list[str] = Field(default_factory=list)
    rights: str | None = None
    guid: str | None = None
    extra: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _keep_unknown_fields(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        unknown = {key: field for key, field in value.items() if key not in cls.model_fields}
        if not unknown:
            return value
        known = {key: field for key, field in value.items() if key in cls.model_fields}
        extra = known.get("extra") or {}
        known["extra"] = {**unknown, **extra} if isinstance(extra, dict) else extra
        return known

    @model_validator(mode="after")
    def _has_something_to_read(self) -> Self:
        if self.html is None and self.text is None and self.summary is None:
            raise ValueError("one of html, text and summary is needed")
        return self
