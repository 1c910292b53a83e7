"""The shipped pipeline: what it promises, and that no text breaks it."""

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from training.package import digest
from training.passage import LABELS

MODEL = Path(__file__).parents[2] / "agents" / "entities" / "model"
CLEARNLP = {
    "nsubj",
    "nsubjpass",
    "dobj",
    "pobj",
    "prep",
    "agent",
    "ccomp",
    "relcl",
    "auxpass",
    "conj",
}


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


def result(nlp: Language, text: str) -> list[tuple[str, str, str, int, str, str]]:
    doc = nlp(text)
    return [(t.text, t.tag_, t.dep_, t.head.i, t.lemma_, t.ent_type_) for t in doc]


def test_labels_are_those_the_stages_expect(nlp: Language) -> None:
    assert nlp.lang == "en"
    assert set(nlp.pipe_labels["ner"]) <= LABELS
    assert set(nlp.pipe_labels["parser"]) >= CLEARNLP
    assert set(nlp.pipe_labels["tagger"]) >= {"NN", "NNP", "VBD", "VBN", "IN", "CD", "POS", "_SP"}


def test_digest_is_that_of_the_files() -> None:
    assert (MODEL / "digest").read_text(encoding="ascii").strip() == digest(MODEL)


def test_digest_sees_every_byte_of_the_model_and_not_its_card(tmp_path: Path) -> None:
    (tmp_path / "ner").mkdir()
    (tmp_path / "ner" / "model").write_bytes(b"1")
    first = digest(tmp_path)
    (tmp_path / "MODEL_CARD.md").write_text("x")
    assert digest(tmp_path) == first
    (tmp_path / "ner" / "model").write_bytes(b"2")
    assert digest(tmp_path) != first


def test_size_and_papers() -> None:
    size = sum(p.stat().st_size for p in MODEL.rglob("*") if p.is_file())
    assert size < 30_000_000
    assert "CC BY-SA 4.0" in (MODEL / "LICENSE").read_text(encoding="utf-8")
    card = (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
    for corpus in (
        "EWT",
        "UNER",
        "GUM",
        "CrossNER",
        "Wikigold",
        "re3d",
        "General Debate",
        "en_core_web_sm",
    ):
        assert corpus in card


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "\n\n\n",
        "Stop",
        "🙂🚀",
        "Путин встретил 金正恩 في موسكو.",
        "a\u0000b",
        "\u202eabc",
        "." * 500,
    ],
)
def test_odd_texts_pass(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_a_line_of_100_000_characters_passes(nlp: Language) -> None:
    text = ("Iran sold 20 drones to Russia , " * 3200)[:100_000]
    doc = nlp(text)
    assert doc.text == text
    assert any(e.label_ == "GPE" for e in doc.ents)


def test_batches_do_not_change_the_result(nlp: Language) -> None:
    texts = [
        "SEOUL (AP) — Kim left Beijing on Monday.\nHe said troops were killed by rebels.",
        "",
        "Oil rose 2 percent to $80.",
        "x" * 300,
        "The U.N. Security Council met Tuesday to discuss Sudan.",
    ] * 4
    alone = [result(nlp, t) for t in texts]
    for size in (1, 3, 64):
        together = [
            [(t.text, t.tag_, t.dep_, t.head.i, t.lemma_, t.ent_type_) for t in doc]
            for doc in nlp.pipe(texts, batch_size=size)
        ]
        assert together == alone


def test_a_newline_ends_a_sentence(nlp: Language) -> None:
    text = (
        "The army left Homs on Monday.\n"
        "“We did not go,” the general said.\n"
        "Police arrested six people in Paris\n"
        "The minister resigned."
    )
    starts = {s.text.lstrip("\n").split()[0] for s in nlp(text).sents}
    assert starts == {"The", "“We", "Police"}


def test_lemmas_of_nouns_and_verbs(nlp: Language) -> None:
    doc = nlp("The soldiers were killed when rebels shot at lorries carrying supplies and fled.")
    lemmas = {t.text: t.lemma_ for t in doc}
    expected = {"soldiers": "soldier", "killed": "kill", "rebels": "rebel", "shot": "shoot"}
    expected |= {"lorries": "lorry", "carrying": "carry", "supplies": "supply", "fled": "flee"}
    assert {k: lemmas[k] for k in expected} == expected
