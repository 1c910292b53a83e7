"""The corpora to `.spacy` files of training and development documents, and the held-out ones."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
import typer
from numpy.random import default_rng
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from training import generate
from training.annotate import annotate
from training.corpora import columns, ewt, gum, news, re3d
from training.passage import Passage

# Passages of the grammar.
GENERATED = 6000
# Whole documents kept from training: GUM's official development and test documents of all genres,
# and two more news texts, for there are only sixteen.
_HELD_NAMES = """
    academic_exposure academic_librarians academic_discrimination academic_eegimaa bio_byron
    bio_emperor bio_dvorak bio_jespersen interview_cyclone interview_gaming interview_hill
    interview_libertarian news_homeopathic news_iodine news_crane news_taxes speech_impeachment
    speech_inauguration speech_austria speech_newzealand textbook_governments textbook_labor
    textbook_chemistry textbook_union voyage_athens voyage_coron voyage_oakland voyage_vavau
"""
GUM_HELD = frozenset(f"GUM_{name}" for name in _HELD_NAMES.split())


def held(passage: Passage) -> bool:
    """Tell whether a passage is kept for evaluation: by document, never by sentence."""
    if passage.key.startswith("GUM_"):
        return passage.key.partition("#")[0] in GUM_HELD
    if passage.key.startswith("re3d-"):
        return zlib.crc32(passage.key.encode()) % 5 == 0
    return False


def speeches(folder: Path, words: int, seed: int) -> Iterator[Passage]:
    """Yield paragraphs of the UN General Debate, drawn at random, two to a passage.

    Args:
        folder: The corpora folder.
        words: Roughly how many words to yield.
        seed: Of the draw.
    """
    with lzma.open(folder / "ungdc" / "ungdc_1990_2022.txt.xz", "rt", encoding="utf-8") as lines:
        paragraphs = [p.strip() for p in lines if 200 < len(p) < 1200]
    order = default_rng(seed).permutation(len(paragraphs))
    for number in range(0, len(paragraphs) - 1, 2):
        text = "\n".join(paragraphs[n] for n in order[number : number + 2])
        words -= text.count(" ")
        yield Passage(f"ungdc-{number}", text, marked=frozenset())
        if words < 0:
            return


def write(docs: Iterable[Doc], path: Path) -> int:
    """Store documents; returns the number of tokens."""
    store = DocBin()
    tokens = 0
    for doc in docs:
        store.add(doc)
        tokens += len(doc)
    path.parent.mkdir(parents=True, exist_ok=True)
    store.to_disk(path)
    typer.echo(f"  {path.name}: {len(store)} documents, {tokens} tokens")
    return tokens


def own_documents() -> list[Doc]:
    """Make the evaluation documents of our own news sentences."""
    return list(annotate(spacy.blank("en"), news.passages("news_held"), trees="gold"))


def held_documents(corpora: Path) -> dict[str, list[Doc]]:
    """Make the evaluation documents by the name of their set; nothing in them comes from a teacher.

    Args:
        corpora: The corpora folder.
    """
    from_gum = [p for p in gum.passages(corpora) if held(p)]
    passages = {
        "gum-news": [p for p in from_gum if "_news_" in p.key],
        "gum-other": [p for p in from_gum if "_news_" not in p.key],
        "re3d": [p for p in re3d.passages(corpora) if held(p)],
        "ewt": list(ewt.passages(corpora, "test")),
    }
    blank = spacy.blank("en")
    made = {name: list(annotate(blank, part, trees="gold")) for name, part in passages.items()}
    return made | {"own-news": own_documents()}


def training_parts(corpora: Path, speech_words: int, seed: int) -> dict[str, Iterator[Passage]]:
    """Give the passages of each part; parts called `dev-*` are for choosing the best step.

    Args:
        corpora: The corpora folder.
        speech_words: Words of raw speeches that the teacher labels.
        seed: Of the draw of speeches.
    """
    return {
        "news": news.passages("news"),
        "generated": generate.passages(GENERATED, seed),
        "gum": (p for p in gum.passages(corpora) if not held(p)),
        "dev-gum": (p for p in gum.passages(corpora) if held(p)),
        "re3d": (p for p in re3d.passages(corpora) if not held(p)),
        "dev-re3d": (p for p in re3d.passages(corpora) if held(p)),
        "ewt": ewt.passages(corpora, "train"),
        "dev-ewt": ewt.passages(corpora, "dev"),
        "crossner": columns.crossner(corpora),
        "wikigold": columns.wikigold(corpora),
        "ungdc": speeches(corpora, speech_words, seed),
    }


def prepare(teacher: Language, parts: dict[str, Iterator[Passage]], out: Path) -> None:
    """Let the teacher read every part and write it to `out/<part>.spacy`."""
    for name, passages in parts.items():
        write(annotate(teacher, passages), out / f"{name}.spacy")
