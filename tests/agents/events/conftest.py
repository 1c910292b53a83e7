"""Records with stored parses, so that the coder is tested apart from any model."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from agents.events import Coder, load_coder
from schemas import Article, ArticleRecord
from schemas.article import Dateline, Timestamp
from schemas.entities import DateMention, Entity, Link, Mention, Quantity, Quote
from schemas.parse import pack

PARSES = Path(__file__).parent / "parses.tsv"
LINKS = {
    "metonym": [Link(scheme="newsflag", id="body", type="metonym")],
    "country": [Link(scheme="iso3166-1-alpha-3", id="XXX")],
    "-": [],
}
Recorder = Callable[..., ArticleRecord]


@cache
def blocks() -> dict[str, list[list[str]]]:
    """Rows of each stored sentence."""
    found: dict[str, list[list[str]]] = {}
    text = ""
    for line in PARSES.read_text("utf-8").splitlines():
        if line.startswith("= "):
            text = line[2:]
            found[text] = []
        elif text and line:
            found[text].append(line.split("\t"))
    return found


def stored(text: str, published: str = "2024-10-23", dateline: str | None = None) -> ArticleRecord:
    """The record of a stored sentence."""
    rows = blocks()[text]

    def of(kind: str) -> list[list[str]]:
        return [row[1:] for row in rows if row[0] == kind and len(row) < 8]

    tokens = [row for row in rows if len(row) == 8]
    mentions = [
        Mention.model_validate({"id": i, "entity": e if e != "-" else None, "label": label,
                                "start": int(a), "end": int(b), "text": text[int(a) : int(b)]})
        for i, e, label, a, b in of("m")
    ]  # fmt: skip
    return ArticleRecord(
        article=Article(
            id="0" * 32,
            text=text,
            published=Timestamp(value=published, precision="day", source="test"),
            dateline=Dateline(place=dateline) if dateline else None,
        ),
        mentions=mentions,
        entities=[
            Entity.model_validate({"id": i, "label": label, "country": None if c == "-" else c,
                                   "role": None if r == "-" else r, "name": n, "links": LINKS[link],
                                   "mentions": [m.id for m in mentions if m.entity == i]})
            for i, label, c, r, n, link in of("@")
        ],
        dates=[
            DateMention.model_validate({"value": None if v == "-" else v,
                                        "until": None if u == "-" else u,
                                        "precision": None if p == "-" else p, "start": int(a),
                                        "end": int(b), "text": text[int(a) : int(b)]})
            for v, u, p, a, b in of("d")
        ],
        money=[],
        quantities=[
            Quantity(value=float(v), start=int(a), end=int(b), text=text[int(a) : int(b)])
            for v, a, b in of("q")
        ],
        quotes=[
            Quote(speaker=None if s == "-" else s, start=int(a), end=int(b), direct=True,
                  text=text[int(a) : int(b)])
            for s, a, b in of("s")
        ],
        parse=pack(
            text,
            [(int(row[6]), int(row[6]) + len(row[0])) for row in tokens],
            heads=[int(row[5]) for row in tokens],
            columns=([r[2] for r in tokens], [r[3] for r in tokens], [r[4] for r in tokens]),
            lemmas=[row[1] for row in tokens],
            sent_starts=[row[7] == "1" for row in tokens],
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The coder with the lexicon that ships."""
    return load_coder()


@pytest.fixture(scope="session")
def record() -> Recorder:
    """Makes the record of a stored sentence."""
    return stored
