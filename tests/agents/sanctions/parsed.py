"""Articles with a parse, made once by the entities stage, for tests that need no model.

`python -m tests.agents.sanctions.parsed [MODEL]` makes `fixtures/articles.jsonl` and
`sentences.jsonl` again from their TOML files, with the shipped pipeline or the one given.
"""

import json
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from agents.entities import STAGE
from agents.stage import Options
from schemas import Article, ArticleRecord, EntitiesBlock, Span
from schemas.article import Timestamp
from schemas.identity import digest

FIXTURES = Path(__file__).parent / "fixtures"
PUBLISHED = "2024-10-23"


@cache
def articles(fixture: str = "articles") -> dict[str, ArticleRecord]:
    """The texts of a fixture by name."""
    lines = (FIXTURES / f"{fixture}.jsonl").read_text(encoding="utf-8").splitlines()
    named = (json.loads(line) for line in lines)
    return {each["name"]: ArticleRecord.model_validate(each["record"]) for each in named}


def bare(text: str) -> ArticleRecord:
    """A record that the entities stage can read."""
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start=start, end=start + len(line)))
        start += len(line) + 1
    published = Timestamp(value=PUBLISHED, precision="day", source="feed")
    article = Article(id=digest("test", text), text=text, paragraphs=spans, published=published)
    return ArticleRecord(article=article)


@cache
def texts(fixture: str) -> dict[str, Any]:
    """The tables of a fixture by name: `text`, and what else the fixture tells of it."""
    return tomllib.loads((FIXTURES / f"{fixture}.toml").read_text(encoding="utf-8"))


def main(model: str | None) -> None:
    """Write the fixtures."""
    run = STAGE.load(Options(model=model))
    for fixture in ("articles", "sentences"):
        tables = texts(fixture)
        records = [bare(each["text"].strip()) for each in tables.values()]
        with (FIXTURES / f"{fixture}.jsonl").open("w", encoding="utf-8") as stream:
            for name, record, block in zip(tables, records, run(records), strict=True):
                assert isinstance(block, EntitiesBlock)
                added = {field: getattr(block, field) for field in type(block).model_fields}
                whole = record.model_copy(update=added)
                dumped = whole.model_dump(mode="json", by_alias=True, exclude_none=True)
                line = json.dumps({"name": name, "record": dumped}, ensure_ascii=False)
                stream.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
