"""The head data of a page: candidates for each field, in the order in which they are believed.

Sources, by name in the candidates: `json-ld`, `opengraph`, `meta`, `microdata`, `heading`, `title`,
`visible`. Which of a field's candidates is taken is decided where the field is made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lxml.html import HtmlElement

from . import authors, dates, jsonld, visible
from .markup import Page
from .rules import META

Candidates = list[tuple[str, str]]

MAX_VALUES: Final = 30
MAX_VALUE_CHARS: Final = 2_000


@dataclass(slots=True)
class Head:
    """Candidates as (source, value), most trusted first."""

    titles: Candidates = field(default_factory=list)
    subtitles: Candidates = field(default_factory=list)
    bylines: list[tuple[str, list[str]]] = field(default_factory=list)
    published: Candidates = field(default_factory=list)
    modified: Candidates = field(default_factory=list)
    languages: Candidates = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    canonicals: list[str] = field(default_factory=list)
    access: Literal["free", "paywalled", "unknown"] = "unknown"
    is_article: bool = False
    body: str | None = None
    rights: str | None = None


def read(page: Page, url: str | None) -> Head:
    """All head data of a page; `url` helps to tell its own JSON-LD node from those of others."""
    head = Head()
    metas = _metas(page.tree)
    _links(page.tree, metas, head)
    nodes = jsonld.read(page.scripts)
    article = jsonld.article(nodes, [*head.canonicals, url or ""])
    if article is not None:
        _from_article(article, head)
    _from_nodes(nodes, head)
    _from_metas(metas, head)
    _from_microdata(page.tree, head)
    _from_visible(page.tree, head)
    return head


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        value = element.get("content") or element.get("value")
        if not value or value.isspace():
            continue
        for attribute in ("property", "name", "http-equiv"):
            if name := element.get(attribute):
                values = metas.setdefault(name.strip().lower(), [])
                if len(values) < MAX_VALUES:
                    values.append(value.strip()[:MAX_VALUE_CHARS])
    return metas


def _links(tree: HtmlElement, metas: dict[str, list[str]], head: Head) -> None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").strip().lower() == "canonical" and element.get("href"):
            head.canonicals.append(element.get("href"))
    head.canonicals.extend(metas.get("og:url", []))
    if language := tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"):
        head.languages.append(("html", language))
    for name in META["language"]:
        head.languages.extend(("meta", value) for value in metas.get(name, []))


def _from_article(node: jsonld.Node, head: Head) -> None:
    head.is_article = True
    for key in ("headline", "name"):
        if value := jsonld.text(node.get(key)):
            head.titles.append(("json-ld", value))
    for key in ("alternativeHeadline", "description"):
        if value := jsonld.text(node.get(key)):
            head.subtitles.append(("json-ld", value))
    authors = [name for key in ("author", "creator") for name in _author_names(node.get(key))]
    if authors:
        head.bylines.append(("json-ld", authors))
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if value := jsonld.text(node.get(key)):
            head.published.append(("json-ld", value))
    if value := jsonld.text(node.get("dateModified")):
        head.modified.append(("json-ld", value))
    if value := jsonld.text(node.get("inLanguage")):
        head.languages.insert(0, ("json-ld", value))
    head.sections.extend(jsonld.texts(node.get("articleSection")))
    head.keywords.extend(jsonld.texts(node.get("keywords")))
    head.images.extend(_image_urls(node.get("image")))
    head.sites.extend(
        name for key in ("publisher", "sourceOrganization") for name in _names(node.get(key))
    )
    head.access = _access(node.get("isAccessibleForFree"))
    head.body = jsonld.text(node.get("articleBody"))
    head.rights = jsonld.text(node.get("copyrightNotice"))


def _from_nodes(nodes: Iterable[jsonld.Node], head: Head) -> None:
    for node in nodes:
        kinds = jsonld.types(node)
        if {"WebSite", "Organization", "NewsMediaOrganization"} & set(kinds):
            head.sites.extend(_names(node))


def _from_metas(metas: dict[str, list[str]], head: Head) -> None:
    def values(names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            source = "opengraph" if name.startswith(("og:", "article:")) else "meta"
            for value in metas.get(name, []):
                yield source, value

    head.titles.extend(values(META["title"]))
    head.subtitles.extend(values(META["subtitle"]))
    for name in META["author"]:
        if found := metas.get(name):
            head.bylines.append(("opengraph" if name.startswith("article:") else "meta", found))
    head.published.extend(values(META["published"]))
    head.modified.extend(values(META["modified"]))
    head.sections.extend(value for _, value in values(META["section"]))
    head.keywords.extend(
        part for _, value in values(META["keywords"]) for part in jsonld.texts(value)
    )
    head.images.extend(value for _, value in values(META["image"]))
    head.sites.extend(value for _, value in values(META["site"]))
    kind = next(iter(metas.get("og:type", [])), "").lower()
    head.is_article = head.is_article or "article" in kind
    tier = next(iter(metas.get("article:content_tier", [])), "").lower()
    if head.access == "unknown" and tier:
        head.access = "free" if tier == "free" else "paywalled" if tier == "locked" else "unknown"


def _from_microdata(tree: HtmlElement, head: Head) -> None:
    bylines: dict[HtmlElement | None, list[str]] = {}
    for element in tree.xpath("//*[@itemprop]")[:300]:
        names = (element.get("itemprop") or "").lower().split()
        value = element.get("content") or element.get("datetime") or visible.text_of(element, 300)
        if not value:
            continue
        if "headline" in names:
            head.titles.append(("microdata", value))
        elif "author" in names or "creator" in names:
            name = _microdata_name(element) or value
            bylines.setdefault(_article_scope(element), []).append(name)
        elif "datepublished" in names:
            head.published.append(("microdata", value))
        elif "datemodified" in names:
            head.modified.append(("microdata", value))
    if bylines:
        # The first article of the page is its own; those after it are recommended.
        head.bylines.append(("microdata", next(iter(bylines.values()))))


def _article_scope(element: HtmlElement) -> HtmlElement | None:
    for ancestor in element.iterancestors():
        if any(kind in ancestor.get("itemtype", "") for kind in ("Article", "Posting", "Report")):
            return ancestor
    return None


def _from_visible(tree: HtmlElement, head: Head) -> None:
    head.titles.extend(visible.headings(tree))
    told = (name for _, names in head.bylines for name in authors.read(names).names)
    if not any(map(authors.is_full, told)):
        head.bylines.append(("visible", visible.bylines(tree)))
    told_date = dates.best(head.published)
    if told_date is None or told_date.precision in {"year", "month", "day"}:
        head.published.extend(visible.times(tree))
    if dates.best(head.published) is None:
        head.published.extend(visible.written_dates(tree))


def _microdata_name(element: HtmlElement) -> str | None:
    for inner in element.iterdescendants():
        if "name" in (inner.get("itemprop") or "").lower().split():
            return inner.get("content") or visible.text_of(inner, 100)
    return None


def _author_names(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [
        name
        for one in listed[:MAX_VALUES]
        for name in _names(one)
        # An organisation has written nothing, unless it is an agency.
        if not _is_organisation(one) or authors.agency_of(name)
    ]


def _is_organisation(value: Any) -> bool:
    return isinstance(value, dict) and any("Organization" in kind for kind in jsonld.types(value))


def _names(value: Any, depth: int = 3) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and depth:
        return [name for one in value[:MAX_VALUES] for name in _names(one, depth - 1)]
    if not isinstance(value, dict) or not depth:
        return []
    if name := value.get("name"):
        return _names(name, depth - 1)
    parts = [value.get(key) for key in ("givenName", "additionalName", "familyName")]
    joined = " ".join(part for part in parts if isinstance(part, str) and part)
    return [joined] if joined else []


def _image_urls(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    found = [
        one.get("url") or one.get("contentUrl") if isinstance(one, dict) else one
        for one in listed[:5]
    ]
    return [one for one in found if isinstance(one, str)]


def _access(value: Any) -> Literal["free", "paywalled", "unknown"]:
    told = str(value).strip().lower() if isinstance(value, bool | str) else ""
    return (
        "free"
        if told in {"true", "yes", "1"}
        else "paywalled"
        if told in {"false", "no", "0"}
        else "unknown"
    )
