"""Measures pipelines on the held-out sets: entities, parse, sentences, words a second.

Entities are compared strictly (offsets and label) after the same trimming on both sides;
predictions that touch a stretch nobody judged are left out. Parses are compared on sentences with
people's trees alone, from raw text, without punctuation. Intervals come from resampling passages.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from numpy.random import default_rng
from spacy.language import Language
from spacy.tokens import Doc

from training import arcs
from training.corpora.text import trim
from training.passage import NAMES
from training.prepare import held_documents

PLACES = frozenset({"GPE", "LOC", "FAC"})
_NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC"})
# Labels that the people who made a set marked: only these are compared there.
JUDGED = {
    "gum-news": _NAMES,
    "gum-other": _NAMES,
    "re3d": _NAMES | {"NORP"},
    "ewt": _NAMES,
    "own-news": _NAMES | {"NORP", "DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL"},
}
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, predicted and expected spans of one passage."""

    right: int
    predicted: int
    expected: int


def f_score(counts: Iterable[Counts]) -> float:
    """Give micro F1 in percent over passages."""
    right = predicted = expected = 0
    for count in counts:
        right += count.right
        predicted += count.predicted
        expected += count.expected
    return 200 * right / (predicted + expected) if predicted + expected else 0.0


def interval(counts: Sequence[Counts], draws: int = 1000, seed: int = 0) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of F1, resampling passages."""
    rng = default_rng(seed)
    scores = sorted(
        f_score([counts[i] for i in rng.integers(len(counts), size=len(counts))])
        for _ in range(draws)
    )
    return scores[int(draws * 0.025)], scores[int(draws * 0.975)]


def _spans(doc: Doc, labels: frozenset[str], *, one_place: bool) -> set[Key]:
    """Collect trimmed spans; `one_place` merges GPE, LOC and FAC."""
    found = set()
    for ent in doc.ents:
        label = "PLACE" if one_place and ent.label_ in PLACES else ent.label_
        if ent.label_ not in labels and not (one_place and ent.label_ in PLACES):
            continue
        start, end = ent.start_char, ent.end_char
        if ent.label_ in NAMES:
            start, end = trim(doc.text, start, end, person=ent.label_ == "PERSON")
        found.add((start, end, label))
    return found


def _unjudged(gold: Doc) -> set[int]:
    return {i for t in gold if t.ent_iob == 0 for i in range(t.idx, t.idx + len(t))}


def entity_counts(
    golds: Sequence[Doc], predictions: Sequence[Doc], labels: frozenset[str], *, one_place: bool
) -> list[Counts]:
    """Count right, predicted and expected entities, passage by passage."""
    counts = []
    for gold, predicted in zip(golds, predictions, strict=True):
        open_characters = _unjudged(gold)
        expected = _spans(gold, labels, one_place=one_place)
        made = {
            s
            for s in _spans(predicted, labels, one_place=one_place)
            if not any(i in open_characters for i in range(s[0], s[1]))
        }
        counts.append(Counts(len(expected & made), len(made), len(expected)))
    return counts


def parse_scores(golds: Sequence[Doc], predictions: Sequence[Doc]) -> dict[str, float]:
    """Give tag accuracy, UAS and LAS in percent over the words that have a gold tree.

    A gold word that the pipeline cuts otherwise counts as wrong; punctuation is left out of UAS and
    LAS. (spaCy's own scorer is of no use where only some sentences of a document have trees.)
    """
    words = tags = arcs = heads = labelled = 0
    for gold, predicted in zip(golds, predictions, strict=True):
        found = {(t.idx, len(t)): t for t in predicted}
        for word in (t for t in gold if t.dep_ and not t.is_space):
            token = found.get((word.idx, len(word)))
            words += 1
            tags += token is not None and token.tag_ == word.tag_
            if word.dep_ == "punct":
                continue
            arcs += 1
            same_head = token is not None and token.head.idx == word.head.idx
            heads += same_head
            labelled += same_head and token is not None and token.dep_ == word.dep_
    if not words:
        return {}
    return {"tag": 100 * tags / words, "uas": 100 * heads / arcs, "las": 100 * labelled / arcs}


def speed(nlp: Language, texts: Sequence[str]) -> float:
    """Measure tokens a second of processor time of `nlp.pipe`, the best of three runs.

    Processor time is what counts on a busy machine; run with one BLAS thread.
    """
    best = 0.0
    for _ in range(3):
        begun = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(texts, batch_size=64))
        best = max(best, tokens / (time.process_time() - begun))
    return best


def digest(sets: Mapping[str, Sequence[Doc]]) -> str:
    """Hash what is measured against: texts, entities, tags and arcs of every set."""
    whole = hashlib.sha256()
    for name, docs in sorted(sets.items()):
        for doc in docs:
            ents = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
            words = [(t.tag_, t.dep_, t.head.i) for t in doc]
            whole.update(repr((name, doc.text, ents, words)).encode())
    return f"sha256:{whole.hexdigest()}"


def evaluate_set(name: str, golds: Sequence[Doc], predictions: Sequence[Doc]) -> dict[str, object]:
    """Measure one set."""
    labels = JUDGED[name]
    counts = entity_counts(golds, predictions, labels, one_place=True)
    low, high = interval(counts)
    result: dict[str, object] = {
        "entities": round(f_score(counts), 1),
        "interval": [round(low, 1), round(high, 1)],
        "n": sum(c.expected for c in counts),
    }
    per_label = {}
    for label in sorted(labels):
        one = entity_counts(golds, predictions, frozenset({label}), one_place=False)
        per_label[label] = [round(f_score(one), 1), sum(c.expected for c in one)]
    result["labels"] = per_label
    return result | {k: round(v, 1) for k, v in parse_scores(golds, predictions).items()}


def headlines(nlp: Language, golds: Sequence[Doc]) -> dict[str, float]:
    """Give the entity F1 of own news by its setting: capitals, lower case, running text."""
    kinds: dict[str, list[Doc]] = {"capitals": [], "lower case": [], "running text": []}
    for gold in golds:
        kind = "capitals" if gold.text.isupper() else "running text"
        kinds["lower case" if gold.text.islower() else kind].append(gold)
    return {kind: round(f_score(_own_counts(part, nlp)), 1) for kind, part in kinds.items() if part}


def _own_counts(golds: Sequence[Doc], nlp: Language) -> list[Counts]:
    made = list(nlp.pipe(g.text for g in golds))
    return entity_counts(golds, made, JUDGED["own-news"], one_place=True)


def evaluate(pipelines: dict[str, Language], corpora: Path) -> dict[str, dict[str, object]]:
    """Measure each pipeline on each held-out set, then their speed on the same texts.

    Args:
        pipelines: Named pipelines.
        corpora: The corpora folder.

    Returns:
        Pipeline name to set name to figures; `speed` is tokens a second.
    """
    sets = held_documents(corpora)
    texts = [d.text for docs in sets.values() for d in docs]
    results: dict[str, dict[str, object]] = {}
    for pipeline, nlp in pipelines.items():
        results[pipeline] = {
            name: evaluate_set(name, golds, list(nlp.pipe(g.text for g in golds)))
            for name, golds in sets.items()
        }
        results[pipeline]["headlines"] = headlines(nlp, sets["own-news"])
        results[pipeline]["parses"] = arcs.measure(nlp)
        results[pipeline]["speed"] = round(speed(nlp, texts))
    return results


def table(results: dict[str, dict[str, object]]) -> str:
    """Set the figures as a Markdown table."""
    lines = [
        "| set | pipeline | entities F1 [95 %] (n) | tag | UAS | LAS | by label |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in JUDGED:
        for pipeline, sets in results.items():
            row = json.loads(json.dumps(sets[name]))
            labels = ", ".join(f"{k} {v[0]} ({v[1]})" for k, v in row["labels"].items() if v[1])
            low, high = row["interval"]
            cells = [row.get(k, "") for k in ("tag", "uas", "las")]
            lines.append(
                f"| {name} | {pipeline} | {row['entities']} [{low}-{high}] ({row['n']}) | "
                + " | ".join(map(str, cells)) + f" | {labels} |"
            )  # fmt: skip
    for pipeline, figures in results.items():
        parses = json.loads(json.dumps(figures["parses"]))
        lines.append(
            f"\n{pipeline}: {figures['speed']} tokens/s; own parses: {parses['arcs']} % of arcs, "
            f"{parses['sentences']} % of sentences; own news: {figures['headlines']}"
        )
    return "\n".join(lines)
