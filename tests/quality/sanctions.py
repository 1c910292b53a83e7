"""How well the sanctions stage screens and flags, against the floors of `tests/quality.json`.

`NEWSFLAG_DATA=… python -m tests.quality.sanctions [--part PART] [--model MODEL] [--misses]`
prints one figure a line and fails when one lies under its floor. Parts:

- names: recall on mangled names of listed people, alerts on invented people, F1 of labelled name
  pairs, mentions a second of processor time, seconds and megabytes to build the index;
- mentions: our own gold of mention decisions, and the sample beside the lists;
- flags: our own gold sentences: type, and type with status, as F1 over flags of each sentence;
- clean: listed-party flags on ordinary news pages against the real lists, per 1,000 pages.

Real lists and name sets are read from the folder in `NEWSFLAG_DATA`; parts that need them are
skipped, saying so, where there is none.
"""

import argparse
import csv
import hashlib
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.entities import STAGE as ENTITIES
from agents.sanctions.entry import Kind, SanctionsList
from agents.sanctions.loading import load_list
from agents.sanctions.names.normalise import tokens
from agents.sanctions.names.pair import compare
from agents.sanctions.query import Query
from agents.sanctions.run import SanctionsRun
from agents.sanctions.screen import Screener, screen_records
from agents.stage import Options
from schemas import ArticleRecord, EntitiesBlock
from schemas.flags import Flag
from tests.agents.sanctions.parsed import bare

GOLD: Final = Path(__file__).parents[1] / "agents" / "sanctions" / "gold"
FLOORS: Final = Path(__file__).parents[1] / "quality.json"
LISTS: Final = ("ofac/2024-05-03", "un/consolidated_2026-02-27.xml")
PAIRS_AT: Final = 0.75
KINDS: Final[dict[str, Kind | None]] = {
    "Person": "person",
    "Company": "organization",
    "Organization": "organization",
    "LegalEntity": None,
    "Vessel": "vessel",
}
LABELS: Final = {"PER": "person", "ORG": "organization", "GPE": "place", "MISC": "any"}
Miss = Callable[[str], None]
Figures = dict[str, float]


def data_folder() -> Path | None:
    """The folder of the real lists and name sets, if the environment names one."""
    named = os.environ.get("NEWSFLAG_DATA")
    folder = Path(named) if named else None
    return folder if folder and (folder / "sanctions" / "names").is_dir() else None


@cache
def real_lists(folder: Path) -> tuple[SanctionsList, ...]:
    """The newest real lists at hand."""
    return tuple(load_list(folder / "sanctions" / name) for name in LISTS)


