"""Names of records: the same for the same thing, another for another."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import article_id, cloud_event_id, digest

TEXT = st.text(max_size=20)


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4))
def test_digests_keep_parts_apart(a: list[str], b: list[str]) -> None:
    separated = any("\x1f" in part for part in a + b)
    if not separated and a != b and (a or [""]) != (b or [""]):
        assert digest(*a) != digest(*b)
    assert digest(*a) == digest(*a)
    assert len(digest(*a)) == 32
    assert set(digest(*a)) <= set("0123456789abcdef")


def test_a_lone_surrogate_has_a_digest_too() -> None:
    assert digest("\ud800") != digest("?")


def test_an_article_is_named_by_address_else_by_feed_and_guid_else_by_content() -> None:
    by_url = article_id("https://a.example.org/", "feed", "g", ["t"])
    assert by_url == article_id("https://a.example.org/", None, None, ["other"])
    by_guid = article_id(None, "feed", "g", ["t"])
    assert by_guid == article_id("", "feed", "g", ["other"])
    assert by_guid != article_id(None, "another feed", "g", ["t"])
    by_content = article_id(None, "feed", None, ["title", "t"])
    assert by_content == article_id(None, None, "", ["title", "t"])
    assert len({by_url, by_guid, by_content}) == 3


def test_an_address_and_a_guid_of_the_same_letters_are_not_the_same_article() -> None:
    assert article_id("x", None, None, []) != article_id(None, "", "x", [])


@given(TEXT, TEXT, st.integers(1, 9))
def test_the_same_work_on_the_same_content_is_the_same_event(
    article: str, content: str, screening: int
) -> None:
    name = cloud_event_id(article, content, "events", screening)
    assert name == cloud_event_id(article, content, "events", screening)
    assert name != cloud_event_id(article, content, "events", screening + 1)
    assert name != cloud_event_id(article, content, "sanctions", screening)
