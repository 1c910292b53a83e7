"""Why flagged, and why not: candidates below the line with the gate that stopped them.

Users ask `why not` as often as `why`; suppressed candidates never enter a record, this tells them.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from schemas import ArticleRecord

from .finding import Finding
from .listed import Listed, find_listed
from .reading import read
from .run import SanctionsRun, findings
from .screen import EXPLAIN_FLOOR, REVIEW, Candidate

MOST: Final = 5
"""Candidates told of one name; weaker ones help nobody."""


def explain(run: SanctionsRun, record: ArticleRecord) -> dict[str, Any]:
    """All decisions over one record.

    Args:
        run: The loaded stage.
        record: A record with entities and parse.

    Returns:
        `{"lists", "flags", "names": [{"name", "entity", "candidates": [{"entry", "listed_name",
        "score", "decision", "stopped_by", "gates", "parts"}]}], "clauses": [{"type", "subtype",
        "status", "rule", "words", "attribution"}]}`; `flags` is what the stage would add.

    Raises:
        PoisonRecord: The record has no parse.
        ValueError: The parse is broken.
    """
    block = run([record])[0]
    reading = read(record)
    names: dict[str, dict[str, Any]] = {}
    spans: set[tuple[int, int]] = set()
    for listed in find_listed(reading, run.screener, run.exact, EXPLAIN_FLOOR, every_kind=True):
        told = names.setdefault(
            listed.query.name,
            {
                "name": listed.query.name,
                "entity": listed.entity.id if listed.entity is not None else None,
                "candidates": [],
            },
        )
        if len(told["candidates"]) < MOST:
            told["candidates"].append(_candidate(run, listed))
        if listed.candidate.decision != "none":
            spans.update(listed.spans)
    return {
        "lists": run.lists,
        "flags": [flag.model_dump(mode="json", exclude_none=True) for flag in block.flags],
        "names": list(names.values()),
        "clauses": list(_clauses(reading.parse.text, findings(reading, spans))),
    }


def stopped_by(candidate: Candidate) -> str | None:
    """What keeps a candidate from being a hit, in one sentence; None for a hit."""
    if candidate.decision == "match":
        return None
    gate = candidate.stopped_by
    if gate is not None and gate.name != "country":
        return f"{gate.name}: {gate.detail}"
    if candidate.score < REVIEW:
        lowered = f", lowered by {gate.name} ({gate.detail})" if gate is not None else ""
        return f"score {candidate.score:.2f} is under {REVIEW:.2f}{lowered}"
    doubt = next(
        (each for each in candidate.gates if each.outcome == "unknown" and each.detail), None
    )
    return f"for review: {doubt.name}: {doubt.detail}" if doubt else "for review: score"


def _candidate(run: SanctionsRun, listed: Listed) -> dict[str, Any]:
    candidate = listed.candidate
    return {
        "entry": candidate.entry.id,
        "list": str(run.screener.version_of(candidate.entry)),
        "listed_name": candidate.name.text,
        "alias_class": candidate.name.alias_class,
        "score": candidate.score,
        "decision": candidate.decision,
        "stopped_by": stopped_by(candidate),
        "gates": [
            {"name": gate.name, "outcome": gate.outcome, "detail": gate.detail}
            for gate in candidate.gates
        ],
        "parts": [part._asdict() for part in run.screener.parts(listed.query, candidate)],
    }


def _clauses(text: str, found: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in found:
        yield {
            "type": finding.type,
            "subtype": finding.subtype,
            "status": finding.status,
            "action": finding.action,
            "rule": finding.rule,
            "words": [text[start:end] for start, end in finding.spans],
            "attribution": finding.attribution,
        }
