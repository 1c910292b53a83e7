"""Holdings of sanctioned parties: who owns or controls what, and how much.

In the United States a body owned by 50 % or more by blocked parties is itself blocked; the
European Union and Britain look at control as well. The flag says that this is to be looked at; it
never makes a listed party.
"""

import re
from collections.abc import Iterator, Set

from schemas import Token

from .finding import Finding
from .grammar import is_passive, is_verb, patient, phrase, prepositional, subject
from .lexicon import lexicon
from .reading import Reading
from .status import attribution

_SHARE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*(?:%|percent|per cent)|\b(majority|controlling|wholly|half|fully)\b",
    re.IGNORECASE,
)


def find_ownership(reading: Reading, listed: Set[tuple[int, int]]) -> Iterator[Finding]:
    """Holdings of which owner or owned is listed or called sanctioned.

    Args:
        reading: The article.
        listed: Spans that name a listed party.
    """
    for token in reading.parse.tokens:
        finding = _by_verb(reading, token)
        if finding is not None and _is_touched(reading, token, finding, listed):
            yield finding


def _by_verb(reading: Reading, token: Token) -> Finding | None:
    holding = lexicon().holding
    if not is_verb(token) or token.lemma not in holding["verbs"]:
        return None
    start, end = reading.sentence_span(token)
    share = _SHARE.search(reading.parse.text, start, end)
    if share is None and token.lemma != "control":
        return None
    owner, owned = _parties(reading, token)
    if owner is None or owned is None:
        return None
    roles = [("owner", owner), ("owned", owned)]
    spans = [(token.start, token.end), *(phrase(reading.parse, each) for _, each in roles)]
    if share is not None:
        spans.append(share.span())
    said, _ = attribution(reading, token)
    return Finding(
        type="ownership",
        subtype="control" if _is_control(share) else "minority",
        status="reported",
        rule="ownership.verb",
        trigger=token,
        roles=roles,
        spans=spans,
        attribution=said,
        confidence=0.7,
        reason="derived: an owner's listing may reach what it owns",
    )


def _parties(reading: Reading, verb: Token) -> tuple[Token | None, Token | None]:
    owner, thing = subject(reading.parse, verb), patient(reading.parse, verb)
    if is_passive(reading.parse, verb):
        return owner, thing
    if thing is not None:
        for each in prepositional(reading.parse, thing, ("of", "in")):
            return owner, each
    return owner, thing


def _is_control(share: re.Match[str] | None) -> bool:
    """Whether the share is 50 % or more, or called a majority or control."""
    return share is None or share.group(2) is not None or float(share.group(1)) >= 50


def _is_touched(
    reading: Reading, token: Token, finding: Finding, listed: Set[tuple[int, int]]
) -> bool:
    for _, party in finding.roles:
        start, end = phrase(reading.parse, party)
        if any(one < end and other > start for one, other in listed):
            return True
    return bool(reading.lemmas_near(token) & lexicon().holding["sanctioned"])
