"""The token index over all listed names: a mention to the few names it may be.

Tokens of the lists are reached by themselves, by sound, by spelling group and by the
one-deletion neighbourhood of their sound (the symmetric-delete method); names by their tokens.
Each candidate is scored by one-to-one alignment of its tokens with the mention's.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..entry import Kind, ListedName, ListEntry
from .align import EXTRA_QUERY_ONLY, Aligned, Compiled, Part, align, explain
from .normalise import is_original_script, sound, tokens
from .similarity import edit_budget, similarity
from .tables import joined_key, particles, variants, without_legal_form

PARTICLE_WEIGHT: Final = 0.15
LEAST_WEIGHT: Final = 0.45
INITIAL_WEIGHT: Final = 0.4
INITIALS_MAY_ADD: Final = 1.0
"""Weight that tokens matched as initials may add to what the index finds."""
FAMILY_FIRST: Final = frozenset({"PRK", "KOR", "CHN", "TWN", "HKG", "VNM"})
"""Countries whose names put the family name first, lists without a comma included."""
JOINED_BUCKET: Final = 5
JOINED_LEAST: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed name that a mention may be, with its alignment."""

    entry: int
    name: ListedName
    aligned: Aligned
    number: int


class NameIndex:
    """An immutable index; build a new one for a new version of a list.

    Args:
        entries: All entries of all lists, in the order that `Hit.entry` counts.
    """

    def __init__(self, entries: Sequence[ListEntry]) -> None:
        self.entries = entries
        self._vocabulary: dict[str, int] = {}
        self._words: list[str] = []
        self._names: list[Compiled] = []
        self._owners: list[tuple[int, ListedName]] = []
        self._postings: list[list[int]] = []
        self._with_initials: set[int] = set()
        self._joined: dict[str, list[int]] = defaultdict(list)
        self._add_all(entries)
        self._keys = self._token_keys()
        total = math.log(max(len(self._names), 2))
        self._weights = [
            self._weight(word, len(self._postings[number]), total)
            for number, word in enumerate(self._words)
        ]
        self._unknown_weight = 1.0
        self._lookup = lru_cache(maxsize=32768)(self._lookup_uncached)

    def __len__(self) -> int:
        return len(self._names)

    def search(self, name: str, kind: Kind | None, floor: float) -> list[Hit]:
        """Names that score at least `floor`, best first, at most one for each entry.

        Args:
            name: The mention's name.
            kind: What it is, if known: legal forms are taken off organisations, and names of
                another kind are not looked at.
            floor: Lowest score to return.
        """
        query = self._compile_query(name, kind)
        if not query.words:
            return []
        matches = [self._lookup(word) for word in query.words]
        whole = sum(
            weight for word, weight in zip(query.words, query.weights, strict=True) if word[1:]
        )
        needed = _needed_share(floor) * whole
        found: dict[int, Hit] = {}
        for number, possible in self._candidates(matches, query.weights, needed):
            self._try(number, query, possible, kind, floor, found)
        self._second_look(query, kind, floor, found)
        return sorted(found.values(), key=lambda hit: (-hit.aligned.score, hit.entry))

    def explain(self, name: str, kind: Kind | None, hit: Hit) -> list[Part]:
        """How a hit of `search(name, kind, …)` was aligned."""
        query = self._compile_query(name, kind)
        return explain(query, self._names[hit.number], hit.aligned)

    def _try(
        self,
        number: int,
        query: Compiled,
        possible: list[tuple[float, int, int]],
        kind: Kind | None,
        floor: float,
        found: dict[int, Hit],
    ) -> None:
        owner, name = self._owners[number]
        entry = self.entries[owner]
        if kind is not None and entry.kind != kind:
            return
        listed = self._names[number]
        aligned = align(query, listed, possible, self._weights, person=entry.kind == "person")
        if aligned.score >= floor:
            self._keep(Hit(owner, name, aligned, number), found)

    @staticmethod
    def _keep(hit: Hit, found: dict[int, Hit]) -> None:
        former = found.get(hit.entry)
        if former is None or _rank(hit) > _rank(former):
            found[hit.entry] = hit

    def _second_look(
        self, query: Compiled, kind: Kind | None, floor: float, found: dict[int, Hit]
    ) -> None:
        key = joined_key(query.words)
        if len(key) < JOINED_LEAST:
            return
        numbers = set(self._joined.get("=" + "".join(query.words), ()))
        if not found:
            numbers.update(self._joined.get("^" + key[:JOINED_BUCKET], ()))
            numbers.update(self._joined.get("$" + key[-JOINED_BUCKET:], ()))
        for number in sorted(numbers):
            owner, name = self._owners[number]
            if kind is not None and self.entries[owner].kind != kind:
                continue
            aligned = self._names[number].joined_score(query)
            if aligned is not None and aligned.score >= floor:
                self._keep(Hit(owner, name, aligned, number), found)

    def _candidates(
        self, matches: Sequence[dict[int, float]], weights: Sequence[float], needed: float
    ) -> Iterator[tuple[int, list[tuple[float, int, int]]]]:
        """Names that can still reach `needed`, each with its possible pairs for `align`."""
        alike: dict[int, list[tuple[float, int]]] = {}
        for position, match in enumerate(matches):
            for token, score in match.items():
                alike.setdefault(token, []).append((score, position))
        seen: set[int] = set()
        abbreviated = INITIAL_WEIGHT in weights
        for token in self._tokens_to_walk(matches, weights, needed):
            for number in self._postings[token]:
                if number in seen:
                    continue
                seen.add(number)
                possible: list[tuple[float, int, int]] = []
                reached = 0.0
                for place, own in enumerate(self._names[number].ids):
                    pairs = alike.get(own)
                    if pairs:
                        reached += max(weights[position] for _, position in pairs)
                        possible += [(score, position, place) for score, position in pairs]
                if abbreviated or number in self._with_initials:
                    reached += INITIALS_MAY_ADD
                if reached >= needed:
                    yield number, possible

    def _tokens_to_walk(
        self, matches: Sequence[dict[int, float]], weights: Sequence[float], needed: float
    ) -> Iterator[int]:
        costs = [sum(len(self._postings[token]) for token in match) for match in matches]
        rest = sum(weights)
        for position in sorted(range(len(matches)), key=lambda place: (costs[place], place)):
            if rest < needed:
                return
            yield from matches[position]
            rest -= weights[position]

    def _compile_query(self, name: str, kind: Kind | None) -> Compiled:
        words, forms = _words(name, person=kind == "person")
        weights = tuple(self._query_weight(word) for word in words)
        return Compiled(words, (), weights, forms, 0)

    def _query_weight(self, word: str) -> float:
        number = self._vocabulary.get(word)
        if len(word) == 1 and word.isalpha() and word not in particles():
            return INITIAL_WEIGHT
        if number is not None:
            return self._weights[number]
        return PARTICLE_WEIGHT if word in particles() else self._unknown_weight

    def _lookup_uncached(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for key in _query_keys(word):
            for token in self._keys.get(key, ()):
                if token not in found:
                    score, _ = similarity(word, self._words[token])
                    if score:
                        found[token] = score
        return found

    def _add_all(self, entries: Sequence[ListEntry]) -> None:
        for owner, entry in enumerate(entries):
            for name in entry.names:
                words, forms = _words(name.text, person=entry.kind == "person")
                if words:
                    self._add(owner, name, Compiled(words, (), (), forms, *_family(entry, name)))

    def _add(self, owner: int, name: ListedName, bare: Compiled) -> None:
        words = bare.words
        number = len(self._names)
        ids = []
        for word in words:
            token = self._vocabulary.setdefault(word, len(self._words))
            if token == len(self._words):
                self._words.append(word)
                self._postings.append([])
            ids.append(token)
        for token in dict.fromkeys(ids):
            self._postings[token].append(number)
        if any(len(word) == 1 for word in words):
            self._with_initials.add(number)
        self._names.append(bare._replace(ids=tuple(ids)))
        self._owners.append((owner, name))
        key = joined_key(words)
        if len(key) >= JOINED_LEAST:
            self._joined["=" + "".join(words)].append(number)
            self._joined["^" + key[:JOINED_BUCKET]].append(number)
            self._joined["$" + key[-JOINED_BUCKET:]].append(number)

    def _token_keys(self) -> dict[str, list[int]]:
        keys: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            for key in _query_keys(word):
                keys[key].append(number)
        return dict(keys)

    @staticmethod
    def _weight(word: str, frequency: int, total: float) -> float:
        if word in particles():
            return PARTICLE_WEIGHT
        rarity = 1 - math.log(frequency) / total
        return LEAST_WEIGHT + (1 - LEAST_WEIGHT) * rarity


def _words(name: str, *, person: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tokens and legal forms; a person's name has none."""
    words = tokens(name)
    return (words, ()) if person else without_legal_form(words)


def _family(entry: ListEntry, name: ListedName) -> tuple[int, bool]:
    """Tokens of the family name at the head of a person's name (0: unknown), and syllables."""
    if entry.kind != "person":
        return 0, False
    eastern = bool(FAMILY_FIRST.intersection(entry.countries[:1]))
    if "," in name.text:
        return len(tokens(name.text.split(",", 1)[0])), eastern
    return (1 if eastern else 0), eastern


def _rank(hit: Hit) -> tuple[bool, float]:
    """A weak name never stands in the way of another name of the same entry."""
    return hit.name.alias_class != "weak", hit.aligned.score


def _needed_share(floor: float) -> float:
    """Share of the mention's weight without which no alignment can score `floor`."""
    return floor * EXTRA_QUERY_ONLY / (1 - floor + floor * EXTRA_QUERY_ONLY)


def _query_keys(word: str) -> list[str]:
    if is_original_script(word) or not word.isalpha():
        return [word]
    key = sound(word)
    keys = {word: None, key: None}
    keys.update(dict.fromkeys(f"~{group}" for group, _ in variants().get(word, ())))
    if len(word) <= 4 and len(word) >= 3:
        keys["=" + "".join(sorted(word))] = None
    for form in (word, key) if word != key else (word,):
        if edit_budget(len(form) + 1):
            keys.update(dict.fromkeys(form[:cut] + form[cut + 1 :] for cut in range(len(form))))
    return list(keys)
