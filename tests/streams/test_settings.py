"""Settings: from the environment, and a mistyped one is an error that names the right one."""

from pathlib import Path

import pytest

from streams.errors import SettingsError
from streams.settings import Settings, load_settings


def test_defaults_need_no_environment() -> None:
    settings = load_settings({})
    assert settings.broker is None
    assert settings.web_host == "127.0.0.1"
    assert settings.partitions == 8


def test_lists_are_written_with_commas() -> None:
    settings = load_settings({"NEWSFLAG_LANGUAGES": "en, de", "NEWSFLAG_STAGES": "entities"})
    assert settings.languages == ("en", "de")
    assert settings.stages == ("entities",)


def test_an_override_wins_and_none_does_not() -> None:
    environment = {"NEWSFLAG_SLOT": "1"}
    assert load_settings(environment, slot=3).slot == 3
    assert load_settings(environment, slot=None).slot == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("NEWSFLAG_BROKR", "NEWSFLAG_BROKER"),
        ("NEWSFLAG_LANGUAGE", "NEWSFLAG_LANGUAGES"),
        ("NEWSFLAG_POOL_PROCESES", "NEWSFLAG_POOL_PROCESSES"),
    ],
)
def test_a_mistyped_name_is_an_error_that_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is no setting; did you mean {near}"):
        load_settings({name: "x"})


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"NEWSFLAG_PARTITIONS": "many"}, "NEWSFLAG_PARTITIONS: "),
        ({"NEWSFLAG_PARTITIONS": "0"}, "NEWSFLAG_PARTITIONS: "),
        ({"NEWSFLAG_SECURITY_PROTOCOL": "SASL_SSL"}, "needs NEWSFLAG_SASL_USERNAME"),
        ({"NEWSFLAG_MIN_INSYNC_REPLICAS": "2"}, "greater than NEWSFLAG_REPLICATION"),
        ({"NEWSFLAG_SSL_CERT": "/x.pem"}, "NEWSFLAG_SSL_CERT and NEWSFLAG_SSL_KEY go together"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(environment: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_settings(environment)


def test_names_that_others_read_are_left_alone() -> None:
    assert load_settings({"NEWSFLAG_DATA": "/data", "HOME": "/root"}).broker is None


def test_the_instance_id_has_application_name_and_slot() -> None:
    settings = Settings(app_id="a", instance="host", slot=2)
    assert settings.instance_id == "a-host-2"


def test_secrets_are_not_in_the_settings_own_text() -> None:
    settings = load_settings({"NEWSFLAG_SASL_PASSWORD": "s3cret", "NEWSFLAG_SASL_USERNAME": "u"})
    assert "s3cret" not in repr(settings)
    assert settings.sasl_password is not None
    assert settings.sasl_password.get_secret_value() == "s3cret"


def test_options_are_what_stages_may_know() -> None:
    options = load_settings({"NEWSFLAG_LISTS": "/a.csv,/b.xml", "NEWSFLAG_MODEL": "/m"}).options()
    assert options.lists == (Path("/a.csv"), Path("/b.xml"))
    assert options.model == "/m"
