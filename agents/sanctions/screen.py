"""Screening: a name with its context into candidates, each with score, parts, gates and decision.

Decision: `match` from 0.90 when no gate contradicts, or from 0.85 with an agreeing country;
`review` from 0.75; `none` below, or when a gate stops the candidate. A disagreeing country costs
0.2 (as in OpenSanctions' logic-v2, whose penalties are public).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

from .countries import countries_in, country_codes
from .entry import KINDS, Kind, ListedName, ListEntry, SanctionsList, Version
from .gates import Verdict, check, role_words
from .names.align import Part
from .names.index import Hit, NameIndex
from .query import Query, describing_countries, possessing_countries
from .words import phrases

MATCH: Final = 0.90
MATCH_AGREEING: Final = 0.85
REVIEW: Final = 0.75
EXPLAIN_FLOOR: Final = 0.60
COUNTRY_PENALTY: Final = 0.20
TIE: Final = 0.02

Decision = Literal["match", "review", "none"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed party that a name may mean."""

    entry: ListEntry
    name: ListedName
    score: float
    decision: Decision
    gates: tuple[Verdict, ...]
    hit: Hit

    @property
    def stopped_by(self) -> Verdict | None:
        """The gate that keeps the candidate from being a hit, if one does."""
        return next((gate for gate in self.gates if gate.outcome == "fail"), None)


class Screener:
    """All lists in force, indexed; immutable.

    Args:
        lists: Loaded lists; their order decides between candidates of equal score.
    """

    def __init__(self, lists: Sequence[SanctionsList]) -> None:
        self.versions: tuple[Version, ...] = tuple(each.version for each in lists)
        self.entries: tuple[ListEntry, ...] = tuple(
            entry for each in lists for entry in each.entries
        )
        self.index = NameIndex(self.entries)
        self._version_of = {id(entry): each.version for each in lists for entry in each.entries}

    def version_of(self, entry: ListEntry) -> Version:
        """The version of the list that an entry of this screener came from."""
        return self._version_of[id(entry)]

    def screen(
        self, query: Query, floor: float = REVIEW, *, every_kind: bool = False
    ) -> list[Candidate]:
        """Candidates from `floor` on, stopped ones included, best first.

        Args:
            query: The name and its context.
            floor: Lowest score of the name alone to consider.
            every_kind: Look at entries of another kind too; their type gate fails.
        """
        hits = self.index.search(query.name, None if every_kind else query.kind, floor)
        found = [self._candidate(query, hit) for hit in hits]
        found = _ambiguous(query, found)
        order: dict[Decision, int] = {"match": 0, "review": 1, "none": 2}
        return sorted(found, key=lambda each: (order[each.decision], -each.score))

    def parts(self, query: Query, candidate: Candidate) -> list[Part]:
        """How the candidate's score came about."""
        kind = query.kind if query.kind == candidate.entry.kind else None
        return self.index.explain(query.name, kind, candidate.hit)

    def _candidate(self, query: Query, hit: Hit) -> Candidate:
        entry = self.entries[hit.entry]
        gates = check(query, entry, hit.name, hit.aligned)
        score = hit.aligned.score
        country = next(gate for gate in gates if gate.name == "country")
        if country.outcome == "fail":
            score -= COUNTRY_PENALTY
        return Candidate(entry, hit.name, round(score, 4), _decide(score, gates), tuple(gates), hit)