def names_part(folder: Path, miss: Miss) -> Figures:
    """Recall, alerts, pairs, speed and size."""
    lists = real_lists(folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    screener = Screener(lists)
    figures: Figures = {"names": float(len(screener.index))}
    figures["build_seconds"] = time.process_time() - started
    figures["build_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    names = folder / "sanctions" / "names"
    figures["recall"] = _recall(screener, _rows(names / "un_positives_sample.csv"), miss)
    for kind in ("global", "us"):
        people = [row["full_name"] for row in _rows(names / f"negatives_{kind}_sample.csv")]
        alerts, rate = _alerts(screener, people, miss)
        figures[f"alerts_{kind}"] = alerts
        figures[f"mentions_per_second_{kind}"] = rate
    figures["pairs_f1"] = _pairs(_rows(names / "name_pairs_sample.csv"), miss)
    return figures


def _recall(screener: Screener, rows: Sequence[dict[str, str]], miss: Miss) -> float:
    found = 0
    for row in rows:
        wanted = sorted(tokens(row["listed_name"]))
        hits = (
            each.entry
            for each in screener.screen(Query(row["query_name"], "person"))
            if each.decision != "none"
        )
        hit = any(sorted(tokens(name.text)) == wanted for entry in hits for name in entry.names)
        found += hit
        if not hit:
            miss(f"recall: {row['query_name']} for {row['listed_name']}")
    return found / len(rows)


def _alerts(screener: Screener, people: Sequence[str], miss: Miss) -> tuple[float, float]:
    alerts = 0
    started = time.process_time()
    for name in people:
        alive = [each for each in screener.screen(Query(name, "person")) if each.decision != "none"]
        if alive:
            alerts += 1
            miss(f"alert: {name} is taken for {alive[0].name.text} at {alive[0].score:.2f}")
    return alerts / len(people), len(people) / (time.process_time() - started)


def _pairs(rows: Sequence[dict[str, str]], miss: Miss) -> float:
    counts: Counter[str] = Counter()
    for row in rows:
        score = compare(row["name1"], row["name2"], KINDS.get(row["schema"])).score
        said, gold = score >= PAIRS_AT, row["is_match"].lower() == "true"
        counts["hit"] += said and gold
        counts["said"] += said
        counts["gold"] += gold
        if said != gold:
            miss(f"pair: {row['name1']} | {row['name2']} scores {score:.2f}, gold {gold}")
    return 2 * counts["hit"] / (counts["said"] + counts["gold"])


def mentions_part(folder: Path, miss: Miss) -> Figures:
    """Share of right mention decisions, in our gold and in the sample."""
    screener = Screener(real_lists(folder))
    sample = folder / "sanctions" / "gold" / "mentions_sample.csv"
    figures = {}
    sets = {
        "mentions": GOLD / "mentions.csv",
        "mentions_2": GOLD / "mentions_2.csv",
        "mentions_sample": sample,
    }
    for name, path in sets.items():
        rows = _rows(path)
        right = sum(_decided(screener, row, miss) for row in rows)
        figures[name] = right / len(rows)
    return figures


def _decided(screener: Screener, row: dict[str, str], miss: Miss) -> bool:
    kind = LABELS[row["ner_type"]]
    wanted = {each for each in row["entry_ids"].split(";") if each}
    found: set[str] = set()
    if kind != "place":
        record = {"name": row["mention"], "kind": kind, "context": row["context"]}
        result = next(iter(screen_records(screener, [record])))
        found = {match["entry"] for match in result["matches"]}
    right = bool(found & wanted) if wanted else not found
    if not right:
        miss(
            f"mention: {row['mention']} ({row['context']}): "
            f"{sorted(found)}, gold {row['entry_ids']}"
        )
    return right


def flags_part(model: str | None, miss: Miss, folder: Path | None) -> Figures:
    """F1 of types, and of types with status and subtype, over our gold sentences."""
    figures: Figures = {}
    sets = [
        ("flags", GOLD / "flag_sentences.jsonl"),
        ("flags_2", GOLD / "flag_sentences_2.jsonl"),
        ("flags_3", GOLD / "flag_sentences_3.jsonl"),
    ]
    if folder is not None:
        sample = folder / "sanctions" / "gold" / "flag_sentences_sample.jsonl"
        sets.append(("flags_sample", sample))
    for name, path in sets:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        figures.update(_flag_scores(name, rows, model, miss))
    return figures


def _flag_scores(
    name: str, rows: Sequence[dict[str, Any]], model: str | None, miss: Miss
) -> Figures:
    run = SanctionsRun(Options())
    counts: dict[str, Counter[str]] = {"type": Counter(), "status": Counter(), "full": Counter()}
    right = 0
    for row, record in zip(rows, entities_of([row["text"] for row in rows], model), strict=True):
        found = [_facets(flag) for flag in run([record])[0].flags]
        gold = [_gold_facets(flag) for flag in row["flags"]]
        for facet, depth in (("type", 1), ("status", 2), ("full", 3)):
            mine = Counter(each[:depth] for each in found)
            theirs = Counter(each[:depth] for each in gold)
            counts[facet]["hit"] += sum((mine & theirs).values())
            counts[facet]["said"] += sum(mine.values())
            counts[facet]["gold"] += sum(theirs.values())
        right += Counter(each[:2] for each in found) == Counter(each[:2] for each in gold)
        if Counter(found) != Counter(gold):
            miss(f"flags: {row['text']}\n    found {sorted(found)}\n    gold  {sorted(gold)}")
    figures = {f"{name}_{facet}_f1": _f1(count) for facet, count in counts.items()}
    figures[f"{name}_sentences"] = right / len(rows)
    return figures


def _facets(flag: Flag) -> tuple[str, str, str]:
    return flag.type, flag.status, flag.subtype or ""


def _gold_facets(flag: dict[str, Any]) -> tuple[str, str, str]:
    kind = "listed_party" if flag["type"] == "listed_mention" else flag["type"]
    return kind, flag["status"], flag["sub"]


def _f1(count: Counter[str]) -> float:
    return 2 * count["hit"] / max(count["said"] + count["gold"], 1)


def clean_part(folder: Path, model: str | None, miss: Miss) -> Figures:
    """Flags on ordinary pages against the real lists, per 1,000 pages."""
    paths = tuple(folder / "sanctions" / name for name in LISTS)
    run = SanctionsRun(Options(lists=paths))
    counts: Counter[str] = Counter()
    texts = list(_bodies(folder / "clean" / "gold.jsonl"))
    for record in entities_of(texts, model):
        block = run([record])[0]
        counts["pages"] += 1
        for flag in block.flags:
            counts[flag.type] += 1
            words = " … ".join(each.text for each in flag.evidence[:3])
            miss(f"clean: {flag.type} {flag.subtype} {flag.status} {flag.review}: {words}")
    kinds = ("listed_party", "measure", "evasion", "territory", "ownership", "counter_sanctions")
    return {
        "pages": float(counts["pages"]),
        **{f"clean_{kind}_per_1000": 1000 * counts[kind] / counts["pages"] for kind in kinds},
    }


def _bodies(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        body = json.loads(line)["gold"].get("body")
        if body and sum(body.count(word) for word in (" the ", " of ", " and ")) * 60 > len(body):
            yield body


def entities_of(texts: Sequence[str], model: str | None) -> Iterator[ArticleRecord]:
    """The texts as records of the entities stage."""
    run = _entities(model)
    for text in texts:
        record = bare(text)
        block = run([record])[0]
        assert isinstance(block, EntitiesBlock)
        added = {field: getattr(block, field) for field in type(block).model_fields}
        yield record.model_copy(update=added)


@cache
def _entities(model: str | None) -> Any:
    return ENTITIES.load(Options(model=model))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def gold_digest() -> str:
    """Digest of our own gold, so that a floor tells what it was measured on."""
    digest = hashlib.sha256()
    for path in sorted(GOLD.glob("*.[cj]s*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def pinned() -> dict[str, Figures]:
    """The pinned `floors` and `ceilings`."""
    if not FLOORS.exists():
        return {"floors": {}, "ceilings": {}}
    whole = json.loads(FLOORS.read_text(encoding="utf-8")).get("sanctions", {})
    return {kind: dict(whole.get(kind, {})) for kind in ("floors", "ceilings")}


def broken(figures: Figures) -> list[str]:
    """Figures on the wrong side of what is pinned."""
    bounds = pinned()
    under = [
        f"{name} is {figures[name]:.4f}, under {floor:.4f}"
        for name, floor in bounds["floors"].items()
        if name in figures and figures[name] < floor
    ]
    over = [
        f"{name} is {figures[name]:.4f}, over {ceiling:.4f}"
        for name, ceiling in bounds["ceilings"].items()
        if name in figures and figures[name] > ceiling
    ]
    return under + over


def measure(parts: Iterable[str], model: str | None, miss: Miss) -> Figures:
    """The figures of the parts that can be measured here."""
    folder = data_folder()
    figures: Figures = {}
    for part in parts:
        if part == "flags":
            figures.update(flags_part(model, miss, folder))
        elif folder is None:
            sys.stdout.write(f"{part}: skipped, NEWSFLAG_DATA names no folder\n")
        elif part == "names":
            figures.update(names_part(folder, miss))
        elif part == "mentions":
            figures.update(mentions_part(folder, miss))
        else:
            figures.update(clean_part(folder, model, miss))
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    every = ("names", "mentions", "flags", "clean")
    parser.add_argument("--part", choices=every, action="append")
    parser.add_argument("--model")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args(arguments)
    missed: list[str] = []
    figures = measure(options.part or every, options.model, missed.append)
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
