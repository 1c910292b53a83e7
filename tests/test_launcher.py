"""The launcher on a small project of its own, with packages made here: no network is used."""

import ast
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from streams import launcher, setup_errors
from streams.setup_errors import SetUpError, explained, told

ROOT = Path(__file__).parents[1]

PROGRAM = """
import importlib.metadata, json, os, sys
packages = {name: importlib.metadata.version(name)
            for name in ("alpha", "beta") if importlib.util.find_spec(name)}
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "packages": packages,
                  "python": sys.executable, "input": sys.stdin.read()}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


class Project:
    """A copy of the launcher beside a program that tells how it was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder.parent / f"{folder.name}-wheels"
        self.wheels.mkdir()
        (folder / "streams").mkdir(parents=True)
        for name in ("newsflag", "streams/launcher.py", "streams/setup_errors.py"):
            shutil.copy(ROOT / name, folder / name)
        (folder / "streams" / "__init__.py").touch()
        (folder / "streams" / "__main__.py").write_text(PROGRAM)
        self.lock("requirements.lock", alpha="1.0")
        self.lock("requirements-test.lock", alpha="1.0", beta="1.0")
        self.first: tuple[int, dict[str, Any], str] = (1, {}, "not started")

    def lock(self, name: str, **packages: str) -> None:
        lines = [f"{package}=={version} --hash=sha256:{self.wheel(package, version)}"
                 for package, version in packages.items()]  # fmt: skip
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def wheel(self, package: str, version: str) -> str:
        path = self.wheels / f"{package}-{version}-py3-none-any.whl"
        info = f"{package}-{version}.dist-info"
        files = {
            f"{package}.py": "",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in (files | {f"{info}/RECORD": record}).items():
                archive.writestr(zipfile.ZipInfo(name), content)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def environment(self, **changes: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("PIP_", "PYTHON", "NEWSFLAG_"))}  # fmt: skip
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return kept | {"PIP_CONFIG_FILE": os.devnull} | (changes or pip)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.folder / "newsflag"), *arguments],
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell's background job ignores SIGINT, and so would what it starts.
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509  (no threads here)
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, dict[str, Any], str]:
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=120)
        return process.returncode, json.loads(out or "{}"), err


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after its first start; making an environment takes seconds, so it is shared."""
    project = Project(tmp_path_factory.mktemp("made") / "project")
    project.first = project.run("up", "--slots", "2", "two words", "")
    return project


def test_the_first_start_makes_the_environment_and_says_so(made: Project) -> None:
    code, program, err = made.first
    assert code == 0, err
    assert program["arguments"] == ["up", "--slots", "2", "two words", ""]
    assert program["packages"] == {"alpha": "1.0"}
    assert program["python"] == str(made.folder / ".venv" / "bin" / "python")
    assert "setting up in" in err
    assert "requirements.lock: 1 packages" in err
    assert "ready after" in err


def test_later_starts_pass_on_everything_and_say_nothing(made: Project, tmp_path: Path) -> None:
    command = tmp_path / "newsflag"
    command.symlink_to(made.folder / "newsflag")
    (tmp_path / "streams").mkdir()  # of another project: not to be found
    (tmp_path / "streams" / "__init__.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        [sys.executable, command, "fail"], cwd=tmp_path, env=made.environment(), input="given",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (7, "")
    program = json.loads(done.stdout)
    assert (program["folder"], program["input"]) == (str(tmp_path), "given")


def test_programs_of_the_environment_find_the_project(made: Project, tmp_path: Path) -> None:
    script = "import streams; print(streams.__file__)"
    python = made.folder / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(made.folder / "streams" / "__init__.py")


def test_another_python_or_place_makes_the_environment_anew(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = made.folder / ".venv"
    for name, value in {
        "ROOT": made.folder,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "MARKER": venv / "newsflag.json",
    }.items():
        monkeypatch.setattr(launcher, name, value)
    both = [launcher.RUN_LOCK, launcher.TEST_LOCK]
    marker = launcher.read_marker()
    monkeypatch.setattr(launcher, "made_for", lambda: marker["made_for"])
    assert launcher.missing_locks(both) == [launcher.TEST_LOCK]
    for change in ({"python": "3.99.0"}, {"root": "/elsewhere"}, {"base": "/usr"}):
        changed = marker["made_for"] | change
        monkeypatch.setattr(launcher, "made_for", lambda changed=changed: changed)
        assert launcher.missing_locks(both) == both


def test_a_test_run_adds_the_packages_of_tests(made: Project) -> None:
    stays = made.folder / ".venv" / "stays"
    stays.touch()
    code, program, err = made.run("test", "-k", "word")
    assert code == 0, err
    assert program["arguments"] == ["test", "-k", "word"]
    assert program["packages"] == {"alpha": "1.0", "beta": "1.0"}
    assert stays.exists()
    assert made.run("up")[2] == ""


def test_a_changed_lock_makes_the_environment_anew(made: Project) -> None:
    made.lock("requirements.lock", beta="2.0")
    code, program, err = made.run("up")
    assert code == 0, err
    assert program["packages"] == {"beta": "2.0"}


@pytest.fixture
def silent_index() -> Iterator[str]:
    """A package index that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple"


def test_an_interrupted_first_start_is_made_good(project: Project, silent_index: str) -> None:
    with project.start("up", PIP_INDEX_URL=silent_index) as first:
        log = project.folder / ".venv" / "install.log"
        deadline = time.monotonic() + 60
        while not log.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGKILL)
    code, program, err = project.run("up")
    assert code == 0, err
    assert program["packages"] == {"alpha": "1.0"}


