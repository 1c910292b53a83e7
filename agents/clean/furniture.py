"""Takes those parts off a page's tree that its own markup names as something else than the story.

Class and id words, elements and link-only blocks are looked at before the body is extracted. That
sharpens the extraction and makes it cheaper, since what is gone need not be weighed.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Any, Final

from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from .rules import FURNITURE

MAX_SHARE: Final = 0.3
MAX_NAME: Final = 300
MAX_LINK_CHARS: Final = 300
LINK_SHARE: Final = 0.6
# A heading that links can be that of a chapter or product; a headline has more words.
MIN_LINK_WORDS: Final = 4
MIN_HEADING_WORDS: Final = 6
CACHED_NAMES: Final = 20_000

_TEXTLESS: Final = tuple(FURNITURE["textless"])
_ELEMENTS: Final = tuple(FURNITURE["elements"])
_NAMED: Final = XPath("//body//*[@class or @id]")
_LINKS: Final = XPath("//body//a[@href and not(starts-with(@href,'#'))]")
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\sA-Za-z0-9_-]+")
_ENDED: Final = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")
_LABELLED: Final = ("p", "li")
_BLOCKS: Final = frozenset(
    {*_HEADINGS, "p", "li", "div", "section", "article", "aside", "ul", "ol"}
)
_WORDS: Final[dict[str, str]] = {
    word.replace("_", "-"): kind for kind, words in FURNITURE["words"].items() for word in words
}
_STORY: Final = frozenset(FURNITURE["story"])
_BEFORE: Final = frozenset(FURNITURE["before"])
_AFTER: Final = frozenset(FURNITURE["after"])
_FIRST_PARTS: Final = frozenset(word.split("-")[0] for word in _WORDS)
_LONGEST: Final = max(word.count("-") + 1 for word in _WORDS)


def remove(tree: HtmlElement) -> Counter[str]:
    """Take the parts away, in place.

    Returns:
        Code points of text taken away, by kind.
    """
    taken: Counter[str] = Counter()
    strip_elements(tree, *_TEXTLESS, with_tail=False)
    page = _Weights(tree)
    for element in list(tree.iter(*_ELEMENTS)):
        if _attached(element) and page.is_light(element):
            element.drop_tree()
    for element in _found(_NAMED, tree):
        kind = kind_of(element.get("class", "")[:MAX_NAME], element.get("id", "")[:MAX_NAME])
        if kind and _attached(element) and page.is_light(element):
            chars = len(" ".join(element.text_content().split()))
            element.drop_tree()
            if chars:
                taken[kind] += chars
    for element in _link_blocks(tree):
        if _attached(element):
            taken["related"] += len(" ".join(element.text_content().split()))
            element.drop_tree()
    return taken


def kind_of(classes: str, identifier: str) -> str | None:
    """The kind of furniture that class and id words tell, the first of them; None for none."""
    story, kind = _read_names(classes)
    if story or not identifier:
        return None if story else kind
    story, other = _read_names(identifier)
    return None if story else kind or other


@lru_cache(CACHED_NAMES)
def _read_names(names: str) -> tuple[bool, str | None]:
    """Whether one of the names marks the story, and the first kind of furniture among them."""
    listed = names.split()
    if not _STORY.isdisjoint(listed):
        return True, None
    return False, next((kind for name in listed if (kind := _kind_of_name(name))), None)


def _kind_of_name(name: str) -> str | None:
    parts = [part.lower() for part in _PARTS.findall(name)]
    if _FIRST_PARTS.isdisjoint(parts):
        return None
    for start, first in enumerate(parts):
        if first not in _FIRST_PARTS or (start and parts[start - 1] in _BEFORE):
            continue
        for length in range(min(_LONGEST, len(parts) - start), 0, -1):
            end = start + length
            kind = _WORDS.get("-".join(parts[start:end]))
            if kind and not (end < len(parts) and parts[end] in _AFTER):
                return kind
    return None


def _link_blocks(tree: HtmlElement) -> list[HtmlElement]:
    """Blocks that are a link to another story: nothing but it, or a label and it.

    A block that ends as a sentence does is no headline and stays.
    """
    found: list[HtmlElement] = []
    sizes: dict[HtmlElement, int] = {}

    def size_of(element: HtmlElement) -> int:
        # Remembered, since thousands of links can stand in one element.
        if element not in sizes:
            sizes[element] = len(element.text_content().strip())
        return sizes[element]

    for link in _found(_LINKS, tree):
        size = len(link.text_content().strip())
        if not 0 < size <= MAX_LINK_CHARS:
            continue
        block = link
        while (parent := block.getparent()) is not None and parent.tag != "body":
            around = size_of(parent)
            labelled = parent.tag in _LABELLED and size >= LINK_SHARE * around
            if around > MAX_LINK_CHARS or not (around <= size + 1 or labelled):
                break
            block = parent
        if block is not link and block.tag in _BLOCKS and _is_headline(block):
            found.append(block)
    return found


def _is_headline(block: HtmlElement) -> bool:
    text = " ".join(block.text_content().split())
    heading = block.tag in _HEADINGS or next(block.iter(*_HEADINGS), None) is not None
    words = text.count(" ") + 1
    return words >= (MIN_HEADING_WORDS if heading else MIN_LINK_WORDS) and not _ENDED.search(text)


class _Weights:
    """How much of the page's text an element holds, in paragraphs and in all."""

    def __init__(self, tree: HtmlElement) -> None:
        self._all = max(1, len(tree.text_content()))
        self._paragraphs = max(1, _paragraph_chars(tree))

    def is_light(self, element: HtmlElement) -> bool:
        """Whether an element holds too little text to be the story."""
        if len(element.text_content()) > MAX_SHARE * self._all:
            return False
        if _paragraph_chars(element) > MAX_SHARE * self._paragraphs:
            return False
        return next(element.iter("h1"), None) is None


def _paragraph_chars(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _found(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    elements: Any = path(tree)
    return list(elements)


def _attached(element: HtmlElement) -> bool:
    """Whether an element is still in the tree: it went with the part around it, if not."""
    top = element
    while (parent := top.getparent()) is not None:
        top = parent
    return bool(top.tag == "html")
