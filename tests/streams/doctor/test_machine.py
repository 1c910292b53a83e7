"""Checks of the machine and of what the stages are made with, tried by breaking it."""

import resource
import socket
from datetime import UTC, datetime
from pathlib import Path

import spacy

from streams.doctor import machine, stages
from streams.pipeline import PIPELINE
from streams.settings import Settings

TODAY = datetime.now(UTC).date()
FIXTURES = Path(__file__).parents[2] / "agents" / "sanctions" / "fixtures"


def test_a_disk_that_is_full_and_a_folder_that_can_not_be_written() -> None:
    full = Settings(state_dir=Path("/proc/newsflag"))  # a file system without any free byte
    assert machine.disk(full).status == "fail"
    assert machine.state_folder(full).status == "fail"


def test_memory_for_too_many_processes() -> None:
    assert machine.memory(Settings(pool_processes=256)).status == "fail"
    assert machine.memory(Settings(pool_processes=1)).status == "ok"


def test_few_open_files_are_told() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        found = machine.open_files(Settings())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert found.status == "fail"
    assert "ulimit -n" in found.fix
    assert machine.open_files(Settings()).status == "ok"


def test_a_port_that_another_program_has() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = machine.port(Settings(web_port=taken.getsockname()[1], slot=0))
    assert found.status == "fail"
    assert "NEWSFLAG_WEB_PORT" in found.fix


async def test_models_that_are_missing_or_unfit(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    for model, words in (("/no/such", "no spaCy pipeline"), (str(tmp_path / "blank"), "parser")):
        found = await stages.models(Settings(model=model), PIPELINE[1:2])
        assert found.status == "fail"
        assert words in found.told
        assert "NEWSFLAG_MODEL" in found.fix


async def test_a_model_that_does_not_fit_into_the_memory_given() -> None:
    little = Settings().model_copy(update={"pool_memory_mb": 250})
    found = await stages.models(little, PIPELINE)
    assert found.status == "fail"
    assert "memory" in f"{found.told} {found.fix}".lower()


async def test_the_shipped_model_is_fit() -> None:
    assert (await stages.models(Settings(), PIPELINE)).status == "ok"


async def test_lists_that_are_missing_or_old(tmp_path: Path) -> None:
    missing = Settings(lists=(str(tmp_path / "no.xml"),))
    found = await stages.lists(missing, PIPELINE, TODAY)
    assert found.status == "fail"
    assert "NEWSFLAG_LISTS" in found.fix
    old = await stages.lists(Settings(lists=(str(FIXTURES / "un.xml"),)), PIPELINE, TODAY)
    assert (old.status, "days" in old.told) == ("warn", True), old
    starter = await stages.lists(Settings(), PIPELINE, TODAY)
    assert (starter.status, "starter" in starter.told) == ("warn", True)
