"""Trees of Universal Dependencies become trees as en_core_web_* makes them."""

from training.clearnlp import convert
from training.conllu import UdWord


def tree(rows: str) -> dict[str, tuple[str, str]]:
    """Convert rows `form lemma UPOS XPOS head deprel` (heads from 1) to form -> (label, head)."""
    words = []
    for row in rows.strip().splitlines():
        form, lemma, upos, xpos, head, label = row.split()
        words.append(UdWord(form, lemma, upos, xpos, int(head) - 1, label, "_", 0, 0))
    arcs = convert(words)
    assert arcs is not None
    return {w.form: (d, words[h].form) for w, (h, d) in zip(words, arcs, strict=True)}


def test_passive_with_agent() -> None:
    arcs = tree(
        """
        Rebels rebel NOUN NNS 3 nsubj:pass
        were be AUX VBD 3 aux:pass
        killed kill VERB VBN 0 root
        by by ADP IN 5 case
        soldiers soldier NOUN NNS 3 obl:agent
        in in ADP IN 7 case
        Homs Homs PROPN NNP 3 obl
        """
    )
    assert arcs["Rebels"] == ("nsubjpass", "killed")
    assert arcs["were"] == ("auxpass", "killed")
    assert arcs["by"] == ("agent", "killed")
    assert arcs["soldiers"] == ("pobj", "by")
    assert arcs["in"] == ("prep", "killed")
    assert arcs["Homs"] == ("pobj", "in")


def test_be_is_the_head_of_its_clause() -> None:
    arcs = tree(
        """
        Talks talk NOUN NNS 4 nsubj
        were be AUX VBD 4 cop
        not not PART RB 4 advmod
        easy easy ADJ JJ 0 root
        """
    )
    assert arcs["were"] == ("ROOT", "were")
    assert arcs["Talks"] == ("nsubj", "were")
    assert arcs["not"] == ("neg", "were")
    assert arcs["easy"] == ("acomp", "were")


def test_the_last_word_heads_a_name() -> None:
    arcs = tree(
        """
        John John PROPN NNP 3 nsubj
        Kirby Kirby PROPN NNP 1 flat
        spoke speak VERB VBD 0 root
        """
    )
    assert arcs["Kirby"] == ("nsubj", "spoke")
    assert arcs["John"] == ("compound", "Kirby")


def test_coordination_is_a_chain() -> None:
    arcs = tree(
        """
        Poland Poland PROPN NNP 6 nsubj
        , , PUNCT , 3 punct
        Latvia Latvia PROPN NNP 1 conj
        and and CCONJ CC 5 cc
        Estonia Estonia PROPN NNP 1 conj
        agreed agree VERB VBD 0 root
        """
    )
    assert arcs["Latvia"] == ("conj", "Poland")
    assert arcs["Estonia"] == ("conj", "Latvia")
    assert arcs["and"] == ("cc", "Latvia")


def test_speech_heads_the_words_it_reports() -> None:
    arcs = tree(
        """
        It it PRON PRP 2 nsubj
        failed fail VERB VBD 0 root
        , , PUNCT , 5 punct
        she she PRON PRP 5 nsubj
        said say VERB VBD 2 parataxis
        """
    )
    assert arcs["said"] == ("ROOT", "said")
    assert arcs["failed"] == ("ccomp", "said")


def test_the_object_of_want_is_the_subject_of_the_clause() -> None:
    arcs = tree(
        """
        Paris Paris PROPN NNP 2 nsubj
        wants want VERB VBZ 0 root
        him he PRON PRP 2 obj
        to to PART TO 5 mark
        go go VERB VB 2 xcomp
        """
    )
    assert arcs["him"] == ("nsubj", "go")
    assert arcs["go"] == ("ccomp", "wants")
    assert arcs["to"] == ("aux", "go")


def test_an_amount_heads_its_currency() -> None:
    arcs = tree(
        """
        gave give VERB VBD 0 root
        $ $ SYM $ 1 obj
        20 20 NUM CD 4 compound
        billion billion NUM CD 2 nummod
        """
    )
    assert arcs["billion"] == ("dobj", "gave")
    assert arcs["$"] == ("quantmod", "billion")


def test_what_is_no_tree_is_refused() -> None:
    words = [
        UdWord("a", "a", "X", "FW", 1, "dep", "_", 0, 1),
        UdWord("b", "b", "X", "FW", 0, "dep", "_", 2, 3),
    ]
    assert convert(words) is None
