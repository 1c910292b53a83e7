"""Why nothing came out of a page, and whether what came out is a story at all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from agents.stage import RejectReason

from . import urls
from .head import Head
from .rules import REFUSALS

MIN_WORDS: Final = 5
MIN_WORDS_UNENDED: Final = 10
MIN_WIDE_CHARS: Final = 12
REFUSAL_WORDS: Final = 120
FLASH_WORDS: Final = 15
LOOKED_AT_CHARS: Final = 6_000
ENOUGH_CHARS: Final = 1_000

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
    r"^\s*(?:<\?xml[^>]{0,200}>)?\s*(?:<!--.{0,500}?-->)?\s*<(rss|feed|rdf:RDF|urlset|sitemapindex|opml|svg|soap:Envelope)\b",
    re.IGNORECASE | re.DOTALL,
)


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


def refusal(
    visible: Callable[[], str], title: str | None, words: int, told: bool
) -> Verdict | None:
    """Whether a page with few words of text is a block page, a consent screen or a paywall.

    Args:
        visible: Gives the first part of what a reader sees.
        title: The page's title.
        words: Number of words that were extracted.
        told: Whether the page says that it is an article: then a flash may stand beside a cookie
            notice, and only a paywall or less than a sentence's words counts.
    """
    if words > REFUSAL_WORDS or (told and words > FLASH_WORDS):
        return None
    seen = f"{title or ''}\n{visible()[:LOOKED_AT_CHARS]}".lower().replace("’", "'")
    for reason in ("blocked", "consent", "paywall"):
        for phrase in REFUSALS[reason]:
            if phrase in seen:
                return Verdict(reason, phrase)
    return None


def of_page(
    visible: Callable[[], str],
    found: Head,
    title: str | None,
    url: str | None,
    paragraphs: Sequence[str],
) -> Verdict | None:
    """Why a page gave no story; None if it gave one.

    Args:
        visible: Gives the first part of what a reader sees; asked only where words are few.
        found: Its head data.
        title: Its title, as it stands.
        url: Where it was fetched.
        paragraphs: What was extracted.
    """
    words = word_count("\n".join(paragraphs)[:LOOKED_AT_CHARS])
    if wrong := refusal(visible, title, words, told=found.is_article):
        return wrong
    if not found.is_article and url and urls.is_front(url) and len(paragraphs) != 1:
        return Verdict("home_page", "address")
    if not found.is_article and is_menu(paragraphs):
        return Verdict("home_page", "list of links")
    if not paragraphs:
        if found.access == "paywalled":
            return Verdict("paywall", "isAccessibleForFree")
        return Verdict("empty")
    return None if is_story(paragraphs) else Verdict("too_short")


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


def visible_text(tree: HtmlElement) -> str:
    """The first part of what a reader sees of the page."""
    parts: list[str] = []
    length = 0
    body = tree.find("body")
    for text in (body if body is not None else tree).itertext():
        if text.strip():
            parts.append(" ".join(text.split()))
            length += len(text)
        if length > LOOKED_AT_CHARS:
            break
    return " ".join(parts)
