"""Canonical addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.clean import urls


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (
            "http://www.example.com/a/story/?utm_source=x&fbclid=1#top",
            "https://www.example.com/a/story",
        ),
        ("https://www.example.com:443/a/story/", "https://www.example.com/a/story"),
        ("HTTP://WWW.Example.com:80/a//story", "https://www.example.com/a/story"),
        ("https://amp.example.com/a/story", "https://example.com/a/story"),
        ("https://m.example.com/a/story?page=1", "https://example.com/a/story"),
        ("https://en.m.example.org/a", "https://en.example.org/a"),
        ("https://www.example.com/amp/a/story", "https://www.example.com/a/story"),
        ("https://www.example.com/a/story/amp/", "https://www.example.com/a/story"),
        ("https://www.example.com/a/story.amp.html", "https://www.example.com/a/story.html"),
        ("https://www.example.com/a/story?outputType=amp", "https://www.example.com/a/story"),
        (
            "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/story",
            "https://www.example.com/a/story",
        ),
        ("https://www.google.com/amp/s/www.example.com/a/story", "https://www.example.com/a/story"),
        ("https://xn--bcher-kva.example/a", "https://bücher.example/a"),
        ("https://user:pw@www.example.com/a", "https://www.example.com/a"),
        ("https://www.example.com/view?b=2&a=1", "https://www.example.com/view?a=1&b=2"),
        ("https://www.example.com/caf%C3%A9", "https://www.example.com/caf%C3%A9"),
        ("https://www.example.com/café", "https://www.example.com/caf%C3%A9"),
    ],
)
def test_variants_of_one_address(variant: str, expected: str) -> None:
    assert urls.canonical(variant) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.example/?id=1", "https://e.example/?id=2"),
        ("https://e.example/view.php?eid=1", "https://e.example/view.php?eid=2"),
        ("https://e.example/view?uid=55&source=a", "https://e.example/view?uid=56&source=a"),
        ("https://e.example/news?Seq_Code=1&lang=e", "https://e.example/news?Seq_Code=2&lang=e"),
        ("https://e.example/a", "https://f.example/a"),
        ("https://e.example/a?page=2", "https://e.example/a?page=3"),
        ("https://e.example/amp", "https://e.example/"),
        ("https://e.example/Story", "https://e.example/story"),
    ],
)
def test_different_articles_stay_apart(one: str, other: str) -> None:
    first, second = urls.canonical(one), urls.canonical(other)
    assert first and second
    assert urls.key(first) != urls.key(second)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "ftp://e.example/a",
        "urn:uuid:1",
        "/a/b",
        "https://",
        "https://[::1",
        "https://e.example:99999/a",
        "x" * 3000,
    ],
)
def test_what_is_no_web_address(wrong: str | None) -> None:
    assert urls.canonical(wrong) is None


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://www.example.com/story", "https://www.example.com/story"),
        ("/story", "https://www.example.com/story"),
        ("https://www.example.com/", "https://www.example.com/a?id=3"),
        ("https://www.example.com/index.html", "https://www.example.com/a?id=3"),
        ("https://elsewhere.example.org/story", "https://www.example.com/a?id=3"),
        ("https://news.example.com/story", "https://news.example.com/story"),
    ],
)
def test_what_a_page_declares_is_believed_on_its_own_site(declared: str, expected: str) -> None:
    assert urls.choose("https://www.example.com/a?id=3", [declared]) == expected


def test_www_is_no_part_of_the_key() -> None:
    assert urls.key("https://www.example.com/a") == urls.key("https://example.com/a")


_URL = st.builds(
    lambda host, path, query, fragment: f"https://{host}/{path}?{query}#{fragment}",
    st.sampled_from(
        [
            "www.example.com",
            "m.example.co.uk",
            "amp.www.example.com",
            "bücher.example",
            "a.b.example.com:8080",
        ]
    ),
    st.text(max_size=30),
    st.text(max_size=30),
    st.text(max_size=10),
)


@settings(max_examples=400, deadline=None)
@given(_URL)
def test_canonical_is_idempotent(url: str) -> None:
    once = urls.canonical(url)
    if once is not None:
        assert urls.canonical(once) == once
