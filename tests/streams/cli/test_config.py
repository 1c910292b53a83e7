"""Settings as people and programs see them: values, origins, hidden secrets, checks."""

import json
from pathlib import Path

import pytest

from streams.settings import PREFIX, Settings
from tests.streams.cli.conftest import Run

SECRET = "correct horse battery"  # noqa: S105  (the test looks for it)


@pytest.fixture
def _sasl(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SASL_USERNAME": "ada",
        "SASL_PASSWORD": SECRET,
        "LANGUAGES": "en,de",
    }.items():
        monkeypatch.setenv(PREFIX + name, value)


@pytest.mark.usefixtures("_sasl")
def test_every_setting_is_told_with_value_and_origin_and_no_secret(run: Run) -> None:
    told = run("config", "show", "--json")
    assert told.code == 0
    rows = {row["name"]: row for row in json.loads(told.out)}
    assert set(rows) == {PREFIX + name.upper() for name in Settings.model_fields}
    assert SECRET not in told.out
    assert rows["NEWSFLAG_SASL_PASSWORD"]["value"] == "(hidden)"
    assert rows["NEWSFLAG_SASL_PASSWORD"]["origin"] == "environment"
    assert rows["NEWSFLAG_SASL_USERNAME"]["value"] == "ada"
    assert rows["NEWSFLAG_LANGUAGES"]["value"] == ["en", "de"]
    assert rows["NEWSFLAG_PARTITIONS"] == {
        "name": "NEWSFLAG_PARTITIONS",
        "value": 8,
        "origin": "default",
        "about": Settings.model_fields["partitions"].description,
    }


@pytest.mark.usefixtures("_sasl")
def test_people_see_the_same_as_a_table(run: Run) -> None:
    told = run("config", "show")
    lines = {line.split()[0]: line.split()[1:] for line in told.out.splitlines()}
    assert lines["NEWSFLAG_LANGUAGES"] == ["en,de", "environment"]
    assert lines["NEWSFLAG_PARTITIONS"] == ["8", "default"]
    assert SECRET not in told.out


def test_a_secret_that_is_not_set_is_not_hidden_but_empty(run: Run) -> None:
    rows = json.loads(run("config", "show", "--json").out)
    assert [row["value"] for row in rows if row["name"] == "NEWSFLAG_SASL_PASSWORD"] == [None]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PARTITIONS", "many", "NEWSFLAG_PARTITIONS: "),
        ("SECURITY_PROTOCOL", "SASL_SSL", "needs NEWSFLAG_SASL_USERNAME"),
        ("MIN_INSYNC_REPLICAS", "2", "is greater than NEWSFLAG_REPLICATION"),
    ],
)
def test_a_wrong_setting_is_an_error_of_configuration(
    name: str, value: str, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    ended = run("config", "show")
    assert ended.code == 78
    assert told in ended.err


def test_a_check_finds_nothing_wrong_with_the_defaults(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSFLAG_STATE_DIR", str(tmp_path / "not" / "yet"))
    told = run("config", "show", "--check")
    assert told.code == 0
    assert "what they name is there" in told.err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("STAGES", "clean,entitie", "entitie is no stage"),
        ("LISTS", "/nowhere/list.csv", "/nowhere/list.csv, which is no file"),
        ("STATE_DIR", "/dev/null/newsflag", "can't be written"),
    ],
)
def test_a_check_finds_what_settings_name_and_is_not_there(
    name: str, value: str, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    assert run("config", "show").code == 0
    ended = run("config", "show", "--check")
    assert ended.code == 78
    assert told in ended.err


def test_a_check_reads_the_certificates(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    monkeypatch.setenv("NEWSFLAG_SECURITY_PROTOCOL", "SSL")
    monkeypatch.setenv("NEWSFLAG_SSL_CA", str(tmp_path / "ca.pem"))
    ended = run("config", "show", "--check")
    assert ended.code == 78
    assert "NEWSFLAG_SSL_CA" in ended.err
