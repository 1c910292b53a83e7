# Fixture policy: see tests/conftest.py.
"""Run the command line in this process."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from streams.cli import main


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("topics", "list")`: the exit code and both outputs."""
    monkeypatch.setenv("COLUMNS", "100")

    def ran(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        code = ended.value.code
        assert isinstance(code, int)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return ran
