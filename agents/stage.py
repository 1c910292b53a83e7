"""What a stage is: its place in the flow, what it reads and adds, and how its function is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from schemas import Block

RejectReason = Literal[
    "paywall", "consent", "blocked", "not_html", "home_page", "too_short", "empty", "language"
]


class PoisonRecord(Exception):
    """A record that can never succeed: it goes to `news.dead` at once.

    Args:
        code: Low-cardinality, `snake_case`; the metric label and the dead letter's code.
        message: Names the record's field and what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Unavailable(Exception):
    """Something the stage needs is not there now; the same record may succeed later."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that ends here for a good reason, with what is known of it."""

    reason: RejectReason
    detail: str | None = None
    article_id: str | None = None
    url: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What stages may be configured with; plain values, so that they travel to other processes.

    Attributes:
        model: Path or installed name of a spaCy pipeline; None is the one shipped.
        languages: ISO 639-1 codes that pass the language gate; `("any",)` lets all through.
        lists: Files of sanctions lists; empty is the starter list shipped.
    """

    model: str | None = None
    languages: tuple[str, ...] = ("en",)
    lists: tuple[Path, ...] = ()


class Run(Protocol):
    """A loaded stage: a pure function over a batch, and the digests of what it was loaded with."""

    version: str
    model: str | None
    lists: list[str]

    def __call__(self, records: Sequence[Any], /) -> Sequence[Block | Rejected]:
        """One result a record, in order.

        Raises:
            PoisonRecord: A record of the batch can never succeed.
            Unavailable: Try the batch again later.
        """


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's declaration.

    Attributes:
        name: One word; also the metric label, the agent's name and the package under `agents`.
        source: Topic it reads.
        sink: Topic it writes.
        reads: Blocks of the record that its function needs, by the names of `adds`.
        adds: The block that it adds: `article`, `entities` (with the mentions, dates, money,
            quantities, quotes and parse), `events` or `flags`.
        drops: Fields of the record that nobody after it needs.
        load: Loads models and lists and returns the function; the only impure part.
    """

    name: str
    source: str
    sink: str
    reads: frozenset[str]
    adds: str
    load: Callable[[Options], Run]
    drops: frozenset[str] = field(default_factory=frozenset)
