"""The audit on the real broker: exact while workers run and die, proven at the end.

Every fault that is made by hand is found by its name and id.
"""

import asyncio
import random
import signal
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from typer.testing import CliRunner

from agents.stage import Options
from streams import dead
from streams.admin import create
from streams.audit.run import Plan, Verdict, audit
from streams.cli.root import app
from streams.delivery.wire import Incoming, Outgoing, outgoing
from streams.execution import Executor, Job
from streams.scan import scan, spans
from streams.settings import Settings
from streams.topics import ENRICHED, OUTCOMES, RAW
from tests.broker.harness import article, environment, feed, first_outcomes, fleet, keep_running
from tests.broker.stages import STAGES

NOW = datetime.now(UTC)
LEDGER = Plan(recompute=False)
RECORDS = 300


@dataclass
class ByHand:
    """The flow without workers: does what they do, and what they must never do."""

    settings: Settings
    written: list[Outgoing] = field(default_factory=list)
    stood: dict[TopicPartition, int] = field(default_factory=dict)
    _producer: Any = None

    async def __aenter__(self) -> "ByHand":
        await create(self.settings)
        self._producer = AIOKafkaProducer(bootstrap_servers=self.settings.broker)
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def write(self, out: Outgoing) -> Any:
        self.written.append(out)
        return await self._producer.send_and_wait(
            out.topic, out.value, key=out.key, partition=out.partition, headers=list(out.headers)
        )

    async def raw(self, values: Iterable[bytes]) -> list[Incoming]:
        topic = self.settings.topic(RAW)
        return [
            await self._read_back(Outgoing(topic, number % 4, b"k", value, []))
            for number, value in enumerate(values)
        ]

    async def _read_back(self, out: Outgoing) -> Incoming:
        at = await self.write(out)
        self.stood.setdefault(TopicPartition(out.topic, at.partition), 0)
        return Incoming(out.topic, at.partition, at.offset, at.timestamp, out.key, out.value,
                        out.headers)  # fmt: skip

    async def run(self, record: Incoming, stages: int = 4, **change: Any) -> list[Outgoing]:
        """Take a record through stages; what the last of them wrote, with `change` in its value."""
        executor = Executor(STAGES, Options())
        outs: list[Outgoing] = []
        for number, stage in enumerate(STAGES[:stages]):
            tp = TopicPartition(record.topic, record.partition)
            self.stood[tp] = max(self.stood.get(tp, 0), record.offset + 1)
            (result,) = executor.work(stage.name, [Job(record.value, record.name)])
            _, _, outs = outgoing(stage, self.settings, record, result, NOW)
            if number == stages - 1 and change:
                value = orjson.dumps(orjson.loads(outs[0].value or b"") | change)
                outs[0] = replace(outs[0], value=value)
            for out in outs[1:]:
                await self.write(out)
            record = await self._read_back(outs[0])
        return outs

    async def kept(self, name: str) -> list[Incoming]:
        async with aclosing(scan(self.settings, await spans(self.settings, [name]))) as records:
            return [record async for record in records]

    async def commit(self) -> None:
        """Commit the group's offsets as its workers would."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.broker,
            group_id=self.settings.app_id,
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            consumer.assign(list(self.stood))
            await consumer.commit(self.stood)
        finally:
            await consumer.stop()

    async def audit(self, plan: Plan = LEDGER) -> Verdict:
        await self.commit()
        return await audit(self.settings, STAGES, plan)


async def test_exact_while_workers_run_and_are_killed_and_proven_at_the_end(
    settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"session_timeout_s": 6.0})
    dice = random.Random(5)  # noqa: S311  (a fault's time is no secret)
    orders = dict(enumerate(["clean:reject", "events:poison"] * 10))
    values = [article(n, orders.get(n, "")) for n in range(RECORDS)]
    verdicts = []
    async with fleet(settings, tmp_path, 0, 1) as workers, keep_running(workers):
        feeding = asyncio.create_task(feed(settings, values, pace_s=0.03))
        await first_outcomes(settings, 10)
        for _ in range(4):
            workers.send(dice.choice([0, 1]), signal.SIGKILL)
            await asyncio.sleep(dice.uniform(0, 1))
            verdicts.append(await audit(settings, STAGES, LEDGER))
        fed = await feeding
        letters = [letter.id async for letter in dead.find(settings, dead.Choice())]
        again = dead.replay(settings, STAGES, dead.Choice(), dead.Order())
        assert len([done async for done in again]) == len(letters)
        await first_outcomes(settings, RECORDS + 2 * len(letters), 90)
        last = await audit(settings, STAGES, Plan(seed=7))
    for verdict in [*verdicts, last]:
        assert verdict.proven, (verdict.faults.ids, workers.log_text())
        accounted = sum(n for (name, _), n in verdict.standing.items() if name != "in flight")
        assert accounted + sum(verdict.in_flight.values()) == verdict.records
    assert any(sum(verdict.in_flight.values()) for verdict in verdicts)
    assert (last.records, last.replays) == (len(fed), len(letters))
    assert last.standing == {
        ("enriched", ""): RECORDS - 20,
        ("rejected", "too_short"): 10,
        ("dead", "events told"): 10,
    }
    assert last.recomputed is not None
    assert (last.recomputed.sample, last.recomputed.whole) == (200, 200)
    assert (last.recomputed.outputs, last.recomputed.others) == (800, {})


async def test_a_record_that_is_lost_between_two_stages_is_named(settings: Settings) -> None:
    async with ByHand(settings) as flow:
        good, lost, waits, fresh = await flow.raw(article(n) for n in range(4))
        await flow.run(good)
        for record in (lost, waits):
            await flow.run(record, stages=2)
        # `waits` is on news.entities and unread; `lost` was read there, and nothing came of it.
        on = {r.origin: r.partition for r in await flow.kept("news.entities")}
        assert on[lost.coordinates] != on[waits.coordinates]
        entities = settings.topic("news.entities")
        flow.stood[TopicPartition(entities, on[lost.coordinates])] = 99
        flow.stood[TopicPartition(fresh.topic, fresh.partition)] = 0
        verdict = await flow.audit()
    assert verdict.faults.ids == {"lost": [lost.coordinates]}
    assert sum(verdict.in_flight.values()) == 2
    assert (verdict.records, verdict.proven) == (4, False)


async def test_doubled_results_and_ends_are_named(settings: Settings) -> None:
    async with ByHand(settings) as flow:
        one, two, three = await flow.raw(article(n) for n in range(3))
        outs = [await flow.run(record) for record in (one, two, three)]
        await flow.write(outs[0][0])
        await flow.write(outs[1][1])
        verdict = await flow.audit()
    assert verdict.faults.ids == {"doubled": [one.coordinates], "ended twice": [two.coordinates]}
    assert verdict.standing == {("enriched", ""): 3}


async def test_an_outcome_without_its_result_and_the_other_way_round(settings: Settings) -> None:
    async with ByHand(settings) as flow:
        one, two = await flow.raw(article(n) for n in range(2))
        outs = await flow.run(one)
        claim = orjson.loads(outs[1].value or b"") | {"origin": two.coordinates}
        await flow.run(two, stages=1)
        await flow.write(replace(outs[1], key=two.coordinates.encode(), value=orjson.dumps(claim)))
        for tp in flow.stood:
            flow.stood[tp] = 99
        await flow.write(replace(outs[1], key=b"x", value=b'{"no": "outcome"}'))
        verdict = await flow.audit()
    assert verdict.faults.ids["enriched, but not on news.enriched"] == [two.coordinates]
    assert len(verdict.faults.ids["no outcome"]) == 1


async def test_a_changed_byte_is_found_and_another_version_is_not_called_a_fault(
    settings: Settings,
) -> None:
    async with ByHand(settings) as flow:
        good, changed, other = await flow.raw(article(n) for n in range(3))
        await flow.run(good)
        outs = await flow.run(changed, flags=[], extra={"some": "thing"})
        ce_id = dict(outs[0].headers)["ce_id"].decode()
        made: dict[str, Any] = {
            "stage": "sanctions",
            "version": "older",
            "model": None,
            "lists": [],
        }
        await flow.run(other, provenance=[made])
        verdict = await flow.audit(Plan(seed=1))
        unread = await audit(settings, STAGES, Plan(seed=1, least=0, share=0.0))
    redone = verdict.recomputed
    assert redone is not None
    assert [(d.origin, d.stage, d.ce_id) for d in redone.different] == [
        (changed.coordinates, "sanctions", ce_id)
    ]
    assert (redone.sample, redone.whole, redone.others) == (3, 1, {"sanctions": 1})
    assert verdict.faults.ids == {}
    assert not verdict.proven
    assert unread.proven


async def test_a_transaction_that_nobody_ends_holds_nothing_back_for_ever(
    settings: Settings,
) -> None:
    async with ByHand(settings) as flow:
        (record,) = await flow.raw([article(1)])
        await flow.run(record)
        open_one = AIOKafkaProducer(
            bootstrap_servers=settings.broker,
            transactional_id=f"{settings.app_id}-x",
            transaction_timeout_ms=3000,
        )
        await open_one.start()
        await open_one.begin_transaction()
        await open_one.send_and_wait(settings.topic(OUTCOMES), b'{"origin": "x", "outcome": "y"}')
        await open_one.send_and_wait(settings.topic(ENRICHED), b"x")
        verdict = await flow.audit()
        await open_one.stop()
    assert verdict.proven, verdict.faults.ids


async def test_the_command_tells_it_on_one_screen_and_as_json(settings: Settings) -> None:
    env = {name: value for name, value in environment(settings).items() if "NEWSFLAG" in name}

    async def ran(*arguments: str) -> Any:
        given = ["audit", "--no-recompute", *arguments]
        return await asyncio.to_thread(CliRunner().invoke, app, given, env=env)

    async with ByHand(settings) as flow:
        one, two = await flow.raw(article(n) for n in range(2))
        outs = await flow.run(one)
        flow.stood[TopicPartition(two.topic, two.partition)] = two.offset
        await flow.commit()
        good = await ran()
        assert (good.exit_code, good.stderr) == (0, "")
        assert "proven: nothing lost, nothing doubled" in good.stdout
        assert len(good.stdout.splitlines()) < 24
        await flow.write(outs[0])
        bad = await ran("--json")
    assert bad.exit_code == 1
    told = orjson.loads(bad.stdout)
    assert told["faults"] == {"doubled": {"count": 1, "ids": [one.coordinates]}}
    assert (told["in"], told["ended"], told["in_flight"]) == (
        2,
        {"enriched": {"all": 1}},
        {"raw": 1},
    )
