"""How well the events stage codes our gold sentences, and what it finds where there is nothing.

`[NEWSFLAG_DATA=…] python -m tests.quality.events [--set tuned|held] [--misses] [--model M]`

The chain under test is entities and events over plain text. Measures:
- type: precision, recall and F1 of event types, one to one within a sentence;
- coded: F1 of type with all actors and recipients (country and primary sector, or name);
- mode, status, place, date, speaker, size: share right among events whose type was found;
- traps: false events per 100 words of the gold's traps;
- false: events per 100 words of non-political pages (needs the data).
"""

import argparse
import hashlib
import json
import os
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
SIZES: Final = ("dead", "injured", "arrested", "troops", "weapons")


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


def non_political(data: Path) -> list[str]:
    """Bodies of the pages that report no politics."""
    wanted = {
        line for line in (FOLDER / "non_political.txt").read_text().splitlines()
        if line and not line.startswith("#")
    }  # fmt: skip
    bodies = []
    with (data / "clean" / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            if page["id"] in wanted and (body := page["gold"].get("body")):
                bodies.append(body if isinstance(body, str) else "\n".join(map(str, body)))
    return bodies


def false_events(entities_run: Run, run: EventsRun, data: Path) -> tuple[float, list[str]]:
    """Events per 100 words of non-political pages, and what they are."""
    bodies = non_political(data)
    words = sum(len(body.split()) for body in bodies)
    lines = []
    for body in bodies:
        for record in with_entities(entities_run, [record_of(body)]):
            for event in run([record])[0].events:
                around = record.article.text[event.sentence.start : event.sentence.end]
                lines.append(f"{line_of(event)}\n     {around}")
    return 100 * len(lines) / max(1, words), lines


def evaluate(
    sentences: Sequence[GoldSentence], model: str | None = None, data: Path | None = None
) -> tuple[dict[str, float], list[str]]:
    """All figures, and the misses as text."""
    entities_run = entities.STAGE.load(Options(model=model))
    run = events.STAGE.load(Options())
    assert isinstance(run, EventsRun)
    began = time.perf_counter()
    records = with_entities(entities_run, [record_of(s.text) for s in sentences])
    middle = time.perf_counter()
    found = [block.events for block in run(records)]
    ended = time.perf_counter()
    scores = score(sentences, found)
    figures = scores.figures()
    figures["time_share"] = round((ended - middle) / (middle - began), 3)
    misses = scores.misses
    if data is not None:
        rate, lines = false_events(entities_run, run, data)
        figures["false_per_100_words"] = round(rate, 3)
        misses = [*misses, "--- false events", *lines]
    return figures, misses


def main() -> None:
    """Print the figures; with `--misses` what went wrong (in the set that may be looked at)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="held")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    folder = os.environ.get(DATA_VARIABLE)
    sentences = read_gold(arguments.set)
    figures, misses = evaluate(sentences, arguments.model, Path(folder) if folder else None)
    if arguments.misses:
        sys.stdout.write("\n".join([*misses, ""]))
    sys.stdout.write(json.dumps({"sentences": len(sentences), **figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
