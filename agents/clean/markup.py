"""HTML of any kind and size into a bounded tree, and the JSON-LD scripts that were on the page.

Scripts, styles, drawings and comments are cut out of the bytes before anything is parsed: they are
most of a news page, hold no story, and would be copied with each step of the extraction. What is
left is bounded in bytes, tags and attribute length, so that no page costs more than a large real
one does. Every scan here is linear in the length of the page.
"""

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_BYTES: Final = 4_000_000
MAX_TAGS: Final = 40_000
MAX_ATTRIBUTE: Final = 4_000
MAX_SCRIPT: Final = 1_000_000
MAX_SCRIPTS: Final = 50

_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r")
_OPENER: Final = re.compile(rb"<(?:(script|style|svg)(?=[\s/>])|!--)")
_DATA_URI: Final = re.compile(rb"""data:[a-z]+/[^"'\s>)]+""")
_LONG_ATTRIBUTE: Final = re.compile(rb"""=("[^"]{%d,}"|'[^']{%d,}')""" % ((MAX_ATTRIBUTE,) * 2))
_TAG: Final = re.compile(rb"<[a-z!?/]", re.IGNORECASE)
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
    """Whether there is at least one tag in the first bytes that could be HTML."""
    return _TAG.search(text[:100_000].encode("utf-8", "replace")) is not None


def parse(html: str) -> Page | None:
    """Parse a page or a fragment of one; None if there is nothing to parse.

    Lone surrogates and control characters are dropped; entities declared by the page itself are
    not expanded, and nothing is fetched.
    """
    raw = html.encode("utf-8", "ignore").translate(None, _CONTROL)
    body, scripts = _without_scripts(raw)
    body = _LONG_ATTRIBUTE.sub(b'=""', _DATA_URI.sub(b"", body))
    bounded = _bounded(body)
    if not bounded.strip():
        return None
    if not _WHOLE_PAGE.search(bounded):
        bounded = b"<html><body><article>" + bounded + b"</article></body></html>"
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(bounded, parser=parser)
    except ValueError:  # lxml's ParserError: a document without a single element
        return None
    return Page(tree, scripts, len(body) - len(bounded) if len(bounded) < len(body) else 0)


def _without_scripts(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    lowered = raw.lower()
    kept: list[bytes] = []
    scripts: list[str] = []
    unclosed: set[bytes] = set()
    position = 0
    while opener := _OPENER.search(lowered, position):
        name = opener[1] or b""
        closing = b"</" + name if name else b"-->"
        kept.append(raw[position : opener.start()])
        tag_end = lowered.find(b">", opener.end()) if name else opener.end()
        if name and tag_end > 0 and lowered[tag_end - 1 : tag_end] == b"/" and name == b"svg":
            position = tag_end + 1
            continue
        # A closing tag that was searched for in vain once is not searched for again.
        end = -1 if closing in unclosed else lowered.find(closing, opener.end())
        if end < 0:
            unclosed.add(closing)
            if name in {b"script", b"style"}:
                return b"".join(kept), tuple(scripts)
            position = opener.end()
            continue
        if name == b"script" and tag_end < end and len(scripts) < MAX_SCRIPTS:
            opening = lowered[opener.start() : tag_end][:MAX_ATTRIBUTE]
            if _JSON_LD.search(opening) and end - tag_end <= MAX_SCRIPT:
                scripts.append(raw[tag_end + 1 : end].decode("utf-8", "replace"))
        after = lowered.find(b">", end) if name else end + 2
        position = after + 1 if after >= 0 else len(raw)
    kept.append(raw[position:])
    return b"".join(kept), tuple(scripts)


def _bounded(body: bytes) -> bytes:
    body = body[:MAX_BYTES]
    if body.count(b"<") <= MAX_TAGS:
        return body
    position = -1
    for _ in range(MAX_TAGS):
        position = body.find(b"<", position + 1)
    return body[:position]
