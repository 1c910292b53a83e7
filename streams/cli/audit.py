"""`newsflag audit`: prove that nothing was lost and nothing doubled."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from streams.audit.run import Plan, Recomputed, Verdict, audit
from streams.cli.common import (
    PROBLEMS,
    AsJson,
    Broker,
    connected_settings,
    err,
    examples,
    new_app,
    print_json,
)
from streams.display import plain
from streams.pipeline import PIPELINE
from streams.settings import Settings

app = new_app()

IDS_SHOWN: Final = 5
REASONS_SHOWN: Final = 6


@app.command(
    name="audit",
    epilog=examples(
        "newsflag audit", "newsflag audit --no-recompute --json", "newsflag audit --share 0.1"
    ),
)
def audit_(
    recompute: Annotated[
        bool,
        typer.Option(
            "--recompute/--no-recompute",
            help="Do a sample of the enriched records again and compare byte for byte.",
        ),
    ] = True,
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of the enriched records done again.")
    ] = 0.01,
    least: Annotated[int, typer.Option(min=0, help="At least so many, or all there are.")] = 200,
    seed: Annotated[
        int | None,
        typer.Option(help="Choose the same sample as before; told by --json.", show_default=False),
    ] = None,
    broker: Broker = None,
    as_json: AsJson = False,
) -> None:
    """Prove from the topics that every raw record ended exactly once, or is on its way.

    It speaks of the offsets that news.raw still keeps, and works while the pipeline runs: what
    moves on meanwhile is in flight, not lost. No group is joined and nothing is written. The exit
    code is 1 when a record is lost or doubled, or differs when it is done again.
    """
    settings = connected_settings(broker)
    chosen = {} if seed is None else {"seed": seed}
    plan = Plan(recompute=recompute, share=share, least=least, **chosen)
    with _progress() as progress:
        tasks: dict[str, TaskID] = {}

        def report(topic: str, done: int, total: int) -> None:
            if topic not in tasks:
                tasks[topic] = progress.add_task(topic, total=total)
            progress.update(tasks[topic], completed=done)

        verdict = asyncio.run(audit(settings, PIPELINE, plan, report))
    if as_json:
        print_json(_as_dict(verdict))
    else:
        for line in _lines(settings, verdict):
            typer.echo(line)
    if not verdict.proven:
        raise typer.Exit(PROBLEMS)


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    standing: dict[str, dict[str, int]] = {}
    for (outcome, why), count in sorted(verdict.standing.items()):
        standing.setdefault(outcome, {})[why or "all"] = count
    return {
        "proven": verdict.proven,
        "in": verdict.records,
        "ended": standing,
        "in_flight": verdict.in_flight,
        "replays": verdict.replays,
        "older": verdict.older,
        "deleted_unread": verdict.deleted_unread,
        "faults": {
            kind: {"count": count, "ids": verdict.faults.ids[kind]}
            for kind, count in verdict.faults.counts.items()
        },
        "recomputed": asdict(verdict.recomputed) if verdict.recomputed else None,
    }


def _lines(settings: Settings, verdict: Verdict) -> Iterator[str]:
    yield f"audit of {settings.app_id} at {settings.broker}, for what news.raw keeps"
    yield _line("in", verdict.records)
    for outcome in ("enriched", "duplicate", "rejected", "dead"):
        reasons = {why: n for (name, why), n in verdict.standing.items() if name == outcome}
        yield _line(outcome, sum(reasons.values()), reasons)
    yield _line("in flight", sum(verdict.in_flight.values()), verdict.in_flight)
    counts = verdict.faults.counts
    yield _line("lost", counts["lost"])
    yield _line("doubled", counts["doubled"] + counts["ended twice"])
    if verdict.replays:
        yield _line("replays", verdict.replays)
    if verdict.recomputed:
        yield _line("done again", verdict.recomputed.sample) + _redone(verdict.recomputed)
    if verdict.older:
        yield _line("older", verdict.older) + "  news.raw or news.outcomes keeps them no more"
    if verdict.deleted_unread:
        yield (
            f"WARNING: up to {verdict.deleted_unread} offsets were deleted before they were read: "
            "raise NEWSFLAG_RETENTION_HOURS or NEWSFLAG_RETENTION_MB, or add workers"
        )
    for kind, ids in verdict.faults.ids.items():
        yield f"FAULT: {counts[kind]} {kind}: {_some(ids, counts[kind])}"
    for bad in (verdict.recomputed.different if verdict.recomputed else ())[:IDS_SHOWN]:
        yield plain(f"FAULT: different: {bad.origin} stage {bad.stage} {bad.ce_id}: {bad.why}")
    yield "proven: nothing lost, nothing doubled" if verdict.proven else "NOT PROVEN"


def _line(name: str, count: int, reasons: dict[str, int] | None = None) -> str:
    ranked = sorted((reasons or {}).items(), key=lambda item: -item[1])
    told = [f"{plain(why)} {n:,}" for why, n in ranked if why]
    more = [f"{len(told) - REASONS_SHOWN} more"] if len(told) > REASONS_SHOWN else []
    line = f"{name:<12}{count:>12,}"
    return f"{line}  {' · '.join([*told[:REASONS_SHOWN], *more])}".rstrip()


def _redone(redone: Recomputed) -> str:
    told = f"  {redone.whole:,} equal byte for byte in every stage"
    if redone.others:
        others = ", ".join(f"{stage} {count}" for stage, count in redone.others.items())
        told += f"; made by another version, not judged: {others}"
    if redone.different:
        told += f"; {len(redone.different)} DIFFERENT"
    return told


def _some(ids: list[str], count: int) -> str:
    more = f" and {count - IDS_SHOWN} more (--json)" if count > IDS_SHOWN else ""
    return ", ".join(plain(text) for text in ids[:IDS_SHOWN]) + more


def _progress() -> Progress:
    """Bars on standard error, gone at the end; nothing where that is no terminal."""
    console = err()
    return Progress(
        TextColumn("reading {task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
