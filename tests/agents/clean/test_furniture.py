"""Parts of a page that are taken away by their names, and those that only look like them."""

import pytest

from agents.clean import furniture, markup

from .conftest import STORY

PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY)


@pytest.mark.parametrize(
    ("classes", "identifier", "kind"),
    [
        ("related-articles", "", "related"),
        ("c-related__list", "", "related"),
        ("relatedLinks", "", "related"),
        ("NewsletterSignup", "", "newsletter"),
        ("", "disqus_thread", "comments"),
        ("wp-caption-text", "", "photo"),
        ("correlated", "", None),
        ("has-sidebar", "", None),
        ("sidebar-layout", "", None),
        ("entry share", "", None),
        ("article-body", "comments", None),
        ("thread", "", None),
        ("", "", None),
    ],
)
def test_kinds(classes: str, identifier: str, kind: str | None) -> None:
    assert furniture.kind_of(classes, identifier) == kind


def _left(html: str) -> str:
    page = markup.parse(f"<html><body>{html}</body></html>")
    assert page is not None
    furniture.remove(page.tree)
    return " ".join(page.tree.text_content().split())


@pytest.mark.parametrize(
    "part",
    [
        "<div class='newsletter-box'>Get our mail every day</div>",
        "<nav>Home World Sport</nav>",
        "<figure><img src='a.jpg'><figcaption>The pier on Monday</figcaption></figure>",
        "<p><a href='/b'>Older ferries to be scrapped next year</a></p>",
        "<p>Harbour: <a href='/b'>Older ferries to be scrapped next year</a></p>",
        "<div><a href='/b'><h3>Older ferries to be scrapped next year</h3></a></div>",
    ],
)
def test_parts_that_go(part: str) -> None:
    assert _left(PARAGRAPHS + part) == _left(PARAGRAPHS)


@pytest.mark.parametrize(
    "part",
    [
        "<p>The port said so in <a href='/b'>a statement on its site</a> after the talks.</p>",
        "<p><a href='/b'>“We had no warning,” the captain said.</a></p>",
        "<h3><a href='#fog'>What the fog did</a></h3>",
        "<h2><a href='/b'>The ships</a></h2>",
        "<p class='intro'>A third ship was near.</p>",
    ],
)
def test_parts_that_stay(part: str) -> None:
    assert len(_left(PARAGRAPHS + part)) > len(_left(PARAGRAPHS))


def test_what_holds_the_story_stays_whatever_its_name() -> None:
    assert STORY[2] in _left(f"<div class='related-content'>{PARAGRAPHS}</div>")
