"""How well the clean stage does on real pages with gold, beside other extractors.

`NEWSFLAG_DATA=… python -m tests.quality.clean [--half tuned|other|all] [--misses FIELD]` prints one
table. Pages are split by site: rules are tuned on one half, the other half is only looked at.

Measures, after the benchmarks that the pages come from:
- body: F1 of shingles of four tokens, precision and recall averaged over pages first;
- title: exact but for white space and typographic quotes;
- authors: all people of the gold are found, and nobody else; outlets, desks and agencies in the
  gold are no people and not asked for;
- date: the published day, in the zone of the gold;
- dropped and kept: segments that the text must not hold, and those that it must.
"""

import argparse
import gzip
import hashlib
import importlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from agents.clean import load
from agents.clean.authors import read as read_authors
from agents.clean.language import Detector
from agents.stage import Options
from schemas import ArticleBlock, RawArticle

DATA_VARIABLE: Final = "NEWSFLAG_DATA"
Half = Literal["tuned", "other", "all"]
_TOKEN: Final = re.compile(r"\w+", re.UNICODE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
MEASURES: Final = ("title", "authors", "date", "dropped", "kept")
_QUOTES: Final = str.maketrans("’‘“”„«»", '\'\'"""""')


@dataclass(frozen=True)
class Page:
    """One page with its gold."""

    id: str
    kind: str
    url: str
    html: str
    english: bool
    gold: dict[str, Any]


@dataclass(frozen=True)
class Prediction:
    """What an extractor says of a page."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None


@dataclass
class Scores:
    """Sums over pages, by measure."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    misses: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0
    pages: int = 0

    def tell(self, measure: str, hit: bool, miss: str) -> None:
        """Count one question and keep what was missed."""
        self.asked[measure] += 1
        self.hits[measure] += hit
        if not hit:
            self.misses.setdefault(measure, []).append(miss)

    def rate(self, measure: str) -> float | None:
        """Share of hits; None if never asked."""
        return self.hits[measure] / self.asked[measure] if self.asked[measure] else None

    def f1(self) -> float | None:
        """F1 of mean precision and mean recall."""
        if not self.precision:
            return None
        p = sum(self.precision) / len(self.precision)
        r = sum(self.recall) / len(self.recall)
        return 2 * p * r / (p + r) if p + r else 0.0


Extractor = Callable[[Page], Prediction]


def data_folder() -> Path | None:
    """The folder of pages, if the environment names one."""
    named = os.environ.get(DATA_VARIABLE)
    folder = Path(named) / "clean" if named else None
    return folder if folder and (folder / "gold.jsonl").exists() else None


def pages(folder: Path, half: Half = "all") -> Iterator[Page]:
    """The pages of a half, in the order of the gold file."""
    detector = Detector()
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if half not in ("all", half_of(record)):
            continue
        raw = gzip.decompress((folder / record["file"]).read_bytes())
        yield Page(
            id=record["id"],
            kind=record["set"],
            url=record["url"] or "",
            html=decoded(raw),
            english=_is_english(record, detector),
            gold=record["gold"],
        )


def half_of(record: dict[str, Any]) -> Half:
    """`tuned` or `other`, by the site's name."""
    host = urlsplit(record["url"] or "").hostname or record["id"]
    site = record.get("publisher") or ".".join(host.removeprefix("www.").split(".")[-2:])
    return "tuned" if hashlib.sha256(site.encode()).digest()[0] % 2 == 0 else "other"


def decoded(raw: bytes) -> str:
    """As a fetcher does: UTF-8 where it is, else the declared charset, else Windows-1252."""
    declared = _CHARSET.search(raw[:4096])
    for name in ("utf-8", declared[1].decode("ascii") if declared else "cp1252"):
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")


def _is_english(record: dict[str, Any], detector: Detector) -> bool:
    """By the gold text itself: the sets' own labels are often wrong."""
    gold = record["gold"]
    told = detector(gold.get("body") or "\n".join(gold.get("with", [])), ())
    return told is not None and told.code == "en"


def clean_extractor() -> Extractor:
    """Our own stage, all languages let through."""
    run = load(Options(languages=("any",)))

    def extract(page: Page) -> Prediction:
        [made] = run([RawArticle(html=page.html, url=page.url or None)])
        if not isinstance(made, ArticleBlock):
            return Prediction()
        article = made.article
        date = article.published.value if article.published else None
        return Prediction(article.text, article.title, tuple(article.authors), date)

    return extract


def trafilatura_extractor() -> Extractor:
    """The library trafilatura with metadata, as it comes."""
    from trafilatura import bare_extraction  # noqa: PLC0415  # only where it is asked for

    def extract(page: Page) -> Prediction:
        found = bare_extraction(page.html, url=page.url or None, with_metadata=True)
        if found is None or isinstance(found, dict):
            return Prediction()
        authors = tuple((found.author or "").split("; ")) if found.author else ()
        return Prediction(found.text or "", found.title, authors, found.date)

    return extract


def readability_extractor() -> Extractor | None:
    """readability-lxml, where it is installed."""
    try:
        readability = importlib.import_module("readability")
    except ImportError:
        return None
    from lxml.html import fromstring  # noqa: PLC0415

    def extract(page: Page) -> Prediction:
        document = readability.Document(page.html)
        text = "\n".join(str(part) for part in fromstring(document.summary()).itertext())
        return Prediction(text, document.short_title())

    return extract


def measure(extract: Extractor, chosen: Sequence[Page], warm: int = 20) -> dict[str, Scores]:
    """Scores by language (`en`, `other`), and by language and kind of page (`en.aeb`).

    CPU seconds are those of the extractor alone; it is run over the first pages once before, so
    that what it loads on first use is not counted.
    """
    for page in chosen[:warm]:
        extract(page)
    groups: dict[str, Scores] = {}
    for page in chosen:
        start = time.process_time()
        prediction = extract(page)
        seconds = time.process_time() - start
        language = "en" if page.english else "other"
        for name in (language, f"{language}.{page.kind}"):
            scores = groups.setdefault(name, Scores())
            scores.seconds += seconds
            scores.pages += 1
            _score(page, prediction, scores)
    return groups


def _score(page: Page, made: Prediction, scores: Scores) -> None:
    gold = page.gold
    if gold.get("body"):
        whole = "\n".join([*gold.get("summary", []), gold["body"]])
        precision, recall = overlap(made.text, gold["body"], whole)
        scores.precision.append(precision)
        scores.recall.append(recall)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores.tell("body>=.9", f1 >= 0.9, f"{page.id}: p {precision:.2f} r {recall:.2f}")
    if gold.get("title"):
        scores.tell(
            "title",
            _line(made.title or "") == _line(gold["title"]),
            f"{page.id}\n   gold {gold['title']!r}\n   made {made.title!r}",
        )
    if wanted := people(gold.get("authors"), page.url):
        found = {_name(author) for author in made.authors}
        scores.tell(
            "authors",
            found == {_name(author) for author in wanted},
            f"{page.id}\n   gold {gold['authors']!r}\n   made {list(made.authors)!r}",
        )
    if gold.get("date"):
        hit = same_day(made.date, gold["date"])
        scores.tell("date", hit, f"{page.id} gold {gold['date']} made {made.date}")
    text = _line(made.text)
    for segment in gold.get("without", []):
        scores.tell("dropped", _line(segment) not in text, f"{page.id}: {segment!r}")
    for segment in gold.get("with", []):
        scores.tell("kept", _line(segment) in text, f"{page.id}: {segment!r}")


def overlap(made: str, gold: str, gold_or_more: str | None = None) -> tuple[float, float]:
    """Precision and recall of shingles of four tokens.

    Args:
        made: The text extracted.
        gold: The text to be found.
        gold_or_more: Text that may be found as well, such as the story's own summary.
    """
    found, wanted = _shingles(made), _shingles(gold)
    allowed = _shingles(gold_or_more) if gold_or_more else wanted
    right = sum((found & wanted).values())
    permitted = sum((found & (allowed | wanted)).values())
    precision = permitted / sum(found.values()) if found else 0.0
    return precision, right / sum(wanted.values()) if wanted else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.replace("\xad", ""))
    if len(tokens) < 4:
        return Counter([tuple(tokens)]) if tokens else Counter()
    return Counter(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))


