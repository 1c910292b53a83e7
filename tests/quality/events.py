"""How well the events stage codes our gold sentences, and what it finds where there is nothing.

`[NEWSFLAG_DATA=…] python -m tests.quality.events [--part tuned|held|…] [--misses] [--model M]`
prints one figure a line and fails when one lies under its floor in `tests/quality.json`.

The chain under test is entities and events over plain text. Measures:
- type: precision, recall and F1 of event types, one to one within a sentence;
- coded: F1 of type with all actors and recipients (country and primary sector, or name);
- mode, status, place, date, speaker, size: share right among events whose type was found;
- traps: false events per 100 words of the gold's traps;
- false: events per 100 words of non-political pages (needs the data);
- cost: how much longer twice the text takes; share in the time of entities (needs the data);
- yardstick: types by looking up every verb in the PETRARCH 2 dictionary (needs the data).
"""

import argparse
import gc
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agents import entities, events
from agents.events import EventsRun
from agents.stage import Options, Run
from schemas import Article, ArticleRecord, EntitiesBlock
from schemas.article import Timestamp
from schemas.events import Event
from schemas.parse import unpack
from tests.agents.events.gold import (
    FOLDER,
    PUBLISHED,
    SETS,
    GoldEvent,
    GoldSentence,
    agree,
    read_gold,
)

DATA_VARIABLE: Final = "NEWSFLAG_DATA"
FLOORS: Final = Path(__file__).parents[1] / "quality.json"
PARTS: Final = ("tuned", "held", "cost", "false", "yardstick")
PAGES: Final = 25
Figures = dict[str, float]
Miss = Callable[[str], None]
SIZES: Final = ("dead", "injured", "arrested", "troops", "weapons")


@dataclass(frozen=True)
class Runs:
    """The two loaded stages under test."""

    entities: Run
    events: EventsRun


def record_of(text: str, number: int = 0, published: str = PUBLISHED) -> ArticleRecord:
    """A record as the clean stage would hand it on."""
    return ArticleRecord(
        article=Article(
            id=hashlib.sha256(text.encode()).hexdigest()[:32],
            text=text,
            published=Timestamp(value=published, precision="day", source="gold"),
            word_count=len(text.split()) + number,
        )
    )


def with_entities(run: Run, records: Sequence[ArticleRecord]) -> list[ArticleRecord]:
    """The records with the block of the entities stage."""
    found = []
    for record, block in zip(records, run(list(records)), strict=True):
        assert isinstance(block, EntitiesBlock)
        update = {name: getattr(block, name) for name in EntitiesBlock.model_fields}
        found.append(record.model_copy(update=update))
    return found


@dataclass
class Scores:
    """Counts by measure."""

    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    found: int = 0
    gold: int = 0
    trap_words: int = 0
    misses: list[str] = field(default_factory=list)

    def tell(self, measure: str, hit: bool) -> None:
        """Count one question."""
        self.asked[measure] += 1
        self.hits[measure] += hit

    def figures(self) -> dict[str, float]:
        """Measure to value, rounded to three digits."""
        figures = {
            "type_precision": self.hits["type"] / max(1, self.found),
            "type_recall": self.hits["type"] / max(1, self.gold),
            "type_f1": 2 * self.hits["type"] / max(1, self.found + self.gold),
            "coded_f1": 2 * self.hits["coded"] / max(1, self.found + self.gold),
        }
        for measure in ("mode", "status", "place", "date", "speaker", "size"):
            figures[measure] = self.hits[measure] / max(1, self.asked[measure])
        figures["traps"] = 100 * self.hits["trap"] / max(1, self.trap_words)
        return {name: round(value, 3) for name, value in figures.items()}


def pairs(found: Sequence[Event], gold: Sequence[GoldEvent]) -> Iterator[tuple[Event, GoldEvent]]:
    """Found and gold events of one type, the fully agreeing ones first, each used once."""
    left, open_gold = list(found), list(gold)
    tests: tuple[Callable[[Event, GoldEvent], bool], ...] = (
        agree,
        lambda event, wanted: event.type == wanted.type and event.mode == wanted.mode,
        lambda event, wanted: event.type == wanted.type,
    )
    for test in tests:
        for wanted in list(open_gold):
            event = next((e for e in left if test(e, wanted)), None)
            if event is not None:
                left.remove(event)
                open_gold.remove(wanted)
                yield event, wanted


