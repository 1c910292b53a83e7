"""`newsflag screen` and `newsflag explain`: the pure functions as a person calls them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "agents" / "sanctions" / "fixtures"


def run(*words: str, lines: list[Any]) -> subprocess.CompletedProcess[str]:
    given = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    return subprocess.run(
        [sys.executable, "-m", "streams", *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_names_are_answered_in_order_with_scores_and_gates() -> None:
    names: list[Any] = [
        {"id": "a", "name": "Wladimir Putin", "kind": "person"},
        {"id": "b", "name": "Jane Ordinary", "kind": "person"},
        {"id": "c", "name": "Vladimir Putin", "kind": "vessel"},
    ]
    done = run("screen", "-", lines=names)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    [match] = answers[0]["matches"]
    assert (match["entry"], match["decision"]) == ("ofac:35096", "match")
    assert match["parts"]
    assert match["gates"]
    assert answers[1]["matches"] == answers[2]["matches"] == []


def test_lists_of_ones_own() -> None:
    done = run("screen", "-", "--list", str(FIXTURES / "sdn"), lines=[{"name": "Vladimir Putin"}])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"id": None, "matches": []}


def test_a_line_that_can_not_be_screened_is_told_and_the_others_go_on() -> None:
    done = run("screen", "-", lines=["{", [1], {"id": 3}, {"id": 4, "name": "Jane Ordinary"}])
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [4]
    assert [json.loads(line)["line"] for line in done.stderr.splitlines()] == [1, 2, 3]


def test_a_list_that_is_none_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "list.xml"
    wrong.write_text("<html><body>Service unavailable</body></html>")
    done = run("screen", "-", "--list", str(wrong), lines=[])
    assert done.returncode == 78
    assert "a sanctions list can't be used" in done.stderr


def test_explain_tells_what_was_kept_and_what_was_dropped() -> None:
    text = (
        "Norway condemned the attack on Monday. Shares fought back after a sharp fall. "
        "Russian President Vladimir Putin met his ministers in Moscow."
    )
    done = run("explain", "-", lines=[{"text": text, "published": "2026-11-17", "case": 1}, "{"])
    assert done.returncode == 1
    [told] = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(event["type"] == "ACCUSE" for event in told["events"]["events"])
    assert all(dropped["reason"] for dropped in told["events"]["dropped"])
    candidates = [each for name in told["sanctions"]["names"] for each in name["candidates"]]
    assert any(each["entry"] == "ofac:35096" for each in candidates)
    assert told["extra"] == {"case": 1}
    assert json.loads(done.stderr)["code"] == "undecodable"