def people(gold: Sequence[str] | None, url: str) -> list[str]:
    """The gold's people: without agencies, outlets and desks."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    outlets = [host, host.split(".")[0]]
    return [name for name in gold or [] if read_authors([name], outlets).names]


def same_day(made: str | None, gold: str) -> bool:
    """Whether two dates are on one day, seen from the gold's zone where both have one."""
    if not made:
        return False
    if made[:10] == gold[:10]:
        return True
    try:
        one, other = datetime.fromisoformat(made), datetime.fromisoformat(gold)
    except ValueError:
        return False
    if one.tzinfo is None or other.tzinfo is None:
        return False
    return one.astimezone(other.tzinfo).date() == other.date()


def _line(text: str) -> str:
    return " ".join(text.translate(_QUOTES).replace("\xad", "").split())


def _name(author: str) -> str:
    return " ".join(_line(author).casefold().split())


def figures(groups: dict[str, Scores]) -> dict[str, float]:
    """Flat figures: `en.title`, `en.aeb.body`, …"""
    flat: dict[str, float] = {}
    for group, scores in groups.items():
        values = {"body": scores.f1()} | {name: scores.rate(name) for name in MEASURES}
        flat |= {
            f"{group}.{name}": round(value, 4)
            for name, value in values.items()
            if value is not None
        }
    return flat


