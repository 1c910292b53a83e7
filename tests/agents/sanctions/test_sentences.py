"""Flags of short texts, whole: every flag with its roles is wanted, and none besides."""

import pytest

from agents.sanctions.run import SanctionsRun
from agents.stage import Options
from schemas.flags import Flag

from .parsed import articles, texts

SENTENCES = sorted(texts("sentences"))


@pytest.fixture(scope="module")
def run() -> SanctionsRun:
    return SanctionsRun(Options())


def flags(run: SanctionsRun, name: str) -> list[Flag]:
    return run([articles("sentences")[name]])[0].flags


def told(flag: Flag) -> list[str]:
    roles = [f"{role.role}: {role.name}" for role in flag.roles]
    return [flag.type, flag.subtype or "", flag.status, *roles]


def test_fixture_and_parses_are_of_one_making() -> None:
    assert sorted(articles("sentences")) == SENTENCES
    for name, record in articles("sentences").items():
        assert record.article.text == texts("sentences")[name]["text"].strip()


@pytest.mark.parametrize("name", SENTENCES)
def test_these_flags_and_no_others(run: SanctionsRun, name: str) -> None:
    found = sorted(told(flag) for flag in flags(run, name))
    assert found == sorted(texts("sentences")[name]["flags"])


def test_evidence_names_the_deed(run: SanctionsRun) -> None:
    hidden = flags(run, "hidden_transfers")[0]
    assert hidden.evidence[0].text == "ship-to-ship transfers"
    assert hidden.attribution == ["the Indian navy"]
    assert hidden.reason == "no embargoed party is named in the sentence"
    frozen = flags(run, "joined_property")[0]
    assert frozen.evidence[0].text == "froze the assets"


def test_who_holds_the_ship_is_the_source(run: SanctionsRun) -> None:
    held = next(flag for flag in flags(run, "held_tanker") if flag.type == "evasion")
    assert held.attribution == ["Coast guards"]
    assert {"pumping", "breach"} <= {each.text for each in held.evidence}
    assert held.review == "auto"
