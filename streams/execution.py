"""Run stages over the bytes of records: decode, call the pure function, merge its block, encode.

This is what a pool process does, and what `newsflag stage` does; it knows neither Kafka nor Faust.
A result says what is to become of the record, and nothing has happened to it yet.
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

from agents.stage import Options, PoisonRecord, Rejected, Run, Stage, Unavailable
from schemas import ArticleRecord, Block, Provenance, RawArticle
from schemas.identity import cloud_event_id, digest
from streams.topics import RAW

TRACE_CHARS_MAX: Final = 6000
"""A dead letter's traceback is cut to this, its end kept: headers have to stay small."""

PROBLEMS_TOLD_MAX: Final = 5
"""How many wrong fields of a record the message of a dead letter names."""


@dataclass(frozen=True, slots=True)
class Job:
    """One record to work on: its value, and the name that provenance gives it."""

    value: bytes | None
    input: str


@dataclass(frozen=True, slots=True)
class Emit:
    """The record goes on to the stage's sink."""

    value: bytes
    article: str
    ce_id: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Reject:
    """The record ends here for a good reason."""

    reason: str
    detail: str | None
    article: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Dead:
    """The record can't be processed; it becomes a dead letter."""

    code: str
    message: str
    trace: str = ""


Result = Emit | Reject | Dead


class Executor:
    """The stages of one process, each loaded once, at its first use or by `load`."""

    def __init__(self, stages: Sequence[Stage], options: Options) -> None:
        self._stages = {stage.name: stage for stage in stages}
        self._options = options
        self._runs: dict[str, Run] = {}

    def load(self) -> None:
        """Load every stage now.

        Raises:
            ValueError: A model or list is missing or unfit.
        """
        for name in self._stages:
            self._run(name)

    def work(self, name: str, jobs: Sequence[Job]) -> list[Result]:
        """Run one stage over a batch, one result a job, in order.

        Raises:
            Unavailable: The batch may succeed later.
        """
        stage, results = self._stages[name], dict[int, Result]()
        good: list[tuple[int, Job, Any]] = []
        for index, job in enumerate(jobs):
            try:
                good.append((index, job, _decode(stage, job.value)))
            except PoisonRecord as poison:
                results[index] = Dead(poison.code, poison.message)
        results |= self._advance(stage, good)
        return [results[index] for index in range(len(jobs))]

    def chain(self, names: Sequence[str], jobs: Sequence[Job]) -> list[Result]:
        """Run stages one after another; a record that ends early keeps that end."""
        results: list[Result] = []
        pending = list(jobs)
        places = list(range(len(jobs)))
        final: dict[int, Result] = {}
        for name in names:
            results = self.work(name, pending)
            final |= dict(zip(places, results, strict=True))
            going_on = [
                (place, Job(result.value, result.ce_id))
                for place, result in zip(places, results, strict=True)
                if isinstance(result, Emit)
            ]
            places = [place for place, _ in going_on]
            pending = [job for _, job in going_on]
        return [final[index] for index in range(len(jobs))]

    def _run(self, name: str) -> Run:
        if name not in self._runs:
            self._runs[name] = self._stages[name].load(self._options)
        return self._runs[name]

    def _advance(self, stage: Stage, good: list[tuple[int, Job, Any]]) -> dict[int, Result]:
        if not good:
            return {}
        run = self._run(stage.name)
        try:
            blocks = run([record for _, _, record in good])
            return {
                index: _result(stage, run, job, record, block)
                for (index, job, record), block in zip(good, blocks, strict=True)
            }
        except Unavailable:
            raise
        except Exception as error:
            if len(good) == 1:
                return {good[0][0]: _dead(error)}
        alone: dict[int, Result] = {}
        for item in good:
            alone |= self._advance(stage, [item])
        return alone


def _decode(stage: Stage, value: bytes | None) -> RawArticle | ArticleRecord:
    if value is None:
        raise PoisonRecord("null_value", "the record has no value; send a JSON object")
    try:
        fields = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise PoisonRecord("undecodable", f"the value is no JSON: {error}") from None
    if not isinstance(fields, dict):
        raise PoisonRecord(
            "wrong_type", f"the value is a JSON {type(fields).__name__}; send an object"
        )
    model = RawArticle if stage.source == RAW else ArticleRecord
    try:
        record: RawArticle | ArticleRecord = model.model_validate(fields)
    except ValidationError as error:
        raise PoisonRecord("invalid", _told(error)) from None
    if isinstance(record, ArticleRecord):
        for block in sorted(stage.reads):
            if getattr(record, block, None) is None:
                raise PoisonRecord("missing_block", f"the field {block} is needed and not there")
    return record


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    told = [
        f"{'.'.join(str(part) for part in problem['loc']) or 'record'}: {problem['msg']}"
        for problem in problems[:PROBLEMS_TOLD_MAX]
    ]
    if len(problems) > PROBLEMS_TOLD_MAX:
        told.append(f"and {len(problems) - PROBLEMS_TOLD_MAX} more")
    return "; ".join(told)


def _result(
    stage: Stage, run: Run, job: Job, record: RawArticle | ArticleRecord, block: Block | Rejected
) -> Result:
    if isinstance(block, Rejected):
        known = record.article if isinstance(record, ArticleRecord) else None
        return Reject(
            reason=f"{block.reason}:{block.detail}" if block.reason == "language" else block.reason,
            detail=block.detail,
            article=block.article_id or (known.id if known else None),
            url=block.url or (known.url if known else record.url),  # type: ignore[union-attr]
        )
    grown = grow(stage, run, job.input, record, block)
    content = digest(grown.article.fingerprint, str(grown.article.revision))
    number = grown.screening.number if grown.screening else 0
    return Emit(
        value=encode(grown),
        article=grown.article.id,
        ce_id=cloud_event_id(grown.article.id, content, stage.name, number),
        flagged=bool(grown.flags),
    )


def grow(
    stage: Stage, run: Run, input_id: str, record: RawArticle | ArticleRecord, block: Block
) -> ArticleRecord:
    """The record with the stage's block and provenance added, and what nobody reads later gone."""
    made = Provenance(
        stage=stage.name, version=run.version, model=run.model, lists=run.lists, input=input_id
    )
    if isinstance(record, RawArticle):
        article = block.article  # type: ignore[attr-defined]
        return ArticleRecord(article=article, provenance=[made], extra=record.extra)
    update = {name: getattr(block, name) for name in type(block).model_fields}
    update["provenance"] = [*record.provenance, made]
    return record.model_copy(update=update | dict.fromkeys(stage.drops))


def encode(record: ArticleRecord) -> bytes:
    """The record as it travels: JSON, fields in declared order."""
    try:
        return orjson.dumps(record.model_dump(by_alias=True))
    except TypeError as error:
        raise PoisonRecord("unencodable", f"the record can't be written as JSON: {error}") from None


def _dead(error: Exception) -> Dead:
    if isinstance(error, PoisonRecord):
        return Dead(error.code, error.message)
    trace = "".join(traceback.format_exception(error))[-TRACE_CHARS_MAX:]
    return Dead(f"bug:{type(error).__name__}", str(error)[:500], trace)
