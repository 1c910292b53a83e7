"""Pages made to harm: each is bounded in time and memory, and ends in a clear verdict."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.clean.cleaner import MAX_TEXT, Cleaner
from schemas import ArticleBlock, RawArticle

from .conftest import STORY

MB = 1_000_000
MANY = 150_000
SECONDS = 2.0
MEGABYTES = 300.0
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def _ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _doctype_bomb() -> str:
    entities = ['<!ENTITY a0 "ha">']
    entities += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE html [{''.join(entities)}]><html><body><p>&a9;</p>{PARAGRAPHS}</body></html>"


HOSTILE: dict[str, Callable[[], str]] = {
    "ten_megabytes_of_text": lambda: "<p>" + "word and word. " * (10 * MB // 15) + "</p>",
    "ten_megabytes_one_word": lambda: f"<p>{'a' * 10 * MB}</p>",
    "ten_megabytes_of_paragraphs": lambda: PARAGRAPHS * (10 * MB // len(PARAGRAPHS)),
    "million_nested_tags": lambda: "<div>" * MB + "text" + "</div>" * MB,
    "million_nested_inline": lambda: "<b>" * MB + "text",
    "million_nested_lists": lambda: "<ul><li>" * (MB // 2) + PARAGRAPHS,
    "nested_tables": lambda: "<table><tr><td>" * 100_000 + PARAGRAPHS,
    "nested_below_limit": lambda: "<div>" * 250 + PARAGRAPHS + "</div>" * 250,
    "million_siblings": lambda: "<p>x</p>" * MANY,
    "million_unclosed": lambda: "<p>" * MANY + PARAGRAPHS,
    "million_links": lambda: "<a href='/a'>read more here now</a>" * MANY,
    "million_classes": lambda: "".join(f"<p class='c{n}'>word</p>" for n in range(MANY)),
    "gigantic_attribute": lambda: f"<p class='{'related ' * MB}'>x</p>{PARAGRAPHS}",
    "gigantic_id": lambda: f"<div id='{'a-' * 4 * MB}'>{PARAGRAPHS}</div>",
    "many_long_attributes": lambda: f"<p title='{'a' * 3900}'>x</p>" * 2_500 + PARAGRAPHS,
    "million_attributes": lambda: (
        f"<p {' '.join(f'a{n}=1' for n in range(MANY))}>x</p>{PARAGRAPHS}"
    ),
    "many_attributes": lambda: (
        f"<p {''.join(f'a{n}=1 ' for n in range(900))}>x</p>" * 1_000 + PARAGRAPHS
    ),
    "gigantic_tag_name": lambda: f"<{'a' * 5 * MB}>x" + PARAGRAPHS,
    "gigantic_title": lambda: f"<title>{'Ferries - ' * MB}</title>{PARAGRAPHS}",
    "gigantic_meta": lambda: f"<meta name='author' content='{'By Ann and ' * MB}'>{PARAGRAPHS}",
    "many_metas": lambda: "<meta name='author' content='By Ann Lee'>" * 200_000 + PARAGRAPHS,
    "data_images": lambda: f"<img src='data:image/png;base64,{'A' * 9 * MB}'>{PARAGRAPHS}",
    "many_scripts": lambda: "<script>var a=1;</script>" * MANY + PARAGRAPHS,
    "unclosed_scripts": lambda: PARAGRAPHS + "<script>" * MB,
    "unclosed_comments": lambda: "<!--" * MANY + PARAGRAPHS,
    "unclosed_svg": lambda: "<svg>" * MB + PARAGRAPHS,
    "quotes": lambda: '<p a="' * MANY + PARAGRAPHS,
    "angle_brackets": lambda: "<" * (10 * MB),
    "closing_tags": lambda: "</p>" * MANY + PARAGRAPHS,
    "entities": lambda: "&amp;&lt;&#x41;" * (MB // 2),
    "entity_bomb": _doctype_bomb,
    "external_entity": lambda: (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f"<html><body><p>&x;</p>{PARAGRAPHS}</body></html>"
    ),
    "nuls": lambda: "\x00" * MB + "<p>" + "\x00".join(STORY) + "</p>" + PARAGRAPHS,
    "surrogates": lambda: "\ud800\udfff" * MB + PARAGRAPHS + "\udc80",
    "controls": lambda: "".join(map(chr, range(32))) * 100_000 + PARAGRAPHS,
    "combining_marks": lambda: f"<p>{'a' + chr(0x301) * 2 * MB}</p>{PARAGRAPHS}",
    "right_to_left_marks": lambda: f"<p>{chr(0x202E) * 2 * MB}</p>{PARAGRAPHS}",
    "json_ld_deep": lambda: _ld("[" * 400_000) + PARAGRAPHS,
    "json_ld_deep_names": lambda: (
        _ld('{"@type":"NewsArticle","author":' + '{"name":' * 900 + '"A"' + "}" * 900 + "}")
        + PARAGRAPHS
    ),
    "json_ld_wide": lambda: _ld("[" + '{"@type":"Person"},' * 40_000 + "{}]") + PARAGRAPHS,
    "json_ld_graph": lambda: _ld('{"@graph":' * 300 + "[]" + "}" * 300) * 50 + PARAGRAPHS,
    "json_ld_huge_number": lambda: (
        _ld('{"@type":"NewsArticle","wordCount":' + "9" * 900_000 + "}") + PARAGRAPHS
    ),
    "json_ld_broken": lambda: _ld('{"headline":"' * 70_000) * 10 + PARAGRAPHS,
    "json_ld_commas": lambda: _ld("{" + "," * 900_000 + " " * 90_000 + "x") + PARAGRAPHS,
    "many_headlines": lambda: "<h1>Ferries - Fog | News</h1>" * 40_000 + PARAGRAPHS,
    "many_times": lambda: "<time>12 October 2024</time>" * 40_000 + PARAGRAPHS,
    "many_bylines": lambda: "<span class='byline'>By Ann Lee and</span>" * 40_000 + PARAGRAPHS,
    "many_itemprops": lambda: "<i itemprop='author'>Ann</i>" * 40_000 + PARAGRAPHS,
    "spaces": lambda: f"<p>a{' ' * 9 * MB}b</p>{PARAGRAPHS}",
    "newlines": lambda: f"<p>a{chr(10) * 9 * MB}b</p>{PARAGRAPHS}",
    "regex_food_photo": lambda: f"<p>{'(getty ' * 110}</p>" * 1_000 + PARAGRAPHS,
    "regex_food_contact": lambda: f"<p>{'can be reached at a. ' * 9}</p>" * 3_000 + PARAGRAPHS,
    "regex_food_mail": lambda: f"<p>{'a.' * 390}@</p>" * 3_000 + PARAGRAPHS,
    "regex_food_related": lambda: f"<p>{'read more about ' * 12}!?</p>" * 3_000 + PARAGRAPHS,
    "regex_food_dates": lambda: f"<p class='date'>{'12.12.12.' * 20}20</p>" * 3_000 + PARAGRAPHS,
    "regex_food_dateline": lambda: f"<p>{'MOSCOW ' * 100}(AP</p>{PARAGRAPHS}",
    "regex_food_shout": lambda: f"<p>{'!?.' * 3 * MB}</p>{PARAGRAPHS}",
    "repeated_lines": lambda: "<p>The same line of the story again.</p>" * 100_000,
    "frameset": lambda: "<frameset>" * MANY + PARAGRAPHS,
    "plaintext": lambda: "<plaintext>" + "<p>" * MB,
    "select_options": lambda: "<select>" + "<option>a" * MANY + "</select>" + PARAGRAPHS,
    "forms": lambda: "<form>" * MANY + PARAGRAPHS,
    "pdf": lambda: "%PDF-1.7\n" + "\x00\xff" * MB,
    "json": lambda: json.dumps({"a": ["b"] * MB}),
    "feed": lambda: "<?xml version='1.0'?><rss><channel>" + "<item/>" * MB + "</channel></rss>",
    "text_only": lambda: "word " * MB,
    "empty": lambda: "",
    "white_space": lambda: " \n" * MB,
}

# One process that loads the stage and forks for each page: time and memory are the page's alone,
# and a page that kills its process kills no other.
PROBE = """
import json, os, resource, signal, sys, time
from agents.clean import load
from agents.stage import Options, Rejected
from schemas import RawArticle
from tests.agents.clean.test_hostile import HOSTILE, PARAGRAPHS
run = load(Options(languages=("any",)))
run([RawArticle(html=PARAGRAPHS)])

def kilobytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

for name, build in HOSTILE.items():
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        raw = RawArticle(html=build(), url="https://example.com/a")
        memory, start = kilobytes(), time.process_time()
        [made] = run([raw])
        cost = [time.process_time() - start, (kilobytes() - memory) / 1024]
        verdict = made.reason if isinstance(made, Rejected) else "article"
        article = None if isinstance(made, Rejected) else json.loads(made.model_dump_json())
        text = article["article"]["text"] if article else ""
        print(json.dumps([name, verdict, *cost, "root:" in text, len(text)]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
ROOT = Path(__file__).parents[3]
REASONS = {"article", "not_html", "empty", "too_short", "home_page"}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[object]]:
    """Of each page: verdict, CPU seconds, megabytes, leak of a file, length of the text."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: outcome for name, *outcome in lines}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_in_a_verdict(outcomes: dict[str, list[object]], name: str) -> None:
    assert name in outcomes, "the process of this page died"
    verdict, seconds, megabytes, leaked, chars = outcomes[name]
    assert verdict in REASONS
    assert isinstance(seconds, float) and seconds <= SECONDS
    assert isinstance(megabytes, float) and megabytes <= MEGABYTES
    assert not leaked
    assert isinstance(chars, int) and chars <= MAX_TEXT


def test_a_story_among_hostile_parts_is_found(outcomes: dict[str, list[object]]) -> None:
    for name in (
        "data_images",
        "many_scripts",
        "entity_bomb",
        "nuls",
        "json_ld_deep",
        "surrogates",
    ):
        assert outcomes[name][0] == "article", name


SOUP = (
    "<", ">", "</", "<p>", "<div class='", "'", '"', "<script>", "</script>", "<!--", "-->", "<h1>",
    "<svg>", "<a href='/a'>", "&amp;", "&#0;", "\x00", "\ud800", "<table>", "<li>", "<time>", ",",
    "<script type='application/ld+json'>", '{"@type":', '"NewsArticle"', "}", "[", "]", STORY[0],
    "<meta property='og:title' content='", "2024-10-23", "By Ann Lee",
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(SOUP), max_size=60))
def test_any_soup_ends_in_a_verdict(cleaner: Cleaner, parts: list[str]) -> None:
    [made] = cleaner([RawArticle(html=" ".join(parts))])
    if isinstance(made, ArticleBlock):
        text = made.article.text
        assert [text[s.start : s.end] for s in made.article.paragraphs] == text.split("\n")
        made.model_dump_json()
    else:
        assert made.reason in REASONS


@pytest.mark.parametrize("field", ["text", "summary"])
@pytest.mark.parametrize("bad", ["\ud800", "\x00", "\u2028", "a" * 3_000_000, "\n" * 3_000_000])
def test_hostile_plain_texts(cleaner: Cleaner, field: str, bad: str) -> None:
    fields = {field: f"{STORY[0]}{bad}\n{STORY[1]}"}
    [made] = cleaner([RawArticle.model_validate({**fields, "title": bad[:9], "authors": [bad]})])
    assert isinstance(made, ArticleBlock)
    assert made.article.text.startswith(STORY[0])
    made.model_dump_json()
