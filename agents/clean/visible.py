"""What a page shows its readers of the head data: headings, bylines and dates in its body.

Asked for bylines and dates only where the structured data of the page tells none, since looking
for them costs more than all the rest of the head.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from . import authors, dates, furniture
from .rules import BYLINES, MONTHS

MAX_LOOKED_AT: Final = 60
MAX_BYLINE: Final = 120
MAX_HREF: Final = 500
MAX_HEADING: Final = 400
MAX_DATE_LINE: Final = 120

_BYLINE_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:prism-)?(?:by-?line|author|autor|auteur)(?:e?[snr]{0,2})?"
    r"(?:[_-]{0,2}(?:info|name|names|link|links|list|item|list-item|mini-profile|display))?(?:$|[\s_-])"
    r"|(?:article|post|entry)-?author|vcard|writer",
    re.IGNORECASE,
)
_NO_BYLINE_CLASS: Final = re.compile(
    r"bio|avatar|image|photo|social|comment|related|desc|follow|twitter|e?mail|role|title|job|date",
    re.IGNORECASE,
)
# From the cheap and certain to the costly; the next is only tried where the last found nothing.
_BYLINES: Final = (
    XPath("//a[@rel='author'] | //address | //*[@data-testid][contains(@data-testid,'yline')]"),
    XPath(
        "//*[contains(@class,'uthor') or contains(@class,'yline') or contains(@class,'utor')"
        " or contains(@class,'uteur') or contains(@class,'writer')]"
    ),
)
_PROFILE: Final = re.compile("|".join(map(re.escape, BYLINES["profile_paths"])))
_LED_ELEMENTS: Final = (
    "p",
    "span",
    "div",
    "em",
    "strong",
    "b",
    "i",
    "li",
    "small",
    "td",
    "h5",
    "h6",
)
_LEADS: Final = tuple(BYLINES["visible_leads"])
_LED_LINE: Final = re.compile(rf"^(?:{'|'.join(BYLINES['visible_leads'])})\s+(?=\S*[^\W\d_])")
_DATED: Final = XPath(
    "//*[contains(@class,'date') or contains(@class,'Date') or contains(@class,'time')"
    " or contains(@class,'Time') or contains(@class,'publi') or contains(@class,'Publi')"
    " or contains(@class,'meta') or contains(@class,'yline') or contains(@id,'date')]"
)
_YEARED: Final = XPath(
    "//body//text()[string-length(.) < 200 and (contains(.,'20') or contains(.,'199'))"
    " and not(parent::title) and not(parent::a[@href])]"
)


def headings(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Up to five first headings, then the title element."""
    found = (line for element in tree.iter("h1") if (line := text_of(element, MAX_HEADING)))
    for _, line in zip(range(5), found, strict=False):
        yield "heading", line
    for element in tree.iter("title"):
        if line := text_of(element, MAX_HEADING):
            yield "title", line
            return


def bylines(tree: HtmlElement) -> list[str]:
    """What the first byline holds: found by class, by a link to a profile, or by its `By …`.

    Its pieces of text are given one by one where one of them is a full name, since dates and
    buttons stand beside it; else as one line.
    """
    for elements in (_classed(tree), _linked(tree), _led(tree)):
        for element in elements:
            line = text_of(element, MAX_BYLINE)
            if not line:
                continue
            pieces = [piece.strip() for piece in element.itertext() if piece.strip()]
            for candidate in (pieces, [line]):
                if any(map(authors.is_full, authors.read(candidate).names)):
                    return [one for one in candidate if _has_full_name(one)]
    return []


def _has_full_name(piece: str) -> bool:
    return any(map(authors.is_full, authors.read([piece]).names))


def times(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Dates of `time` elements, in order; not those of comments and recommended stories."""
    for _, element in zip(range(MAX_LOOKED_AT), tree.iter("time"), strict=False):
        value = element.get("datetime") or text_of(element, MAX_DATE_LINE)
        if value and not any(map(_is_elsewhere, element.iterancestors())):
            yield "visible", value


def _is_elsewhere(element: HtmlElement) -> bool:
    kind = furniture.kind_of(element.get("class", "")[:300], element.get("id", "")[:300])
    return kind in {"comments", "related", "navigation"}


def written_dates(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Short lines with a date in them: of elements classed as such, then any."""
    for element in _elements(_DATED, tree):
        line = text_of(element, MAX_DATE_LINE)
        if line and dates.find(line, "text"):
            yield "text", line
    for text in _texts(_YEARED, tree):
        line = " ".join(text.split())
        if _is_dateline(line) and dates.find(line, "text"):
            yield "text", line


def text_of(element: HtmlElement, limit: int) -> str | None:
    """An element's text on one line; None if empty or longer than `limit`."""
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        parts.append(text)
        length += len(text)
        if length > 4 * limit:
            return None
    line = " ".join(" ".join(parts).split())
    return line if line and len(line) <= limit else None


def _elements(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    found: Any = path(tree)
    return list(found[:MAX_LOOKED_AT])


def _texts(path: XPath, tree: HtmlElement) -> list[Any]:
    found: Any = path(tree)
    return list(found[:MAX_LOOKED_AT])


def _classed(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in (one for path in _BYLINES for one in _elements(path, tree)):
        names = " ".join(element.get(name, "") for name in ("class", "id", "data-testid"))[:300]
        if (
            element.tag == "address"
            or element.get("rel") == "author"
            or (_BYLINE_CLASS.search(names) and not _NO_BYLINE_CLASS.search(names))
        ):
            yield element


def _linked(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("a"):
        if _PROFILE.search(element.get("href", "")[:MAX_HREF]):
            line = text_of(element, 60)
            if line and 2 <= len(line.split()) <= 4:
                yield element


def _led(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter(*_LED_ELEMENTS):
        text = element.text
        if not text or not text.lstrip().startswith(_LEADS):
            continue
        # `By` can stand in an element of its own, with the name beside it.
        for around in (element, element.getparent()):
            line = text_of(around, MAX_BYLINE) if around is not None else None
            if line and _LED_LINE.match(line):
                yield around


def _is_dateline(line: str) -> bool:
    """Whether a line is little more than a date: few words beside the numbers and the month."""
    words = [word.strip(".,:;()|-–—") for word in line.split()]
    other = [word for word in words if word.isalpha() and word.lower() not in MONTHS]
    return len(other) <= 5
