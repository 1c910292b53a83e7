"""The sample feed: what it has to contain, and that its expectations speak of it."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from schemas import RawArticle
from schemas.events import EventType
from streams.cli.articles import Given, read_articles
from streams.sample import FEED

EXPECTATIONS = Path(__file__).with_name("sample_expectations.json")
ARTICLES = [RawArticle.model_validate_json(line) for line in FEED.read_bytes().splitlines()]
BY_CASE = {article.extra["case"]: article for article in ARTICLES}
EXPECTED: dict[str, Any] = json.loads(EXPECTATIONS.read_text("utf-8"))
CASES = sorted(set(EXPECTED) - {"about"})

KEYS = {
    "head", "present", "absent", "entities", "events", "no_events", "flags", "no_flags", "should",
}  # fmt: skip


def visible(article: RawArticle) -> str:
    """What a person reads, roughly."""
    paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", article.html or "", re.DOTALL)
    return article.text or "\n".join(paragraphs)


def test_it_is_read_as_ingest_reads_it() -> None:
    with FEED.open("rb") as stream:
        found = list(read_articles(stream))
    assert all(isinstance(item, Given) for item in found)
    assert len(found) == len(ARTICLES) >= 12


def test_every_article_has_an_address_of_its_own_under_a_reserved_name() -> None:
    urls = [article.url or "" for article in ARTICLES]
    assert len(set(urls)) == len(urls)
    assert all(re.match(r"https://\w+\.example\.(com|net|org)/", url) for url in urls)


@pytest.mark.parametrize("case", CASES)
def test_articles_are_as_long_as_news_is(case: str) -> None:
    assert 120 <= len(visible(BY_CASE[case]).split()) <= 350


def test_there_are_pages_and_plain_texts() -> None:
    pages = [article for article in ARTICLES if article.html]
    assert len(pages) >= 5
    assert any("application/ld+json" in (page.html or "") for page in pages)
    assert all("cookies" in (page.html or "") for page in pages)
    assert len(ARTICLES) - len(pages) >= 5


def test_the_wire_copy_is_the_same_text_with_a_dateline_at_another_address() -> None:
    page, copy = BY_CASE["diplomacy-visit"], BY_CASE["wire-copy"]
    head, _, body = (copy.text or "").partition(" — ")
    assert head == "ANKARA, Nov. 16 (Harbour Wire)"
    assert all(paragraph in (page.html or "") for paragraph in body.splitlines())
    assert page.url != copy.url


def test_expectations_speak_of_every_article_and_of_no_other() -> None:
    assert sorted(BY_CASE) == CASES


@pytest.mark.parametrize("case", CASES)
def test_expectations_are_written_in_their_own_form(case: str) -> None:
    expected = EXPECTED[case]
    assert set(expected) <= KEYS
    assert set(expected.get("should", {})) <= KEYS - {"should"}
    text = visible(BY_CASE[case]) + (BY_CASE[case].html or "")
    for part in expected.get("present", []):
        assert part in text
    for entity in expected["entities"]:
        # Adjectives count too: Russia is there where only Russian troops are.
        assert entity["name"][:5] in text
    types = set(get_args(EventType))
    for event in expected.get("events", []):
        wanted = event.get("type", [])
        assert {wanted} <= types if isinstance(wanted, str) else set(wanted) <= types
    assert set(expected.get("no_events", [])) <= types | {"conflict"}


@pytest.mark.parametrize(
    "case", ["sport", "film-review", "finance-central-bank", "finance-earnings"]
)
def test_articles_about_other_things_must_stay_empty(case: str) -> None:
    assert EXPECTED[case]["no_events"] == ["conflict"]
    assert EXPECTED[case]["no_flags"] == ["any"]
