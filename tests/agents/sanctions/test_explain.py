"""Why flagged and why not."""

from typing import Any

import pytest

from agents.sanctions.explain import explain
from agents.sanctions.run import SanctionsRun
from agents.stage import Options

from .parsed import articles


@pytest.fixture(scope="module")
def run() -> SanctionsRun:
    return SanctionsRun(Options())


def told(run: SanctionsRun, article: str, name: str) -> list[dict[str, Any]]:
    whole = explain(run, articles()[article])
    return next(each["candidates"] for each in whole["names"] if each["name"] == name)


def test_a_hit_tells_its_parts(run: SanctionsRun) -> None:
    best = told(run, "visit", "Vladimir Putin")[0]
    assert (best["entry"], best["decision"], best["stopped_by"]) == ("ofac:35096", "match", None)
    assert {part["kind"] for part in best["parts"]} == {"equal"}


def test_what_is_not_flagged_tells_the_gate(run: SanctionsRun) -> None:
    whole = explain(run, articles()["bracketed"])
    stopped = {
        candidate["entry"]: candidate["stopped_by"]
        for each in whole["names"]
        for candidate in each["candidates"]
        if candidate["decision"] == "none"
    }
    assert stopped["ofac:46773"].startswith("type: person in the text, vessel on the list")
    assert not set(stopped) & {flag["subtype"] for flag in whole["flags"]}


def test_clauses_tell_their_rule(run: SanctionsRun) -> None:
    whole = explain(run, articles()["visit"])
    rules = {each["rule"] for each in whole["clauses"]}
    assert {"measure.legal_act", "measure.frozen_assets", "evasion.verb"} <= rules
    assert whole["lists"] == run.lists
