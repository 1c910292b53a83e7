"""What a coder found, before it becomes a flag."""

from dataclasses import dataclass, field

from schemas import Token
from schemas.flags import FlagType


@dataclass
class Finding:
    """One reason for a flag.

    Attributes:
        type: Type of the flag.
        subtype: Kind of measure, evasion, territory or holding.
        status: See the documentation of the vocabularies.
        rule: Name of the rule that found it.
        trigger: The word it hangs on.
        roles: (role, head of the noun phrase), in order of weight.
        spans: Further evidence, in code points.
        action: What is done to a measure.
        attribution: Who says so, as written.
        programme: Programme or regime.
        legal_act: Resolution, regulation or order named.
        confidence: From 0 to 1.
        reason: Why it needs review, if it does.
    """

    type: FlagType
    subtype: str
    status: str
    rule: str
    trigger: Token
    roles: list[tuple[str, Token]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    action: str | None = None
    attribution: list[str] = field(default_factory=list)
    programme: str | None = None
    legal_act: str | None = None
    confidence: float = 0.8
    reason: str | None = None
