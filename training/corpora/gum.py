"""GUM (seven freely licensed genres): trees and entity mentions to names.

GUM marks every mention, named or not, with its full phrase. A name is the proper-noun part around
the mention's head: "Texas student [Ahmed Mohamed]", "the [Church of Scientology]".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from training.conllu import UdSentence, UdWord, read
from training.corpora.text import in_portions, named, without_overlap
from training.corpora.trees import gold_words
from training.passage import NAMES, Passage, Span

GENRES = ("academic", "bio", "interview", "news", "speech", "textbook", "voyage")
_KINDS = {"person": "PERSON", "organization": "ORG", "place": "PLACE", "event": "EVENT"}
# Small words inside names; persons' names have fewer ("Ann Roe of the Church of Norland").
_LINKERS = frozenset("of for and the de & in on - 's ’s la al".split())  # noqa: SIM905
_PERSON_LINKERS = frozenset("de la del van von der bin ibn al - dos da".split())  # noqa: SIM905


def _mentions(sentence: UdSentence) -> Iterator[tuple[int, int, str]]:
    """Yield (first word, last word + 1, type) of mentions that end in the sentence."""
    stack: list[tuple[str, int, str]] = []
    for position, word in enumerate(sentence.words):
        field = re.search(r"(?:^|\|)Entity=([^|]+)", word.misc)
        if not field:
            continue
        for part in re.finditer(r"\(([^()]+)(\)?)|([\d,\[\]/]+)\)", field.group(1)):
            if part.group(1):
                bits = part.group(1).split("-")
                stack.append((bits[0], position, bits[1] if len(bits) > 1 else ""))
                closing = bits[0] if part.group(2) else None
            else:
                closing = part.group(3)
            if closing is not None:
                for at in range(len(stack) - 1, -1, -1):
                    if stack[at][0] == closing:
                        _, first, kind = stack.pop(at)
                        yield first, position + 1, kind
                        break


def _name_words(
    sentence: UdSentence, first: int, last: int, linkers: frozenset[str]
) -> tuple[int, int] | None:
    """Find the proper-noun part of a mention: the run that holds or follows its head."""
    words = sentence.words
    heads = [i for i in range(first, last) if not first <= words[i].head < last]
    if not heads:
        return None
    head = heads[0]
    flat = [
        i
        for i in range(first, last)
        if words[i].head == head and words[i].deprel.startswith("flat")
    ]
    if words[head].upos != "PROPN":
        if not flat:
            return None
        return flat[0], flat[-1] + 1
    left = head
    while left > first and _part_of(words[left - 1]):
        left -= 1
    right = head + 1
    while right < last:
        step = right
        while step < last and words[step].form.lower() in linkers and step - right < 3:
            step += 1
        if step < last and _part_of(words[step]):
            right = step + 1
        else:
            break
    return left, right


def _part_of(word: UdWord) -> bool:
    if word.upos == "PUNCT":
        return word.form in {"-", "."}
    proper = word.xpos in {"NNP", "NNPS"} or word.upos in {"PROPN", "ADJ"}
    return (proper and word.form[:1].isupper()) or (word.form.isdigit() and len(word.form) < 3)


def _passage(sentence: UdSentence) -> Passage:
    passage = Passage(sentence.sent_id, sentence.text, sentences=[0], marked=NAMES)
    words = gold_words(sentence)
    if words:
        passage.trees[0] = words
    found: list[Span] = []
    for first, last, kind in _mentions(sentence):
        if kind not in _KINDS:
            continue
        linkers = _PERSON_LINKERS if kind == "person" else _LINKERS
        part = _name_words(sentence, first, last, linkers)
        if part is None:
            continue
        start, end = sentence.words[part[0]].start, sentence.words[part[1] - 1].end
        span = named(sentence.text, start, end, _KINDS[kind])
        if span:
            found.append(span)
    passage.names = without_overlap(found)
    return passage


def passages(folder: Path) -> Iterator[Passage]:
    """Yield the passages of all genres; the key begins with the document's id."""
    for genre in GENRES:
        sentences = read(folder / "gum" / f"gum-{genre}.conllu.gz")
        for doc_id, group in groupby(sentences, key=lambda s: s.doc_id):
            document = list(group)
            pieces = [_passage(s) for s in document]
            yield from in_portions(pieces, [s.paragraph for s in document], doc_id)
