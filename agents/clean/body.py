"""The story's paragraphs out of a page's tree, with trafilatura."""

import logging
import re
from typing import Any, Final

from lxml.etree import iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

MAX_PARAGRAPHS: Final = 3_000
MIN_CHARS: Final = 250
ENOUGH_SHARE: Final = 0.45
PROSE_SHARE: Final = 0.15

_ENDED: Final = re.compile(r"[.!?…。！？।؟:][\"'”’»)\]]*\s*$")

_BLOCKS: Final = frozenset(
    {
        "p",
        "head",
        "item",
        "quote",
        "row",
        "code",
        "ab",
        "list",
        "table",
        "div",
        "fw",
        "figure",
        "lb",
        "li",
        "tr",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "ul",
        "ol",
        "pre",
        "section",
        "article",
    }
)

# Made once, with dates switched off (they would ask the clock). The format only spares rendering
# the tree as text, which is done here.
_OPTIONS: Final[dict[str, Any]] = {
    "output_format": "txt",
    "comments": False,
    "date_params": {"max_date": ""},
}
_QUICK: Final = Extractor(**_OPTIONS, fast=True)
_THOROUGH: Final = Extractor(**_OPTIONS, fast=False)

# Its verdicts come back as results; its own log lines would repeat them once a page.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract(tree: HtmlElement) -> list[str]:
    """Paragraphs of the main text; an empty list if there is none.

    The quick way is taken where it finds much of what stands in the page's `p` elements, and that
    is prose; else second opinions (readability, jusText) are asked for, which cost as much again.

    Args:
        tree: Is left as it was.
    """
    quick = _trafilatura(tree, fast=True)
    prose = _prose(quick)
    if is_enough(quick, written(tree)) and prose >= PROSE_SHARE * length(quick):
        return quick
    thorough = _trafilatura(tree, fast=False)
    return thorough if _prose(thorough) > prose else quick


def is_enough(lines: list[str], written_chars: int) -> bool:
    """Whether a text holds a fair share of what stands in a page's paragraphs."""
    return length(lines) >= max(MIN_CHARS, ENOUGH_SHARE * written_chars)


def written(tree: HtmlElement) -> int:
    """Code points in the `p` elements of a page."""
    return sum(len(paragraph.text_content()) for paragraph in tree.iter("p"))


def _prose(lines: list[str]) -> int:
    """Code points of lines that end as sentences do."""
    return sum(len(line) for line in lines if _ENDED.search(line[-8:]))


def length(lines: list[str]) -> int:
    """Code points of all lines."""
    return sum(map(len, lines))


def _trafilatura(tree: HtmlElement, fast: bool) -> list[str]:
    document = bare_extraction(tree, options=_QUICK if fast else _THOROUGH)
    body: Any = getattr(document, "body", None)
    return paragraphs(body) if body is not None else []


def paragraphs(body: Any) -> list[str]:
    """The block elements of trafilatura's result tree or of an HTML fragment, one a line."""
    lines: list[list[str]] = [[]]
    # Iterative, as the tree can be as deep as the page was.
    for event, element in iterwalk(body, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                lines.append([])
            if tag in {"cell", "td", "th"} and lines[-1]:
                lines[-1].append(" ")
            if element.text:
                lines[-1].append(element.text)
        else:
            if tag in _BLOCKS:
                lines.append([])
            if element.tail:
                lines[-1].append(element.tail)
        if len(lines) > 6 * MAX_PARAGRAPHS:
            break
    joined = (" ".join("".join(parts).split()) for parts in lines)
    return [line for line in joined if line][:MAX_PARAGRAPHS]
