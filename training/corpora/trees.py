"""Universal Dependencies sentences to gold words with the labels of en_core_web_*."""

from __future__ import annotations

from training.clearnlp import convert
from training.conllu import UdSentence
from training.passage import Word


def gold_words(sentence: UdSentence) -> list[Word] | None:
    """Convert one sentence; `None` where that fails or a word has no place in the text."""
    if any(w.start == w.end for w in sentence.words):
        return None
    arcs = convert(sentence.words)
    if arcs is None:
        return None
    return [
        Word(w.start, w.end, w.xpos, w.upos, head, label)
        for w, (head, label) in zip(sentence.words, arcs, strict=True)
    ]
