"""Lists that several tests share."""

import os
from pathlib import Path

import pytest

from agents.sanctions.entry import SanctionsList
from agents.sanctions.loading import load_list, starter_path
from agents.sanctions.screen import Screener

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def fixture_lists() -> list[SanctionsList]:
    return [load_list(FIXTURES / "sdn"), load_list(FIXTURES / "un.xml")]


@pytest.fixture(scope="session")
def screener(fixture_lists: list[SanctionsList]) -> Screener:
    return Screener(fixture_lists)


@pytest.fixture(scope="session")
def starter() -> Screener:
    return Screener([load_list(starter_path())])


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder of the real lists; the test is skipped where there is none."""
    folder = os.environ.get("NEWSFLAG_DATA")
    if not folder or not (Path(folder) / "sanctions").is_dir():
        pytest.skip("NEWSFLAG_DATA names no folder with real sanctions lists")
    return Path(folder) / "sanctions"


@pytest.fixture(scope="session")
def data_screener(data: Path) -> Screener:
    return Screener(
        [
            load_list(data / "ofac" / "2024-05-03"),
            load_list(data / "un" / "consolidated_2026-02-27.xml"),
        ]
    )
