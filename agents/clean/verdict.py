"""Why nothing came out of a page, and whether what came out is a story at all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from agents.stage import RejectReason

from . import boilerplate, urls
from .head import Head
from .rules import REFUSALS

MIN_WORDS: Final = 5
MIN_WORDS_UNENDED: Final = 10
MIN_WIDE_CHARS: Final = 12
REFUSAL_WORDS: Final = 120
MENU_LINKS: Final = 15
MENU_SHARE: Final = 0.5
LOOKED_AT_CHARS: Final = 6_000
ENOUGH_CHARS: Final = 1_000

_REFUSALS: Final[tuple[tuple[RejectReason, list[str]], ...]] = (
    ("blocked", REFUSALS["blocked"]),
    ("consent", REFUSALS["consent"]),
    ("paywall", REFUSALS["paywall"]),
)
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*(?:\s|$)")
_WORD: Final = re.compile(r"[^\W_]\S*")
_WIDE: Final = re.compile(
    r"[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_FOREIGN: Final = {
    "%PDF-": "PDF",
    "PK\x03\x04": "ZIP",
    "\x89PNG": "PNG",
    "GIF8": "GIF",
    "\xff\xd8\xff": "JPEG",
    "RIFF": "RIFF",
    "ID3": "MP3",
    "{": "JSON",
    "[": "JSON",
}
_XML_FORMS: Final = re.compile(
    r"^\s*(?:<\?xml[^>]{0,200}>)?\s*(?:<!--.{0,500}?-->)?\s*<(rss|feed|rdf:RDF|urlset|sitemapindex|opml|soap:Envelope)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The first part of a page's visible text, the number of its links and their length."""

    text: str = ""
    links: int = 0
    link_chars: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why there is no article, with the words or the form that tell so."""

    reason: RejectReason
    detail: str | None = None


def not_html(document: str) -> Verdict | None:
    """The form of a document that is no HTML page: PDF, JSON, a feed, plain text."""
    start = document[:2_000].lstrip("\ufeff \t\r\n")
    for mark, form in _FOREIGN.items():
        if start.startswith(mark):
            return Verdict("not_html", form)
    if match := _XML_FORMS.match(start):
        return Verdict("not_html", match[1].lower())
    return None


def refusal(seen: str) -> Verdict | None:
    """Whether words are those of a block page, a consent screen or a paywall."""
    folded = seen.lower().replace("’", "'")
    for reason, phrases in _REFUSALS:
        for phrase in phrases:
            if phrase in folded:
                return Verdict(reason, phrase)
    return None


def of_page(
    shown: Callable[[], Shown],
    found: Head,
    title: str | None,
    url: str | None,
    paragraphs: Sequence[str],
) -> Verdict | None:
    """Why a page gave no story; None if it gave one.

    What refuses must be what was extracted, or there must be no story beside it: every other
    page has a cookie notice somewhere.

    Args:
        shown: Gives what a reader sees; asked only where there is no story.
        found: Its head data.
        title: Its title, as it stands.
        url: Where it was fetched.
        paragraphs: What was extracted.
    """
    told = found.is_article
    if not told and (front := _front_page(shown, url, paragraphs)):
        return front
    if word_count("\n".join(paragraphs)[:LOOKED_AT_CHARS]) > REFUSAL_WORDS:
        return None
    core = boilerplate.strip(paragraphs).paragraphs
    if is_story(core) and (told or not refusal("\n".join([title or "", *core]))):
        return None
    return _without_story(shown(), found, title, bool(paragraphs))


def _front_page(
    shown: Callable[[], Shown], url: str | None, paragraphs: Sequence[str]
) -> Verdict | None:
    if url and urls.is_front(url) and len(paragraphs) != 1:
        return Verdict("home_page", "address")
    spoken = any(_SENTENCE_END.search(line) for line in paragraphs)
    if is_menu(paragraphs) or (paragraphs and not spoken and _is_linked(shown())):
        return Verdict("home_page", "list of links")
    return None


def _is_linked(seen: Shown) -> bool:
    """Whether most of what a page shows is links."""
    return seen.links >= MENU_LINKS and seen.link_chars >= MENU_SHARE * len(seen.text)


def _without_story(seen: Shown, found: Head, title: str | None, some: bool) -> Verdict:
    if wrong := refusal(f"{title or ''}\n{seen.text}"):
        return wrong
    if found.access == "paywalled":
        return Verdict("paywall", "isAccessibleForFree")
    if _is_linked(seen):
        return Verdict("home_page", "list of links")
    return Verdict("too_short" if some else "empty")


def is_story(paragraphs: Sequence[str]) -> bool:
    """Whether a text has at least one sentence, or enough words without one.

    A wire flash of one or two short sentences is a story; a word or a name is none.
    """
    text = "\n".join(paragraphs)[:ENOUGH_CHARS]
    if len(_WIDE.findall(text[:500])) >= MIN_WIDE_CHARS:
        return True
    words = word_count(text)
    return words >= MIN_WORDS_UNENDED or (words >= MIN_WORDS and bool(_SENTENCE_END.search(text)))


def is_menu(paragraphs: Sequence[str]) -> bool:
    """Whether most lines are short and hardly one ends a sentence: a list of links."""
    ended = sum(bool(_SENTENCE_END.search(line[-4:])) for line in paragraphs)
    short = sum(word_count(line) < 12 for line in paragraphs)
    return len(paragraphs) >= 4 and ended <= len(paragraphs) // 10 and short > len(paragraphs) * 0.8


def word_count(text: str) -> int:
    """Words that start with a letter or digit; each character of a script without spaces."""
    wide = len(_WIDE.findall(text))
    return wide + len(_WORD.findall(_WIDE.sub(" ", text) if wide else text))


def show(tree: HtmlElement) -> Shown:
    """What a reader sees of a page."""
    body = tree.find("body")
    body = body if body is not None else tree
    parts: list[str] = []
    length = 0
    for text in body.itertext():
        if text.strip():
            parts.append(" ".join(text.split()))
            length += len(parts[-1]) + 1
        if length > LOOKED_AT_CHARS:
            break
    links = [len(" ".join(link.text_content().split())) for link in body.iter("a")]
    return Shown(" ".join(parts), len(links), sum(links))
