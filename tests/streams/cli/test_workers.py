"""Command and environment of worker processes."""

import os
from pathlib import Path

import pytest

from streams.cli.workers import worker_command, worker_environment
from streams.settings import load_settings


def test_workers_get_what_was_given_here() -> None:
    settings = load_settings(
        {"NEWSFLAG_SASL_USERNAME": "ada", "NEWSFLAG_SASL_PASSWORD": "pw"},
        broker="kafka:9092",
        stages="clean,entities",
        state_dir=Path("/var/newsflag"),
        web_port=7000,
    )
    given = worker_environment(settings, 1, {"PATH": "/bin"})
    read = load_settings(given)
    assert given["PATH"] == "/bin"
    assert read.model_copy(update={"pool_processes": None}) == settings


def test_the_environment_of_this_process_is_handed_on_and_overridden() -> None:
    settings = load_settings({"NEWSFLAG_BROKER": "old:1"}, broker="new:1")
    given = worker_environment(settings, 1, {"NEWSFLAG_BROKER": "old:1", "X": "y"})
    assert (given["NEWSFLAG_BROKER"], given["X"]) == ("new:1", "y")


@pytest.mark.parametrize(("cores", "slots", "each"), [(8, 2, "4"), (2, 3, "1"), (None, 1, "1")])
def test_model_processes_are_shared_out_among_the_workers_of_a_machine(
    cores: int | None, slots: int, each: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    given = worker_environment(load_settings({}), slots, {})
    assert given["NEWSFLAG_POOL_PROCESSES"] == each


def test_a_number_of_model_processes_that_was_set_is_kept() -> None:
    settings = load_settings({"NEWSFLAG_POOL_PROCESSES": "3"})
    assert worker_environment(settings, 4, {})["NEWSFLAG_POOL_PROCESSES"] == "3"


def test_the_command_tells_the_worker_its_number() -> None:
    assert worker_command(3)[-4:] == ["streams", "work", "--slot", "3"]
