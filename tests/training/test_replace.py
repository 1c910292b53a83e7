"""Copies with other names keep the sentence's tree and its labels."""

import spacy
from spacy.tokens import Doc

from training.replace import replaced

BLANK = spacy.blank("en")


def sample() -> Doc:
    return Doc(
        BLANK.vocab,
        words=["Mr.", "Tom", "Roe", "left", "Oslo", "with", "NATO", "on", "Monday", "."],
        heads=[2, 2, 3, 3, 3, 3, 5, 3, 7, 3],
        deps=[
            "compound",
            "compound",
            "nsubj",
            "ROOT",
            "dobj",
            "prep",
            "pobj",
            "prep",
            "pobj",
            "punct",
        ],
        tags=["NNP", "NNP", "NNP", "VBD", "NNP", "IN", "NNP", "IN", "NNP", "."],
        ents=["O", "B-PERSON", "I-PERSON", "O", "B-GPE", "O", "B-ORG", "O", "B-DATE", "O"],
    )


def test_names_change_and_the_sentence_stays() -> None:
    copies = list(replaced([sample()] * 40, BLANK, seed=3))
    assert len({c.text for c in copies}) > 20
    for copy in copies:
        labels = {e.label_: e for e in copy.ents}
        assert [e.label_ for e in copy.ents] == ["PERSON", "GPE", "ORG", "DATE"]
        assert labels["DATE"].text == "Monday"
        left = next(t for t in copy if t.text == "left")
        assert left.dep_ == "ROOT"
        assert (labels["PERSON"].root.dep_, labels["PERSON"].root.head) == ("nsubj", left)
        assert (labels["GPE"].root.dep_, labels["GPE"].root.head) == ("dobj", left)
        assert labels["ORG"].root.head.text == "with"
        assert copy[0].head == labels["PERSON"].root
        assert copy.text.strip().endswith(" on Monday .")


def test_the_same_seed_gives_the_same_copies() -> None:
    first = [d.text for d in replaced([sample()] * 10, BLANK, seed=5)]
    assert first == [d.text for d in replaced([sample()] * 10, BLANK, seed=5)]
    assert first != [d.text for d in replaced([sample()] * 10, BLANK, seed=6)]
