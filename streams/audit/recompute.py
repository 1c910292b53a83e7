"""A sample of records done again: each stage gets the recorded input, its output is compared.

The topics are read once, in the order of the flow. A record of the sample is compared with what
the stage before made of its own recorded input, and is then itself the input of the next stage. Of
an output only the digest is kept until the record comes by, so memory does not grow with pages.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from agents.stage import Stage
from streams.delivery.wire import Incoming
from streams.execution import Emit, Job, Result
from streams.pool import Pool

CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Different:
    """A record that is not what its stage makes of its recorded input."""

    origin: str
    stage: str
    ce_id: str
    why: str


@dataclass(frozen=True, slots=True)
class _Expected:
    digest: str
    made_by: Any
    why: str = ""


@dataclass
class Recompute:
    """Does the records of a sample again as they come by.

    Attributes:
        sample: Origins.
        different: What is not equal.
        others: Outputs of another code, model or list version than the one at hand, by stage;
            they can't be judged.
        equal: How many outputs of each origin are equal.
    """

    pool: Pool
    stages: Sequence[Stage]
    sample: frozenset[str]
    different: list[Different] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    _expected: dict[tuple[str, str], _Expected] = field(default_factory=dict)
    _inputs: list[Incoming] = field(default_factory=list)

    @property
    def whole(self) -> int:
        """Records of which every stage's output is equal."""
        return sum(count == len(self.stages) for count in self.equal.values())

    async def take(self, record: Incoming, topic: str) -> None:
        """See a record of a topic; those of one topic come before those of the next.

        Args:
            record: Any record of it.
            topic: The topic's name in the registry.
        """
        if record.replay is not None or record.origin not in self.sample:
            return
        self._compare(record, topic)
        if any(stage.source == topic for stage in self.stages):
            self._inputs.append(record)
            if len(self._inputs) >= CHUNK:
                await self.finish(topic)

    async def finish(self, topic: str) -> None:
        """Work on what waits; called at the end of each topic."""
        inputs, self._inputs = self._inputs, []
        if not inputs:
            return
        stage = next(stage for stage in self.stages if stage.source == topic)
        jobs = [Job(record.value, record.name) for record in inputs]
        results = await self.pool.work((stage.name,), jobs)
        for record, result in zip(inputs, results, strict=True):
            self._expected[stage.sink, record.origin] = _expected(result)

    def _compare(self, record: Incoming, topic: str) -> None:
        expected = self._expected.pop((topic, record.origin), None)
        if expected is None:
            return
        stage = next(stage.name for stage in self.stages if stage.sink == topic)
        if _digest(record.value) == expected.digest:
            self.equal[record.origin] += 1
        elif not expected.why and _made_by(record.value) != expected.made_by:
            self.others[stage] += 1
        else:
            ce_id = (record.header("ce_id") or b"").decode("utf-8", "replace")
            why = expected.why or "other bytes"
            self.different.append(Different(record.origin, stage, ce_id, why))


def _expected(result: Result) -> _Expected:
    if isinstance(result, Emit):
        return _Expected(_digest(result.value), _made_by(result.value))
    return _Expected("", None, f"done again it ends: {result}"[:300])


def _digest(value: bytes | None) -> str:
    return hashlib.sha256(value or b"").hexdigest()


def _made_by(value: bytes | None) -> Any:
    """Version, model and lists of the stage that made a record; None if it does not tell them."""
    try:
        made = orjson.loads(value or b"")["provenance"][-1]
        return made["version"], made["model"], made["lists"]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return None