def milliseconds(groups: dict[str, Scores]) -> float:
    """CPU milliseconds a page."""
    whole = [groups[name] for name in ("en", "other") if name in groups]
    return 1000 * sum(one.seconds for one in whole) / max(1, sum(one.pages for one in whole))


COLUMNS: Final = (
    "en.aeb.body", "en.fundus.body", *(f"en.{name}" for name in MEASURES),
    "other.fundus.body", *(f"other.{name}" for name in MEASURES),
)  # fmt: skip


def table(results: dict[str, dict[str, Scores]]) -> str:
    """One table: a figure a row, an extractor a column."""
    flat = {name: figures(groups) for name, groups in results.items()}
    lines = ["figure".ljust(20) + "".join(name.rjust(14) for name in results)]
    for column in COLUMNS:
        cells = (flat[name].get(column) for name in results)
        shown = ("-" if cell is None else f"{cell:.3f}" for cell in cells)
        lines.append(column.ljust(20) + "".join(cell.rjust(14) for cell in shown))
    cost = "".join(f"{milliseconds(groups):.1f}".rjust(14) for groups in results.values())
    lines.append("CPU ms a page".ljust(20) + cost)
    pages_read = sum(
        one.pages for name, one in next(iter(results.values())).items() if "." not in name
    )
    lines.append(f"{pages_read} pages")
    return "\n".join(lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("tuned", "other", "all"), default="all")
    parser.add_argument("--misses", metavar="MEASURE", help="list our misses of this measure")
    parser.add_argument("--alone", action="store_true", help="without the other extractors")
    options = parser.parse_args()
    folder = data_folder()
    if folder is None:
        raise SystemExit(f"{DATA_VARIABLE} names no folder with clean/gold.jsonl")
    chosen = list(pages(folder, options.half))
    extractors: dict[str, Extractor | None] = {"newsflag": clean_extractor()}
    if not options.alone:
        extractors["trafilatura"] = trafilatura_extractor()
        extractors["readability"] = readability_extractor()
    results = {name: measure(extract, chosen) for name, extract in extractors.items() if extract}
    out = [table(results)]
    for group in ("en", "other"):
        scores = results["newsflag"].get(group)
        if options.misses and scores:
            out += [f"{group} {miss}" for miss in scores.misses.get(options.misses, [])]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
