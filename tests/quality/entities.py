"""How well the entities stage does on news with gold: mentions, and which of them are one thing.

`NEWSFLAG_DATA=… python -m tests.quality.entities [--model PATH] [--misses]` prints one table. The
gold is the entity annotation of GUM's Wikinews texts (Zeldes 2017; CC BY 4.0), of which 8 are kept
back and not here. The shipped pipeline has learnt from these texts, so its own share in the figures
is flattered; `--model` with a pipeline that has not shows the stage's.

Measures:
- mentions: a named span of the gold is found where a mention of the stage holds one of its proper
  nouns; precision, recall and F1, and how often the type (person, organisation, place) is right;
- b3: B-cubed over these mentions (Bagga and Baldwin 1998). A mention that only one side has counts
  as an error of that side, so the figure holds both finding and grouping.

Only persons, organisations and places are counted, and of the gold only spans with a proper noun in
their core; adjectives of nationality are no entities in GUM and are left out on both sides.
"""

import argparse
import gzip
import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agents.entities import load
from agents.stage import Options
from schemas import Article, ArticleRecord, EntitiesBlock

DATA_VARIABLE: Final = "NEWSFLAG_DATA"
GUM: Final = Path("corpora", "gum", "gum-news.conllu.gz")
TYPES: Final = {
    "person": "person", "organization": "organization", "place": "place",
    "PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place",
    "NORP": "organization",
}  # fmt: skip
ENTITY: Final = re.compile(
    r"\((?P<id>\d+)(?:\[[^\]]*\])?-(?P<type>\w+)-[^-()]*-[^-()]*-[^-()]*-(?P<core>[\d,]+)[^()]*(?P<one>\))?"
    r"|(?P<close>\d+)(?:\[[^\]]*\])?\)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of the gold or of the stage: code points, the thing's id and its type."""

    start: int
    end: int
    thing: str
    type: str


@dataclass
class Document:
    """A text with its gold spans; `adjectives`: where adjectives start, which GUM leaves out."""

    id: str
    text: str = ""
    gold: list[Span] = field(default_factory=list)
    adjectives: set[int] = field(default_factory=set)


@dataclass
class Word:
    """A word of the gold."""

    start: int
    end: int
    pos: str


def documents(path: Path) -> Iterator[Document]:
    """The texts of a CoNLL-U file with their named spans."""
    document: Document | None = None
    words: list[Word] = []
    opened: list[tuple[str, str, int, list[int]]] = []
    pending, glue = "", ""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# newdoc id"):
                if document is not None:
                    yield document
                document = Document(line.split("=", 1)[1].strip())
                words, opened, pending, glue = [], [], "", ""
            elif line.startswith("# newpar") and "block" not in line:
                glue = "\n"
            elif line[0].isdigit() and document is not None:
                columns = line.rstrip("\n").split("\t")
                if "." in columns[0]:
                    continue
                if "-" in columns[0]:
                    # A contraction: its parts follow and are written without a blank between.
                    pending = columns[0].split("-")[1]
                    joined_after = "SpaceAfter=No" in columns[9]
                    continue
                if document.text:
                    document.text += glue
                start = len(document.text)
                document.text += columns[1]
                words.append(Word(start, len(document.text), columns[3]))
                if columns[3] == "ADJ":
                    document.adjectives.add(start)
                no_space = "SpaceAfter=No" in columns[9]
                if pending:
                    no_space = joined_after if columns[0] == pending else True
                    pending = "" if columns[0] == pending else pending
                glue = "" if no_space else " "
                _entities(columns[9], words, opened, document)
    if document is not None:
        yield document


def _entities(
    misc: str,
    words: Sequence[Word],
    opened: list[tuple[str, str, int, list[int]]],
    document: Document,
) -> None:
    """Open and close the spans that a word's annotation names."""
    match = re.search(r"(?:^|\|)Entity=([^|]*)", misc)
    if match is None:
        return
    for part in ENTITY.finditer(match[1]):
        if part["close"]:
            for index in range(len(opened) - 1, -1, -1):
                if opened[index][0] == part["close"]:
                    _close(opened.pop(index), words, document)
                    break
        else:
            core = [int(number) for number in part["core"].split(",")]
            item = (part["id"], part["type"], len(words) - 1, core)
            if part["one"]:
                _close(item, words, document)
            else:
                opened.append(item)


def _close(
    item: tuple[str, str, int, list[int]], words: Sequence[Word], document: Document
) -> None:
    thing, kind, first, core = item
    named = [
        words[first + number - 1]
        for number in core
        if first + number - 1 < len(words) and words[first + number - 1].pos == "PROPN"
    ]
    if not named or kind not in TYPES:
        return
    # Of a span such as "A and B" the parts are things of their own.
    if not re.search(r"\band\b|,", document.text[named[0].start : named[-1].end]):
        document.gold.append(Span(named[0].start, named[-1].end, thing, TYPES[kind]))


def found(block: EntitiesBlock, document: Document) -> list[Span]:
    """The stage's mentions of the counted types."""
    return [
        Span(one.start, one.end, one.entity, TYPES[one.label])
        for one in block.mentions
        if one.entity and one.label in TYPES and one.start not in document.adjectives
    ]


def matched(gold: Sequence[Span], system: Sequence[Span]) -> dict[int, int]:
    """Index in the system by index in the gold; each mention once, the most overlapping first."""
    pairs = [
        (min(one.end, other.end) - max(one.start, other.start), i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(system)
        if one.start < other.end and other.start < one.end
    ]
    taken_gold, taken_system, result = set(), set(), {}
    for _, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i not in taken_gold and j not in taken_system:
            taken_gold.add(i)
            taken_system.add(j)
            result[i] = j
    return result


def b_cubed(
    gold: Sequence[Span], system: Sequence[Span], pairs: dict[int, int]
) -> tuple[float, float]:
    """Sums of the precisions of system mentions and of the recalls of gold mentions."""
    back = {j: i for i, j in pairs.items()}
    gold_of = Counter(span.thing for span in gold)
    system_of = Counter(span.thing for span in system)
    shared = Counter((gold[i].thing, system[j].thing) for i, j in pairs.items())
    precision = sum(
        shared[gold[i].thing, system[j].thing] / system_of[system[j].thing] for j, i in back.items()
    )
    recall = sum(
        shared[gold[i].thing, system[j].thing] / gold_of[gold[i].thing] for i, j in pairs.items()
    )
    return precision, recall


def measure(data: Path, model: str | None, *, misses: bool = False) -> dict[str, float]:
    """Figures over all texts, in percent."""
    run = load(Options(model=model))
    sums: dict[str, float] = {}
    for document in documents(data / GUM):
        article = Article(id="0" * 32, text=document.text)
        (block,) = run([ArticleRecord(article=article)])
        assert isinstance(block, EntitiesBlock)
        system = found(block, document)
        pairs = matched(document.gold, system)
        precision, recall = b_cubed(document.gold, system, pairs)
        typed = sum(document.gold[i].type == system[j].type for i, j in pairs.items())
        for name, value in (
            ("gold", len(document.gold)), ("system", len(system)), ("matched", len(pairs)),
            ("precision", precision), ("recall", recall), ("typed", typed),
        ):  # fmt: skip
            sums[name] = sums.get(name, 0.0) + value
        if misses:
            _tell(document, system, pairs)
    return {
        "mentions_precision": 100 * sums["matched"] / sums["system"],
        "mentions_recall": 100 * sums["matched"] / sums["gold"],
        "mentions_f1": 200 * sums["matched"] / (sums["system"] + sums["gold"]),
        "type": 100 * sums["typed"] / sums["matched"],
        "b3_precision": 100 * sums["precision"] / sums["system"],
        "b3_recall": 100 * sums["recall"] / sums["gold"],
        "b3_f1": _f1(sums["precision"] / sums["system"], sums["recall"] / sums["gold"]),
    }


def _f1(precision: float, recall: float) -> float:
    return 200 * precision * recall / (precision + recall)


def _tell(document: Document, system: Sequence[Span], pairs: dict[int, int]) -> None:
    """Write what was missed, typed wrongly or found without need."""
    lines = []
    for i, span in enumerate(document.gold):
        if i not in pairs:
            lines.append(("missed", span, ""))
        elif system[pairs[i]].type != span.type:
            lines.append(("type", span, system[pairs[i]].type))
    lines += [("extra", span, "") for j, span in enumerate(system) if j not in pairs.values()]
    for what, span, other in lines:
        words = document.text[span.start : span.end]
        sys.stdout.write(f"{document.id} {what} {words!r} {span.type} {other}\n")


def data_digest(data: Path) -> str:
    """Digest of the gold that the figures come from."""
    return f"sha256:{hashlib.sha256((data / GUM).read_bytes()).hexdigest()}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=None)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    data = os.environ.get(DATA_VARIABLE)
    if not data:
        raise SystemExit(f"{DATA_VARIABLE} names no folder: set it to the folder of the gold data")
    for name, value in measure(Path(data), options.model, misses=options.misses).items():
        sys.stdout.write(f"{name:20} {value:6.1f}\n")
    sys.stdout.write(f"{data_digest(Path(data))}\n")


if __name__ == "__main__":
    main()
