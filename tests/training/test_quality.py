"""Floors under the shipped pipeline's figures on texts it was never trained on."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from training import arcs
from training.evaluate import Counts, digest, evaluate_set, f_score, interval
from training.prepare import held_documents, own_documents

ROOT = Path(__file__).parents[2]
PINNED: dict[str, Any] = json.loads((ROOT / "tests" / "quality.json").read_text())["model"]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(ROOT / "agents" / "entities" / "model")


@pytest.fixture(scope="module")
def held() -> dict[str, list[Doc]]:
    root = os.environ.get("NEWSFLAG_DATA")
    if not root or not (Path(root) / "corpora").is_dir():
        pytest.skip("NEWSFLAG_DATA names no folder with corpora/")
    return held_documents(Path(root) / "corpora")


def below(figures: dict[str, Any], name: str) -> dict[str, tuple[float, float]]:
    """List the figures of a set that lie under their floors."""
    floors = {
        k.partition(".")[2]: v for k, v in PINNED["floors"].items() if k.startswith(name + ".")
    }
    assert floors
    return {k: (figures[k], v) for k, v in floors.items() if figures[k] < v}


def test_f_score_and_its_interval() -> None:
    counts = [Counts(1, 2, 2), Counts(2, 2, 2), Counts(0, 0, 0)] * 10
    assert f_score(counts) == pytest.approx(75.0)
    low, high = interval(counts)
    assert low < 75.0 < high
    assert interval(counts) == (low, high)


def test_own_news(nlp: Language) -> None:
    golds = own_documents()
    figures = evaluate_set("own-news", golds, list(nlp.pipe(d.text for d in golds)))
    assert not below(figures, "own-news")


def test_own_parses(nlp: Language) -> None:
    assert not below(arcs.measure(nlp), "parses")


def test_the_gold_is_the_one_that_the_floors_were_set_on(held: dict[str, list[Doc]]) -> None:
    assert digest(held) == PINNED["gold"]


@pytest.mark.parametrize("name", ["gum-news", "gum-other", "re3d", "ewt"])
def test_corpora(nlp: Language, held: dict[str, list[Doc]], name: str) -> None:
    golds = held[name]
    assert not below(evaluate_set(name, golds, list(nlp.pipe(d.text for d in golds))), name)