def score(sentences: Sequence[GoldSentence], found: Sequence[Sequence[Event]]) -> Scores:
    """Compare what was found with the gold."""
    scores = Scores()
    for sentence, events_found in zip(sentences, found, strict=True):
        scores.found += len(events_found)
        scores.gold += len(sentence.events)
        if not sentence.events:
            scores.trap_words += len(sentence.text.split())
            scores.hits["trap"] += len(events_found)
        matched = list(pairs(events_found, sentence.events))
        for event, wanted in matched:
            _compare(scores, event, wanted)
        whole = len(matched) == len(sentence.events) == len(events_found)
        if not whole or not all(agree(*pair) for pair in matched):
            scores.misses.append(_told(sentence, events_found))
    return scores


def _compare(scores: Scores, event: Event, wanted: GoldEvent) -> None:
    scores.tell("type", True)
    scores.tell("coded", agree(event, wanted))
    scores.tell("mode", event.mode == wanted.mode)
    scores.tell("status", event.status == wanted.status)
    if "place" in wanted.more:
        scores.tell("place", event.place is not None and event.place.name == wanted.more["place"])
    if "date" in wanted.more:
        scores.tell("date", event.date is not None and event.date.value == wanted.more["date"])
    said = event.attribution[0].name if event.attribution else None
    scores.tell("speaker", said == wanted.more.get("by"))
    size = event.magnitude
    for name in SIZES:
        if name in wanted.more:
            scores.tell(
                "size", size is not None and getattr(size, name) == float(wanted.more[name])
            )
    if "amount" in wanted.more:
        amount = size.amount.amount if size and size.amount else None
        scores.tell("size", amount == float(wanted.more["amount"]))


def _told(sentence: GoldSentence, found: Sequence[Event]) -> str:
    lines = [sentence.text]
    lines += [f"   gold {e.type}/{e.mode} {e.status} {e.actors} > {e.recipients} {e.more}"
              for e in sentence.events]  # fmt: skip
    lines += [f"   made {line_of(e)}" for e in found]
    return "\n".join(lines)


def line_of(event: Event) -> str:
    """An event on one line."""

    def told(parties: Sequence[Any]) -> str:
        return ", ".join(f"{p.name} [{p.country or '-'} {' '.join(p.sectors)}]" for p in parties)

    place = f"{event.place.name} ({event.place.how})" if event.place else "-"
    date = f"{event.date.value} ({event.date.how})" if event.date else "-"
    said = " < ".join(a.name for a in event.attribution)
    return (
        f"{event.type}/{event.mode} {event.status} {told(event.actors)} > {told(event.recipients)}"
        f" | {place} | {date} | {said} | {event.rule}"
    )


