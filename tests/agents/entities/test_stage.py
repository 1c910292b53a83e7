"""The whole stage on articles of our own, with the shipped pipeline."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.entities import STAGE, pipeline
from agents.stage import Options, Run
from schemas import Article, ArticleRecord, EntitiesBlock
from schemas.article import Timestamp
from schemas.entities import Entity
from schemas.parse import unpack
from schemas.raw import Source

Reader = Callable[[str], EntitiesBlock]

TEXT = """\
The White House on Tuesday said about 4,500 Belarusian soldiers moved into Russia in late September.
Pentagon spokeswoman Sabrina Singh said they traveled by train from Minsk to nearby Kursk in Russia.
“We do not know whether they will fight with the Russian military. But this is bad,” Ms. Singh said.
She said the move would violate U.N. Security Council resolution 2270.
“It shows weakness, but [Russian President Vladimir] Putin goes on,” Ms. Singh said.
President Biden said the U.S., with other Group of Seven nations, will lend €15 billion to Ukraine.
The deal comes after talks with Minsk failed. Kyiv said it would respond to the Kremlin."""


@pytest.fixture(scope="module")
def run() -> Run:
    return STAGE.load(Options())


@pytest.fixture(scope="module")
def read(run: Run) -> Reader:
    return lambda text: only(run, [record(text)])


def record(text: str, published: str = "2024-10-02", source: str | None = None) -> ArticleRecord:
    stamp = Timestamp(value=published, precision="day", source="meta")
    return ArticleRecord(
        article=Article(id="0" * 32, text=text, published=stamp, source=Source(name=source))
    )


def only(run: Run, records: Sequence[ArticleRecord]) -> EntitiesBlock:
    (block,) = run(records)
    assert isinstance(block, EntitiesBlock)
    return block


def entity(block: EntitiesBlock, name: str) -> Entity:
    found = [one for one in block.entities if one.name == name]
    assert len(found) == 1, (name, [one.name for one in block.entities])
    return found[0]


def test_who_is_in_the_article(read: Reader) -> None:
    block = read(TEXT)
    for name, label, country in (
        ("Sabrina Singh", "PERSON", "USA"),
        ("Joe Biden", "PERSON", "USA"),
        ("Vladimir Putin", "PERSON", "RUS"),
        ("Russia", "GPE", "RUS"),
        ("Belarus", "GPE", "BLR"),
        ("Ukraine", "GPE", "UKR"),
        ("United States", "GPE", "USA"),
        ("Kursk", "GPE", "RUS"),
        ("Russian military", "ORG", "RUS"),
        ("Group of Seven", "ORG", None),
        ("White House", "ORG", "USA"),
    ):
        one = entity(block, name)
        assert (one.label, one.country) == (label, country), one
    assert entity(block, "Sabrina Singh").role == "spokeswoman"
    assert len(entity(block, "Sabrina Singh").mentions) == 3
    assert entity(block, "Vladimir Putin").role == "President"
    assert any(one.name == "U.N. Security Council resolution 2270" for one in block.entities)


def test_countries_have_both_iso_codes(read: Reader) -> None:
    links = {(link.scheme, link.id) for link in entity(read(TEXT), "Russia").links}
    assert {("iso3166-1-alpha-3", "RUS"), ("iso3166-1-alpha-2", "RU")} <= links


def test_a_capital_is_a_place_or_a_government_by_its_use(read: Reader) -> None:
    block = read(TEXT)
    minsk = [one for one in block.entities if one.name == "Minsk"]
    assert len(minsk) == 2
    assert minsk[0].geo is not None
    assert [link.type for link in minsk[1].links] == ["metonym"]
    assert minsk[1].links[0].id == "BLR-government"
    assert entity(block, "Kremlin").links[0].type == "metonym"


def test_places_have_coordinates(read: Reader) -> None:
    geo = entity(read(TEXT), "Kursk").geo
    assert geo is not None
    assert (round(geo.lat), round(geo.lon), geo.country) == (52, 36, "RUS")


def test_when_how_much_and_how_many(read: Reader) -> None:
    block = read(TEXT)
    assert [(one.text, one.value, one.until) for one in block.dates] == [
        ("Tuesday", "2024-10-01", None),
        ("late September", "2024-09-21", "2024-09-30"),
    ]
    assert [(one.amount, one.currency) for one in block.money] == [(1.5e10, "EUR")]
    (quantity,) = block.quantities
    assert (quantity.value, quantity.of, quantity.approx) == (4500, "Belarusian soldiers", True)


def test_who_said_it(read: Reader) -> None:
    block = read(TEXT)
    singh = entity(block, "Sabrina Singh").id
    direct = [quote for quote in block.quotes if quote.direct]
    assert [quote.speaker for quote in direct] == [singh, singh]
    she = next(quote for quote in block.quotes if quote.text.startswith("the move would violate"))
    assert (she.speaker, she.direct) == (singh, False)


def test_the_parse_is_small_and_is_the_one_that_was_read(read: Reader) -> None:
    block = read(TEXT)
    assert block.parse is not None
    parsed = unpack(block.parse, TEXT)
    assert len(block.parse.model_dump_json()) <= 25 * len(parsed.tokens)
    assert len(parsed.sentences) >= TEXT.count("\n") + 1
    assert all(token.text == TEXT[token.start : token.end] for token in parsed.tokens)


def test_the_batch_does_not_matter(run: Run) -> None:
    records = [record(TEXT), record("Rain."), record(TEXT.replace("Russia", "China")), record("")]
    alone = [only(run, [one]) for one in records]
    assert list(run(records)) == alone
    assert list(run(records[::-1])) == alone[::-1]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Rain", "“", "[", "5", "\u00a0x\u2028", "😀 $5"])
def test_odd_texts_come_through(read: Reader, text: str) -> None:
    block = read(text)
    assert block.parse is not None
    for mention in block.mentions:
        assert text[mention.start : mention.end] == mention.text


def test_a_long_paragraph_is_cut_at_sentences(read: Reader) -> None:
    text = "The army of Chad left Paris on Monday. " * 1500
    block = read(text)
    assert block.parse is not None
    assert len(unpack(block.parse, text).sentences) >= 1400


PIECES = st.sampled_from(
    ["Mr. Putin ", "in Paris ", "“We go,” ", "she said. ", "U.S.", "$5 bn ", "\n", "on May 3, ",
     "Gen. Li Wei ", "3,000 men ", "[Joe] Biden’s ", "the North ", "IMO 9187629 ", "S-400", "é",
     "’s "]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join))
def test_every_span_is_the_text_that_it_says(text: str) -> None:
    block = only(_shared(), [record(text)])
    spans = [(one.start, one.end, one.text) for one in block.mentions]
    spans += [(one.start, one.end, one.text) for one in block.dates]
    spans += [(one.start, one.end, one.text) for one in block.money]
    spans += [(one.start, one.end, one.text) for one in block.quantities]
    spans += [(one.start, one.end, one.text) for one in block.quotes]
    for start, end, words in spans:
        assert text[start:end] == words
    ids = {one.id for one in block.mentions}
    for thing in block.entities:
        assert set(thing.mentions) <= ids
        assert thing.mentions
    known = {thing.id for thing in block.entities}
    assert all(one.entity in known or one.entity is None for one in block.mentions)
    assert all(quote.speaker in known or quote.speaker is None for quote in block.quotes)


_LOADED: list[Run] = []


def _shared() -> Run:
    """The stage, loaded once for all examples of a property."""
    if not _LOADED:
        _LOADED.append(STAGE.load(Options()))
    return _LOADED[0]


def blank(
    folder: Path,
    *,
    lang: str = "en",
    pipes: tuple[str, ...] = ("parser", "ner"),
    deps: tuple[str, ...] = ("nsubj", "nsubjpass", "dobj", "pobj", "prep"),
    names: tuple[str, ...] = ("PERSON", "ORG", "GPE"),
) -> str:
    """Folder of an untrained pipeline."""
    nlp = spacy.blank(lang)
    for pipe in pipes:
        component = nlp.add_pipe(pipe)
        for label in deps if pipe == "parser" else names:
            component.add_label(label)  # type: ignore[attr-defined]  # Pipes with labels have it.
    nlp.initialize()
    nlp.to_disk(folder)
    return str(folder)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"lang": "de"}, "not 'en'"),
        ({"pipes": ("ner",)}, "no 'parser'"),
        ({"pipes": ("parser",)}, "no 'ner'"),
        ({"deps": ("nsubj", "obl", "nsubj:pass")}, "ClearNLP"),
        ({"names": ("PER", "LOC")}, "OntoNotes"),
    ],
)
def test_an_unfit_pipeline_is_refused_with_the_fix(
    tmp_path: Path, options: dict[str, tuple[str, ...]], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        pipeline.load(blank(tmp_path, **options))  # type: ignore[arg-type]  # One kind a case.


def test_a_missing_pipeline_is_refused_with_the_fix() -> None:
    with pytest.raises(ValueError, match="NEWSFLAG_MODEL"):
        pipeline.load("no_such_pipeline")


def test_a_pipeline_of_the_right_kind_is_taken(tmp_path: Path) -> None:
    loaded = pipeline.load(blank(tmp_path))
    assert loaded.digest == pipeline.digest(tmp_path)
    assert loaded.read("Rain fell.").parsed.tokens


def test_the_digest_is_that_of_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = pipeline.digest(tmp_path)
    (tmp_path / "a").write_text("2")
    second = pipeline.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, pipeline.digest(tmp_path)}) == 3
    assert first.startswith("sha256:")


def test_the_run_names_its_model_and_its_tables(run: Run) -> None:
    assert run.model is not None
    assert run.model.startswith("sha256:")
    assert [digest[:7] for digest in run.lists] == ["sha256:"]
    assert run.version


def test_the_outlets_country_explains_a_lone_dollar(run: Run) -> None:
    text = "The bridge costs $5 million."
    assert only(run, [record(text)]).money[0].currency == "USD"
    block = only(run, [record(text, source="The Sydney Morning Herald")])
    assert block.money[0].currency == "AUD"
