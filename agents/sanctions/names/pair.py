"""The score of two names alone, without an index: for name pairs and for second opinions."""

from collections.abc import Callable

from ..entry import Kind
from .align import Aligned, Compiled, align
from .normalise import tokens
from .similarity import similarity
from .tables import particles, without_legal_form

Weigh = Callable[[str], float]


def plain_weight(word: str) -> float:
    """Weight of a token when no list tells how rare it is."""
    return 0.15 if word in particles() else 1.0


def compare(query: str, listed: str, kind: Kind | None, weigh: Weigh = plain_weight) -> Aligned:
    """Score two names as the index would.

    Args:
        query: Name as a text writes it.
        listed: Name as a list writes it, a family name before a comma if known.
        kind: What both are; None for anything.
        weigh: Weight of a token, `NameIndex.weight` for the rarity on a list.
    """
    one, other = _compile(query, kind, weigh), _compile(listed, kind, weigh)
    possible = [
        (score, i, j)
        for i, mine in enumerate(one.words)
        for j, theirs in enumerate(other.words)
        if (score := similarity(mine, theirs)[0])
    ]
    weights = list(other.weights)
    aligned = align(one, other, possible, weights, person=kind == "person")
    whole = other.joined_score(one)
    if whole is not None and whole.score > aligned.score:
        return whole
    return aligned


def _compile(name: str, kind: Kind | None, weigh: Weigh) -> Compiled:
    words = tokens(name)
    kept, forms = (words, ()) if kind == "person" else without_legal_form(words)
    family = len(tokens(name.split(",", 1)[0])) if kind == "person" and "," in name else 0
    return Compiled(kept, tuple(range(len(kept))), tuple(map(weigh, kept)), forms, family)
