"""A raw article into paragraphs and head data: from its page, else its text, else its summary."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from schemas import RawArticle

from . import body, furniture, markup, plain, verdict
from . import head as head_data
from .head import Head

MAX_SOURCE_CHARS: Final = 2_000_000
THIN_WORDS: Final = 60
THIN_CHARS: Final = 1_000
UNTOUCHED_GAIN: Final = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way of reading gave.

    Attributes:
        method: `trafilatura`, `json-ld`, `text` or `summary`.
        paragraphs: Still with boilerplate.
        head: Candidates for the head data; empty without a page.
        removed: Kind and length of what was not read.
        problem: Why this is no article; then there may be no paragraphs.
    """

    method: str
    paragraphs: list[str] = field(default_factory=list)
    head: Head = field(default_factory=Head)
    removed: tuple[tuple[str, int], ...] = ()
    problem: verdict.Verdict | None = None


def read(raw: RawArticle) -> Reading:
    """The best reading: a page that holds a story, else the feeder's text, else the summary.

    Where nothing is a story the first reading is returned with its problem, since it tells most.
    """
    first: Reading | None = None
    if raw.html is not None:
        first = _page(raw.html, raw.url)
        if not first.problem:
            return first
    for method, text in (("text", raw.text), ("summary", raw.summary)):
        if text is None:
            continue
        reading = _plain(method, text)
        if first is None:
            first = reading
        elif not reading.problem:
            # The page told its head data even where it kept the story back.
            return replace(reading, head=first.head)
        if not first.problem:
            return first
    assert first is not None, "RawArticle has one of html, text and summary"  # noqa: S101
    return first


def _page(html: str, url: str | None) -> Reading:
    if wrong := verdict.not_html(html):
        return Reading("trafilatura", problem=wrong)
    if not html.strip():
        return Reading("trafilatura", problem=verdict.Verdict("empty"))
    if not markup.looks_like_markup(html):
        return Reading("trafilatura", problem=verdict.Verdict("not_html", "plain text"))
    page = markup.parse(html)
    if page is None:
        return Reading("trafilatura", problem=verdict.Verdict("empty"))
    found = head_data.read(page, url)
    taken, lines = _story(page, html)
    method = "trafilatura"
    if found.body and verdict.word_count("\n".join(lines)[:THIN_CHARS]) < THIN_WORDS:
        told = plain.paragraphs(found.body[:MAX_SOURCE_CHARS])
        if sum(map(len, told)) > sum(map(len, lines)):
            method, lines = "json-ld", told
    lines = [line for paragraph in lines for line in plain.paragraphs(paragraph)]
    removed = [("cut", page.cut)] if page.cut else []
    removed += sorted(taken.items())
    title = found.titles[0][1] if found.titles else None
    problem = verdict.of_page(lambda: _shown(html), found, title, url, lines)
    return Reading(method, lines, found, tuple(removed), problem)


def _story(page: markup.Page, html: str) -> tuple[Counter[str], list[str]]:
    """Furniture taken off, and the paragraphs of the story.

    Where too little is left of the page the furniture was none: then it is read as it came.
    """
    written = body.written(page.tree)
    taken = furniture.remove(page.tree)
    lines = body.extract(page.tree)
    if not body.is_enough(lines, written) and (whole := markup.parse(html)):
        untouched = body.extract(whole.tree)
        if body.length(untouched) > UNTOUCHED_GAIN * body.length(lines):
            return Counter(), untouched
    return taken, lines


def _shown(html: str) -> verdict.Shown:
    """What a page shows; parsed anew, since the tree has been cut by then. Few pages need it."""
    page = markup.parse(html)
    return verdict.show(page.tree) if page else verdict.Shown()


def _plain(method: str, text: str) -> Reading:
    text = text[:MAX_SOURCE_CHARS]
    if markup.looks_like_markup(text) and ("</" in text or "<p" in text or "<br" in text):
        page = markup.parse(text)
        lines = body.paragraphs(page.tree) if page else []
        lines = [line for paragraph in lines for line in plain.paragraphs(paragraph)]
    else:
        lines = plain.paragraphs(text)
    if not lines:
        return Reading(method, problem=verdict.Verdict("empty"))
    problem = None if verdict.is_story(lines) else verdict.Verdict("too_short")
    return Reading(method, lines, problem=problem)
