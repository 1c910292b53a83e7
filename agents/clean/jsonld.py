"""JSON-LD scripts, broken ones too, into the page's article node and what goes with it.

Publishers wrap their nodes in arrays and `@graph`, refer to authors by `@id`, and leave trailing
commas, comments, raw line breaks and bare quotes in their JSON. What cannot be mended is read key
by key.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

Node = dict[str, Any]

MAX_NODES: Final = 400

ARTICLE_TYPES: Final = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "LiveBlogPosting", "Article",
    "BlogPosting", "Report", "TechArticle", "ScholarlyArticle", "SatiricalArticle",
    "AdvertiserContentArticle", "SocialMediaPosting", "DiscussionForumPosting",
)  # fmt: skip
PAGE_TYPES: Final = ("WebPage", "ItemPage", "VideoObject", "CreativeWork", "MediaObject")

_WRAPPING: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
_WRAPPED_END: Final = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|;)\s*$")
_TRAILING_COMMA: Final = re.compile(r",(\s{0,100}[}\]])")
_FOLLOWED: Final = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed")
_LOOSE_KEYS: Final = (
    "headline", "datePublished", "dateModified", "dateCreated", "articleSection", "inLanguage",
    "isAccessibleForFree", "alternativeHeadline",
)  # fmt: skip
_LOOSE: Final = {
    key: re.compile(
        rf'"{key}"\s{{0,9}}:\s{{0,9}}(?:"(.{{1,500}}?)"\s{{0,99}}(?:,|}}|$)|(true|false))'
    )
    for key in _LOOSE_KEYS
}
_LOOSE_AUTHOR: Final = re.compile(
    r'"author"\s{0,9}:(.{1,2000}?)(?:\]|\}\s{0,99},\s{0,99}"(?!@))', re.S
)
_LOOSE_NAME: Final = re.compile(r'"name"\s{0,9}:\s{0,9}"([^"]{1,200})"')


def read(scripts: Iterable[str]) -> list[Node]:
    """All nodes of the scripts, flat and in order, with references by `@id` filled in."""
    found: list[Node] = []
    for script in scripts:
        for value in _values(script):
            found.extend(_nodes(value, MAX_NODES - len(found)))
    by_id = {node["@id"]: node for node in reversed(found) if _is_full(node)}
    return [_resolved(node, by_id) for node in found]


def types(node: Node) -> list[str]:
    """The node's types without namespace."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1] for kind in listed if isinstance(kind, str)]


def article(nodes: Iterable[Node], urls: Iterable[str]) -> Node | None:
    """The node that describes the page's own article.

    Of several, the one whose address is the page's wins, then the one that tells most.

    Args:
        nodes: What `read` gave.
        urls: Addresses that the page is known under.
    """
    candidates = [node for node in nodes if any(kind in ARTICLE_TYPES for kind in types(node))]
    if not candidates:
        candidates = [
            node
            for node in nodes
            if any(kind in PAGE_TYPES for kind in types(node)) and "datePublished" in node
        ]
    known = {_bare(url) for url in urls if url}

    def rank(node: Node) -> tuple[bool, int]:
        own = bool(known & {_bare(url) for url in _addresses(node)})
        telling = sum(bool(node.get(key)) for key in ("headline", "author", "datePublished"))
        return own, telling

    # max() keeps the first of equals.
    return max(candidates, key=rank, default=None)


def text(value: Any) -> str | None:
    """A string out of what may be a string, a list of them or a `{"@value": …}`."""
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    # An escape in JSON can name half a character.
    return value.encode("utf-8", "ignore").decode("utf-8").strip() or None


def texts(value: Any) -> list[str]:
    """All strings of a value; a string with commas is a list."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list):
        return [found for one in value if (found := text(one))]
    return [found] if (found := text(value)) else []


def _values(script: str) -> Iterator[Any]:
    cleaned = _WRAPPED_END.sub("", _WRAPPING.sub("", script)).strip()
    if cleaned.startswith(("{&quot;", "[{&quot;")):
        cleaned = html.unescape(cleaned)
    for attempt in (cleaned, _TRAILING_COMMA.sub(r"\1", cleaned)):
        try:
            yield json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return
    yield from _one_after_another(cleaned)


def _one_after_another(script: str) -> Iterator[Any]:
    """Objects that follow each other without an array; else what can be read key by key."""
    decoder = json.JSONDecoder(strict=False)
    position, found = 0, False
    while (start := script.find("{", position)) >= 0 and not script[position:start].strip(
        " ,;\r\n\t["
    ):
        try:
            value, position = decoder.raw_decode(script, start)
        except (ValueError, RecursionError):
            break
        found = True
        yield value
    if not found and (node := _loose(script[:200_000])):
        yield node


def _loose(script: str) -> Node:
    node: Node = {}
    for key, pattern in _LOOSE.items():
        if match := pattern.search(script):
            node[key] = (match[1] or match[2]).replace('\\"', '"').replace("\\/", "/")
    if match := _LOOSE_AUTHOR.search(script):
        node["author"] = [{"name": name} for name in _LOOSE_NAME.findall(match[1])]
    return {"@type": "NewsArticle", **node} if node else {}


def _nodes(value: Any, room: int) -> list[Node]:
    found: list[Node] = []
    queue = [value]
    while queue and len(found) < room:
        head = queue.pop(0)
        if isinstance(head, list):
            queue[:0] = head[:MAX_NODES]
        elif isinstance(head, dict):
            if "@type" in head or "headline" in head:
                found.append(head)
            queue[:0] = [head[key] for key in _FOLLOWED if isinstance(head.get(key), dict | list)]
    return found


def _is_full(node: Node) -> bool:
    return isinstance(node.get("@id"), str) and len(node) > 2


def _resolved(node: Node, by_id: dict[str, Node]) -> Node:
    def look(value: Any) -> Any:
        if isinstance(value, dict) and "@id" in value and "name" not in value:
            return by_id.get(value["@id"], value) if isinstance(value["@id"], str) else value
        return value

    keys = [key for key in ("author", "creator", "publisher", "isPartOf") if key in node]
    if not keys:
        return node
    resolved: Node = {
        key: [look(one) for one in node[key]] if isinstance(node[key], list) else look(node[key])
        for key in keys
    }
    return {**node, **resolved}


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _bare(url: str) -> str:
    rest = url.split("#", 1)[0].split("?", 1)[0].rstrip("/")
    return rest.split("://", 1)[-1].removeprefix("www.")
