"""The measures count what they say."""

import spacy
from spacy.tokens import Doc, Span

from training import arcs
from training.evaluate import entity_counts, parse_scores

VOCAB = spacy.blank("en").vocab
WORDS = ["Iran", "sold", "the", "U.N.", "7", "jets"]
HEADS = [1, 1, 3, 1, 5, 1]
DEPS = ["nsubj", "ROOT", "det", "dative", "nummod", "dobj"]


def doc(ents: list[str], heads: list[int] = HEADS, deps: list[str] = DEPS) -> Doc:
    return Doc(VOCAB, words=WORDS, tags=["X"] * 6, heads=heads, deps=deps, ents=ents)


def test_articles_do_not_count_and_labels_do() -> None:
    gold = doc(["B-GPE", "O", "O", "B-ORG", "O", "O"])
    made = doc(["B-ORG", "O", "B-ORG", "I-ORG", "O", "O"])
    (counts,) = entity_counts([gold], [made], frozenset({"GPE", "ORG"}), one_place=False)
    assert (counts.right, counts.predicted, counts.expected) == (1, 2, 2)


def test_kinds_of_places_can_be_merged() -> None:
    gold = doc(["B-GPE", "O", "O", "O", "O", "O"])
    made = doc(["B-LOC", "O", "O", "O", "O", "O"])
    (counts,) = entity_counts([gold], [made], frozenset({"GPE", "LOC"}), one_place=True)
    assert counts.right == 1


def test_predictions_on_unjudged_words_are_left_out() -> None:
    gold = doc(["B-GPE", "O", "O", "O", "O", "O"])
    gold.set_ents(list(gold.ents), missing=[Span(gold, 4, 5)], default="outside")
    made = doc(["B-GPE", "O", "O", "O", "B-CARDINAL", "O"])
    labels = frozenset({"GPE", "CARDINAL"})
    (counts,) = entity_counts([gold], [made], labels, one_place=False)
    assert (counts.right, counts.predicted, counts.expected) == (1, 1, 1)


def test_trees_are_measured_on_the_words_that_have_one() -> None:
    none = ["O"] * 6
    gold = doc(none, deps=["nsubj", "ROOT", "", "", "nummod", "dobj"])
    made = doc(
        none, heads=[1, 1, 1, 1, 1, 1], deps=["nsubj", "ROOT", "dep", "dep", "nummod", "obj"]
    )
    assert parse_scores([gold], [made]) == {"tag": 100.0, "uas": 75.0, "las": 50.0}
    assert parse_scores([doc(none, deps=[""] * 6)], [made]) == {}


def test_marked_parses_name_words_of_their_sentence() -> None:
    tokenizer = spacy.blank("en")
    items = list(arcs.marked())
    assert len(items) > 60
    for item in items:
        words = {t.text for t in tokenizer(item.text)}
        assert all({word, head} <= words for word, _, head in item.arcs), item


def test_marked_parses_are_measured() -> None:
    made = arcs.measure(spacy.blank("en"))
    assert made["arcs"] == 0.0
    assert isinstance(made["missed"], list)
    assert len(made["missed"]) == sum(len(i.arcs) for i in arcs.marked())
