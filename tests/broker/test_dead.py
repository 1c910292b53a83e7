"""Dead letters on the real broker: found, shown, replayed once, accounted to their raw record."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from streams import dead
from streams.admin import create
from streams.cli.root import app
from streams.dead import Choice, Order
from streams.delivery.wire import EDITED, ERROR, ORIGIN, REPLAY_OF, Incoming, outgoing
from streams.errors import NewsflagError
from streams.execution import Dead
from streams.scan import scan, spans
from streams.settings import Settings
from streams.topics import CLEAN, DEAD, ENRICHED, OUTCOMES, RAW
from tests.broker.harness import ROOT, article, environment, feed, fleet, settle
from tests.broker.stages import STAGES

ALL = Choice()


async def read(settings: Settings, topic: str) -> list[Incoming]:
    async with aclosing(scan(settings, await spans(settings, [topic]))) as records:
        return [record async for record in records]


async def ledger(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    entries: dict[str, list[dict[str, Any]]] = {}
    for record in await read(settings, OUTCOMES):
        entry = orjson.loads(record.value or b"null")
        entries.setdefault(entry["origin"], []).append(entry)
    return entries


async def kill_off(settings: Settings, records: Sequence[Incoming], stage: int = 0) -> None:
    """Write the dead letters and outcomes of records as a worker does."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker, max_request_size=64 << 20)
    await producer.start()
    try:
        for record in records:
            _, _, outs = outgoing(
                STAGES[stage], settings, record, Dead("told", "m"), datetime.now(UTC)
            )
            for out in outs:
                await producer.send(
                    out.topic,
                    out.value,
                    key=out.key,
                    headers=list(out.headers),
                    timestamp_ms=out.timestamp_ms,
                )
        await producer.flush()
    finally:
        await producer.stop()


def raw(settings: Settings, number: int, value: bytes | None = b"{", **more: Any) -> Incoming:
    stamp = int(time.time() * 1000) - 60_000
    given = {"key": str(number).encode(), "headers": [("x-mine", b"\xff\x00")]} | more
    return Incoming(settings.topic(RAW), number % 4, number, stamp, value=value, **given)


async def replay(settings: Settings, choice: Choice = ALL, **order: Any) -> list[dead.Replayed]:
    return [done async for done in dead.replay(settings, STAGES, choice, Order(**order))]


async def newsflag(settings: Settings, *arguments: str) -> Result:
    """Run `newsflag dead …` in this process; another one takes seconds to start."""
    env = {name: value for name, value in environment(settings).items() if "NEWSFLAG" in name}
    return await asyncio.to_thread(CliRunner().invoke, app, ["dead", *arguments], env=env)


async def test_an_edited_replay_is_accounted_to_the_raw_record(
    settings: Settings, tmp_path: Path
) -> None:
    async with fleet(settings, tmp_path, 0) as workers:
        fed = await feed(settings, [article(1), article(2, "events:poison"), b"no JSON"])
        await settle(settings, fed, 60)
        listed = await newsflag(settings, "list", "--json")
        told = {line["code"]: line for line in map(orjson.loads, listed.stdout_bytes.splitlines())}
        assert (told["told"]["origin"], told["told"]["stage"]) == (fed[1], "events")
        assert (told["undecodable"]["origin"], told["undecodable"]["source"]) == (fed[2], fed[2])
        payload = (await newsflag(settings, "show", told["told"]["id"], "--bytes")).stdout_bytes
        edited = tmp_path / "edited.json"
        edited.write_bytes(payload.replace(b"events:poison", b"all is well"))
        done = await newsflag(settings, "replay", told["told"]["id"], "--edit", str(edited))
        assert (done.exit_code, done.stderr_bytes) == (0, b""), done.stderr_bytes
        same = await newsflag(settings, "replay", "--code", "undecodable", "--json")
        assert orjson.loads(same.stdout_bytes)["replayed"] is True
        entries = await _until(settings, {fed[1]: 3, fed[2]: 3})
    assert [(e["outcome"], e.get("replay")) for e in entries[fed[1]]] == [
        ("dead", None),
        ("replayed", told["told"]["id"]),
        ("enriched", told["told"]["id"]),
    ]
    assert [(e["outcome"], e.get("replay")) for e in entries[fed[2]]] == [
        ("dead", None),
        ("replayed", told["undecodable"]["id"]),
        ("dead", told["undecodable"]["id"]),
    ]
    enriched = {record.origin: record for record in await read(settings, ENRICHED)}
    assert enriched.keys() == {fed[0], fed[1]}
    assert enriched[fed[1]].replay == told["told"]["id"]
    assert (enriched[fed[1]].header(EDITED) or b"").startswith(b"was sha256:")
    assert b"all is well" in (enriched[fed[1]].value or b"")
    assert enriched[fed[0]].replay is None, workers.log_text()
    second = [r for r in await read(settings, DEAD) if r.replay]
    assert [(r.value, r.origin) for r in second] == [(b"no JSON", fed[2])]


