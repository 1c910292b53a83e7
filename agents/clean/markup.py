"""HTML of any kind and size into a bounded tree, and the JSON-LD scripts that were on the page.

Scripts, styles, drawings and comments are cut out of the bytes before anything is parsed: they are
most of a news page, hold no story, and would be copied with each step of the extraction. What is
left is bounded in bytes, tags and attribute length, so that no page costs more than a large real
one does. Every scan here is linear in the length of the page.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlElement, HTMLParser, document_fromstring

# Three to four times what the largest of some hundred real news pages has.
MAX_BYTES: Final = 2_000_000
MAX_TAGS: Final = 20_000
MAX_ATTRIBUTES: Final = 60_000
MAX_ATTRIBUTE: Final = 4_000
MAX_TAG: Final = 8_000
MAX_TAG_OF_MANY: Final = 300
MAX_SCRIPTS: Final = 1_000_000

_ONE_CLASS: Final = ElementDefaultClassLookup(element=HtmlElement)
_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r")
_OPENERS: Final[tuple[bytes, ...]] = (b"script", b"style", b"svg", b"!--")
_DATA_URI: Final = re.compile(rb"""data:[a-z]+/[^"'\s>)]+""")
_LONG_ATTRIBUTE: Final = re.compile(rb"""=("[^"]{%d,}"|'[^']{%d,}')""" % ((MAX_ATTRIBUTE,) * 2))
_LONG_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]{%d,}>?" % MAX_TAG)
_RATHER_LONG_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]{%d,}>?" % MAX_TAG_OF_MANY)
_TAG: Final = re.compile(r"<[a-zA-Z!?/]")
_WHOLE_PAGE: Final = re.compile(rb"<(?:html|body|head|!doctype)\b", re.IGNORECASE)
_JSON_LD: Final = re.compile(rb"""type\s*=\s*["']?application/(?:ld|settings)\+json""")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.

    Attributes:
        tree: The page without scripts, styles, drawings and comments.
        scripts: Texts of its JSON-LD scripts, in order.
        cut: Bytes at its end that were beyond the bounds and not read.
    """

    tree: HtmlElement
    scripts: tuple[str, ...]
    cut: int


def looks_like_markup(text: str) -> bool:
    """Whether there is at least one thing in it that could be a tag."""
    return _TAG.search(text) is not None


def parse(html: str) -> Page | None:
    """Parse a page or a fragment of one; None if there is nothing to parse.

    Lone surrogates and control characters are dropped; entities declared by the page itself are
    not expanded, and nothing is fetched.
    """
    raw = html.encode("utf-8", "ignore").translate(None, _CONTROL)
    body, scripts = _without_scripts(raw)
    body = _LONG_ATTRIBUTE.sub(b'=""', _DATA_URI.sub(b"", body))
    # The parser compares each attribute of a tag with all before it, and keeps them all.
    many = body.count(b"=", 0, MAX_BYTES) > MAX_ATTRIBUTES
    body = (_RATHER_LONG_TAG if many else _LONG_TAG).sub(b"", body)
    bounded = _bounded(body)
    if not bounded.strip():
        return None
    if not _WHOLE_PAGE.search(bounded):
        bounded = b"<html><body><article>" + bounded + b"</article></body></html>"
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # One class for all elements: lxml's own choice among several is made in Python, each time.
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(bounded, parser=parser)
    except ValueError:  # lxml's ParserError: a document without a single element
        return None
    return Page(tree, scripts, len(body) - len(bounded) if len(bounded) < len(body) else 0)


def _without_scripts(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    lowered = raw.lower()
    kept: list[bytes] = []
    scripts: list[str] = []
    room = MAX_SCRIPTS
    openers, position = _OPENERS, 0
    while opener := _opener(openers).search(lowered, position):
        name = opener[1] or b""
        closing = b"</" + name if name else b"-->"
        kept.append(raw[position : opener.start()])
        tag_end = lowered.find(b">", opener.end()) if name else opener.end()
        if name == b"svg" and lowered[tag_end - 1 : tag_end] == b"/":
            position = tag_end + 1
            continue
        end = lowered.find(closing, opener.end())
        if end < 0:
            if name in {b"script", b"style"}:
                return b"".join(kept), tuple(scripts)
            # What is closed nowhere is not looked for again.
            openers = tuple(one for one in openers if one != (name or b"!--"))
            position = opener.end()
            continue
        if name == b"script" and tag_end < end and end - tag_end <= room:
            opening = lowered[opener.start() : tag_end][:MAX_ATTRIBUTE]
            if _JSON_LD.search(opening):
                scripts.append(raw[tag_end + 1 : end].decode("utf-8", "replace"))
                room -= end - tag_end
        after = lowered.find(b">", end) if name else end + 2
        position = after + 1 if after >= 0 else len(raw)
    kept.append(raw[position:])
    return b"".join(kept), tuple(scripts)


@cache
def _opener(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    tags = b"|".join(name for name in names if name != b"!--")
    comment = b"|!--" if b"!--" in names else b""
    return re.compile(rb"<(?:(" + tags + rb")(?=[\s/>])" + comment + rb")")


def _bounded(body: bytes) -> bytes:
    body = body[:MAX_BYTES]
    if body.count(b"<") <= MAX_TAGS:
        return body
    position = -1
    for _ in range(MAX_TAGS):
        position = body.find(b"<", position + 1)
    return body[:position]
