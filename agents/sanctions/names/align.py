"""One-to-one alignment of a mention's tokens with those of a listed name, and its score.

Score = matched weight / (matched weight + what is left over). A token of the mention that the
listed name lacks counts more than the reverse, since news shortens names (`Vladimir Putin` for
`PUTIN, Vladimir Vladimirovich`) and hardly ever adds parts. Token weights grow with rarity on the
lists. A person's name whose family name stays unmatched is another person's.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from .similarity import INITIAL, similarity
from .tables import droppable, joined_key

EXTRA_QUERY: Final = 0.8
EXTRA_QUERY_ONLY: Final = 0.6
"""For a person whose listed name is wholly there: a patronymic or a title is extra."""
PARTICLE: Final = 0.2
"""Weight up to which a part of a listed name may be missing at no cost (`The Houthis`)."""
LITTLE: Final = 0.2
CONFLICT: Final = 0.93
"""Both names keep a real token of their own: two people of one family rather than one."""
EXTRA_LISTED_PERSON: Final = 0.3
EXTRA_LISTED: Final = 0.75
FAMILY: Final = 1.3
NO_FAMILY: Final = 0.7
SKIPS_GIVEN: Final = 0.82
NUMBER_DIFFERS: Final = 0.7
FORM_DIFFERS: Final = 0.98
JOINED: Final = 0.94


class Part(NamedTuple):
    """One aligned pair, or a token left over (the other side is empty then)."""

    query: str
    listed: str
    kind: str
    score: float


class Aligned(NamedTuple):
    """Score from 0 to 1, and how many tokens of real weight were matched."""

    score: float
    pairs: tuple[tuple[int, int, float], ...]
    joined: bool = False


class Compiled(NamedTuple):
    """A name ready to compare: words, ids, weights, legal forms, number of family-name tokens."""

    words: tuple[str, ...]
    ids: tuple[int, ...]
    weights: tuple[float, ...]
    forms: tuple[str, ...]
    family: int
    syllables: bool = False
    """Whether every part counts in full, as in East Asian names."""

    def joined_score(self, query: "Compiled") -> Aligned | None:
        """Compare both names in one piece; None if they differ by more than a slip.

        A slip is a moved or swapped letter or space, or one edit in ten letters. In names of which
        every syllable counts it is a moved letter alone.
        """
        whole, other = "".join(self.words), "".join(query.words)
        if whole == other:
            return Aligned(JOINED, (), joined=True)
        if self.syllables and sorted(whole) != sorted(other):
            return None
        mine, theirs = joined_key(self.words), joined_key(query.words)
        budget = min(len(mine), len(theirs)) // 10
        if abs(len(mine) - len(theirs)) > budget:
            return None
        edits = OSA.distance(mine, theirs, score_cutoff=max(budget, 1))
        if edits > max(budget, 1) or (edits > budget and sorted(mine) != sorted(theirs)):
            return None
        score = JOINED * (1 - edits / max(len(mine), len(theirs)))
        return Aligned(score, (), joined=True)


def align(
    query: Compiled,
    listed: Compiled,
    possible: list[tuple[float, int, int]],
    listed_weights: Sequence[float],
    *,
    person: bool,
) -> Aligned:
    """Align and score.

    Args:
        query: The mention.
        listed: The listed name, with token ids.
        possible: All pairs of similar tokens: similarity, place in mention, place in listed name.
        listed_weights: Weight by token id.
        person: Whether the listed name is a person's.
    """
    pairs = _pairs(query, listed, possible, person=person)
    if not pairs:
        return Aligned(0.0, ())
    weights = [listed_weights[token] for token in listed.ids]
    for position in range(listed.family):
        weights[position] *= FAMILY
    matched = lost = 0.0
    query_left, listed_left = sum(query.weights), sum(weights)
    for i, j, score in pairs:
        weight = max(query.weights[i], weights[j])
        if score == INITIAL:
            weight *= 0.5
        matched += weight * score
        lost += weight * (1 - score)
        query_left -= query.weights[i]
        listed_left -= weights[j]
    used = {j for _, j, _ in pairs}
    listed_left -= sum(
        weight for j, weight in enumerate(weights) if weight <= PARTICLE and j not in used
    )
    extra = EXTRA_LISTED_PERSON if person and not listed.syllables else EXTRA_LISTED
    one_sided = person and not listed.syllables and listed_left < LITTLE and len(pairs) > 1
    left = (EXTRA_QUERY_ONLY if one_sided else EXTRA_QUERY) * query_left + extra * listed_left
    score = matched / (matched + lost + left)
    score *= _penalty(query, listed, pairs)
    if person and query_left > 0.5 and listed_left > 0.5:
        score *= CONFLICT
    return Aligned(score, tuple(pairs))


def explain(query: Compiled, listed: Compiled, aligned: Aligned) -> list[Part]:
    """The alignment in words, for the flag and for `explain`."""
    if aligned.joined:
        whole = Part(" ".join(query.words), " ".join(listed.words), "joined", aligned.score)
        return [whole]
    parts = []
    for i, j, score in sorted(aligned.pairs):
        one, other = query.words[i], listed.words[j]
        initial = score == INITIAL and (len(one) == 1 or len(other) == 1)
        kind = "initial" if initial else similarity(one, other)[1]
        parts.append(Part(one, other, kind, round(score, 3)))
    used_query = {i for i, _, _ in aligned.pairs}
    used_listed = {j for _, j, _ in aligned.pairs}
    parts += [
        Part(word, "", "extra", 0.0) for i, word in enumerate(query.words) if i not in used_query
    ]
    parts += [
        Part("", word, "missing", 0.0)
        for j, word in enumerate(listed.words)
        if j not in used_listed
    ]
    return parts


def _pairs(
    query: Compiled, listed: Compiled, possible: list[tuple[float, int, int]], *, person: bool
) -> list[tuple[int, int, float]]:
    if not possible:
        return []
    if len(possible) > 1:
        possible.sort(key=lambda triple: (-triple[0], abs(triple[1] - triple[2]), triple[1]))
    used_query: set[int] = set()
    used_listed: set[int] = set()
    pairs = []
    for score, i, j in possible:
        if i not in used_query and j not in used_listed:
            used_query.add(i)
            used_listed.add(j)
            pairs.append((i, j, score))
    if person and len(pairs) < len(query.words):
        for i, word in enumerate(query.words):
            if i in used_query:
                continue
            for j, other in enumerate(listed.words):
                if j not in used_listed and word[0] == other[0] and 1 in (len(word), len(other)):
                    used_query.add(i)
                    used_listed.add(j)
                    pairs.append((i, j, INITIAL))
                    break
    return pairs


def _penalty(query: Compiled, listed: Compiled, pairs: Sequence[tuple[int, int, float]]) -> float:
    factor = 1.0
    if listed.family and not any(j < listed.family for _, j, _ in pairs):
        factor *= NO_FAMILY
    used_query = {i for i, _, _ in pairs}
    used_listed = {j for _, j, _ in pairs}
    if listed.family and _skips_given_name(listed, used_listed):
        factor *= SKIPS_GIVEN
    if any(word[0].isdigit() for i, word in enumerate(query.words) if i not in used_query) or any(
        word[0].isdigit() for j, word in enumerate(listed.words) if j not in used_listed
    ):
        factor *= NUMBER_DIFFERS
    if query.forms and listed.forms and not set(query.forms) & set(listed.forms):
        factor *= FORM_DIFFERS
    return factor


def _skips_given_name(listed: Compiled, used: set[int]) -> bool:
    """Whether a later given name is matched and the first is not: a relative, more likely.

    `Javad Zarif` for `ZARIF, Mohammad Javad` is usual, though: some first names are left out.
    """
    first = listed.family
    return (
        first < len(listed.words)
        and first not in used
        and any(j > first for j in used)
        and len(listed.words[first]) > 1
        and listed.words[first] not in droppable()
    )
