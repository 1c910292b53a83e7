"""The readers of treebanks and of our own sentences, on fixtures of our own."""

import gzip
from pathlib import Path

import pytest

from training.conllu import read
from training.corpora import gum, news
from training.passage import Span

CONLLU = """# newdoc id = GUM_news_fixture
# sent_id = GUM_news_fixture-1
# newpar
# text = Senator Ann Roe of the Church of Norland didn't go.
1\tSenator\tSenator\tPROPN\tNNP\t_\t9\tnsubj\t_\tEntity=(1-person-new-cf1-2,3-sgl
2\tAnn\tAnn\tPROPN\tNNP\t_\t1\tflat\t_\t_
3\tRoe\tRoe\tPROPN\tNNP\t_\t1\tflat\t_\t_
4\tof\tof\tADP\tIN\t_\t6\tcase\t_\t_
5\tthe\tthe\tDET\tDT\t_\t6\tdet\t_\tEntity=(2-organization-new-cf2-2-sgl
6\tChurch\tChurch\tPROPN\tNNP\t_\t1\tnmod\t_\t_
7\tof\tof\tADP\tIN\t_\t8\tcase\t_\t_
8\tNorland\tNorland\tPROPN\tNNP\t_\t6\tnmod\t_\tEntity=(3-place-new-cf3-1-sgl)2)1)
9-10\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
9\tdid\tdo\tAUX\tVBD\t_\t11\taux\t_\t_
10\tn't\tnot\tPART\tRB\t_\t11\tadvmod\t_\t_
11\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
12\t.\t.\tPUNCT\t.\t_\t11\tpunct\t_\t_
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gum").mkdir()
    for genre in gum.GENRES:
        content = CONLLU.replace("_news_", f"_{genre}_")
        (tmp_path / "gum" / f"gum-{genre}.conllu.gz").write_bytes(gzip.compress(content.encode()))
    return tmp_path


def test_words_carry_their_offsets(folder: Path) -> None:
    (sentence,) = read(folder / "gum" / "gum-news.conllu.gz")
    assert all(sentence.text[w.start : w.end] == w.form for w in sentence.words)
    assert sentence.paragraph


def test_gum_mentions_become_names_without_titles(folder: Path) -> None:
    passage = next(p for p in gum.passages(folder) if "_news_" in p.key)
    found = [(passage.text[s.start : s.end], s.label) for s in passage.names]
    assert found == [("Ann Roe", "PERSON"), ("Church of Norland", "ORG")]


def test_marks_become_spans() -> None:
    passage = news.parse("{SEOUL|GPE} (AP) — {Kim] Il|PERSON} left.", "x")
    assert passage.text == "SEOUL (AP) — Kim] Il left."
    assert passage.names == [Span(0, 5, "GPE"), Span(13, 20, "PERSON")]


@pytest.mark.parametrize("block", ["{Seoul|PLACE} fell", "{Seoul|GPE fell", "Seoul|GPE} fell"])
def test_broken_marks_are_refused(block: str) -> None:
    with pytest.raises(ValueError, match="x: "):
        news.parse(block, "x")


def test_own_sentences_are_marked_well_and_kept_apart() -> None:
    train = [line for p in news.passages("news") for line in p.text.splitlines()]
    held = [line for p in news.passages("news_held") for line in p.text.splitlines()]
    assert len(train) > 150
    assert len(held) > 30
    assert not set(train) & set(held)