def bodies_of(data: Path, *, political: bool) -> list[str]:
    """Bodies of English pages that report politics, or of those that do not."""
    listed = {
        line for line in (FOLDER / "non_political.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }  # fmt: skip
    bodies = []
    with (data / "clean" / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            body = page["gold"].get("body") or ""
            body = body if isinstance(body, str) else "\n".join(map(str, body))
            english = body.count(" the ") > len(body) / 400
            if body and english and (page["id"] in listed) != political:
                bodies.append(body)
    return bodies


def false_events(entities_run: Run, run: EventsRun, data: Path) -> tuple[float, list[str]]:
    """Events per 100 words of non-political pages, and what they are."""
    bodies = bodies_of(data, political=False)
    words = sum(len(body.split()) for body in bodies)
    lines = []
    for body in bodies:
        for record in with_entities(entities_run, [record_of(body)]):
            for event in run([record])[0].events:
                around = record.article.text[event.sentence.start : event.sentence.end]
                lines.append(f"{line_of(event)}\n     {around}")
    return 100 * len(lines) / max(1, words), lines


def gold_part(name: str, run: Runs, miss: Miss) -> Figures:
    """Figures of one gold set."""
    sentences = read_gold(name)
    records = with_entities(run.entities, [record_of(s.text) for s in sentences])
    scores = score(sentences, [block.events for block in run.events(records)])
    for line in scores.misses:
        miss(line)
    return {f"{name}.{measure}": value for measure, value in scores.figures().items()}


def false_part(run: Runs, miss: Miss, data: Path) -> Figures:
    """Events per 100 words of non-political pages."""
    rate, lines = false_events(run.entities, run.events, data)
    for line in lines:
        miss(line)
    return {"false.per_100_words": round(rate, 4)}


def cost_part(run: Runs, data: Path | None) -> Figures:
    """Time of the events stage against that of entities, and growth with the text's length."""
    texts = " ".join([s.text for s in read_gold()] * 6)
    once, twice = with_entities(run.entities, [record_of(texts), record_of(f"{texts} {texts}")])
    figures = {"cost.growth": round(_seconds(run.events, twice) / _seconds(run.events, once), 3)}
    if data is not None:
        pages = [record_of(body) for body in bodies_of(data, political=True)[:PAGES]]
        began = time.process_time()
        records = with_entities(run.entities, pages)
        middle = time.process_time()
        run.events(records)
        share = (time.process_time() - middle) / (middle - began)
        figures["cost.share"] = round(share, 3)
    return figures


def _seconds(run: EventsRun, record: ArticleRecord) -> float:
    """The best of three runs; without the collector, which walks the model's objects as well."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            began = time.process_time()
            run([record])
            times.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(times)


def yardstick_part(run: Runs, data: Path) -> Figures:
    """What a bare look-up of verbs in the older dictionary gives on the held set."""
    types = _dictionary(data / "ontology")
    sentences = read_gold("held")
    records = with_entities(run.entities, [record_of(s.text) for s in sentences])
    hits = gold = false = 0
    for sentence, record in zip(sentences, records, strict=True):
        assert record.parse is not None
        verbs = [t for t in unpack(record.parse, sentence.text).tokens if t.pos == "VERB"]
        found = {types[t.lemma.lower()] for t in verbs if t.lemma.lower() in types}
        wanted = {event.type for event in sentence.events}
        hits, gold = hits + len(found & wanted), gold + len(wanted)
        false += len(found - wanted)
    return {
        "yardstick.type_recall": round(hits / gold, 3),
        "yardstick.false_per_sentence": round(false / len(sentences), 3),
    }


def _dictionary(folder: Path) -> dict[str, str]:
    """Verb to PLOVER type by the default code of its block."""
    plover = {
        row[0]: row[1]
        for line in (folder / "cameo_to_plover.tsv").read_text("utf-8").splitlines()
        if len(row := line.split("\t")) > 1
    }
    types: dict[str, str] = {}
    kind: str | None = None
    lines = (folder / "petrarch2" / "CAMEO.2.0.txt").read_text("utf-8", "replace").splitlines()
    for line in lines:
        if block := re.match(r"---\s+\S+\s+\[:?(\w+|---)\]\s+---", line):
            kind = plover.get(block[1])
        elif kind and (word := re.match(r"[A-Z]+", line)):
            types.setdefault(word[0].lower(), kind)
    return types


def gold_digest() -> str:
    """Digest of our own gold, so that a floor tells what it was measured on."""
    digest = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.gold"), FOLDER / "non_political.txt"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def broken(figures: Figures) -> list[str]:
    """Figures on the wrong side of what is pinned."""
    pinned = json.loads(FLOORS.read_text("utf-8")).get("events", {}) if FLOORS.exists() else {}
    under = [
        f"{name} is {figures[name]}, floor {floor}"
        for name, floor in pinned.get("floors", {}).items()
        if name in figures and figures[name] < floor
    ]
    over = [
        f"{name} is {figures[name]}, ceiling {ceiling}"
        for name, ceiling in pinned.get("ceilings", {}).items()
        if name in figures and figures[name] > ceiling
    ]
    return under + over


def measure(parts: Sequence[str], model: str | None, miss: Miss) -> Figures:
    """The figures of the parts that can be measured here."""
    events_run = events.STAGE.load(Options())
    assert isinstance(events_run, EventsRun)
    run = Runs(entities.STAGE.load(Options(model=model)), events_run)
    folder = os.environ.get(DATA_VARIABLE)
    figures: Figures = {}
    for part in parts:
        if part in SETS:
            figures |= gold_part(part, run, miss)
        elif part == "cost":
            figures |= cost_part(run, Path(folder) if folder else None)
        elif not folder:
            sys.stdout.write(f"{part}: skipped, {DATA_VARIABLE} names no folder\n")
        elif part == "false":
            figures |= false_part(run, miss, Path(folder))
        else:
            figures |= yardstick_part(run, Path(folder))
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when one is on the wrong side of what is pinned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--misses", action="store_true", help="for the sets that may be looked at")
    parser.add_argument("--model")
    options = parser.parse_args(arguments)
    missed: list[str] = []
    figures = measure(options.part or PARTS, options.model, missed.append)
    if options.misses:
        sys.stdout.write("".join(f"{line}\n" for line in missed))
    sys.stdout.write(f"gold {gold_digest()}\n")
    for name, value in figures.items():
        sys.stdout.write(f"{name:32} {value:.4f}\n")
    failures = broken(figures)
    sys.stdout.write("".join(f"BROKEN {line}\n" for line in failures))
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
