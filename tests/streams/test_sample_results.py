"""What comes out of the sample feed, by the real stages, against what must come out of it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agents.stage import Options
from streams.execution import Emit, Executor, Job
from streams.pipeline import PIPELINE
from streams.sample import FEED

EXPECTED: dict[str, Any] = json.loads(
    Path(__file__).with_name("sample_expectations.json").read_text("utf-8")
)
CASES = sorted(set(EXPECTED) - {"about"})
CONFLICT = {"verbal-conflict", "material-conflict"}


@cache
def records() -> dict[str, dict[str, Any]]:
    jobs = [Job(line, f"sample/{n}") for n, line in enumerate(FEED.read_bytes().splitlines())]
    results = Executor(PIPELINE, Options()).chain([stage.name for stage in PIPELINE], jobs)
    emitted = [json.loads(result.value) for result in results if isinstance(result, Emit)]
    assert len(emitted) == len(jobs), "no article of the sample may be turned down"
    return {record["extra"]["case"]: record for record in emitted}


def head_faults(article: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    found = dict(article)
    found["dateline"] = (article["dateline"] or {}).get("place", "").casefold()
    found["published"] = (article["published"] or {}).get("value", "")[:10]
    wanted = {**wanted}
    if "dateline" in wanted:
        wanted["dateline"] = wanted["dateline"].casefold()
    return [f"{key} is {found[key]!r}" for key, value in wanted.items() if found[key] != value]


def has_entity(record: dict[str, Any], wanted: dict[str, Any] | str) -> bool:
    spec = {"name": wanted} if isinstance(wanted, str) else wanted
    return any(
        spec["name"] in (entity["name"], *entity["aliases"])
        and spec.get("label", entity["label"]) == entity["label"]
        and spec.get("country", entity["country"]) == entity["country"]
        for entity in record["entities"]
    )


def accepted(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


def has_event(record: dict[str, Any], wanted: dict[str, Any]) -> bool:
    def fits(event: dict[str, Any]) -> bool:
        for key, value in wanted.items():
            if key in ("actor", "recipient"):
                people = event["actors" if key == "actor" else "recipients"]
                if not any(value in person["name"] for person in people):
                    return False
            elif not accepted(event.get(key), value):
                return False
        return True

    return any(fits(event) for event in record["events"])


def counted(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [flag for flag in record["flags"] if flag["review"] != "suppressed"]


def has_flag(record: dict[str, Any], wanted: dict[str, Any]) -> bool:
    def fits(flag: dict[str, Any]) -> bool:
        texts = [role["name"] for role in flag["roles"]]
        texts += [evidence["text"] for evidence in flag["evidence"]]
        texts += [flag["match"]["matched_name"]] if flag["match"] else []
        plain = {key: value for key, value in wanted.items() if key != "of"}
        of = wanted.get("of", "").casefold()
        return all(accepted(flag.get(key), value) for key, value in plain.items()) and any(
            of in text.casefold() for text in texts
        )

    return any(fits(flag) for flag in counted(record))


def faults(record: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    text = record["article"]["text"]
    found = head_faults(record["article"], wanted.get("head", {}))
    found += [f"text lacks {part!r}" for part in wanted.get("present", ()) if part not in text]
    found += [f"text has {part!r}" for part in wanted.get("absent", ()) if part in text]
    found += [f"no entity {e}" for e in wanted.get("entities", ()) if not has_entity(record, e)]
    found += [f"no event {e}" for e in wanted.get("events", ()) if not has_event(record, e)]
    found += [f"no flag {f}" for f in wanted.get("flags", ()) if not has_flag(record, f)]
    for kind in wanted.get("no_events", ()):
        found += [
            f"event {event['type']} {text[event['sentence']['start'] : event['sentence']['end']]}"
            for event in record["events"]
            if event["type"] == kind or (kind == "conflict" and event["quad"] in CONFLICT)
        ]
    for kind in wanted.get("no_flags", ()):
        found += [
            f"flag {flag['type']} {[evidence['text'] for evidence in flag['evidence']]}"
            for flag in counted(record)
            if kind in ("any", flag["type"])
        ]
    return found


@pytest.mark.parametrize("case", CASES)
def test_what_must_and_must_not_come_out(case: str) -> None:
    assert faults(records()[case], EXPECTED[case]) == []


@pytest.mark.parametrize("case", CASES)
def test_every_span_is_the_text_it_says(case: str) -> None:
    record = records()[case]
    text = record["article"]["text"]
    spans = [*record["mentions"], *record["dates"], *record["money"], *record["quantities"]]
    spans += [event["trigger"] for event in record["events"]]
    spans += [evidence for flag in record["flags"] for evidence in flag["evidence"]]
    assert [span["text"] for span in spans] == [text[s["start"] : s["end"]] for s in spans]


@pytest.mark.parametrize("case", CASES)
def test_every_reference_leads_somewhere(case: str) -> None:
    record = records()[case]
    mentions = {mention["id"] for mention in record["mentions"]}
    entities = {entity["id"] for entity in record["entities"]}
    named = {m for entity in record["entities"] for m in entity["mentions"]}
    named_entities = {
        person["entity"]
        for event in record["events"]
        for person in (*event["actors"], *event["recipients"], *event["attribution"])
    }
    named_entities |= {role["entity"] for flag in record["flags"] for role in flag["roles"]}
    assert named <= mentions
    assert named_entities - {None} <= entities
