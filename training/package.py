"""A trained student to the shipped directory: components in order, lemmatizer, meta, digest."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import spacy
import typer
from spacy.language import Language

NAME = "news_small"
VERSION = "1.0.0"


def digest(folder: Path) -> str:
    """Hash a model directory: sha256 over relative names and bytes of its files in name order.

    The file `digest` itself and the texts beside the model (licence, card) are left out, so that a
    better sentence in the card is no other model.
    """
    outside = {"digest", "LICENSE", "MODEL_CARD.md"}
    whole = hashlib.sha256()
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    for name in names:
        if name not in outside:
            content = (folder / name).read_bytes()
            whole.update(f"{name}\0{len(content)}\0".encode())
            whole.update(content)
    return whole.hexdigest()


def assemble(trained: Path) -> Language:
    """Add lemmas to a trained student and say what it is."""
    nlp = spacy.load(trained)
    lemmas = nlp.add_pipe("lemmatizer", after="parser", config={"mode": "rule"})
    lemmas.initialize()  # type: ignore[attr-defined]
    nlp.meta.update(
        name=NAME,
        version=VERSION,
        license="CC BY-SA 4.0",
        description="English news: tags, ClearNLP dependencies, lemmas, named entities.",
        author="Newsflag",
    )
    return nlp


def package(trained: Path, target: Path) -> None:
    """Write the shipped pipeline to `target`, keeping its licence and card."""
    kept = {
        name: (target / name).read_bytes()
        for name in ("LICENSE", "MODEL_CARD.md")
        if (target / name).exists()
    }
    shutil.rmtree(target, ignore_errors=True)
    assemble(trained).to_disk(target)
    for name, content in kept.items():
        (target / name).write_bytes(content)
    (target / "digest").write_text(digest(target) + "\n", encoding="ascii")
    size = sum(p.stat().st_size for p in target.rglob("*") if p.is_file())
    typer.echo(f"  {target}: {size / 1e6:.1f} MB, {digest(target)[:12]}")
