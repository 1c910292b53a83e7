"""`newsflag explain`: why the stages said what they said of an article, and what they dropped."""

import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from schemas import ArticleRecord
from streams.cli.common import PROBLEMS, examples, new_app, say
from streams.cli.stage import StageInput
from streams.execution import Emit, Executor
from streams.settings import load_settings

app = new_app()


@app.command(
    epilog=examples(
        "newsflag explain article.jsonl",
        'echo \'{"text": "Troops crossed the river.", "published": "2026-11-20"}\' '
        "| newsflag explain -",
    )
)
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - is stdin.")],
) -> None:
    """Explain events and flags; one JSON object an article comes out, in order.

    The input is raw articles, as `newsflag ingest` takes them. `events` has the events and the
    triggers that were dropped, with frame and reason; `sanctions` the flags, the names with their
    candidates and the gate that stopped each, and the clauses that were read. An article that a
    stage turns down, or that can't be processed, goes to standard error, and the exit code is 1.
    """
    from agents.events import load_coder  # noqa: PLC0415  (the stages' libraries are slow to load)
    from agents.sanctions.explain import explain as explain_flags  # noqa: PLC0415
    from agents.sanctions.run import SanctionsRun  # noqa: PLC0415
    from streams.pipeline import PIPELINE  # noqa: PLC0415

    options = load_settings().options()
    executor, coder, screening = Executor(PIPELINE, options), load_coder(), SanctionsRun(options)
    failed = False
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
        for number, line in enumerate(filter(bytes.strip, lines), start=1):
            job = StageInput(number, line, PIPELINE[0]).job
            [result] = executor.chain(["clean", "entities", "events"], [job])
            if not isinstance(result, Emit):
                failed = True
                say(orjson.dumps({"line": number, **asdict(result)}).decode())
                continue
            record = ArticleRecord.model_validate_json(result.value)
            coded = coder.explain(record)
            told: dict[str, Any] = {
                "article": {"id": record.article.id, "title": record.article.title},
                "events": {
                    "events": [event.model_dump() for event in coded.events],
                    "dropped": [asdict(dropped) for dropped in coded.dropped],
                    "domain": coded.domain,
                    "repairs": coded.repairs,
                },
                "sanctions": explain_flags(screening, record),
                "extra": record.extra,
            }
            sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(PROBLEMS)
