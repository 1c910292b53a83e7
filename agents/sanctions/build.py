"""Findings and listed parties into flags: ids, roles, evidence, review."""

from collections.abc import Iterable

from schemas import Span, Token
from schemas.flags import Evidence, Flag, FlagRole, Gate, ListMatch, ScorePart
from schemas.identity import digest

from .finding import Finding
from .listed import Listed
from .reading import Reading
from .screen import Screener

REPORTED = "reported"


def listed_flag(reading: Reading, screener: Screener, listed: Listed) -> Flag:
    """The flag of a listed party."""
    candidate = listed.candidate
    entry = candidate.entry
    evidence = [_evidence(reading, span) for span in listed.spans]
    name = listed.entity.name if listed.entity is not None else evidence[0].text
    role = FlagRole(
        role="listed_party",
        entity=listed.entity.id if listed.entity is not None else None,
        name=name,
    )
    doubt = next(
        (gate.name for gate in candidate.gates if gate.outcome == "unknown" and gate.detail), None
    )
    return Flag(
        id=_flag_id(reading, "listed_party", listed.spans, entry.id),
        type="listed_party",
        subtype=entry.id,
        status=REPORTED,
        roles=[role],
        evidence=evidence,
        programme=entry.programmes[0] if entry.programmes else None,
        match=_match(reading, screener, listed),
        confidence=round(candidate.score, 2),
        review="auto" if candidate.decision == "match" else "review",
        reason=None if candidate.decision == "match" else (doubt or "score"),
        rule="listed.exact" if listed.query.exact else "listed.entity",
    )


def _match(reading: Reading, screener: Screener, listed: Listed) -> ListMatch:
    candidate = listed.candidate
    entry, version = candidate.entry, screener.version_of(candidate.entry)
    published = reading.record.article.published
    day = published.value[:10] if published is not None else None
    return ListMatch(
        list=entry.list,
        list_kind=entry.list_kind,
        version=version.date,
        sha256=version.sha256,
        entry=entry.id,
        programmes=list(entry.programmes),
        matched_name=candidate.name.text,
        alias_class=candidate.name.alias_class,
        score=candidate.score,
        parts=[
            ScorePart(query=part.query, listed=part.listed, kind=part.kind, score=part.score)
            for part in screener.parts(listed.query, candidate)
        ],
        gates=[
            Gate(name=gate.name, outcome=gate.outcome, detail=gate.detail)
            for gate in candidate.gates
        ],
        listed_since=entry.listed_since,
        listed_at_publication=_listed_then(entry.listed_since, day),
    )


def _listed_then(since: str | None, day: str | None) -> bool | None:
    """Whether the party was listed on the day; None where list or article don't tell."""
    if since is None or day is None:
        return None
    return since[: len(day)] <= day


def finding_flag(reading: Reading, finding: Finding) -> Flag:
    """The flag of a measure, evasion, territory, holding or counter-measure."""
    spans = tuple(dict.fromkeys(finding.spans))
    return Flag(
        id=_flag_id(reading, finding.type, spans, f"{finding.subtype}/{finding.status}"),
        type=finding.type,
        subtype=finding.subtype,
        status=finding.status,
        roles=_roles(reading, finding.roles),
        attribution=finding.attribution,
        evidence=[_evidence(reading, span) for span in spans],
        programme=finding.programme,
        legal_act=finding.legal_act,
        action=finding.action,
        confidence=finding.confidence,
        review="review" if finding.reason else "auto",
        reason=finding.reason,
        rule=finding.rule,
    )


def _roles(reading: Reading, roles: Iterable[tuple[str, Token]]) -> list[FlagRole]:
    found: dict[tuple[str, str], FlagRole] = {}
    for role, token in roles:
        entity = reading.head_entity(token)
        name = entity.name if entity is not None else reading.name_of(token)
        found.setdefault(
            (role, name),
            FlagRole(role=role, entity=entity.id if entity is not None else None, name=name),
        )
    return list(found.values())


def _evidence(reading: Reading, span: tuple[int, int]) -> Evidence:
    start, end = span
    tokens = reading.parse.between(start, end)
    sentence = None
    if tokens:
        first, last = reading.sentence_span(tokens[0])
        sentence = Span(start=first, end=last)
    return Evidence(start=start, end=end, text=reading.parse.text[start:end], sentence=sentence)


def _flag_id(reading: Reading, kind: str, spans: Iterable[tuple[int, int]], what: str) -> str:
    places = ",".join(f"{start}-{end}" for start, end in spans)
    return digest(reading.record.article.id, kind, places, what)