def test_ctrl_c_during_set_up_is_told_in_one_line(project: Project, silent_index: str) -> None:
    with project.start("up", PIP_INDEX_URL=silent_index) as first:
        while not (project.folder / ".venv" / "install.log").exists():
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGINT)
        _, err = first.communicate(timeout=30)
    assert first.returncode == 130
    assert err.splitlines()[-1].startswith("newsflag: stopped")
    assert "Traceback" not in err


def test_concurrent_first_starts_make_one_environment(project: Project) -> None:
    starts = [project.start("up", str(number)) for number in range(3)]
    ends = [(*start.communicate(timeout=120), start.returncode) for start in starts]
    assert [code for _, _, code in ends] == [0, 0, 0], ends
    assert [json.loads(out)["arguments"][1] for out, _, _ in ends] == ["0", "1", "2"]
    assert sum("empty environment" in err for _, err, _ in ends) == 1
    assert sum("waiting for it" in err for _, err, _ in ends) == 2


def test_without_a_network_the_fix_is_named(project: Project) -> None:
    code, _, err = project.run("up", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1")
    assert code == 1
    assert "the package index can't be reached. Check the network" in err
    assert "Traceback" not in err


def test_a_file_with_another_hash_is_not_installed(project: Project) -> None:
    (project.folder / "requirements.lock").write_text(f"alpha==1.0 --hash=sha256:{'0' * 64}\n")
    code, program, err = project.run("up")
    assert (code, program) == (1, {})
    assert "is not the one in the lock" in err


def test_a_missing_lock_is_told(project: Project) -> None:
    (project.folder / "requirements.lock").unlink()
    code, _, err = project.run("up")
    assert code == 1
    assert "requirements.lock can't be read" in err
    assert "Traceback" not in err


def test_a_home_that_cannot_be_written_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, err = project.run("up", NEWSFLAG_HOME=str(tmp_path / "file"))
    assert code == 1
    assert "NEWSFLAG_HOME" in err
    assert "Traceback" not in err


def test_the_environment_can_be_made_elsewhere(project: Project, tmp_path: Path) -> None:
    elsewhere = {"NEWSFLAG_HOME": str(tmp_path / "home"), "PIP_NO_INDEX": "1"}
    code, program, err = project.run("up", **elsewhere, PIP_FIND_LINKS=str(project.wheels))
    assert code == 0, err
    assert program["python"] == str(tmp_path / "home" / ".venv" / "bin" / "python")
    assert not (project.folder / ".venv").exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_environments_is_told(
    monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == module else object()
    )
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with pytest.raises(SetUpError, match=f"no module {module}.*apt install python{version}-venv"):
        launcher.set_up([launcher.RUN_LOCK])


def test_too_little_space_is_told_before_anything_is_made(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(launcher, "HOME", project.folder)
    monkeypatch.setattr(launcher, "MARKER", project.folder / ".venv" / "newsflag.json")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(700 << 20))
    with pytest.raises(SetUpError, match=r"needs 1500 MB and .* has 700 MB free"):
        launcher.set_up([launcher.RUN_LOCK])
    assert not (project.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/opt/newsflag"), "/opt/newsflag can't be writ"),
        (OSError(30, "Read-only file system", "/opt"), "NEWSFLAG_HOME to a folder that can be"),
        (OSError(28, "No space left on device", "/opt"), "the disk is full"),
    ],
)
def test_failed_file_operations_are_told_with_their_fix(error: OSError, words: str) -> None:
    assert words in told(error, Path("/home"))


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED)", "PIP_CERT"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found", "network"),
        ("ERROR: No matching distribution found for spacy==3.8.9", "missing on the package index"),
        ("error: command 'gcc' failed\nERROR: Failed building wheel for x", "C compiler"),
        ("something new", "something new"),
    ],
)
def test_failures_of_pip_are_told_with_their_fix(output: str, words: str) -> None:
    message = explained("it failed", output, Path("/home"))
    assert words in message
    assert output.splitlines()[-1] in message


def test_an_old_python_can_read_the_script_and_is_told_what_is_needed() -> None:
    source = (ROOT / "newsflag").read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))
    script = "import sys; sys.version_info = (3, 8, 18); exec(sys.argv.pop(1))"
    done = subprocess.run(
        [sys.executable, "-c", script, f"__file__ = {str(ROOT / 'newsflag')!r}\n{source}"],
        env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_launcher_needs_the_standard_library_alone() -> None:
    for module in (launcher, setup_errors):
        tree = ast.parse(Path(str(module.__file__)).read_text())
        names = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        tops = {name.split(".")[0] for name in names}
        assert tops <= sys.stdlib_module_names | {"streams"}


def pins(lock: str) -> dict[str, str]:
    """Each pin of a lock, and its whole entry."""
    entries = re.split(r"^(?=\w)", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return {entry.split(" ;")[0].split(" \\")[0]: entry for entry in entries if entry.strip()}


def test_the_locks_agree_and_every_package_has_hashes_and_no_address() -> None:
    run, test = pins(launcher.RUN_LOCK), pins(launcher.TEST_LOCK)
    assert run.keys() < test.keys()
    for pin, entry in test.items():
        assert re.fullmatch(r"[\w.-]+==[\w.+!]+", pin), pin
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), pin
        assert "://" not in entry, pin


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(launcher.RUN_LOCK, ["embedded"]), (launcher.TEST_LOCK, ["embedded", "test"])],
)
def test_the_locks_have_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + [
        line for extra in extras for line in project["optional-dependencies"][extra]
    ]
    locked: dict[str, list[str]] = {}
    for pin in pins(lock):
        name, version = pin.split("==")
        locked.setdefault(canonicalize_name(name), []).append(version)
    for requirement in map(Requirement, asked):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement
