"""A bare text becomes an article that is clean already."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ArticleRecord
from schemas.bare import bare_record


def record(fields: dict[str, Any]) -> ArticleRecord:
    return ArticleRecord.model_validate_json(bare_record(fields)[1])


def test_known_fields_become_the_article_and_others_are_extra() -> None:
    made = record({"text": "One.\nTwo.", "published": "2026-11-20", "language": "en", "case": 7})
    assert made.article.text == "One.\nTwo."
    assert made.article.published is not None
    assert (made.article.published.value, made.article.published.precision) == ("2026-11-20", "day")
    assert made.article.language is not None
    assert made.article.language.code == "en"
    assert made.extra == {"case": 7}


@settings(max_examples=50)
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_paragraphs_cover_the_text(text: str) -> None:
    article = record({"text": text}).article
    assert [text[p.start : p.end] for p in article.paragraphs] == text.split("\n")


def test_what_is_wrong_is_handed_on_for_the_stage_to_refuse() -> None:
    _, value = bare_record({"text": 5, "case": "c"})
    assert orjson.loads(value)["article"]["text"] == 5
