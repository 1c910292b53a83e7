"""`newsflag stage`: real stages, no Kafka."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

TEXT = (
    "SEOUL — Foreign Minister Cho Min-ho met his Norwegian counterpart in Oslo on Monday.\n"
    "Norway condemned North Korea's missile tests, and Russian President Vladimir Putin was "
    "criticised by both governments for the war against Ukraine."
)


def stage(names: str, lines: list[object]) -> subprocess.CompletedProcess[str]:
    given = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    return subprocess.run(
        [sys.executable, "-m", "streams", "stage", names, "-"],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_whole_chain_in_order_with_extra_fields_back() -> None:
    done = stage("all", [{"text": TEXT, "published": "2026-11-17", "case": n} for n in range(10)])
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["extra"]["case"] for record in records] == list(range(10))
    first = records[0]
    assert {entity["name"] for entity in first["entities"]} >= {"Norway", "Vladimir Putin"}
    assert any(event["type"] == "CONSULT" for event in first["events"])
    assert any(flag["type"] == "listed_party" for flag in first["flags"])
    assert first["parse"] is None
    bodies = {json.dumps({**record, "extra": 0, "provenance": 0}) for record in records}
    assert len(bodies) == 1, "the same input gives the same bytes"


def test_a_list_after_clean_takes_a_bare_text() -> None:
    given = {"text": TEXT, "published": "2026-11-17", "language": "en", "case": "b"}
    done = stage("entities,events,sanctions", [given])
    assert done.returncode == 0, done.stderr
    [record] = [json.loads(line) for line in done.stdout.splitlines()]
    assert record["article"]["method"] == "bare"
    assert record["article"]["text"] == TEXT
    assert record["extra"] == {"case": "b"}
    assert record["events"]


def test_a_records_way_can_be_cut_in_two() -> None:
    first = stage("clean,entities", [{"text": TEXT, "published": "2026-11-17"}])
    second = stage("events,sanctions", [first.stdout.strip()])
    whole = stage("all", [{"text": TEXT, "published": "2026-11-17"}])
    assert json.loads(second.stdout)["events"] == json.loads(whole.stdout)["events"]


def test_errors_are_records_on_stderr_and_the_others_go_on() -> None:
    done = stage("all", ["{broken", {"text": 5, "case": "x"}, {"text": TEXT}])
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(error["code"], error["line"]) for error in told] == [
        ("undecodable", 1),
        ("invalid", 2),
    ]
    assert told[1]["extra"] == {"case": "x"}


def test_what_a_stage_turns_down_comes_out_with_its_reason() -> None:
    german = "Der Bundestag hat am Montag in Berlin über den Haushalt des kommenden Jahres beraten."
    done = stage("clean", [{"text": f"{german} {german}", "case": "de"}])
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["outcome"], told["reason"]) == ("rejected", "language:de")
    assert told["extra"] == {"case": "de"}


@pytest.mark.parametrize(
    ("names", "told"),
    [("cleen", "cleen is no stage"), ("clean,events", "events does not follow clean")],
)
def test_a_wrong_list_of_stages_is_told(names: str, told: str) -> None:
    done = stage(names, [])
    assert done.returncode == 78
    assert told in done.stderr
