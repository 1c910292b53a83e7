"""Where head data is found, and what is believed first."""

from collections.abc import Callable

import pytest

from agents.clean import head, markup
from schemas import Article

Clean = Callable[..., Article]
Build = Callable[..., str]


def _read(html: str) -> head.Head:
    page = markup.parse(html)
    assert page is not None
    return head.read(page, None)


def test_json_ld_before_opengraph_before_meta(article: Clean, page: Build) -> None:
    ld = '{"@type": "NewsArticle", "datePublished": "2024-10-21", "author": {"name": "Ann Lee"}}'
    parts = [
        "<meta name='author' content='Cy Dow'><meta name='date' content='2024-10-23'>",
        "<meta property='article:published_time' content='2024-10-22'>",
        f"<script type='application/ld+json'>{ld}</script>",
    ]
    told = [article(html=page("".join(parts[: count + 1]))) for count in range(3)]
    days = [one.published.value if one.published else None for one in told]
    assert days == ["2024-10-23", "2024-10-22", "2024-10-21"]
    assert [one.authors for one in told] == [["Cy Dow"], ["Cy Dow"], ["Ann Lee"]]


def test_microdata_of_the_first_article_only() -> None:
    scope = "<div itemscope itemtype='https://schema.org/NewsArticle'>"
    author = "<span itemprop='author' itemscope><b itemprop='name'>{}</b></span></div>"
    found = _read(f"<body>{scope}{author.format('Ann Lee')}{scope}{author.format('Bo Chu')}</body>")
    assert ("microdata", ["Ann Lee"]) in found.bylines


@pytest.mark.parametrize(
    "byline",
    [
        "<div class='byline'>By <a href='/a'>Ann Lee</a></div>",
        "<div data-testid='prism-byline'><span>By</span><span>Ann Lee</span><i>9 May</i></div>",
        "<a rel='author' href='/a'>Ann Lee</a>",
        "<address>By Ann Lee</address>",
        "<a href='https://e.example/author/ann-lee/'>Ann Lee</a>",
        "<p>By Ann Lee</p>",
        "<span>Von</span> <span class='autor'>Ann Lee</span>",
    ],
)
def test_bylines_that_only_show(article: Clean, page: Build, byline: str) -> None:
    assert article(html=page(before=byline)).authors == ["Ann Lee"]


@pytest.mark.parametrize(
    "shown",
    [
        "<time datetime='2024-10-23'>Monday</time>",
        "<span class='publish-date'>Published October 23, 2024</span>",
        "<p>23.10.2024</p>",
    ],
)
def test_dates_that_only_show(article: Clean, page: Build, shown: str) -> None:
    made = article(html=page(before=shown))
    assert made.published is not None
    assert made.published.value == "2024-10-23"


def test_the_feed_knows_better_than_what_shows(article: Clean, page: Build) -> None:
    html = page(before="<time datetime='2024-10-25'>Friday</time>")
    made = article(html=html, published="Wed, 23 Oct 2024 08:15:00 GMT")
    assert made.published is not None
    assert (made.published.value, made.published.source) == ("2024-10-23T08:15:00+00:00", "feed")


def test_the_day_in_the_address_is_the_last_resort(article: Clean, page: Build) -> None:
    made = article(html=page(), url="https://e.example/2024/10/23/ferries")
    assert made.published is not None
    assert (made.published.value, made.published.source) == ("2024-10-23", "url")


@pytest.mark.parametrize(
    ("told", "access"), [("true", "free"), ('"False"', "paywalled"), ("3", "unknown")]
)
def test_access(told: str, access: str) -> None:
    ld = f'{{"@type": "NewsArticle", "isAccessibleForFree": {told}}}'
    found = _read(f"<body><script type='application/ld+json'>{ld}</script><p>x</p></body>")
    assert found.access == access


def test_canonical_of_another_site_is_not_believed(article: Clean, page: Build) -> None:
    html = page("<link rel='canonical' href='https://elsewhere.example/x'>")
    assert article(html=html, url="https://e.example/a").canonical_url == "https://e.example/a"
