"""Every fact of the starter list holds on the real lists."""

from pathlib import Path

import pytest

from agents.sanctions.entry import ListEntry
from agents.sanctions.loading import load_list, starter_path
from agents.sanctions.screen import Screener


@pytest.fixture(scope="module")
def real(data: Path) -> dict[str, ListEntry]:
    lists = [
        load_list(data / "ofac" / "2024-05-03"),
        load_list(data / "un" / "consolidated_2026-02-27.xml"),
    ]
    return {entry.id: entry for each in lists for entry in each.entries}


STARTER = load_list(starter_path()).entries
LISTED = [entry for entry in STARTER if entry.list != "ofac-consolidated"]


def test_ids_kinds_and_programmes(real: dict[str, ListEntry]) -> None:
    for entry in LISTED:
        official = real[entry.id]
        assert official.kind == entry.kind, entry.id
        assert set(entry.programmes) == set(official.programmes), entry.id
        if entry.list == "un-sc":
            assert entry.listed_since == official.listed_since, entry.id


def test_names_find_their_own_entry(data: Path) -> None:
    screener = Screener(
        [
            load_list(data / "ofac" / "2024-05-03"),
            load_list(data / "un" / "consolidated_2026-02-27.xml"),
        ]
    )
    for entry in LISTED:
        found = [
            screener.entries[hit.entry].id
            for hit in screener.index.search(entry.name, entry.kind, 0.80)
        ]
        assert entry.id in found, (entry.id, entry.name)


def test_dates_agree_with_the_versions_of_february_2022(data: Path) -> None:
    before, after = (
        {entry.id for entry in load_list(data / "ofac" / day / "sdn.csv").entries}
        for day in ("2022-02-17", "2022-02-26")
    )
    for entry in LISTED:
        if entry.list == "un-sc" or entry.listed_since is None:
            continue
        if entry.id in before:
            assert entry.listed_since <= "2022-02-17", entry.id
        elif entry.id in after:
            assert "2022-02-17" < entry.listed_since <= "2022-02-26", entry.id
        else:
            assert entry.listed_since > "2022-02-26", entry.id
