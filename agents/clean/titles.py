"""Candidates for the title into the story's own, without the outlet's name.

Each source of candidates has a vote. A candidate also votes for what is left of it when a part at
either end, set off by a bar or a dash, is taken away; so `Ferries collide - Halden Post` in the
title element supports the heading `Ferries collide`. A shortened form can only win where another
source has it in full or where the part taken away is the outlet's name.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from . import plain

MAX_CHARS: Final = 400
MAX_CANDIDATES: Final = 40

# JSON-LD declares the headline, so it takes two other sources to outvote it; the heading is what
# readers see; OpenGraph's is often written anew for social networks.
VOTES: Final = {
    "json-ld": 2.0,
    "heading": 1.3,
    "title": 0.8,
    "feed": 1.0,
    "opengraph": 0.9,
    "microdata": 0.6,
    "meta": 0.3,
}
# Of forms that differ only in case or punctuation, the spelling of the first source is taken.
_SPELLING: Final = ("json-ld", "heading", "title", "opengraph", "feed", "microdata", "meta")
PREFIX_SHARE: Final = 0.9
SUFFIX_SHARE: Final = 0.5
ELLIPSIS_SHARE: Final = 0.5
WITH_OUTLET_SHARE: Final = 0.3
LONE_HEADING_SHARE: Final = 0.5

_SEPARATOR: Final = re.compile(
    r"(?:\s+(?:[|｜–—―\-•·»«:]|/{1,2}|::)+)+\s+|\s*[|｜]\s*|\s+»\s*|\s*//\s*"
)
_SIGNS: Final = re.compile(r"[\W_]+")
_ELLIPSIS: Final = re.compile(r"(?:\.\.\.|…)$")
_BRACKETED_END: Final = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]$")


def choose(candidates: Sequence[tuple[str, str]], outlets: Iterable[str]) -> str | None:
    """The title: the form with the most votes, the first of equals.

    Args:
        candidates: Source (a key of `VOTES`) and value.
        outlets: Names and hosts of the outlet.
    """
    lines = [
        (source, line)
        for source, value in candidates[:MAX_CANDIDATES]
        if (line := plain.line(value, MAX_CHARS))
    ]
    known = {_folded(outlet) for outlet in outlets} - {""}
    full = Counter(_folded(line) for _, line in lines)
    votes: dict[str, dict[str, float]] = {}
    spellings: dict[str, list[tuple[int, str]]] = {}
    for source, line in lines:
        for form, share in _forms(line, known, full):
            folded = _folded(form)
            if not folded or folded in known:
                continue
            own = votes.setdefault(folded, {})
            own[source] = max(own.get(source, 0.0), share * VOTES[source])
            spellings.setdefault(folded, []).append((_rank(source, form), form))
    if not votes:
        return lines[0][1] if lines else None
    # max() and min() keep the first of equals.
    best = max(votes, key=lambda folded: _total(votes[folded]))
    return min(spellings[best], key=lambda spelled: spelled[0])[1]


def same(one: str, other: str) -> bool:
    """Whether two titles are one but for case, punctuation and accents."""
    return _folded(one) == _folded(other)


def _forms(line: str, known: set[str], full: Counter[str]) -> Iterator[tuple[str, float]]:
    """What a line can be read as, each with its share of the vote.

    A form without a part is one where the part is the outlet's name, or another candidate has
    the form in full.
    """
    parts = list(_parts(line))
    named = [form for form, _, taken, _ in parts if _folded(form) and _is_outlet(taken, known)]
    weight = ELLIPSIS_SHARE if _ELLIPSIS.search(line) else 1.0
    yield line, weight * (WITH_OUTLET_SHARE if named else 1.0)
    for form, share, taken, end in parts:
        if _is_outlet(taken, known):
            yield form, weight
        elif full[_folded(form)] or _is_outlet(end, known):
            yield form, weight * share


def _parts(line: str) -> Iterator[tuple[str, float, str, str]]:
    """Beginnings and ends of a line: form, share, what was taken off, its outermost part."""
    if match := _BRACKETED_END.search(line):
        yield line[: match.start()], PREFIX_SHARE, match[1], match[1]
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(line)]
    for start, end in cuts:
        head, tail = line[:start].strip(), line[end:].strip()
        if head and tail:
            yield head, PREFIX_SHARE, tail, line[cuts[-1][1] :].strip()
            yield tail, SUFFIX_SHARE, head, line[: cuts[0][0]].strip()


def _total(votes: dict[str, float]) -> float:
    """The sum of votes; a heading that nothing else bears out may be that of the site."""
    return (
        votes["heading"] * LONE_HEADING_SHARE if set(votes) == {"heading"} else sum(votes.values())
    )


def _rank(source: str, form: str) -> int:
    # Headings are often set in capitals for their looks.
    return _SPELLING.index(source) + (len(_SPELLING) if form.isupper() else 0)


def _is_outlet(part: str, known: set[str]) -> bool:
    """Whether a part of a title is the outlet's name, or begins with it, or is how it begins."""
    folded = _folded(part)
    if folded in known:
        return True
    return len(folded) > 3 and any(
        len(name) > 3 and (name.startswith(folded) or folded.startswith(name)) for name in known
    )


def _folded(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return _SIGNS.sub("", decomposed)
