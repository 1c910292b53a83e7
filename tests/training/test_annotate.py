"""What the teacher says is taken only where the corpus is silent and tables agree."""

import pytest
import spacy
from spacy.tokens import Doc

from training.annotate import annotate, entities
from training.augment import augmented, curly
from training.passage import LABELS, NAMES, Passage, Span, Word
from training.plausible import plausible


def at(text: str, name: str, label: str) -> Span:
    start = text.index(name)
    return Span(start, start + len(name), label)


def test_people_overrule_the_teacher_on_names() -> None:
    text = "Vladivostok fell on Monday"
    passage = Passage("x", text, names=[at(text, "Vladivostok", "GPE")])
    found = [at(text, "Vladivostok", "PERSON"), at(text, "Monday", "DATE")]
    kept, missing = entities(passage, found)
    assert kept == [at(text, "Vladivostok", "GPE"), at(text, "Monday", "DATE")]
    assert missing == []


def test_unlikely_values_stay_open() -> None:
    text = "The Seventh Seal opened"
    kept, missing = entities(Passage("x", text), [at(text, "Seal", "DATE")])
    assert kept == []
    assert missing == [at(text, "Seal", "DATE")]


def test_raw_text_takes_only_names_that_tables_know() -> None:
    text = "Norway met Dr. Alpha and Zorbland"
    found = [at(text, "Norway", "GPE"), at(text, "Alpha", "PERSON"), at(text, "Zorbland", "GPE")]
    kept, missing = entities(Passage("x", text, marked=frozenset()), found)
    assert kept == found[:2]
    assert missing == found[2:]


def test_an_unknown_place_gets_the_teachers_kind() -> None:
    text = "Fire on Mgbo Ridge"
    passage = Passage("x", text, names=[at(text, "Mgbo Ridge", "PLACE")])
    assert entities(passage, [at(text, "Mgbo Ridge", "LOC")])[0][0].label == "LOC"
    assert entities(passage, [])[0][0].label == "GPE"


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("early October", "DATE", True),
        ("the 1990s", "DATE", True),
        ("Wagner", "DATE", False),
        ("roughly 3,000", "CARDINAL", True),
        ("3,000 troops", "CARDINAL", False),
        ("$20 billion", "MONEY", True),
        ("billions", "MONEY", False),
        ("2.4 percent", "PERCENT", True),
        ("third", "ORDINAL", True),
        ("North Korean", "NORP", True),
        ("Kirby", "NORP", False),
        ("10 a.m.", "TIME", True),
        ("Paris", "GPE", False),
    ],
)
def test_plausible(text: str, label: str, *, expected: bool) -> None:
    assert plausible(text, label) is expected


def test_documents_keep_text_newlines_and_gold_trees() -> None:
    words = [Word(0, 2, "PRP", "PRON", 1, "nsubj"), Word(3, 7, "VBD", "VERB", 1, "ROOT")]
    passage = Passage("x", "He left\nNo 7", sentences=[0, 8], trees={0: words})
    (doc,) = annotate(spacy.blank("en"), [passage], trees="gold")
    assert doc.text == passage.text
    assert [(t.text, t.tag_, t.dep_) for t in doc][:3] == [
        ("He", "PRP", "nsubj"),
        ("left", "VBD", "ROOT"),
        ("\n", "_SP", "dep"),
    ]


def test_numbers_that_nobody_marked_are_missing_unless_all_labels_are_marked() -> None:
    def states(marked: frozenset[str]) -> list[int]:
        (doc,) = annotate(spacy.blank("en"), [Passage("x", "He saw 700", marked=marked)])
        return [t.ent_iob for t in doc]

    assert states(NAMES) == [2, 2, 0]
    assert states(LABELS) == [2, 2, 2]


def test_curly_quotes_open_and_close() -> None:
    assert curly(["He", '"', "wo", "n't", '"']) == ["He", "“", "wo", "n’t", "”"]


def test_copies_keep_entities_and_parse() -> None:
    vocab = spacy.blank("en").vocab
    doc = Doc(
        vocab,
        words=["Iran", "'s", "army", "left", "Homs", "quietly", "."],
        spaces=[False, True, True, True, True, False, False],
        heads=[2, 0, 3, 3, 3, 3, 3],
        deps=["poss", "case", "nsubj", "ROOT", "dobj", "advmod", "punct"],
        ents=["B-GPE", "O", "O", "O", "B-GPE", "O", "O"],
    )
    copies = list(augmented([doc] * 60, seed=1, headlines=3))
    assert {c.text for c in copies} >= {
        "Iran’s army left Homs quietly.",
        "IRAN'S ARMY LEFT HOMS QUIETLY",
    }
    assert all([e.label_ for e in c.ents] == ["GPE", "GPE"] for c in copies)
    assert all([t.dep_ for t in c][:5] == ["poss", "case", "nsubj", "ROOT", "dobj"] for c in copies)
