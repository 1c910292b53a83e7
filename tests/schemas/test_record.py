"""The article record: no field of another version is lost, and it stays what it was."""

import orjson
import pytest
from pydantic import ValidationError

from schemas import ArticleRecord
from schemas.record import ENRICHED

LATER = {
    "schema": ENRICHED,
    "article": {"id": "0" * 32, "text": "t", "reading_age": 12},
    "entities": [{"id": "e0", "name": "n", "label": "GPE", "population": 3}],
    "sentiment": {"score": 0.1},
}


def test_what_a_later_version_wrote_is_handed_on() -> None:
    read = ArticleRecord.model_validate_json(orjson.dumps(LATER))
    written = orjson.loads(orjson.dumps(read.model_dump(by_alias=True, exclude_unset=True)))
    assert written == LATER


def test_a_record_is_immutable() -> None:
    read = ArticleRecord.model_validate_json(orjson.dumps(LATER))
    with pytest.raises(ValidationError):
        read.events = []  # type: ignore[misc]  # that it can't be set is what is tested
    with pytest.raises(ValidationError):
        read.article.text = ""  # type: ignore[misc]  # as above


def test_the_contract_is_named_in_every_record() -> None:
    read = ArticleRecord.model_validate({"article": {"id": "0", "text": "t"}})
    assert read.model_dump(by_alias=True)["schema"] == "newsflag.enriched/1"
