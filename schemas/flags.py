"""The `flags` block: where sanctions are touched, each flag with evidence and its own reasons."""

from typing import Literal

from pydantic import Field

from .base import Block, Span

FlagType = Literal[
    "listed_party", "measure", "evasion", "territory", "ownership", "counter_sanctions"
]


class FlagRole(Block):
    """An entity's part in the flag: `target`, `authority`, `alleged_violator`, `subject`."""

    role: str
    entity: str | None = None
    name: str


class Evidence(Span):
    """The words that a flag rests on: `text` equals `article.text[start:end]`."""

    text: str
    sentence: Span | None = None


class ScorePart(Block):
    """One pair of name tokens and what it adds to the score."""

    query: str
    listed: str
    kind: str
    score: float


class Gate(Block):
    """One check of a candidate: its name, outcome and, where useful, why."""

    name: str
    outcome: Literal["pass", "fail", "unknown"]
    detail: str | None = None


class ListMatch(Block):
    """The list entry behind a `listed_party` flag, and the version of the list it came from."""

    list_kind: str
    version: str
    sha256: str
    entry: str
    programmes: list[str] = Field(default_factory=list)
    matched_name: str
    alias_class: Literal["primary", "strong", "weak", "original_script"]
    score: float
    parts: list[ScorePart] = Field(default_factory=list)
    gates: list[Gate] = Field(default_factory=list)
    listed_since: str | None = None
    listed_at_publication: bool | None = None
    list: str
    """Name of the list (`ofac-sdn`, `un-sc`, …); last, since it hides the type of that name."""


class Flag(Block):
    """One reason to look at an article for sanctions. Never a verdict: a candidate for review."""

    id: str
    type: FlagType
    subtype: str | None = None
    status: str
    roles: list[FlagRole] = Field(default_factory=list)
    attribution: list[str] = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)
    programme: str | None = None
    legal_act: str | None = None
    action: str | None = None
    match: ListMatch | None = None
    confidence: float
    review: Literal["auto", "review", "suppressed"]
    reason: str | None = None
    rule: str
    supersedes: str | None = None


class ListVersion(Block):
    """A sanctions list as it was used: name, date of the version, digest, number of entries."""

    list: str
    version: str
    sha256: str
    entries: int
    starter: bool = False


class Screening(Block):
    """Which screening of the article this is (1 is the first), and the lists it used."""

    number: int = 1
    lists: list[ListVersion] = Field(default_factory=list)


class FlagsBlock(Block):
    """What the sanctions stage adds."""

    flags: list[Flag] = Field(default_factory=list)
    screening: Screening = Field(default_factory=Screening)
