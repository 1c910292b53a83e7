"""The scripts of continuous integration can be run, and name only what is there."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = ("bench", "broker", "check", "quality", "run", "soak", "test")
SCRIPTS = sorted((ROOT / ".ci").iterdir())


def test_there_is_a_script_for_each_command() -> None:
    assert [script.name for script in SCRIPTS] == sorted([*COMMANDS, "environment"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_shell_can_read_it(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_can_be_run_stops_at_errors_and_says_what_it_does(name: str) -> None:
    script = ROOT / ".ci" / name
    assert os.access(script, os.X_OK)
    shebang, about, *rest = script.read_text().splitlines()
    assert shebang == "#!/bin/sh"
    assert about.startswith("# ")
    assert "set -eu" in rest


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_tests_and_modules_that_it_names_are_there(script: Path) -> None:
    text = script.read_text()
    for path in re.findall(r"\btests/[\w/.]+", text):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"-m ([a-z_]+(?:\.[a-z_]+)*)\b", text):
        if module not in {"ruff", "mypy"}:
            place = ROOT.joinpath(*module.split("."))
            assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
