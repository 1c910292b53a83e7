"""The story's paragraphs out of a page's tree, with trafilatura."""

import logging
from typing import Any, Final

from lxml.etree import iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction

MAX_PARAGRAPHS: Final = 3_000

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

# Its verdicts come back as results; its own log lines would repeat them once a page.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract(tree: HtmlElement, fast: bool = False) -> list[str]:
    """Paragraphs of the main text; an empty list if there is none.

    Args:
        tree: Is left as it was.
        fast: Without the second opinions (readability, jusText) on short results.
    """
    document = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        fast=fast,
        with_metadata=False,
    )
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
