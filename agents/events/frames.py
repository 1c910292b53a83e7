"""The lexicon read from its data files: frames by trigger, word classes, agents, names, gates.

`lexicon/README.md` documents every file and key.
"""

import hashlib
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from schemas.events import EventType

from .codebook import CodebookError, TypeEntry, read_codebook

LEXICON = Path(__file__).parent / "lexicon"
FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Frame:
    """How one group of triggers codes: type, mode, slots of the roles, conditions.

    Word lists hold lemmas; those that the file writes as `@class` are spelt out.
    """

    id: str
    type: EventType
    mode: str | None
    contexts: tuple[str, ...]
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    noun_actor: tuple[str, ...]
    noun_recipient: tuple[str, ...]
    object: frozenset[str]
    subject: frozenset[str]
    not_object: frozenset[str]
    not_subject: frozenset[str]
    needs: tuple[tuple[str, frozenset[str]], ...]
    modes_by_word: tuple[tuple[str, frozenset[str]], ...]
    gate: str
    mutual: bool
    place: tuple[str, ...]
    operator: str | None
    planned: bool

    @property
    def conditions(self) -> int:
        """How specific the frame is: frames with more conditions are tried first."""
        return bool(self.object) + bool(self.subject) + 2 * len(self.needs)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way to trigger a frame: `words` stand before a noun's head, or beside a verb."""

    frame: Frame
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operator ("agree to …", "refuse to …") makes of an event below it."""

    becomes: EventType | None
    mode: str | None


@dataclass(frozen=True)
class Lexicon:
    """Everything the coder knows, and the digest of the files it was read from."""

    verbs: dict[str, list[Trigger]]
    nouns: dict[str, list[Trigger]]
    classes: dict[str, frozenset[str]]
    agents: dict[str, tuple[str, ...]]
    names: dict[str, tuple[str | None, tuple[str, ...]]]
    capitals: dict[str, str]
    lemmas: dict[str, str]
    operators: dict[str, dict[str, Rule]]
    grammar: dict[str, frozenset[str]]
    gates: dict[str, Any]
    contexts: list[tuple[str, frozenset[str]]]
    codebook: dict[EventType, TypeEntry]
    digest: str
    longest_agent: int = field(default=1)


def read_lexicon(folder: Path = LEXICON) -> Lexicon:
    """Read and check a lexicon folder.

    Raises:
        CodebookError: A file names a type, mode, class or key that does not exist.
    """
    codebook = read_codebook(folder / "codebook.toml")
    classes = _read_classes(folder / "classes.toml")
    verbs: dict[str, list[Trigger]] = defaultdict(list)
    nouns: dict[str, list[Trigger]] = defaultdict(list)
    for path in sorted((folder / FRAMES).glob("*.toml")):
        for frame, table in _read_frames(path, classes, codebook):
            for text in table.get("verbs", []):
                lemma, *words = text.split()
                verbs[lemma].append(Trigger(frame, tuple(words)))
            for text in table.get("nouns", []):
                *words, lemma = text.split()
                nouns[lemma].append(Trigger(frame, tuple(words)))
    for index in (verbs, nouns):
        for triggers in index.values():
            triggers.sort(key=lambda t: (-len(t.words) - t.frame.conditions, -len(t.words)))
    agents = {row[0]: tuple(row[1].split()) for row in _rows(folder / "agents.tsv", 2)}
    names = {
        row[0].lower(): (row[1] if row[1] != "-" else None, tuple(row[2].split()))
        for row in _rows(folder / "names.tsv", 3)
    }
    grammar = tomllib.loads((folder / "grammar.toml").read_text("utf-8"))
    return Lexicon(
        verbs=dict(verbs),
        nouns=dict(nouns),
        classes=classes,
        agents=agents,
        names=names,
        capitals={row[0]: row[1] for row in _rows(folder / "capitals.tsv", 2)},
        lemmas={row[0]: row[1] for row in _rows(folder / "lemmas.tsv", 2)},
        operators=_read_operators(folder / "operators.toml"),
        grammar={key: frozenset(words) for key, words in grammar.items()},
        gates=tomllib.loads((folder / "gates.toml").read_text("utf-8")),
        contexts=[
            (name, frozenset(words))
            for name, words in tomllib.loads((folder / "contexts.toml").read_text("utf-8")).items()
        ],
        codebook=codebook,
        digest=_digest(folder),
        longest_agent=max(len(phrase.split()) for phrase in agents),
    )


def _digest(folder: Path) -> str:
    joined = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".toml", ".tsv"):
            joined.update(path.relative_to(folder).as_posix().encode())
            joined.update(path.read_bytes())
    return joined.hexdigest()


def _rows(path: Path, columns: int) -> list[list[str]]:
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) < columns:
            raise CodebookError(f"{path}:{number}: {columns} columns are needed, {len(row)} found")
        rows.append(row)
    return rows


def _read_classes(path: Path) -> dict[str, frozenset[str]]:
    raw: dict[str, list[str]] = tomllib.loads(path.read_text("utf-8"))
    classes: dict[str, frozenset[str]] = {}
    for name, words in raw.items():
        # A class may name classes that stand above it in the file.
        classes[name] = _spell_out(words, classes, f"{path}: {name}")
    return classes


def _spell_out(words: list[str], classes: dict[str, frozenset[str]], where: str) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        if not word.startswith("@"):
            found.add(word)
        elif word[1:] in classes:
            found |= classes[word[1:]]
        else:
            raise CodebookError(f"{where}: unknown class {word}")
    return frozenset(found)


DEFAULTS: dict[str, Any] = {
    "actor": ["subject"],
    "recipient": ["object"],
    "noun_actor": ["by", "subject", "poss", "modifier"],
    "noun_recipient": ["against", "on", "dative"],
}
KEYS = frozenset(
    {"id", "verbs", "nouns", "mode", "contexts", "actor", "recipient", "noun_actor",
     "noun_recipient", "object", "subject", "not_object", "not_subject", "needs", "modes",
     "gate", "mutual", "place", "operator", "planned", "note"}
)  # fmt: skip


def _read_frames(
    path: Path, classes: dict[str, frozenset[str]], codebook: dict[EventType, TypeEntry]
) -> list[tuple[Frame, dict[str, Any]]]:
    document = tomllib.loads(path.read_text("utf-8"))
    kind = document["type"]
    if kind not in get_args(EventType):
        raise CodebookError(f"{path}: unknown type {kind}")
    found = []
    for table in document["frame"]:
        where = f"{path.name}: frame {table.get('id')!r}"
        if unknown := set(table) - KEYS:
            raise CodebookError(f"{where} has unknown keys {sorted(unknown)}")
        modes = [table["mode"]] if "mode" in table else []
        modes += list(table.get("modes", {}))
        for mode in modes:
            if mode not in codebook[kind].modes:
                raise CodebookError(f"{where} has mode {mode!r}, unknown to {kind}")
        merged = {**DEFAULTS, **table}

        def words(key: str, merged: dict[str, Any] = merged, where: str = where) -> frozenset[str]:
            return _spell_out(merged.get(key, []), classes, where)

        frame = Frame(
            id=f"{path.stem}.{table['id']}",
            type=kind,
            mode=table.get("mode"),
            contexts=tuple(table.get("contexts", [])),
            actor=tuple(merged["actor"]),
            recipient=tuple(merged["recipient"]),
            noun_actor=tuple(merged["noun_actor"]),
            noun_recipient=tuple(merged["noun_recipient"]),
            object=words("object"),
            subject=words("subject"),
            not_object=words("not_object"),
            not_subject=words("not_subject"),
            needs=tuple(
                (slot, _spell_out(needed, classes, where))
                for slot, needed in table.get("needs", {}).items()
            ),
            modes_by_word=tuple(
                (mode, _spell_out(needed, classes, where))
                for mode, needed in table.get("modes", {}).items()
            ),
            gate=table.get("gate", "political"),
            mutual=table.get("mutual", False),
            place=tuple(table.get("place", [])),
            operator=table.get("operator"),
            planned=table.get("planned", False),
        )
        found.append((frame, table))
    return found


def _read_operators(path: Path) -> dict[str, dict[str, Rule]]:
    """Tables of `TYPE`, `TYPE/mode` or `*` (the inner event) to `TYPE` or `TYPE/mode`."""
    operators: dict[str, dict[str, Rule]] = {}
    for name, rules in tomllib.loads(path.read_text("utf-8")).items():
        table: dict[str, Rule] = {}
        for inner, outcome in rules.items():
            kind, _, mode = outcome.partition("/")
            if kind not in ("", *get_args(EventType)):
                raise CodebookError(f"{path}: {name}: unknown type {kind!r}")
            table[inner] = Rule(kind or None, mode or None)
        operators[name] = table
    return operators
