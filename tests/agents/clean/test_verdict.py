"""Why there is no article, and what is one however short."""

from collections.abc import Callable

import pytest

from agents.clean import verdict
from agents.stage import Rejected
from schemas import Article

from .conftest import STORY

Clean = Callable[..., Article]
Reject = Callable[..., Rejected]
LINKS = "".join(
    f"<li><a href='/{n}'>Harbour news number {n} of the day</a></li>" for n in range(30)
)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>Access Denied</title><p>You don't have permission to access this.</p>", "blocked"),
        ("<title>Just a moment...</title><p>Verifying you are human.</p>", "blocked"),
        (
            "<title>404</title><h1>Page not found</h1><p>Sorry about that, try a search.</p>",
            "blocked",
        ),
        (
            "<title>Ferries</title><p>We value your privacy. We and our partners store and access "
            "information on a device, such as cookies.</p><button>Accept all</button>",
            "consent",
        ),
        (
            "<title>Ferries</title><p>Two ferries collided.</p>"
            "<p>Subscribe to continue reading. Already a subscriber? Log in.</p>",
            "paywall",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferries",'
            '"isAccessibleForFree": "False"}</script><h1>Ferries</h1>',
            "paywall",
        ),
        (f"<title>Halden Post</title><ul>{LINKS}</ul>", "home_page"),
        ("<title>Halden</title><p>Ferries</p>", "too_short"),
        ("<html><body></body></html>", "empty"),
        ("", "empty"),
        ("%PDF-1.7 x", "not_html"),
        ('{"title": "Ferries"}', "not_html"),
        ("<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "not_html"),
        ("Two ferries collided in thick fog, but this is no page.", "not_html"),
    ],
)
def test_reasons(rejected: Reject, html: str, reason: str) -> None:
    made = rejected(html=html, url="https://haldenpost.example/news/1")
    assert made.reason == reason


def test_a_rejected_record_keeps_what_is_known(rejected: Reject) -> None:
    html = "<title>Ferries collide - Halden Post</title><p>Subscribe to read.</p>"
    made = rejected(html=html, url="https://haldenpost.example/news/1?utm_source=a")
    assert made.reason == "paywall"
    assert made.url == "https://haldenpost.example/news/1"
    assert made.title == "Ferries collide"
    assert made.article_id


def test_a_front_page_by_its_address(rejected: Reject) -> None:
    html = "<h1>Halden Post</h1>" + "".join(f"<p>{line}</p>" for line in STORY)
    assert rejected(html=html, url="https://haldenpost.example/").reason == "home_page"


@pytest.mark.parametrize(
    "text",
    [
        "Two ferries collided off Halden on Monday. Nobody was hurt.",
        "Explosion heard near Halden harbour.",
        "Norway's central bank raises key rate to 4.75%.",
        "ハルデン港で月曜日、濃霧の中フェリー二隻が衝突した。",
    ],
)
def test_short_news_is_news(article: Clean, text: str) -> None:
    assert article(text=text).text == text
    assert article(summary=text).text == text


@pytest.mark.parametrize(
    "text", ["", " \n ", "Ferries", "Read more", "Halden Post", "Photo gallery"]
)
def test_what_is_no_story(rejected: Reject, text: str) -> None:
    assert rejected(text=text).reason in {"empty", "too_short"}


def test_a_flash_beside_a_cookie_notice_is_an_article(article: Clean) -> None:
    html = (
        "<html><head><meta property='og:type' content='article'><title>Ferries</title></head>"
        "<body><div class='cookie-banner'><p>We use cookies. Accept all cookies.</p></div>"
        f"<article><h1>Ferries collide</h1><p>{STORY[0]}</p><p>{STORY[1]}</p></article></body>"
    )
    assert article(html=html).text == f"{STORY[0]}\n{STORY[1]}"


def test_a_flash_of_a_plain_page_beside_a_cookie_notice(article: Clean) -> None:
    html = f"<h1>Fog</h1><p>{STORY[1]}</p><p>This site uses cookies. Accept all cookies.</p>"
    assert article(html=f"<html><body><div>{html}</div></body></html>").text == STORY[1]


def test_a_story_about_blocked_pages_is_an_article(article: Clean) -> None:
    lines = [*STORY, "Visitors of the port's site read “access denied” on Monday, it said."]
    made = article(html="".join(f"<p>{line}</p>" for line in lines * 3))
    assert "access denied" in made.text


def test_word_count() -> None:
    assert verdict.word_count("Two ferries — “both old” — don't sail.") == 6
    assert verdict.word_count("衝突した") == 4
    assert verdict.word_count("") == 0
