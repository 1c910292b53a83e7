"""JSON-LD as publishers write it."""

import pytest

from agents.clean import jsonld

ARTICLE = '"@type": "NewsArticle", "headline": "Ferries", "datePublished": "2024-10-23"'


@pytest.mark.parametrize(
    "script",
    [
        f"{{{ARTICLE}}}",
        f"[{{{ARTICLE}}}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {{{ARTICLE}}}]}}',
        f'{{"@type": "WebPage", "mainEntity": {{{ARTICLE}}}}}',
        f"{{{ARTICLE},}}",
        f"<!-- {{{ARTICLE}}} -->",
        f"//<![CDATA[\n{{{ARTICLE}}}\n//]]>",
        f"{{{ARTICLE}}};",
        f'{{{ARTICLE}, "description": "two\nlines\tand a tab"}}',
        f'{{"@type": "WebSite"}}\n{{{ARTICLE}}}',
        f'{{{ARTICLE}, "description": "an "unescaped" quote"}}',
        f'{{{ARTICLE}, "description": "cut of',
        f"{{{ARTICLE}}}".replace('"', "&quot;"),
        f'{{"@type": ["NewsArticle", "Article"], {ARTICLE.split(", ", 1)[1]}}}',
        f"{{{ARTICLE}}}".replace('"NewsArticle"', '"https://schema.org/NewsArticle"'),
    ],
)
def test_the_article_is_found(script: str) -> None:
    node = jsonld.article(jsonld.read([script]), [])
    assert node is not None
    assert node["headline"] == "Ferries"
    assert node["datePublished"] == "2024-10-23"


@pytest.mark.parametrize(
    "script", ["", "null", "[]", "{}", "not json", "[[[[", '{"@type": 3}', '"x"']
)
def test_what_holds_no_article(script: str) -> None:
    assert jsonld.article(jsonld.read([script]), []) is None


def test_references_are_followed() -> None:
    script = (
        f'{{"@graph": [{{{ARTICLE}, "author": [{{"@id": "#a"}}], "publisher": {{"@id": "#b"}}}},'
        '{"@id": "#a", "@type": "Person", "name": "Ann Lee"},'
        '{"@id": "#b", "@type": "Organization", "name": "Halden Post"}]}'
    )
    node = jsonld.article(jsonld.read([script]), [])
    assert node is not None
    assert node["author"][0]["name"] == "Ann Lee"
    assert node["publisher"]["name"] == "Halden Post"


def test_the_pages_own_article_wins_over_recommended_ones() -> None:
    other = '{"@type": "NewsArticle", "headline": "Other", "url": "https://e.example/other"}'
    own = '{"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": "https://e.example/own"}}'
    node = jsonld.article(jsonld.read([f"[{other}, {own}]"]), ["https://www.e.example/own?x=1"])
    assert node is not None
    assert node["headline"] == "Own"


def test_authors_of_broken_json() -> None:
    script = (
        f'{{{ARTICLE}, "author": [{{"name": "Ann Lee"}}, {{"name": "Bo Chu"}}], "x": "a "b" c"}}'
    )
    node = jsonld.article(jsonld.read([script]), [])
    assert node is not None
    assert [author["name"] for author in node["author"]] == ["Ann Lee", "Bo Chu"]
