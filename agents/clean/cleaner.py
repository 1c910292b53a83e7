"""Raw articles into article blocks: the function of the clean stage."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from agents.release import release
from agents.stage import Options, Rejected
from schemas import Article, ArticleBlock, RawArticle, Span
from schemas.article import Removed, Timestamp
from schemas.identity import article_id, digest
from schemas.raw import Source

from . import (
    authors,
    boilerplate,
    dates,
    language,
    plain,
    reading,
    titles,
    urls,
    verdict,
    wire,
)
from .head import Candidates, Head

MAX_TEXT: Final = 400_000
MAX_LISTED: Final = 30
MAX_FIELD: Final = 500
MAX_URL: Final = 2_000
ANY_LANGUAGE: Final = "any"


class Cleaner:
    """The loaded stage: one result a record, each a pure function of that record alone."""

    def __init__(self, options: Options) -> None:
        self.version = release(__file__)
        self.model: str | None = language.MODEL
        self.lists: list[str] = []
        self._languages = frozenset(code.lower() for code in options.languages)
        self._detect = language.Detector()

    def __call__(self, records: Sequence[RawArticle], /) -> list[ArticleBlock | Rejected]:
        """Clean a batch."""
        return [self._clean(record) for record in records]

    def _clean(self, raw: RawArticle) -> ArticleBlock | Rejected:
        found = reading.read(raw)
        canonical = urls.choose(raw.url, found.head.canonicals)
        outlets = _outlets(raw, found.head, canonical)
        title = titles.choose(_titles(raw, found.head), outlets)
        identifier = article_id(
            urls.key(canonical) if canonical else None,
            raw.source.feed,
            raw.guid,
            (title or "", *found.paragraphs),
        )

        def rejected(why: verdict.Verdict) -> Rejected:
            return Rejected(why.reason, why.detail, identifier, canonical or raw.url, title)

        if found.problem:
            return rejected(found.problem)
        credited = _credits(raw, found.head, outlets)
        story = boilerplate.strip(
            found.paragraphs, _repeated_head(title, found.head), credited.names
        )
        wired = wire.take(story.paragraphs)
        paragraphs, overlong = _within(wired.paragraphs)
        if not verdict.is_story(paragraphs):
            return rejected(verdict.Verdict("too_short"))
        told = self._detect("\n".join(paragraphs), _declared(raw, found.head))
        if told and not self._passes(told.code):
            return rejected(verdict.Verdict("language", told.code))
        removed = [*found.removed, *story.removed, *wired.removed, *overlong]
        text = "\n".join(paragraphs)
        published, modified = _moments(raw, found.head, canonical)
        article = Article(
            id=identifier,
            url=plain.line(raw.url, MAX_URL) or None,
            canonical_url=canonical,
            title=title,
            subtitle=_subtitle(found.head, title),
            authors=list(credited.names),
            agency=wired.agency or credited.agency,
            dateline=wired.dateline,
            published=published,
            modified=modified,
            updated_note=story.updates[0] if story.updates else None,
            language=told,
            text=text,
            paragraphs=spans(paragraphs),
            word_count=verdict.word_count(text),
            section=next(iter(_distinct(found.head.sections)), None),
            keywords=_distinct([*raw.keywords, *found.head.keywords]),
            images=_distinct([*raw.images, *found.head.images]),
            access=found.head.access,
            source=_source(raw, found.head),
            rights=plain.line(raw.rights or found.head.rights, MAX_FIELD) or None,
            fingerprint=digest("content", title or "", text),
            removed=[Removed(kind=kind, chars=chars) for kind, chars in removed],
            method=found.method,
        )
        return ArticleBlock(article=article)

    def _passes(self, code: str) -> bool:
        return ANY_LANGUAGE in self._languages or code in self._languages


def spans(paragraphs: Sequence[str]) -> list[Span]:
    """Where each paragraph stands in the text that they make, joined by one newline."""
    found: list[Span] = []
    start = 0
    for paragraph in paragraphs:
        found.append(Span(start=start, end=start + len(paragraph)))
        start += len(paragraph) + 1
    return found


def _within(paragraphs: Sequence[str]) -> tuple[list[str], list[tuple[str, int]]]:
    """The first paragraphs that fit into a record, and what did not."""
    kept: list[str] = []
    length = 0
    for place, paragraph in enumerate(paragraphs):
        room = MAX_TEXT - length
        if len(paragraph) > room:
            if not kept:
                kept.append(paragraph[:room].rstrip())
            rest = sum(len(one) for one in paragraphs[place:]) - (len(kept[0]) if not place else 0)
            return kept, [("overlong", rest)]
        kept.append(paragraph)
        length += len(paragraph) + 1
    return kept, []


def _outlets(raw: RawArticle, head: Head, canonical: str | None) -> list[str]:
    """What the outlet is called: by the feeder, by the page, and its host with and without end."""
    host = (urlsplit(canonical).hostname or "").removeprefix("www.") if canonical else ""
    site = urls.site(canonical) or host
    names = [raw.source.name or "", *head.sites, host, site, site.split(".")[0]]
    return [name for name in names if name]


def _titles(raw: RawArticle, head: Head) -> Candidates:
    feed = [("feed", raw.title)] if raw.title else []
    return [*head.titles, *feed]


def _repeated_head(title: str | None, head: Head) -> list[str]:
    """What may stand once more before the story: all forms of the title."""
    return [title or "", *(plain.line(value, MAX_FIELD) for _, value in head.titles)]


def _subtitle(head: Head, title: str | None) -> str | None:
    for _, value in head.subtitles:
        line = plain.line(value, MAX_FIELD)
        if line and not (title and titles.same(line, title)):
            return line
    return None


def _declared(raw: RawArticle, head: Head) -> list[tuple[str, str | None]]:
    return [("feed", raw.language), *head.languages]


def _credits(raw: RawArticle, head: Head, outlets: Sequence[str]) -> authors.Credits:
    """The first source with a name, or one that has the same names in full; the first agency."""
    agency: str | None = None
    short: tuple[str, ...] = ()
    for bylines in [*(names for _, names in head.bylines), raw.authors]:
        read = authors.read(bylines, outlets)
        agency = agency or read.agency
        full = any(map(authors.is_full, read.names))
        if full and (not short or set(short) <= {part for n in read.names for part in n.split()}):
            return authors.Credits(read.names, agency)
        short = short or read.names
    return authors.Credits(short, agency)


def _moments(
    raw: RawArticle, head: Head, canonical: str | None
) -> tuple[Timestamp | None, Timestamp | None]:
    published = [*head.published]
    # The page's own data knows better than the feed, the feed better than what merely shows.
    place = next(
        (i for i, (source, _) in enumerate(published) if source == "visible"), len(published)
    )
    if raw.published:
        published.insert(place, ("feed", raw.published))
    modified = [*head.modified, *([("feed", raw.modified)] if raw.modified else [])]
    first = dates.best(published) or (dates.from_url(canonical) if canonical else None)
    last = dates.best(modified)
    return first, None if first and last and last.value == first.value else last


def _source(raw: RawArticle, head: Head) -> Source:
    if raw.source.name or not head.sites:
        return raw.source
    return raw.source.model_copy(update={"name": plain.line(head.sites[0], MAX_FIELD) or None})


def _distinct(values: Iterable[str]) -> list[str]:
    lines = (plain.line(value, MAX_FIELD) for value in values)
    return list(dict.fromkeys(line for line in lines if line))[:MAX_LISTED]
