"""The house as a whole: imports go one way, names are right, documentation says what is there."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from streams.cli import pages
from streams.pipeline import PIPELINE
from streams.settings import NOT_SETTINGS, PREFIX, Settings
from streams.topics import TOPICS

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "agents", "streams")
STAGES = ("clean", "entities", "events", "sanctions")

MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
TEXT_SUFFIXES = {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".sh", ".cfg", ".txt", ".html"}


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git knows or would add; all files where there is no git (a source archive)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return tuple(path for path in ROOT.rglob("*") if path.is_file())
    names = listed.stdout.decode().split("\0")
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, wherever in the module it stands."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One level up from a module, and from __init__.py too, is the package it stands in.
            base = list(package[: len(package) - node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def offences(path: Path, forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{name_of(path)}:{line} imports {name}"
        for line, name in imported(path)
        if any(within(name, package) for package in forbidden)
    ]


IO_MODULES = (
    *("faust", "mode", "aiokafka", "aiohttp", "requests", "urllib.request", "http", "socket"),
    *("asyncio", "subprocess", "multiprocessing", "random", "secrets", "uuid", "typer"),
)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    later = PACKAGES[PACKAGES.index(package) + 1 :]
    forbidden = (*later, "tests", "bench", "training")
    assert offences(path, forbidden) == []


@pytest.mark.parametrize(
    "path", [p for p in MODULES if "streams" not in p.relative_to(ROOT).parts[:1]], ids=name_of
)
def test_records_and_stages_do_no_input_or_output_of_their_own(path: Path) -> None:
    assert offences(path, IO_MODULES) == []


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.is_relative_to(ROOT / "agents")], ids=name_of
)
def test_stages_never_look_at_the_environment_or_the_clock(path: Path) -> None:
    forbidden = {
        ("os", "environ"), ("os", "getenv"), ("time", "time"), ("time", "monotonic"),
        ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    }  # fmt: skip
    found = [
        f"{name_of(path)}:{node.lineno} {node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in forbidden
    ]
    assert found == []


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_know_each_other(stage: str) -> None:
    siblings = tuple(f"agents.{other}" for other in STAGES if other != stage)
    paths = (ROOT / "agents" / stage).rglob("*.py")
    assert [offence for path in paths for offence in offences(path, siblings)] == []


def test_there_is_a_package_and_a_test_folder_for_every_stage_of_the_flow() -> None:
    assert tuple(stage.name for stage in PIPELINE) == STAGES
    for stage in STAGES:
        assert (ROOT / "agents" / stage / "__init__.py").is_file()
        assert list((ROOT / "tests" / "agents" / stage).glob("test_*.py"))


def test_the_three_packages_come_from_this_tree() -> None:
    for package in PACKAGES:
        file = importlib.import_module(package).__file__
        assert file is not None
        assert Path(file) == ROOT / package / "__init__.py"


def test_the_three_packages_are_found_by_a_process_that_starts_here() -> None:
    code = f"import {', '.join(PACKAGES)}; print(*(p.__path__[0] for p in ({', '.join(PACKAGES)})))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(ROOT / package) for package in PACKAGES]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "misc", "common_utils", "stuff"}
    assert [name_of(path) for path in MODULES if path.stem in vague] == []


# Written apart, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"\bissue" + r"s? ?#?\d",
            r"\(#" + r"\d+\)",
            r"\.\./" + "shared",
            r"/work/" + r"(main|shared)",
            r"/tm" + "p/lab",
            r"\bT" + r"ODO\b|\bFIX" + r"ME\b",
        ]
    )
)

OTHERS_WORDS = ("agents/entities/model/", "agents/sanctions/lists/", "requirements")
"""Files whose words are not ours: a trained model, lists, locks."""


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for path in tracked():
        name = name_of(path)
        if path.suffix not in TEXT_SUFFIXES or name.startswith(OTHERS_WORDS):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            if match := FORBIDDEN.search(line):
                found.append(f"{name}:{number}: {match.group()}")
    assert found == []


MODULE_LINES_MAX = 600
"""The aim is half of it."""


def test_every_module_is_small_enough_to_be_read_at_once() -> None:
    long = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES_MAX} == {}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    names = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
    assert [name for name, info in Settings.model_fields.items() if not info.description] == []


def test_no_setting_is_documented_that_does_not_exist() -> None:
    names = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    for path in tracked():
        # Training is a workshop beside the program, with variables of its own.
        if path.suffix == ".md" and not path.is_relative_to(ROOT / "training"):
            written = set(re.findall(PREFIX + r"[A-Z_]*[A-Z]", path.read_text("utf-8")))
            assert written <= names, f"{name_of(path)} names {sorted(written - names)}"


def test_every_topic_is_documented() -> None:
    text = (ROOT / "docs" / "topics.md").read_text("utf-8")
    assert [topic.name for topic in TOPICS if f"`{topic.name}`" not in text] == []


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    words = [words for words, _ in pages.all_commands()]
    assert [name for name in words if f"## newsflag {name}\n" not in text] == []


@pytest.mark.parametrize("name", pages.PAGES)
def test_the_generated_parts_of_the_documentation_are_current(name: str) -> None:
    current = pages.page_file(name).read_text("utf-8")
    assert current == pages.rendered(name), "run `python -m streams.cli.pages`"


def test_links_between_documents_lead_somewhere() -> None:
    links = [
        (path, target)
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]
    assert [(name_of(path), to) for path, to in links if not (path.parent / to).exists()] == []
