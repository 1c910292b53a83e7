# Fixture policy
#
# - A fixture is here only if tests of more than one folder use it; else it is in that folder's
#   conftest.py or in the test's own module.
# - What is slow and can be shared is made once a session (`broker`); what a test could spoil for
#   another is made per test (`settings`, `own_broker`).
# - Nothing outside pytest's temporary folder is written, except the cache of downloaded jars,
#   which is the user's own (`$XDG_CACHE_HOME/newsflag`): only a machine's first run downloads.
# - The outer environment's settings (NEWSFLAG_*) are hidden from every test. Data of others is
#   found by NEWSFLAG_DATA alone; its tests are skipped with a reason where that is not set.
"""Fixtures of all tests."""

import os
from pathlib import Path

import pytest

from streams.settings import NOT_SETTINGS, PREFIX

DATA = "NEWSFLAG_DATA"

COUNTED = ("passed", "failed", "error", "skipped", "xfailed")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Keep what the last line tells; pytest's own summary comes after this hook."""
    counts = {kind: len(terminalreporter.getreports(kind)) for kind in COUNTED}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    verdict = "all tests passed" if exitstatus == 0 else f"TESTS FAILED (exit code {exitstatus})"
    config.add_cleanup(lambda: print(f"newsflag: {verdict}: {told or 'none was run'}"))  # noqa: T201


@pytest.fixture(autouse=True)
def _no_outer_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of evaluation data."""
    if not (folder := os.environ.get(DATA)):
        pytest.skip(f"{DATA} is not set: it names the folder with the evaluation data")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"{DATA}={folder} is no folder")
    return path.resolve()
