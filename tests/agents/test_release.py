"""A stage's version follows its code and data."""

from pathlib import Path

import pytest

from agents.release import release


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "model").mkdir()
    for name in ("__init__.py", "data/words.toml", "model/weights.json", "README.md"):
        (tmp_path / name).write_text("one")
    return tmp_path / "__init__.py"


@pytest.mark.parametrize(
    ("name", "follows"),
    [
        ("__init__.py", True),
        ("data/words.toml", True),
        ("model/weights.json", False),
        ("README.md", False),
    ],
)
def test_it_changes_with_what_can_change_a_record(package: Path, name: str, follows: bool) -> None:
    before = release(str(package), leave_out="model")
    (package.parent / name).write_text("two")
    release.cache_clear()
    assert (release(str(package), leave_out="model") != before) is follows


def test_a_renamed_file_counts(package: Path) -> None:
    before = release(str(package))
    (package.parent / "data" / "words.toml").rename(package.parent / "data" / "other.toml")
    release.cache_clear()
    assert release(str(package)) != before
