"""Universal Dependencies trees to the labels and attachments of en_core_web_* (ClearNLP).

The two schemes differ in more than names: ClearNLP makes prepositions, forms of "be" and the last
word of a name the heads, chains coordination, and attaches objects of prepositions below them. Each
step below undoes one of these differences; the order matters. Sources: the guidelines of Universal
Dependencies v2 and the ClearNLP dependency labels as listed by `spacy.explain`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from training.conllu import UdWord
from training.tables import table, words


def base(label: str) -> str:
    """Give a label without its subtype."""
    return label.partition(":")[0]


@dataclass(slots=True)
class Tree:
    """A sentence whose heads and labels are rewritten in place."""

    words: Sequence[UdWord]
    heads: list[int]
    labels: list[str]

    def children(self, head: int) -> list[int]:
        """List the words below `head`, left to right."""
        return [i for i, h in enumerate(self.heads) if h == head]

    def lower(self, i: int) -> str:
        """Give the word in lower case."""
        return self.words[i].form.lower()

    def replace(self, old: int, new: int, label: str) -> None:
        """Put `new` where `old` is; `old` comes below it with `label`, its children stay."""
        self.heads[new], self.labels[new] = self.heads[old], self.labels[old]
        self.heads[old], self.labels[old] = new, label

    def is_tree(self) -> bool:
        """Tell whether there is one root that every word reaches."""
        if sum(h < 0 for h in self.heads) != 1:
            return False
        for start in range(len(self.heads)):
            seen, i = set(), start
            while i >= 0:
                if i in seen:
                    return False
                seen.add(i)
                i = self.heads[i]
        return True


def _names_end_in_their_head(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        flat = [k for k in tree.children(i) if base(tree.labels[k]) == "flat" and k > i]
        fit = all(tree.words[k].upos in {"PROPN", "NOUN", "X", "ADJ", "NUM"} for k in flat)
        if not flat or word.upos not in {"PROPN", "NOUN", "X", "NUM"} or not fit:
            continue
        last = flat[-1]
        for k in tree.children(i):
            if k != last:
                tree.heads[k] = last
        tree.replace(i, last, "compound")
        for k in flat[:-1]:
            tree.labels[k] = "compound"


def _amounts_head_their_currency(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        numbers = [k for k in tree.children(i) if tree.labels[k] == "nummod"]
        if word.form not in words("clearnlp", "currencies") or not numbers:
            continue
        for k in tree.children(i):
            if k != numbers[-1]:
                tree.heads[k] = numbers[-1]
        tree.replace(i, numbers[-1], "quantmod")


def _months_head_their_days(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        day = tree.heads[i]
        month = tree.lower(i).rstrip(".") in words("clearnlp", "months") and word.xpos == "NNP"
        if (
            month
            and day > i
            and tree.words[day].xpos == "CD"
            and base(tree.labels[i]) == "compound"
        ):
            for k in tree.children(day):
                if k != i:
                    tree.heads[k] = i
            tree.replace(day, i, "nummod")


def _speech_heads_its_quotation(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        quoted = tree.heads[i]
        spoken = (
            base(tree.labels[i]) == "parataxis"
            and word.lemma in words("clearnlp", "speech")
            and quoted >= 0
        )
        if not spoken or not any(base(tree.labels[k]) == "nsubj" for k in tree.children(i)):
            continue
        if quoted < i and tree.labels[quoted] == "root":
            tree.replace(quoted, i, "ccomp")
            for k in tree.children(quoted):
                if tree.labels[k] == "punct" and k > i:
                    tree.heads[k] = i


def _raised_objects_are_subjects(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        clauses = [
            k
            for k in tree.children(i)
            if tree.labels[k] == "xcomp" and tree.words[k].upos == "VERB"
        ]
        objects = [k for k in tree.children(i) if tree.labels[k] == "obj"]
        if (
            word.lemma in words("clearnlp", "raising")
            and clauses
            and objects
            and i < objects[0] < clauses[0]
        ):
            tree.heads[objects[0]], tree.labels[objects[0]] = clauses[0], "nsubj"
            tree.labels[clauses[0]] = "ccomp"


def _expletives(tree: Tree) -> None:
    for i in range(len(tree.words)):
        below = tree.children(i)
        expletive = [k for k in below if tree.labels[k] == "expl"]
        if not expletive:
            continue
        there = tree.lower(expletive[0]) == "there"
        for k in below:
            if there and base(tree.labels[k]) == "nsubj":
                tree.labels[k] = "attr"
            if not there and base(tree.labels[k]) == "csubj":
                tree.labels[k] = "ccomp"
        if not there:
            tree.labels[expletive[0]] = "nsubj"


def _coordination_chains(tree: Tree) -> None:
    for i in range(len(tree.words)):
        previous = i
        for k in [k for k in tree.children(i) if base(tree.labels[k]) == "conj" and k > i]:
            for c in tree.children(k):
                separates = tree.labels[c] == "punct" and c < k and min(tree.children(k)) == c
                if tree.labels[c] == "cc" or separates:
                    tree.heads[c] = previous
            tree.heads[k] = previous
            previous = k


def _has_clause(tree: Tree, i: int) -> bool:
    own = any(base(tree.labels[k]) in {"nsubj", "cop"} for k in tree.children(i))
    return own or tree.words[i].upos in {"VERB", "AUX"}


def _moves_to_copula(tree: Tree, k: int, predicate: int, copula: int) -> bool:
    label = base(tree.labels[k])
    if label == "obl":
        return tree.words[predicate].upos != "ADJ"
    if label == "cc":
        conjuncts = [q for q in tree.children(predicate) if base(tree.labels[q]) == "conj"]
        return not conjuncts or any(_has_clause(tree, q) for q in conjuncts)
    if label == "conj":
        return _has_clause(tree, k)
    if label == "advmod":
        return k < copula or tree.lower(k) in words("clearnlp", "negations")
    return label in words("clearnlp", "clausal")


def _be_heads_its_clause(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        copulas = [k for k in tree.children(i) if tree.labels[k] == "cop"]
        if not copulas:
            continue
        copula = copulas[-1]
        moving = [
            k for k in tree.children(i) if k != copula and _moves_to_copula(tree, k, i, copula)
        ]
        cased = any(
            tree.labels[k] == "case" and tree.words[k].xpos != "POS" for k in tree.children(i)
        )
        for k in moving:
            tree.heads[k] = copula
        kind = {"ADJ": "acomp", "ADV": "advmod", "VERB": "ccomp"}.get(word.upos, "attr")
        tree.replace(i, copula, "obl" if cased else kind)


def _prepositions_head_their_objects(tree: Tree, passive: Sequence[bool]) -> None:
    for i in range(len(tree.words)):
        cases = [
            k for k in tree.children(i) if tree.labels[k] == "case" and tree.words[k].xpos != "POS"
        ]
        if not cases:
            continue
        first, head, label = cases[0], tree.heads[i], tree.labels[i]
        tree.heads[first] = head
        if label == "root":
            tree.labels[first] = "root"
        elif base(label) == "conj":
            tree.labels[first] = "conj"
            for k in tree.children(i):
                if tree.labels[k] == "cc" and k < first:
                    tree.heads[k] = head
        elif tree.lower(first) == "by" and head >= 0 and (passive[head] or label == "obl:agent"):
            tree.labels[first] = "agent"
        else:
            tree.labels[first] = "prep"
        last = first
        for k in cases[1:]:
            tree.heads[k], tree.labels[k], last = last, "prep", k
        tree.heads[i], tree.labels[i] = last, "pobj"


def _prepositions_head_gerunds(tree: Tree) -> None:
    clauses = {"advcl", "acl", "obl", "nmod", "xcomp", "ccomp"}
    for i, word in enumerate(tree.words):
        marks = [k for k in tree.children(i) if tree.labels[k] == "mark" and k < i]
        fit = word.xpos == "VBG" and base(tree.labels[i]) in clauses
        if (
            fit
            and marks
            and tree.words[marks[0]].xpos == "IN"
            and tree.lower(marks[0]) not in words("clearnlp", "conjunctions")
        ):
            tree.heads[marks[0]], tree.labels[marks[0]] = tree.heads[i], "prep"
            tree.heads[i], tree.labels[i] = marks[0], "pcomp"


def _label(tree: Tree, i: int) -> str:
    label = tree.labels[i]
    renamed: dict[str, str] = table("clearnlp")["renamed"]
    if tree.heads[i] < 0:
        return "ROOT"
    if label == "advmod" and tree.lower(i) in words("clearnlp", "negations"):
        return "neg"
    return _label_by_tag(tree, i) or renamed.get(label) or renamed.get(base(label)) or base(label)


def _label_by_tag(tree: Tree, i: int) -> str | None:
    label, word, head = tree.labels[i], tree.words[i], tree.heads[i]
    new = None
    if label == "advmod" and tree.words[head].upos == "NUM":
        new = "quantmod"
    elif label == "amod" and word.xpos in {"NNP", "NNPS"}:
        new = "compound"
    elif word.xpos == "CD" and label in {"nmod:unmarked", "nmod:tmod", "nmod:npmod"}:
        new = "nummod"
    elif label == "iobj" and not any(tree.labels[k] == "obj" for k in tree.children(head)):
        new = "dobj"
    elif label == "fixed":
        new = "pcomp" if tree.lower(head) == "because" else "prep"
    elif label == "mark" and word.xpos == "TO":
        new = "aux"
    elif label == "xcomp" and word.upos in {"ADJ", "NOUN", "PROPN", "PRON"}:
        new = "acomp" if word.upos == "ADJ" else "oprd"
    return new


_STEPS: tuple[Callable[[Tree], None], ...] = (
    _names_end_in_their_head,
    _amounts_head_their_currency,
    _months_head_their_days,
    _raised_objects_are_subjects,
    _coordination_chains,
    _be_heads_its_clause,
    _speech_heads_its_quotation,
    _expletives,
)


def _passive_verbs(words: Sequence[UdWord]) -> Iterator[int]:
    for word in words:
        if word.head >= 0 and word.deprel in {"aux:pass", "nsubj:pass", "csubj:pass"}:
            yield word.head


def convert(words: Sequence[UdWord]) -> list[tuple[int, str]] | None:
    """Convert one sentence.

    Args:
        words: UD words; heads are indices, -1 for the root.

    Returns:
        For each word its head (the root points to itself) and ClearNLP label, or `None` where the
        outcome is not a tree.
    """
    tree = Tree(words, [w.head for w in words], [w.deprel for w in words])
    passive = [False] * len(words)
    for i in _passive_verbs(words):
        passive[i] = True
    for step in _STEPS:
        step(tree)
    _prepositions_head_their_objects(tree, passive)
    _prepositions_head_gerunds(tree)
    if not tree.is_tree():
        return None
    labels = [_label(tree, i) for i in range(len(words))]
    return [
        (h if h >= 0 else i, d) for i, (h, d) in enumerate(zip(tree.heads, labels, strict=True))
    ]