async def _until(settings: Settings, wanted: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    for _ in range(60):
        entries = await ledger(settings)
        if all(len(entries.get(origin, ())) >= count for origin, count in wanted.items()):
            return entries
        await asyncio.sleep(0.3)
    raise TimeoutError(str(entries))


async def test_what_is_sent_again_is_the_original_with_two_headers_more(
    settings: Settings,
) -> None:
    await create(settings)
    lost = raw(
        settings, 6, b"\x00\xff\x1b[31m", headers=[("ce_id", b"c"), ("x", b"\xff"), ("n", b"")]
    )
    await kill_off(settings, [lost])
    (letter,) = await read(settings, DEAD)
    (done,) = await replay(settings)
    assert (done.topic, done.refused) == (settings.topic(RAW), "")
    (again,) = await read(settings, RAW)
    assert (again.key, again.value, again.timestamp_ms) == (lost.key, lost.value, lost.timestamp_ms)
    assert again.partition == lost.partition
    assert [pair for pair in again.headers if pair[0] not in {ORIGIN, REPLAY_OF}] == lost.headers
    assert again.origin == lost.coordinates
    assert again.replay == letter.coordinates


async def test_a_dead_letter_is_replayed_once_unless_asked_again(settings: Settings) -> None:
    await create(settings)
    await kill_off(settings, [raw(settings, n) for n in range(5)])
    looked = await replay(settings, dry_run=True)
    assert len(looked) == 5
    assert await read(settings, RAW) == []
    assert [done.refused for done in await replay(settings)] == [""] * 5
    assert {done.refused for done in await replay(settings)} == {
        "replayed before; --again does it once more"
    }
    assert len(await read(settings, RAW)) == 5
    letters = {letter.id async for letter in dead.find(settings, ALL)}
    assert {done.times_before for done in await replay(settings, again=True)} == {1}
    runs = Counter(record.replay for record in await read(settings, RAW))
    assert runs == Counter([*letters, *(f"{letter}#2" for letter in letters)])
    assert (await newsflag(settings, "list", "--open", "--json")).stdout_bytes == b""
    assert (await newsflag(settings, "replay", "--all")).exit_code == 1


async def test_replays_that_are_killed_and_started_again_send_each_letter_once(
    settings: Settings,
) -> None:
    await create(settings)
    await kill_off(settings, [raw(settings, n) for n in range(400)])
    dice = random.Random(3)  # noqa: S311  (when to kill is no secret)
    command = [sys.executable, "-m", "streams", "dead", "replay", "--all", "--json"]
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment(settings), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()  # the first batch is committed
        await asyncio.sleep(dice.uniform(0, 0.15))
        process.kill()
        await process.communicate()
    before = len(await read(settings, RAW))
    assert before > 0
    await replay(settings)
    runs = Counter(record.replay for record in await read(settings, RAW))
    assert len(runs) == 400
    assert set(runs.values()) == {1}
    assert sum((await dead.times_replayed(settings)).values()) == 400


async def test_a_second_replay_stops_the_first_one(settings: Settings) -> None:
    await create(settings)
    await kill_off(settings, [raw(settings, n) for n in range(3 * dead.BATCH)])
    first = dead.replay(settings, STAGES, ALL, Order())
    async with aclosing(first):  # type: ignore[type-var]  # an async generator by its definition
        sent = [await anext(first)]
        rest = await replay(settings)
        with pytest.raises(NewsflagError, match="another replay was started"):
            async for done in first:
                sent.append(done)  # noqa: PERF401  (what came before the error counts)
    assert len(sent) == dead.BATCH
    assert Counter(bool(done.refused) for done in rest) == {True: len(sent), False: 2 * dead.BATCH}
    runs = Counter(record.replay for record in await read(settings, RAW))
    assert set(runs.values()) == {1}
    assert len(runs) == 3 * dead.BATCH


async def test_a_hop_s_dead_letter_goes_back_to_the_topic_that_the_hop_reads(
    settings: Settings,
) -> None:
    await create(settings)
    origin = f"{settings.topic(RAW)}/0/1"
    headers = [("ce_id", b"made-by-clean"), (ORIGIN, origin.encode())]
    hop = raw(settings, 7, headers=headers)
    await kill_off(settings, [Incoming(settings.topic(CLEAN), *_rest(hop))], stage=1)
    (done,) = await replay(settings, edited=b'{"edited": 1}')
    (again,) = await read(settings, CLEAN)
    assert (again.partition, again.origin, again.value) == (3, origin, b'{"edited": 1}')
    assert again.name != "made-by-clean", "an edited record must not pass for the original one"
    assert done.topic == settings.topic(CLEAN)


def _rest(record: Incoming) -> tuple[Any, ...]:
    return (record.partition, record.offset, record.timestamp_ms, record.key, record.value,
            record.headers)  # fmt: skip


async def test_a_pointer_is_followed_as_long_as_its_record_is_kept(settings: Settings) -> None:
    small = settings.model_copy(update={"max_record_kb": 64})
    await create(settings)
    huge = article(1, "x" * 300_000)
    (fed,) = await feed(settings, [huge])
    (stands,) = await read(settings, RAW)
    gone = Incoming(stands.topic, stands.partition, 99, *_rest(stands)[2:])
    await kill_off(small, [stands, gone])
    done = {d.letter.source: d.refused for d in await replay(settings)}
    assert done.pop(fed) == ""
    assert "too large to be kept" in done.popitem()[1]
    assert [r.value for r in await read(settings, RAW)] == [huge, huge]


async def test_show_prints_nothing_that_could_steer_a_terminal(settings: Settings) -> None:
    await create(settings)
    text = "\x1b[2Jü\u202eevil\x9b31m"
    values = [orjson.dumps({"text": text}), text.encode(), b"\xff\x1b[2J", None]
    await kill_off(
        settings,
        [raw(settings, n, v, key=text.encode(), headers=[(text, b"\x1bX")])
         for n, v in enumerate(values)],
    )  # fmt: skip
    ids = [letter.id async for letter in dead.find(settings, ALL)]
    written = b""
    for id_ in ids:
        shown = await newsflag(settings, "show", id_)
        assert (shown.exit_code, shown.stderr_bytes) == (0, b"")
        written += shown.stdout_bytes
        assert (
            orjson.loads((await newsflag(settings, "show", id_, "--json")).stdout_bytes)["id"]
            == id_
        )
    assert b"ff 1b 5b 32 4a" in written
    assert not {"\x1b", "\x9b", "\u202e"} & set(written.decode())
    got = {(await newsflag(settings, "show", id_, "--bytes")).stdout_bytes for id_ in ids}
    assert got == {value or b"" for value in values}


async def test_wrong_use_is_told_with_the_fix(settings: Settings, tmp_path: Path) -> None:
    await create(settings)
    missing = await newsflag(settings, "show", "0/1234")
    assert (missing.exit_code, b"there is no dead letter" in missing.stderr_bytes) == (1, True)
    for arguments, told in (
        (["replay"], b"say which ones"),
        (["replay", "--all", "--edit", __file__], b"--edit needs exactly one ID"),
        (["replay", "0/1", "--edit", str(tmp_path / "no")], b"can't be read"),
        (["list", "--stage", "cleaning"], b"is no stage"),
        (["list", "--from", "yesterday"], b"is no start"),
        (["list", "7"], b"not of the form"),
    ):
        ran = await newsflag(settings, *arguments)
        assert ran.exit_code == 2, arguments
        assert told in b" ".join(ran.stderr_bytes.split()).replace("│ ".encode(), b""), (
            ran.stderr_bytes
        )


async def test_the_letters_of_a_stage_code_and_time_are_listed(settings: Settings) -> None:
    await create(settings)
    await kill_off(settings, [raw(settings, n) for n in range(3)])
    await kill_off(settings, [raw(settings, 3)], stage=2)
    for arguments, count in (
        (["--stage", "clean"], 3),
        (["--stage", "events", "--code", "told"], 1),
        (["--code", "other"], 0),
        (["--from", "-5m"], 4),
        (["--to", "-5m"], 0),
    ):
        listed = await newsflag(settings, "list", "--json", *arguments)
        assert len(listed.stdout_bytes.splitlines()) == count, arguments
    table = (await newsflag(settings, "list")).stdout_bytes.decode()
    assert table.count("told") == 4
    assert ERROR not in table
