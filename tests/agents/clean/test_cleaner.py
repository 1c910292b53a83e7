"""The stage as a whole: what comes in, what comes out."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import clean
from agents.clean.cleaner import Cleaner
from agents.stage import Options, Rejected
from schemas import Article, ArticleBlock, RawArticle

from .conftest import STORY

Clean = Callable[..., Article]
Reject = Callable[..., Rejected]
Build = Callable[..., str]

JSON_LD = """<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
 {"@type": "WebSite", "name": "The Halden Post"},
 {"@type": "NewsArticle", "headline": "Two ferries collide in fog",
  "datePublished": "2024-10-23T08:15:00+02:00", "dateModified": "2024-10-23T09:00:00+02:00",
  "author": {"@id": "#kari"}, "articleSection": "News", "keywords": ["ferries", "fog"],
  "isAccessibleForFree": true,
  "publisher": {"@type": "Organization", "name": "The Halden Post"}},
 {"@type": "Person", "@id": "#kari", "name": "Kari Lund"}]}
</script>"""


def test_the_stage_declares_its_place_in_the_flow() -> None:
    assert (clean.STAGE.name, clean.STAGE.source, clean.STAGE.sink) == (
        "clean",
        "news.raw",
        "news.clean",
    )
    assert clean.STAGE.adds == "article"
    assert clean.STAGE.reads == frozenset()


def test_a_page_gives_story_and_head_data(article: Clean, page: Build) -> None:
    made = article(
        html=page(JSON_LD), url="https://www.haldenpost.example/2024/ferries?utm_source=x"
    )
    assert made.text == "\n".join(STORY)
    assert made.method == "trafilatura"
    assert made.title == "Two ferries collide in fog"
    assert made.authors == ["Kari Lund"]
    assert made.published is not None
    assert (made.published.value, made.published.source) == ("2024-10-23T08:15:00+02:00", "json-ld")
    assert made.modified is not None and made.modified.value == "2024-10-23T09:00:00+02:00"
    assert (made.section, made.keywords, made.access) == ("News", ["ferries", "fog"], "free")
    assert made.canonical_url == "https://www.haldenpost.example/2024/ferries"
    assert made.language is not None and made.language.code == "en"
    assert made.source.name == "The Halden Post"


def test_plain_text_keeps_its_lines_and_loses_furniture(article: Clean) -> None:
    text = "\n".join(
        [
            *STORY,
            "• Anna B. Writer Jr. can be reached at awriter@example.com.",
            "Please read our comment policy before commenting.",
        ]
    )
    made = article(text=text, source={"name": "The Halden Post"}, published="2024-10-23")
    assert made.text == "\n".join(STORY)
    assert [removed.kind for removed in made.removed] == ["contact", "comment_policy"]
    assert made.method == "text"
    assert made.published is not None and made.published.precision == "day"


def test_a_summary_alone_is_an_article(article: Clean) -> None:
    made = article(
        title="Ferries collide off Halden",
        summary="<p>Two ferries collided off Halden on Monday. Nobody was hurt.</p>",
        url="https://haldenpost.example/a1",
    )
    assert made.text == "Two ferries collided off Halden on Monday. Nobody was hurt."
    assert (made.method, made.title) == ("summary", "Ferries collide off Halden")


def test_a_page_without_story_falls_back_on_the_feeders_text(article: Clean) -> None:
    html = "<html><head><title>Just a moment...</title></head><body>Checking</body></html>"
    made = article(html=html, summary="The harbour was closed on Monday. It opens again on Friday.")
    assert made.method == "summary"


def test_dateline_agency_and_update_note_are_fields(article: Clean, page: Build) -> None:
    html = page(
        before="<p>HALDEN, Norway (AP) — A third ferry has run aground near the pier.</p>",
        after="<p>This story has been updated with a statement from the company.</p>",
    )
    made = article(html=html)
    assert made.text.startswith("A third ferry has run aground")
    assert made.dateline is not None and made.dateline.place == "HALDEN, Norway"
    assert made.agency == "AP"
    assert made.updated_note == "This story has been updated with a statement from the company."
    assert "updated with" not in made.text
    assert {"dateline", "update"} <= {removed.kind for removed in made.removed}


def test_the_language_gate_ends_other_languages() -> None:
    german = (
        "Zwei Fähren sind am Montag im dichten Nebel zusammengestoßen. Verletzt wurde niemand, "
        "teilte die Hafenbehörde mit. Beide Schiffe bleiben eine Woche lang im Dock."
    )
    raw = RawArticle(text=german, title="Fähren stoßen zusammen", guid="7")
    english = clean.load(Options())
    [made] = english([raw])
    assert isinstance(made, Rejected)
    assert (made.reason, made.detail, made.title) == ("language", "de", "Fähren stoßen zusammen")
    assert made.article_id
    [let_through] = clean.load(Options(languages=("en", "de")))([raw])
    assert isinstance(let_through, ArticleBlock)


def test_the_id_is_the_urls_not_the_copys(article: Clean) -> None:
    text = "\n".join(STORY)
    one = article(text=text, url="http://www.haldenpost.example/a/1/?utm_medium=rss#top")
    other = article(text=text, url="https://haldenpost.example/a/1")
    third = article(text=text, url="https://haldenpost.example/a/2")
    assert one.id == other.id != third.id
    assert one.fingerprint == third.fingerprint
    assert one.url == "http://www.haldenpost.example/a/1/?utm_medium=rss#top"


def test_without_url_the_id_is_of_feed_and_guid_else_of_the_content(article: Clean) -> None:
    text = "\n".join(STORY)
    by_guid = [
        article(text=text + extra, guid="g1", source={"feed": "f"}) for extra in ("", " More.")
    ]
    assert by_guid[0].id == by_guid[1].id
    by_content = [article(text=text + extra) for extra in ("", " More.")]
    assert by_content[0].id != by_content[1].id


@pytest.mark.parametrize("batch", [1, 3])
def test_results_do_not_depend_on_the_batch(cleaner: Cleaner, page: Build, batch: int) -> None:
    raws = [RawArticle(html=page(JSON_LD)), RawArticle(text=STORY[0]), RawArticle(summary="No.")]
    whole = cleaner(raws)
    parts = [made for start in range(0, 3, batch) for made in cleaner(raws[start : start + batch])]
    assert whole == parts


_PARAGRAPH = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_PARAGRAPH, max_size=8))
def test_paragraphs_cover_the_text_exactly(cleaner: Cleaner, drawn: list[str]) -> None:
    [made] = cleaner([RawArticle(text="\n".join([*STORY[:2], *drawn, STORY[2]]))])
    assert isinstance(made, ArticleBlock)
    article = made.article
    spans = [(span.start, span.end) for span in article.paragraphs]
    assert [article.text[start:end] for start, end in spans] == article.text.split("\n")
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(spans))
    assert spans[0][0] == 0 and spans[-1][1] == len(article.text)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_PARAGRAPH, max_size=8))
def test_cleaning_clean_text_changes_nothing(cleaner: Cleaner, drawn: list[str]) -> None:
    def clean_once(text: str) -> str:
        [made] = cleaner([RawArticle(text=text)])
        assert isinstance(made, ArticleBlock)
        return made.article.text

    once = clean_once("\n".join([*STORY, *drawn, *STORY[::-1]]))
    # Taking off an end can bring a further line into reach of the rules, never give any back.
    twice = clean_once(once)
    assert set(twice.split("\n")) <= set(once.split("\n"))


def test_records_go_through_json(article: Clean, page: Build) -> None:
    half = '{"@type": "NewsArticle", "headline": "A \\ud800 b"}'
    made = article(html=page(f'<script type="application/ld+json">{half}</script>'))
    dumped: dict[str, Any] = json.loads(made.model_dump_json())
    assert dumped["title"] == "A b"
