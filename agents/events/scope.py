"""The clause of an event: the tokens in which its circumstances are looked for first."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas import ParsedText, Token

from . import syntax
from .candidates import Candidate

BREAKS = frozenset({"ccomp", "advcl", "relcl", "parataxis"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Tokens in which circumstances are looked for, nearest first."""

    clause: list[Token]
    sentence: list[Token]


def scope_of(doc: ParsedText, candidate: Candidate) -> Scope:
    """The event's clause, with the governing one where it has no finite verb of its own."""
    top = syntax.clause_verb(doc, candidate.anchor)
    start = candidate.anchor if top is None else top
    for _ in range(3):
        token = doc.tokens[start]
        own = any(child.dep in ("nsubj", "nsubjpass") for child in doc.children(start))
        above = syntax.clause_verb(doc, token.head) if token.head != start else None
        if own or above is None or token.dep not in ("xcomp", "pcomp", "advcl", "acl", "conj"):
            break
        start = above
    clause = sorted(_clause(doc, start), key=lambda token: token.i)
    inside = {token.i for token in clause}
    clause += [t for t in doc.subtree(candidate.trigger) if t.i not in inside]
    return Scope(clause, doc.sentence(candidate.trigger))


def _clause(doc: ParsedText, i: int) -> Iterator[Token]:
    yield doc.tokens[i]
    for child in doc.children(i):
        if child.dep in BREAKS and any(
            below.dep in ("nsubj", "nsubjpass") for below in doc.children(child.i)
        ):
            continue
        if child.dep == "conj" and syntax.is_verb(child):
            continue
        yield from _clause(doc, child.i)
