"""Raw articles: unknown fields are kept, something to read is needed, nothing is coerced."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas import RawArticle

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_no_unknown_field_is_lost(fields: dict[str, Any]) -> None:
    unknown = {name: value for name, value in fields.items() if name not in RawArticle.model_fields}
    assert RawArticle.model_validate({"text": "t", **unknown}).extra == unknown


def test_a_field_under_extra_wins_over_one_beside_it() -> None:
    value = {"text": "t", "case": 1, "extra": {"case": 2, "other": 3}}
    assert RawArticle.model_validate(value).extra == {"case": 2, "other": 3}


@given(st.dictionaries(st.sampled_from(["a", "b", "case"]), JSON, min_size=1))
def test_reading_it_again_changes_nothing(fields: dict[str, Any]) -> None:
    once = RawArticle.model_validate({"text": "t", **fields})
    assert RawArticle.model_validate_json(once.model_dump_json()) == once


@pytest.mark.parametrize("field", ["html", "text", "summary"])
def test_one_thing_to_read_is_enough(field: str) -> None:
    assert getattr(RawArticle.model_validate({field: ""}), field) == ""


@pytest.mark.parametrize("value", [{}, {"url": "u"}, {"text": None}, [], "text", None, 1])
def test_nothing_to_read_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        RawArticle.model_validate(value)


@pytest.mark.parametrize("value", [{"text": b"t"}, {"text": 1}, {"text": "t", "authors": ("a",)}])
def test_types_are_not_coerced(value: Any) -> None:
    with pytest.raises(ValidationError):
        RawArticle.model_validate(value)
