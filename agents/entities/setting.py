"""What is known of an article before its text is read: when and where it was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from schemas import Article

from .knowledge import rows

DAY_PRECISION: Final = frozenset({"second", "minute", "hour", "day"})


@dataclass(frozen=True, slots=True)
class Setting:
    """The base for what a text leaves out.

    Attributes:
        published: Local day of publication; None where it is not known to the day.
        outlet: ISO 3166-1 alpha-3 of the outlet's country; None where it is not known.
        countries: How often the text names each country, by alpha-3.
    """

    published: date | None = None
    outlet: str | None = None
    countries: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def published_day(article: Article) -> date | None:
    """The day of publication, in the zone that the outlet gave."""
    stamp = article.published
    if stamp is None or stamp.precision not in DAY_PRECISION:
        return None
    try:
        return date.fromisoformat(stamp.value[:10])
    except ValueError:
        return None


def outlet_country(article: Article) -> str | None:
    """The outlet's country by name, else by host (`outlets.tsv`)."""
    table = _outlets()
    name = (article.source.name or "").strip().lower()
    if name in table:
        return table[name]
    for url in (article.canonical_url, article.url, article.source.url):
        host = (urlsplit(url).hostname or "") if url else ""
        parts = host.split(".")
        for first in range(len(parts)):
            if (domain := ".".join(parts[first:])) in table:
                return table[domain]
        if f".{parts[-1]}" in table:
            return table[f".{parts[-1]}"]
    return None


@cache
def _outlets() -> dict[str, str]:
    return {row["pattern"]: row["alpha3"] for row in rows("outlets.tsv")}
