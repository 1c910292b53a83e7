"""The command line as a whole: finding commands, telling errors, exit codes."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from streams.cli import root
from streams.errors import BrokerError, SettingsError, TopicsError
from tests.streams.cli.conftest import Run

ROOT = Path(__file__).parents[3]


def commands() -> Iterator[tuple[str, Any]]:
    """All commands with the words that call them, groups left out."""
    for name in root.COMMANDS:
        command = typer.main.get_command(importlib.import_module(root.COMMANDS[name]).app)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {word}", one) for word, one in inner.items())


COMMANDS = dict(commands())


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_help_with_examples_that_call_it(words: str, run: Run) -> None:
    told = run(*words.split(), "--help")
    assert told.code == 0
    assert COMMANDS[words].help
    assert "Examples:" in told.out
    assert f"newsflag {words}" in (COMMANDS[words].epilog or "")


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_says_what_it_does(words: str) -> None:
    silent = [param.name for param in COMMANDS[words].params if not getattr(param, "help", None)]
    assert silent == []


def test_without_arguments_the_commands_are_listed(run: Run) -> None:
    told = run()
    assert told.code == 2
    for name in root.COMMANDS:
        assert name in told.out + told.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["ingets"], "Did you mean 'ingest'"),
        (["topics", "lits"], "Did you mean 'list'"),
        (["subscribe", "enriched", "--limt", "3"], "--limit"),
        (["subscribe", "enriche"], "did you mean enriched"),
        (["subscribe", "enriched", "--format", "jsn"], "'jsonl'"),
        (["topics", "describe", "news.raww"], "did you mean news.raw"),
    ],
)
def test_what_is_mistyped_is_told_with_the_nearest_right_one(
    arguments: list[str], hint: str, run: Run
) -> None:
    told = run(*arguments)
    assert told.code == 2
    assert hint in " ".join(told.err.split())


@pytest.mark.parametrize(
    ("error", "code"),
    [(SettingsError("[red]a"), 78), (TopicsError("[red]a"), 78), (BrokerError("[red]a"), 1)],
)
def test_an_error_that_people_can_mend_is_one_message(
    error: Exception, code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("streams.cli.config.load_settings", broken)
    told = run("config", "show")
    assert (told.code, told.err) == (code, "error: [red]a\n")


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("streams.cli.config.load_settings", broken)
    with pytest.raises(ZeroDivisionError):
        root.main(["config", "show"])


@pytest.mark.parametrize(
    "arguments", [["topics", "list"], ["ingest", "-"], ["subscribe", "raw"], ["worker"]]
)
def test_without_a_broker_it_is_said_how_to_give_one(
    arguments: list[str], run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSFLAG_STATE_DIR", str(tmp_path))
    told = run(*arguments)
    assert told.code == 78
    assert "--broker HOST:PORT" in told.err
    assert "newsflag up" in told.err


def test_a_broker_that_does_not_answer_is_one_message(run: Run) -> None:
    told = run("topics", "list", "--broker", "127.0.0.1:1")
    assert told.code == 1
    assert told.err.startswith("error: the Kafka broker at 127.0.0.1:1 can't be used")
    assert told.err.count("\n") == 1


def test_a_mistyped_setting_is_told_with_the_nearest_right_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFLAG_BROKR", "x")
    told = run("version")
    assert told.code == 0  # needs no settings
    told = run("config", "show")
    assert (told.code, told.err) == (
        78,
        "error: NEWSFLAG_BROKR is no setting; did you mean NEWSFLAG_BROKER?\n",
    )


def test_it_runs_as_a_module_and_loads_no_model_or_client_for_a_small_command() -> None:
    code = (
        "import sys, streams.cli\n"
        "try: streams.cli.main(['version'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "slow = {'spacy', 'faust', 'aiokafka', 'trafilatura'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("newsflag ")
