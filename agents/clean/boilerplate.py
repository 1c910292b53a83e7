"""Paragraphs of a page's text into those of the story, and what the others were.

The rules are data (`data/boilerplate.toml`). They look at whole paragraphs, and most only at the
ends of the text, so that a sentence of the story which speaks of a newsletter stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from .rules import BOILERPLATE, Rule

HEAD: Final = 5
TAIL: Final = 10
MAX_LINE: Final = 800
REPEATED_WORDS: Final = 6
NOTES: Final = 3

_NOTE_VERBS: Final = (
    r"(?:is (?:a|an|the|also|currently|based|editor|founder|senior|chief)|was (?:a|an|the)"
    r"|has (?:been|covered|written|worked)|covers|writes|reports|works|joined|lives"
    r"|ist|schreibt|est|es|trabaja)"
)
_SIGNS: Final = re.compile(r"[\W_]+")
_LETTERS: Final = re.compile(r"[^\W_]")
_QUOTED: Final = re.compile(r"^[\"“„«‘'].*[\"”“»’']\W{0,3}(?:\s+\w.{0,60})?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Story:
    """What is left of a text.

    Attributes:
        paragraphs: Of the story, in order.
        removed: Kind and code points of each paragraph taken off, in order.
        updates: Notes that the story was changed.
    """

    paragraphs: list[str]
    removed: list[tuple[str, int]] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)


def strip(
    paragraphs: Sequence[str], head_data: Iterable[str] = (), authors: Iterable[str] = ()
) -> Story:
    """Take off what is not the story.

    Args:
        paragraphs: Lines without surrounding white space.
        head_data: All forms of the title: as first paragraphs they are repetition.
        authors: Names; a last paragraph on who they are is no part of the story.
    """
    told = {_folded(value) for value in head_data if value}
    kinds: list[str | None] = [None] * len(paragraphs)
    _mark_tail(paragraphs, kinds, _notes_on(authors))
    _mark_head(paragraphs, kinds, told)
    _mark_anywhere(paragraphs, kinds)
    _mark_repeated(paragraphs, kinds)
    story = Story([])
    for paragraph, kind in zip(paragraphs, kinds, strict=True):
        if kind is None:
            story.paragraphs.append(paragraph)
            continue
        story.removed.append((kind, len(paragraph)))
        if kind == "update":
            story.updates.append(paragraph)
    return story


def kind_of(paragraph: str, where: str) -> str | None:
    """The kind of boilerplate that a paragraph is, if it stands at `head`, `tail` or `any`where."""
    if not _LETTERS.search(paragraph):
        return "separator"
    if len(paragraph) > MAX_LINE or _QUOTED.match(paragraph):
        return None
    words = paragraph.count(" ") + 1
    lowered = paragraph.lower()
    for rule in BOILERPLATE:
        if words > rule.words or not _applies(rule, where):
            continue
        if rule.needs and not any(need in lowered for need in rule.needs):
            continue
        if rule.pattern.fullmatch(paragraph):
            return rule.kind
    return None


def _applies(rule: Rule, where: str) -> bool:
    return rule.where in {"any", where} or (rule.where == "ends" and where in {"head", "tail"})


def _mark_anywhere(paragraphs: Sequence[str], kinds: list[str | None]) -> None:
    for place, paragraph in enumerate(paragraphs):
        kinds[place] = kinds[place] or kind_of(paragraph, "any")


def _mark_repeated(paragraphs: Sequence[str], kinds: list[str | None]) -> None:
    seen: set[str] = set()
    last = ""
    for place, paragraph in enumerate(paragraphs):
        if kinds[place]:
            continue
        folded = _folded(paragraph)
        long_enough = paragraph.count(" ") + 1 >= REPEATED_WORDS or len(folded) >= 30
        if folded and ((long_enough and folded in seen) or folded == last):
            kinds[place] = "repeated"
        seen.add(folded)
        last = folded


def _mark_head(paragraphs: Sequence[str], kinds: list[str | None], told: set[str]) -> None:
    looked_at = 0
    for place, paragraph in enumerate(paragraphs):
        if kinds[place]:
            continue
        if looked_at == HEAD:
            break
        kinds[place] = "title" if _folded(paragraph) in told else kind_of(paragraph, "head")
        looked_at += kinds[place] is None


def _mark_tail(
    paragraphs: Sequence[str], kinds: list[str | None], notes: re.Pattern[str] | None
) -> None:
    looked_at = 0
    for place in reversed(range(len(paragraphs))):
        if looked_at == TAIL:
            break
        kinds[place] = kind_of(paragraphs[place], "tail")
        if looked_at < NOTES and notes and notes.match(paragraphs[place]):
            kinds[place] = "author_note"
        looked_at += kinds[place] is None


def _notes_on(authors: Iterable[str]) -> re.Pattern[str] | None:
    """Matches the start of a paragraph on one of the authors: `Ann Lee is a reporter …`."""
    names = "|".join(re.escape(name) for name in authors if " " in name)
    return (
        re.compile(rf"\W{{0,3}}(?:{names})(?:, \w[^,.]{{0,60}},)? {_NOTE_VERBS}\b")
        if names
        else None
    )


def _folded(value: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", value).casefold())