def screen_records(
    screener: Screener, records: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Screen plain records, for use without articles.

    Args:
        screener: The lists.
        records: `{"id", "name", "kind" (person, organization, vessel, aircraft or any),
            "countries" (names or ISO codes), "context"}`; all but `name` may be missing.

    Yields:
        In order, `{"id", "matches": [{"entry", "list", "name", "matched_name", "score",
        "decision" (match or review), "parts", "gates"}]}`.

    Raises:
        ValueError: A record has no name, or an unknown kind.
    """
    for record in records:
        query = record_query(record)
        matches = [
            _as_match(screener, query, candidate)
            for candidate in screener.screen(query)
            if candidate.decision != "none"
        ]
        yield {"id": record.get("id"), "matches": matches}


def record_query(record: Mapping[str, Any]) -> Query:
    """A plain record as a query (see `screen_records`)."""
    name, kind = record.get("name"), str(record.get("kind") or "any")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"record {record.get('id')!r}: name must be a non-empty string")
    if kind != "any" and kind not in KINDS:
        raise ValueError(
            f"record {record.get('id')!r}: kind must be one of {', '.join(KINDS)}, any"
        )
    context = record.get("context") or ""
    before = context.partition(name)[0] if name in context else ""
    possessing = possessing_countries(before) if kind != "person" else ()
    return Query(
        name=_full_name(name, context),
        kind=_kind_near(name, context) or (None if kind == "any" else cast("Kind", kind)),
        countries=tuple(
            dict.fromkeys([*country_codes(record.get("countries") or ()), *possessing])
        ),
        described_countries=describing_countries(before),
        context_countries=countries_in(context),
        context=context,
    )


def _full_name(name: str, context: str) -> str:
    """The longer name in the context that ends in a one-word name, else the name itself."""
    if len(name.split()) > 1 or not context:
        return name
    pattern = rf"((?:\b[A-Z][\w’'-]+\s+){{1,3}}){re.escape(name)}\b"
    for found in re.finditer(pattern, context):
        before = found.group(1)
        if not countries_in(before) and not re.search(r"['’]s?\s", before):
            return found.group()
    return name


def _kind_near(name: str, context: str) -> Kind | None:
    """`vessel` where a ship's word stands directly before the name (`the tanker Lady R`)."""
    before = context.partition(name)[0].lower().replace("’", "'").split()[-3:]
    tail = " ".join(before).strip(" \"'“‘,(")
    cues = phrases("vessel_before.txt")
    return "vessel" if any(tail.endswith(cue) for cue in cues) else None


def _as_match(screener: Screener, query: Query, candidate: Candidate) -> dict[str, Any]:
    return {
        "entry": candidate.entry.id,
        "list": candidate.entry.list,
        "name": candidate.entry.name,
        "matched_name": candidate.name.text,
        "score": candidate.score,
        "decision": candidate.decision,
        "parts": [part._asdict() for part in screener.parts(query, candidate)],
        "gates": [
            {"name": gate.name, "outcome": gate.outcome, "detail": gate.detail}
            for gate in candidate.gates
        ],
    }


def _decide(score: float, gates: Sequence[Verdict]) -> Decision:
    if score < REVIEW or any(gate.outcome == "fail" and gate.name != "country" for gate in gates):
        return "none"
    outcomes = {gate.name: gate.outcome for gate in gates}
    agreeing = outcomes["country"] == "pass"
    doubtful = outcomes["country"] == "fail" or "unknown" in {
        outcomes.get("common_name"),
        outcomes.get("generic_name"),
    }
    if not doubtful and score >= (MATCH_AGREEING if agreeing else MATCH):
        return "match"
    return "review"


def _ambiguous(query: Query, found: list[Candidate]) -> list[Candidate]:
    """Mark different people of one list who bear the same name; an office in the text decides."""
    alive = [each for each in found if each.decision != "none" and each.entry.kind == "person"]
    if len(alive) < 2:
        return found
    best = max(each.score for each in alive)
    rivals = [each for each in alive if best - each.score <= TIE]
    by_list: dict[str, list[Candidate]] = {}
    for each in rivals:
        by_list.setdefault(each.entry.list, []).append(each)
    marked: dict[str, Candidate] = {}
    for same in by_list.values():
        if len(same) > 1:
            marked.update(_told_apart(query, same))
    return [marked.get(each.entry.id, each) for each in found]


def _told_apart(query: Query, rivals: list[Candidate]) -> dict[str, Candidate]:
    said = role_words(query.context)
    shared = {each.entry.id: len(said & role_words(each.entry.title or "")) for each in rivals}
    top = max(shared.values())
    leaders = [entry for entry, count in shared.items() if count == top]
    marked = {}
    for each in rivals:
        if top and len(leaders) == 1:
            mine = each.entry.id == leaders[0]
            verdict = Verdict(
                "same_name", "pass" if mine else "fail", "the office in the text decides"
            )
            decision: Decision = each.decision if mine else "none"
        else:
            others = ", ".join(other.entry.id for other in rivals if other is not each)
            verdict = Verdict("same_name", "unknown", f"also borne by {others}")
            decision = "review"
        marked[each.entry.id] = replace(each, gates=(*each.gates, verdict), decision=decision)
    return marked
